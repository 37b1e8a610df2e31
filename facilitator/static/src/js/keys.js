// The keys of the room screen, so that a presenter's clicker runs the meeting, whichever keys it sends. A key that is held
// is one press, keys in fields and dialogs are left alone, and a move that has no way back asks for a second press.

import { closeDialog, openDialog } from "./dialog.js";
import { submitForm } from "./forms.js";
import { hushNotice, sayNotice } from "./words.js";

const AGAIN_WITHIN = 4000;
const CLICKER = ["arrowright", "arrowdown", "pagedown"];
const NEXT = [...CLICKER, "enter"];
const BACK = ["arrowleft", "arrowup", "pageup"];

export function startKeys() {
  let armed = null;
  let held = ""; // the last key that did something here

  document.addEventListener("keydown", (event) => {
    const key = (event.key || "").toLowerCase();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (key === "f5") event.preventDefault(); // wherever the focus is: a clicker means to start the show, not to load the page anew
    if (isElsewhere(event.target, key)) return;
    if (event.repeat ? key === held : act(key)) {
      held = key;
      event.preventDefault(); // held as well: the browser would reload the page, or scroll
    }
  });

  function act(key) {
    if (NEXT.includes(key)) return turnsPage(1) || press(nextForm()) || ask();
    if (BACK.includes(key) && turnsPage(-1)) return true;
    if (key === "f") return fullScreen();
    if (key === "f5") return isFull() || fullScreen(); // "start the show" on most clickers
    if (key === "?") return toggleHelp();
    return press(formOf(key === " " ? "space" : key));
  }

  function press(form) {
    if (!form) return false;
    if (form.dataset.twice && !isSecondPress(form)) {
      armed = { at: performance.now(), what: whatOf(form) };
      sayNotice(form.dataset.twice, AGAIN_WITHIN / 1000);
      return true;
    }
    armed = null;
    hushNotice();
    submitForm(form);
    return true;
  }

  // The second press must mean the same move as the first.
  function isSecondPress(form) {
    return Boolean(armed) && performance.now() - armed.at < AGAIN_WITHIN && armed.what === whatOf(form);
  }
}

// A text that needs several pages is read to its end before the meeting moves. Whoever shows pages answers by preventing
// the default.
function turnsPage(by) {
  if (document.querySelector("dialog[open]")) return false;
  return !document.dispatchEvent(new CustomEvent("turnpage", { cancelable: true, detail: { by } }));
}

function whatOf(form) {
  return [form.dataset.twice, ...Array.from(new FormData(form)).map(String)].join("|");
}

// A move that asks in a dialog: the first press opens it, the second one is its answer.
function nextForm() {
  return document.querySelector("dialog[open][data-next] form") || document.getElementById("next-move");
}

function ask() {
  const button = document.querySelector("[data-next][data-opens]");
  if (button) openDialog(button.dataset.opens);
  return Boolean(button);
}

function formOf(key) {
  return Array.from(document.querySelectorAll("form[data-keys]")).find((form) => form.dataset.keys.split(" ").includes(key));
}

// Enter and space belong to the button that has the focus.
function isElsewhere(target, key) {
  const open = document.querySelector("dialog[open]");
  if (open && "next" in open.dataset && CLICKER.includes(key)) return false;
  if (open) return !(key === "?" && open.id === "keys");
  if (target.closest("input, textarea, select, [contenteditable]")) return true;
  return (key === "enter" || key === " ") && Boolean(target.closest("button, a, summary"));
}

function toggleHelp() {
  const help = document.getElementById("keys");
  if (!help) return false;
  if (help.open) closeDialog(help);
  else openDialog("keys");
  return true;
}

const isFull = () => Boolean(document.fullscreenElement || document.webkitFullscreenElement);

function fullScreen() {
  const page = document.documentElement;
  const enter = page.requestFullscreen || page.webkitRequestFullscreen;
  const leave = document.exitFullscreen || document.webkitExitFullscreen;
  const done = isFull() ? leave.call(document) : enter && enter.call(page);
  if (done && done.catch) done.catch(() => {}); // refused: the screen stays as it is
  return true;
}
