// A screen from the one before and the lines of it that changed. Promises: what does not fit is never put together.

export function patched(before, payload) {
  if (!payload.patch) return payload;
  if (!before || before.digest !== payload.base) return null;
  const lines = before.html.split("\n");
  payload.patch.forEach(([start, count, instead]) => lines.splice(start, count, ...instead));
  return { ...payload, html: lines.join("\n") };
}
