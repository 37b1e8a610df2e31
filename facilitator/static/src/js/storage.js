// What this phone remembers of one seat. Promises: it never throws, also where storage is blocked or full (then it
// lives as long as the page), and it forgets everything after two hours.

export const LIFETIME = 2 * 60 * 60 * 1000;
const ALL = "facilitator:";

export function openStore(prefix, { backend = browserStorage(), now = Date.now } = {}) {
  const memory = new Map(); // what the browser would not keep; wins over what it did keep

  function get(key) {
    const kept = parse(memory.has(prefix + key) ? memory.get(prefix + key) : read(backend, prefix + key));
    if (!kept) return null;
    if (isExpired(kept, now())) return remove(key);
    // A clock that was ahead and is right again would otherwise keep this for ever.
    if (kept.at > now()) set(key, kept.value);
    return kept.value;
  }

  // Answers whether it will survive a reload.
  function set(key, value) {
    const text = JSON.stringify({ at: now(), value });
    if (write(backend, prefix + key, text)) {
      memory.delete(prefix + key);
      return true;
    }
    memory.set(prefix + key, text);
    return false;
  }

  function remove(key) {
    memory.delete(prefix + key);
    drop(backend, prefix + key);
    return null;
  }

  function keys(start = "") {
    const names = new Set([...namesIn(backend), ...memory.keys()]);
    const ours = Array.from(names).filter((name) => name.startsWith(prefix + start));
    return ours.map((name) => name.slice(prefix.length)).sort();
  }

  return { get, set, remove, keys, wipe: () => keys().forEach(remove), isOurs: (name) => String(name).startsWith(prefix) };
}

// Forgets what other meetings left on this phone.
export function sweep(backend = browserStorage(), now = Date.now) {
  for (const name of namesIn(backend)) {
    const kept = name.startsWith(ALL) && parse(read(backend, name));
    if (kept && isExpired(kept, now())) drop(backend, name);
  }
}

export function browserStorage() {
  try {
    return globalThis.localStorage || null;
  } catch (error) {
    return null; // some browsers throw on the mere mention of it
  }
}

export function read(backend, name) {
  try {
    return backend.getItem(name);
  } catch (error) {
    return null;
  }
}

export function write(backend, name, text) {
  try {
    backend.setItem(name, text);
    return true;
  } catch (error) {
    return false;
  }
}

function drop(backend, name) {
  try {
    backend.removeItem(name);
  } catch (error) {
    // nothing was kept there either
  }
}

function namesIn(backend) {
  try {
    return Array.from({ length: backend.length }, (_, index) => backend.key(index)).filter(Boolean);
  } catch (error) {
    return [];
  }
}

function parse(text) {
  try {
    const kept = JSON.parse(text);
    return kept && typeof kept.at === "number" ? kept : null;
  } catch (error) {
    return null;
  }
}

function isExpired(kept, now) {
  return now - kept.at > LIFETIME;
}
