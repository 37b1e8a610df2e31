// Texts whose moment has passed before they were sent, and texts that are on their way longer than usual.
// Promises: a slip stays until the person sends it, keeps it or throws it away, and one may go on typing in it.

import { randomId } from "./ids.js";

export function createSlips({ store, outbox, waitingWords }) {
  const section = document.getElementById("slips");
  let isClosed = false;

  function add(draft, typing) {
    const slip = { ...draft, id: randomId() };
    store.set(`slip:${slip.id}`, slip);
    render();
    if (typing) goOnTyping(section && section.querySelector(`[data-slip="${slip.id}"] textarea`), typing);
  }

  const all = () => store.keys("slip:").map((key) => store.get(key)).filter(Boolean);

  // When its step comes back the text goes back into the composer.
  function take(key, form) {
    const slip = all().find((one) => one.key === key && one.form === form && !one.isKept);
    if (slip) forget(slip);
    return slip || null;
  }

  function forget(slip) {
    store.remove(`slip:${slip.id}`);
    render();
  }

  // Slips that are shown stay as they are: somebody may be typing in one.
  function render() {
    if (!section) return;
    if (isClosed) return;
    const slips = all();
    const waiting = waitingOf(outbox);
    const wanted = new Set([...slips, ...waiting].map((one) => one.id));
    section.querySelectorAll("[data-slip]").forEach((node) => wanted.has(node.dataset.slip) || node.remove());
    slips.forEach((slip) => shown(slip) || section.append(drawn(slip)));
    waiting.forEach((entry) => shown(entry) || section.append(drawnWaiting(entry, waitingWords())));
  }

  const shown = (one) => section.querySelector(`[data-slip="${one.id}"]`);

  function drawn(slip) {
    const node = frame(slip.id, (section.dataset.title || "").replace("{phase}", slip.title));
    if (slip.isKept) node.append(made("p", "slip-text", textOf(slip)), made("p", "slip-kept quiet", section.dataset.kept));
    else node.append(area(slip, node.firstChild.textContent));
    node.append(buttons(slip));
    return node;
  }

  function area(slip, label) {
    const text = made("textarea", "input slip-text");
    text.value = textOf(slip);
    text.rows = 3;
    text.setAttribute("aria-label", label);
    text.addEventListener("input", () => store.set(`slip:${slip.id}`, Object.assign(slip, withText(slip, text.value))));
    return text;
  }

  function buttons(slip) {
    const row = made("div", "button-row");
    const words = section.dataset;
    if (!slip.isKept && slip.canBeLate) row.append(button(words.sendLate, () => sendLate(slip)));
    if (!slip.isKept) row.append(button(words.keep, () => keep(slip)));
    row.append(button(words.discard, () => forget(slip), "is-plain"));
    return row;
  }

  function sendLate(slip) {
    forget(slip);
    outbox.add({ url: slip.url, pairs: slip.pairs, draft: slip });
  }

  function keep(slip) {
    store.set(`slip:${slip.id}`, { ...slip, isKept: true });
    shown(slip).remove();
    render();
  }

  // The seat is gone: what was written stays to be read and copied.
  function close() {
    render();
    isClosed = true;
    if (section) section.querySelectorAll("[data-slip] button").forEach((button) => button.remove());
  }

  return { add, take, render, close, has: () => all().some((slip) => !slip.isKept) };
}

// Short waits are nobody's business.
function waitingOf(outbox) {
  return outbox.isFailing() ? outbox.pending().filter((entry) => entry.draft && textOf(entry.draft)) : [];
}

function drawnWaiting(entry, words) {
  const node = frame(entry.id, words);
  node.classList.add("is-waiting");
  node.append(made("p", "slip-text", textOf(entry.draft)));
  return node;
}

function frame(id, title) {
  const node = made("article", "slip");
  node.dataset.slip = id;
  node.append(made("p", "slip-title", title));
  return node;
}

function button(text, onPress, look = "") {
  const node = made("button", `button is-small ${look}`.trim(), text);
  node.type = "button";
  node.addEventListener("click", onPress);
  return node;
}

function made(name, look, text = "") {
  const node = document.createElement(name);
  node.className = look;
  node.textContent = text;
  return node;
}

function textOf(draft) {
  if (draft.shown) return draft.shown;
  const pair = draft.pairs.find(([name]) => name === draft.field);
  return pair ? pair[1] : "";
}

function withText(slip, text) {
  const change = ([name, value]) => [name, name === slip.field ? text : value];
  return { pairs: slip.pairs.map(change), values: slip.values.map(change), shown: "" };
}

function goOnTyping(area, typing) {
  if (!area) return;
  area.focus({ preventScroll: true });
  area.setSelectionRange(typing.start, typing.end);
}
