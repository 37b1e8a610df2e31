// Everything that a phone, a console or a room screen does by itself. It only ties the parts together; the pages work
// without a script as far as reading goes.

import { startAloud } from "./aloud.js";
import { startAsking } from "./asking.js";
import { startWallControls } from "./wall_controls.js";
import { createClock } from "./clock.js";
import { createComposer, whole } from "./composer.js";
import { createDictation } from "./dictation.js";
import { createNotebook } from "./notebook.js";
import { closeDialog, startDialogs } from "./dialog.js";
import { createEdits } from "./edits.js";
import { createFollowing } from "./polling.js";
import { startForms } from "./forms.js";
import { startSharedPhone } from "./shared_phone.js";
import { startHints } from "./hints.js";
import { createHearing } from "./hearing.js";
import { createHttp } from "./http.js";
import { startKeys } from "./keys.js";
import { createOutbox } from "./outbox.js";
import { close, closeMenus, startBar, startMenus } from "./menus.js";
import { isOurs, startPairing } from "./pairing.js";
import { startSeats } from "./seats.js";
import { createSlips } from "./slips.js";
import { createSocket } from "./socket.js";
import { createStage } from "./stage.js";
import { openStore, sweep } from "./storage.js";
import { startTheme } from "./theme.js";
import { createConnectionWords, phaseTitle, sayNotice } from "./words.js";
import { startText } from "./text.js";
import { createTyped } from "./typed.js";

const SWEEPING = 10 * 60 * 1000; // a page that is left open forgets as well

startTheme();
startDialogs();
startMenus();
startPairing();
const isInHand = startSharedPhone(document.body.dataset);
if (isInHand && document.body.dataset.meeting && document.getElementById("stage")) start(document.body.dataset);
else if (window.heldForms) window.heldForms();
document.body.dataset.live = ""; // whoever reads the page may believe that it follows
const late = document.getElementById("without-script");
if (late) late.hidden = true; // also where no style sheet came that would do it

