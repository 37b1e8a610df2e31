// While somebody types a question: whether it reads like advice, is closed, leading or stacked. The server knows and answers with
// the hint; it keeps nothing of the text. Without an answer there is no hint, and sending never waits for one.

import { isFilled } from "./text.js";

export const PAUSE = 800; // nobody is interrupted in the middle of a word

export function startAsking({ meeting, http }) {
  const timers = new WeakMap();
  const heard = new WeakMap(); // which field → the text its hint is about
  const left = new WeakSet(); // whoever wants no hint gets none until they begin anew

  document.addEventListener("input", ({ target }) => {
    if (!target.matches || !target.matches("textarea[data-hints]")) return;
    clearTimeout(timers.get(target));
    if (!isFilled(target.value)) forget(target);
    else if (!left.has(target)) timers.set(target, setTimeout(() => ask(target), PAUSE));
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-no-hint]");
    if (button) dismiss(button.closest(".field").querySelector("[data-hints]"));
  });

  async function ask(area) {
    const text = area.value;
    if (!area.isConnected || !isFilled(text) || heard.get(area) === text) return;
    const pairs = [["step", valueOf(area, "step")], ["form", valueOf(area, "form")], ["text", text]];
    const { status, data } = await http.postFresh(`/meetings/${meeting}/hint`, pairs);
    if (status !== 200 || !data || area.value !== text || left.has(area)) return;
    heard.set(area, text);
    show(area, data.hint || "");
  }

  function dismiss(area) {
    left.add(area);
    show(area, "");
    area.focus();
  }

  function forget(area) {
    left.delete(area);
    heard.delete(area);
    show(area, "");
  }
}

// What is said already is not said again.
function show(area, html) {
  const place = area.closest(".field").querySelector("[data-hint]");
  const fresh = document.createElement("template");
  fresh.innerHTML = html.trim();
  const kindOf = (root) => (root.querySelector("[data-kind]") || { dataset: {} }).dataset.kind;
  if (place && kindOf(place) !== kindOf(fresh.content)) place.replaceChildren(fresh.content);
}

const valueOf = (area, name) => area.form.elements[name].value;
