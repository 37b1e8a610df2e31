// Requests of a seat. Promises an answer in ten seconds at the latest, never a rejection: status 0 means that
// nothing trustworthy came back. Redirects are not followed: no answer of ours is one.

export const TIMEOUT = 10000;

export function createHttp(page, { fetch = globalThis.fetch.bind(globalThis), timeout = TIMEOUT } = {}) {
  async function send(url, options) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), timeout);
    try {
      return await read(await fetch(url, { ...options, redirect: "manual", cache: "no-store", signal: stop.signal }));
    } catch (error) {
      return { status: 0, op: null, retryAfter: null, data: null, isForeign: false };
    } finally {
      clearTimeout(timer);
    }
  }

  const get = (url) => send(url, { headers: { Accept: "application/json" } });
  const post = (url, pairs) =>
    send(url, { method: "POST", headers: headersOf(page, pairs), body: new URLSearchParams(pairs) });

  // A 400 means that the seat's token is too old. The answer may bring a new one, otherwise we ask for it.
  async function freshen(answer) {
    const offered = answer && answer.data && answer.data.token;
    const url = `/meetings/${page.meeting}/token?view=${page.view}&as=${page.as}`;
    const asked = offered ? null : await get(url);
    const token = offered || (asked.data && asked.data.token);
    if (token) page.token = token;
    return Boolean(token);
  }

  // beforeEach: called before every single request, because together they may take three times as long.
  async function postFresh(url, pairs, beforeEach = () => {}) {
    beforeEach();
    const answer = await post(url, pairs);
    if (answer.status !== 400) return answer;
    beforeEach();
    const hasToken = await freshen(answer);
    beforeEach();
    return hasToken ? post(url, pairs) : answer;
  }

  // After an update the server has other files.
  const isThere = async (url) => (await send(url, { method: "HEAD" })).status !== 404;

  return { get, isThere, postFresh };
}

// The op id goes in a header as well: a body that is refused for its size is never read.
function headersOf(page, pairs) {
  const headers = { Accept: "application/json", "X-Seat-Token": page.token, "X-View": page.view, "X-As": page.as };
  if (page.pages) headers["X-Page"] = page.pages;
  const op = new URLSearchParams(pairs).get("op");
  return op ? { ...headers, "X-Op": op } : headers;
}

async function read(response) {
  const isJson = (response.headers.get("Content-Type") || "").includes("json");
  return {
    status: response.status,
    op: response.headers.get("X-Op"),
    retryAfter: secondsOf(response.headers.get("Retry-After")),
    data: isJson ? await response.json() : null,
    isForeign: response.type === "opaqueredirect" || (response.ok && !isJson), // a sign-in page of the network
  };
}

function secondsOf(header) {
  const seconds = Number(header);
  return header && Number.isFinite(seconds) ? Math.min(Math.max(seconds, 1), 120) : null;
}
