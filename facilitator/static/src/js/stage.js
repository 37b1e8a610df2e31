// Shows what the server sent. Promises: never an older screen over a newer one; focus, scrolling, open parts and
// what somebody is typing in the stage survive.

import { Idiomorph } from "idiomorph";
import { isTypable } from "./fields.js";

export function createStage({ composer, dictation, afterMorph, onNewStep }) {
  const stage = () => document.getElementById("stage");
  let shown = { turn: Number(stage().dataset.turn) || 0, at: Number(stage().dataset.at) || 0 };
  let hasDropped = false;
  // Where the focus was before a dialog opened, if the screen changed under it: what it returns to may have gone.
  let behind = null;
  document.addEventListener("close", () => {
    const [focus, active] = [behind, document.activeElement];
    behind = null;
    if (focus && !(stage().contains(active) && isReady(active))) refocus(stage(), focus, false);
  }, true);

  function isOlder(payload) {
    return payload.turn < shown.turn || (payload.turn === shown.turn && payload.at < shown.at);
  }

  // Answers whether it was shown.
  function show(payload, isOwn = false) {
    if (isOlder(payload)) {
      hasDropped = true;
      return false;
    }
    shown = { turn: payload.turn, at: payload.at };
    const holder = document.createElement("template");
    holder.innerHTML = payload.html;
    const fresh = holder.content.querySelector("#stage");
    const next = holder.content.querySelector("#composer");
    const receive = () => {
      composer.receive(next, isOwn);
      dictation.receive(holder.content.querySelector("#dictation"));
    };
    if (fresh) keepInPlace(() => morph(fresh, payload, receive));
    else receive();
    return true;
  }

  function morph(fresh, payload, receive) {
    const step = stage().dataset.step;
    const focus = (!isAsking() && behind) || focusIn(stage());
    behind = isAsking() ? behind || behindDialog(stage()) : null;
    if (payload.digest) fresh.dataset.digest = payload.digest;
    receive(); // first, while the old phase's title is still there for a slip
    // What somebody types in keeps its value; a button that has the focus gets its new words like everything else.
    const ignoreActiveValue = isTypable(document.activeElement);
    Idiomorph.morph(stage(), fresh, { morphStyle: "outerHTML", ignoreActiveValue, callbacks });
    if (stage().dataset.step !== step) onNewStep(stage());
    afterMorph();
    refocus(stage(), focus, stage().dataset.step !== step);
  }

  return {
    show,
    digest: () => stage().dataset.digest || "",
    // After a reconnect the first screen counts whatever its time: a server's clock may have been set back. So does
    // the answer to a question that we ask because the last one seemed too old.
    trustNext: () => (shown = { turn: 0, at: 0 }),
    hadToDrop: () => hasDropped && !(hasDropped = false),
  };
}

const callbacks = {
  beforeNodeMorphed(old, fresh) {
    return !(isUnsentInput(old) && old.name === fresh.name && fresh.nodeName === old.nodeName);
  },
  // Whoever opened a part closes it.
  beforeAttributeUpdated(name, node) {
    if (name === "tabindex" && node === document.activeElement) return false; // it would lose the focus
    return !(name === "open" && (node.nodeName === "DETAILS" || node.nodeName === "DIALOG"));
  },
};

function isUnsentInput(node) {
  if (node.nodeType !== 1 || !node.matches("input:not([type=hidden]), textarea, select")) return false;
  if (node.type === "checkbox" || node.type === "radio") return node.checked !== node.defaultChecked;
  return node.nodeName !== "SELECT" && node.value !== node.defaultValue;
}

// Where nothing anchors scrolling (iOS), what is being typed in would jump when the stage above it grows.
function keepInPlace(change) {
  const typed = isTypable(document.activeElement) ? document.activeElement : null;
  const before = typed && typed.getBoundingClientRect().top;
  change();
  const now = typed && (typed.isConnected ? typed : document.activeElement);
  const moved = now && now !== document.body ? now.getBoundingClientRect().top - before : 0;
  if (Math.abs(moved) > 1 && typed.isConnected) window.scrollBy(0, moved);
}

// A button may be redrawn under a finger or a screen reader: the focus then goes to its successor. Where there is none it goes to
// what is near or new, and never to another button: a second press would do what nobody meant.
const isAsking = () => document.querySelector("dialog[open]") !== null;

function behindDialog(stage) {
  const dialog = document.activeElement.closest("dialog[open]");
  return dialog && focusIn(stage, stage.querySelector(`[data-opens="${dialog.id}"]`));
}

function focusIn(stage, active = document.activeElement) {
  if (!stage.contains(active) || active === stage) return null;
  const [menu, region] = [active.closest("details[id]"), active.closest("[aria-labelledby]")];
  return {
    id: active.id,
    signature: signatureOf(active),
    tag: active.localName,
    node: active,
    menu: menu && menu.id,
    region: region && region.getAttribute("aria-labelledby"),
    headings: headingsOf(stage).map((heading) => heading.id),
  };
}

function refocus(stage, focus, isNewStep) {
  if (!focus || (isReady(focus.node) && document.activeElement === focus.node && signatureOf(focus.node) === focus.signature)) return;
  const same = Array.from(stage.querySelectorAll(focus.tag)).filter(isReady);
  const next = same.find((node) => focus.id && node.id === focus.id) || same.find((node) => signatureOf(node) === focus.signature);
  const place = next || nearby(stage, focus, isNewStep);
  if (!place) return;
  if (/^h[1-6]$/.test(place.localName)) place.tabIndex = -1;
  place.focus({ preventScroll: true });
}

function nearby(stage, focus, isNewStep) {
  const headings = headingsOf(stage);
  const isNew = (heading) => !focus.headings.includes(heading.id);
  const summary = focus.menu && document.getElementById(focus.menu) && document.getElementById(focus.menu).querySelector("summary");
  const main = stage.querySelector("h1");
  if (isNewStep) return main;
  return summary || headings.find(isNew) || headings.find((heading) => heading.id === focus.region) || main;
}

const isReady = (node) => node.isConnected && !node.disabled && node.getClientRects().length > 0;
const headingsOf = (stage) => Array.from(stage.querySelectorAll("h2[id], h3[id]")).filter(isReady);

const ABOUT = ["item", "move", "do", "what", "seat", "action"]; // the fields that say which button it is
const TOGGLES = { resume: "pause", unlock: "lock", undone: "done" }; // the same button, pressed again

function signatureOf(node) {
  const form = node.form || null;
  const action = form ? form.getAttribute("action") : "";
  const hidden = form ? Array.from(form.elements).filter((one) => one.type === "hidden" && ABOUT.includes(one.name)).map((one) => TOGGLES[one.value] || one.value) : [];
  const named = ["name", "data-edit", "data-seat", "data-opens", "href"].map((name) => node.getAttribute(name));
  return [action, ...hidden, ...named, action ? "" : node.textContent.trim()].join("|");
}
