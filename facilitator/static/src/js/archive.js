// Searching while typing: the same page is fetched and its found part put in place, so there is one renderer.
// Everything works without it; the field itself is never touched.

const PAUSE = 250; // milliseconds after the last key
const WIDE = "(min-width: 960px)";

export function startArchive({ fetch = window.fetch.bind(window) } = {}) {
  const form = document.querySelector("[data-archive]");
  if (!form) return;
  let timer = 0;
  let underWay = null;

  form.addEventListener("input", ({ target }) => {
    clearTimeout(timer);
    timer = setTimeout(show, target.type === "search" ? PAUSE : 0);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    show();
  });
  arrange(form);

  async function show() {
    if (underWay) underWay.abort();
    const mine = (underWay = new AbortController());
    const address = addressOf(form);
    const found = form.querySelector("[data-archive-found]");
    found.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal: mine.signal, headers: { Accept: "text/html" } });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-archive-found]");
      if (!answer.ok || answer.redirected || !fresh) return location.assign(address);
      replace(form, found, fresh);
      history.replaceState(null, "", address);
    } catch (error) {
      found.removeAttribute("aria-busy");
      if (error.name !== "AbortError") location.assign(address);
    }
  }
}

function addressOf(form) {
  const pairs = [...new FormData(form)].filter(([, value]) => value);
  const query = new URLSearchParams(pairs).toString();
  return query ? `${form.getAttribute("action")}?${query}` : form.getAttribute("action");
}

// Whoever was at a filter stays there, and what they had opened stays open; a screen reader says how many there are now.
function replace(form, old, fresh) {
  const at = document.activeElement;
  const here = old.contains(at) ? { name: at.name, value: at.value, id: at.id } : null;
  const isOpen = Boolean(old.querySelector("[data-archive-filters][open]"));
  old.replaceChildren(...fresh.childNodes);
  old.removeAttribute("aria-busy");
  arrange(form, isOpen);
  if (here) refocus(form, here);
  const count = form.querySelector("#found-title");
  form.querySelector("[data-archive-count]").textContent = count ? count.textContent.trim() : "";
}

function refocus(form, { name, value, id }) {
  const same = [...form.elements].find((one) => (id ? one.id === id : one.name === name && one.value === value));
  if (same) same.focus({ preventScroll: true });
}

function arrange(form, isOpen = false) {
  const filters = form.querySelector("[data-archive-filters]");
  if (filters && (isOpen || window.matchMedia(WIDE).matches)) filters.open = true;
  for (const needless of form.querySelectorAll("[data-archive-needless]")) needless.hidden = true;
}
