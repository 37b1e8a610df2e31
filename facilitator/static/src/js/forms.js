// Every form of a live page passes here. Through the outbox goes what somebody writes or marks; steering goes at once
// and is not queued: a "next phase" of ten minutes ago must not arrive now.

import { editableOf, pairsOf, valuesOf } from "./fields.js";
import { openDialog } from "./dialog.js";
import { createOps } from "./ops.js";

const BOUNCE = 400; // a second tap within this time is the same tap

export function startForms({ outbox, composer, dictation, notebook, edits, http, onLive, onFailed }) {
  const taps = new Map(); // which form → when it was sent, and what was in it afterwards
  const underWay = new WeakMap(); // which form → what it said: once the screen has moved on, it says something else
  const ops = createOps();
  let pressed = null; // event.submitter is missing in older Safari

  const isStray = createStrayPresses();
  document.addEventListener("click", (event) => {
    pressed = event.target.closest("button, input[type=submit]");
    if (isStray(event, pressed)) event.preventDefault();
  }, true);
  // A key that is held is one press.
  document.addEventListener("keydown", (event) => {
    if (event.repeat && ["Enter", " "].includes(event.key) && event.target.closest("button, a, summary")) event.preventDefault();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const button = event.submitter || (pressed && pressed.form === form ? pressed : null);
    if (!form.matches("[data-outbox], [data-live], [data-dialog]") || closesDialog(button, form)) return;
    event.preventDefault();
    pressed = null;
    send(form, button);
  });

  function send(form, button) {
    if (form.dataset.dialog) openDialog(form.dataset.dialog);
    else if ("outbox" in form.dataset) queue(form, button);
    else steer(form, button);
  }

  // What was pressed before this script was there.
  function resend(held) {
    held.filter(([form]) => form.isConnected).forEach(([form, button]) => send(form, button));
  }

  function queue(form, button) {
    if (dictation.owns(form)) return dictate(form);
    if (notebook.owns(form)) return notebook.send();
    const isWriting = composer.owns(form);
    const which = whichOf(form, isWriting);
    if (isSameTap(form, which)) return;
    const pairs = isWriting ? edits.signed(pairsOf(form, button)) : pairsOf(form, button);
    const draft = isWriting ? { ...composer.draftOf(form), pairs } : null;
    const entry = { url: form.getAttribute("action"), pairs, draft };
    if (!isWaiting(entry)) {
      if (isWriting) edits.expect(entry);
      outbox.add(entry);
    }
    if (isWriting) composer.sent(form);
    else settle(form);
    taps.set(which, { at: performance.now(), values: JSON.stringify(valuesOf(form)) });
  }

  // For somebody without a phone. An empty form is one that was pressed again after it was sent.
  function dictate(form) {
    if (!dictation.isDirty(form)) return editableOf(form)[0].focus();
    const draft = dictation.draftOf(form);
    const entry = { url: draft.url, pairs: draft.pairs, draft };
    if (!isWaiting(entry)) outbox.add(entry);
    dictation.sent(form);
  }

  // By what the form is about: the answer to the first tap may have redrawn it before the second.
  function isSameTap(form, which) {
    const last = taps.get(which);
    return Boolean(last) && performance.now() - last.at < BOUNCE && last.values === JSON.stringify(valuesOf(form));
  }

  // Pressed again because nothing seemed to happen.
  function isWaiting({ url, pairs }) {
    const last = outbox.pending().pop();
    return Boolean(last) && last.url === url && wordsOf(last.pairs) === wordsOf(pairs);
  }

  async function steer(form, button) {
    const said = hiddenOf(form);
    if (underWay.get(form) === said) return;
    underWay.set(form, said);
    if (button) button.setAttribute("aria-disabled", "true");
    const op = ops.of(form, said);
    const answer = await http.postFresh(form.getAttribute("action"), [...pairsOf(form, button), ["op", op]]);
    ops.heard(form, answer);
    if (underWay.get(form) === said) underWay.delete(form);
    if (button) button.removeAttribute("aria-disabled");
    if (answer.status === 0 || answer.status >= 500) return onFailed();
    onLive(form, answer);
  }

  // Marks show at once. The server's next screen is the truth again, but it may be older than a mark on its way.
  function reapply() {
    for (const entry of outbox.pending().filter((one) => !one.draft)) {
      const form = Array.from(document.querySelectorAll("#stage form[data-outbox]")).find((one) => isOf(one, entry));
      if (form) flip(form);
    }
  }

  return { reapply, resend };
}

// The second half of a double click belongs to the button that was there for the first, not to what stands in its place by now.
function createStrayPresses() {
  let last = { what: "", at: 0 };
  return ({ detail, pointerType }, button) => {
    const form = button && button.form;
    if (!form || !form.matches("[data-live]")) return false;
    const what = form.getAttribute("action") + hiddenOf(form);
    const isAgain = detail > 1 || (pointerType === "touch" && performance.now() - last.at < BOUNCE);
    if (isAgain && last.what && what !== last.what && !form.elements.seconds) return true; // two minutes more, twice, is meant
    last = { what, at: performance.now() };
    return false;
  };
}

function whichOf(form, isWriting) {
  const names = isWriting ? ["step", "form"] : ["step", "form", "item"];
  return [form.getAttribute("action"), ...pairsOf(form).filter(([name]) => names.includes(name)).map(String)].join("|");
}

// Without what is made anew for every sending.
function wordsOf(pairs) {
  return JSON.stringify(pairs.filter(([name]) => name !== "op" && name !== "capability"));
}

function hiddenOf(form) {
  const hidden = Array.from(form.elements).filter((control) => control.type === "hidden");
  return JSON.stringify(hidden.map((control) => [control.name, control.value]));
}

// In the stage: show it as done; the next screen may then redraw it.
function settle(form) {
  flip(form);
  editableOf(form).forEach((control) => (control.defaultValue = control.value));
}

// A toggle: a pressed button and a hidden value that says what the next press means.
function flip(form) {
  const button = form.querySelector("button[aria-pressed]");
  const choice = button && form.closest("[data-one-of]");
  if (choice) for (const one of choice.querySelectorAll("button[aria-pressed]")) one.setAttribute("aria-pressed", String(one === button));
  const value = Array.from(form.elements).find((control) => control.name === "value" && control.type === "hidden");
  if (!button || !value || !["on", "off"].includes(value.value)) return;
  button.setAttribute("aria-pressed", String(value.value === "on"));
  value.value = value.value === "on" ? "off" : "on";
}

function isOf(form, entry) {
  if (form.getAttribute("action") !== entry.url) return false;
  return pairsOf(form).every((pair) => entry.pairs.some(([name, value]) => name === pair[0] && value === pair[1]));
}

function closesDialog(button, form) {
  return (button && button.formMethod === "dialog") || form.getAttribute("method") === "dialog";
}

// As if its button were pressed; requestSubmit is missing in older Safari.
export function submitForm(form) {
  if (form.reportValidity()) form.dispatchEvent(new Event("submit", { bubbles: true, cancelable: true }));
}
