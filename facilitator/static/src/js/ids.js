// Random ids for operations and tabs. They come from getRandomValues, because crypto.randomUUID does not exist
// on plain http, which is how real phones come in.

export function randomId(source = globalThis.crypto) {
  const bytes = source.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