function start({ meeting, view, as = "1", page: pages = "", token = "", clock: clockText = "null" }) {
  const page = { meeting, view, as, pages, token };
  takeOver();
  sweep();
  setInterval(() => sweep(), SWEEPING);
  const store = openStore(`facilitator:${meeting}:${as}:`);
  const http = createHttp(page);
  const outbox = createOutbox({ store, post: http.postFresh, onAnswer, onStop, onChange });
  const words = createConnectionWords({ outbox });
  const slips = createSlips({ store, outbox, waitingWords: () => wordsOf("waiting") });
  const composer = createComposer({ store, slips, phaseTitle });
  const dictation = createDictation({ store, slips });
  const notebook = createNotebook({ store, outbox });
  const typed = createTyped({ store });
  const edits = createEdits({ store, composer });
  const hearing = createHearing();
  const clock = createClock(parsedClock(clockText), hearing.moment);
  const aloud = startAloud();
  const seats = startSeats();
  const bar = view === "wall" ? startWallControls() : { refresh() {} };
  const forms = startForms({ outbox, composer, dictation, notebook, edits, http, onLive, onFailed: words.failed });
  const stage = createStage({ composer, dictation, afterMorph: refresh, onNewStep });
  const onGone = ({ gone, may_return } = {}) => end(gone, may_return);
  const following = createFollowing({ page, stage, http, onScreen: show, onGone, onWorks, onLasts: words.slow, onFails: words.offline });
  const socket = createSocket({ page, stage, onScreen: show, onGone, onUp, onDown, onWake: following.hurry });

  startHints({ store, composer });
  startAsking({ meeting, http });
  startText();
  document.addEventListener("click", edits.onClick);
  if (view === "wall") startKeys();
  if (view === "console") startBar();
  composer.mount();
  dictation.mount();
  typed.mount();
  slips.render();
  refresh();
  outbox.wake();
  forms.resend(window.heldForms ? window.heldForms() : []);
  window.addEventListener("pagehide", outbox.rest);
  window.addEventListener("pageshow", outbox.wake);
  window.addEventListener("online", outbox.wake);
  window.addEventListener("storage", (event) => store.isOurs(event.key) && fromAnotherTab());

  function show(payload, isOwn = false) {
    if (isGone && payload.digest) return location.reload();
    if (payload.html && stage.show(payload, isOwn)) clock.set(payload.clock);
    if (payload.notice) sayNotice(payload.notice);
    slips.render();
    wipeWhenOver();
    goOn();
  }

  // This phone belongs at a table now, or with everybody again. Whoever is writing, or has something here that was not sent, goes when they like.
  function goOn() {
    const { go = "" } = document.getElementById("stage").dataset;
    if (go && isOurs(go) && isNothingUnsent()) location.replace(go);
  }

  // What the server's HTML does not know: time that has passed, marks on their way, what this phone can do.
  function refresh() {
    clock.draw();
    forms.reapply();
    edits.refresh();
    aloud.refresh();
    seats.refresh();
    notebook.follow(document.getElementById("stage"), false);
    bar.refresh();
    hearing.listen();
    document.dispatchEvent(new Event("stagedrawn"));
  }

  function onNewStep() {
    if (aloud.hush) aloud.hush();
    notebook.follow(document.getElementById("stage"), true);
    const isTyping = document.activeElement && document.activeElement.matches("input, textarea, select");
    if (view === "phone" && !isTyping) window.scrollTo(0, 0);
  }

  // The answer to something from the outbox: stored, or refused in words.
  function onAnswer(entry, { status, data }) {
    const isRefused = status !== 200;
    if (!notebook.heard(entry, { status, data })) edits.heard(entry, !isRefused, data || {});
    if (data) show(data, !isRefused);
    else socket.resync(), following.hurry();
    if (isRefused && entry.draft) putBack(entry.draft, status === 422 && data && data.form);
    if (isRefused && data && data.notice) sayNotice(data.notice, 12);
    if (data && isOurs(data.go)) location.assign(data.go);
  }

  function putBack(draft, errors) {
    if (draft.isDictated) dictation.restore(draft);
    else if (errors) composer.showErrors(errors, draft);
    else composer.restore(draft);
  }

  // The answer to steering, which was sent at once.
  function onLive(form, { status, data }) {
    if ([403, 410].includes(status) && data && data.gone) return end(data.gone, data.may_return);
    if (!data) return words.failed();
    if (status === 200 && "wipe" in form.dataset) return leave();
    if (status === 200) finish(form);
    show(data, status === 200);
    if (isOurs(data.go)) location.assign(data.go);
  }

  function finish(form) {
    const dialog = form.closest("dialog[open]");
    if (dialog) closeDialog(dialog);
    if (form.closest("details.menu")) closeMenus();
    else if (form.closest("details.asked")) close(form.closest("details.asked"));
    typed.sent(form);
    form.reset();
  }

  // Nothing is kept of what was typed here: the page that comes back begins without it.
  function leave() {
    outbox.halt();
    socket.close();
    following.close();
    store.wipe();
    location.reload();
  }

  function onStop(entry, { data }) {
    if (data && data.gone) end(data.gone, data.may_return);
  }

  // The seat is no more. What was not sent stays on the screen, and on this phone for as long as everything does.
  let isGone = false;
  // The socket of whoever was taken out goes on asking: what it brings one day is that they were taken back in.
  function end(sentence, mayReturn = false) {
    words.end(sentence);
    if (isGone) return;
    isGone = true;
    outbox.halt();
    if (!mayReturn) [socket, following].forEach((line) => line.close());
    outbox.pending().filter((entry) => entry.draft).forEach((entry) => {
      outbox.drop(entry);
      slips.add(whole(entry.draft));
    });
    composer.putAside();
    dictation.putAside();
    notebook.putAside();
    edits.forget();
    slips.close();
    document.body.toggleAttribute("data-gone", true);
  }

  // A connection that comes back may be to a server that was updated.
  let wasUp = false;
  async function onUp() {
    following.end();
    words.online();
    outbox.wake();
    if (wasUp && !(await http.isThere(import.meta.url))) words.old();
    wasUp = true;
  }

  function onDown() {
    if (!following.works()) words.offline();
    following.begin();
  }

  function onWorks(isAgain) {
    words.online();
    if (isAgain) outbox.wake();
  }

  function onChange() {
    words.draw();
    slips.render();
  }

  function fromAnotherTab() {
    onChange();
    outbox.look();
  }

  function wipeWhenOver() {
    const { kind, ended } = document.getElementById("stage").dataset;
    const isOver = kind === "ended" || ended !== undefined;
    if (isOver && isNothingUnsent()) store.wipe();
  }

  const isNothingUnsent = () => !outbox.pending().length && !slips.has() && ![composer, dictation, notebook].some((one) => one.isDirty());
}

// What forms carry so that they can be sent without a script is said in headers from here on.
function takeOver() {
  const parts = [document, ...Array.from(document.querySelectorAll("template"), (one) => one.content)];
  parts.forEach((part) => part.querySelectorAll("input[data-plain]").forEach((input) => input.remove()));
}

function parsedClock(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    return null; // the first push brings one
  }
}

function wordsOf(name) {
  const node = document.getElementById("connection") || document.querySelector("[data-connection]");
  return (node && node.dataset[name]) || "";
}
