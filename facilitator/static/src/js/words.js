// The three places that speak: the connection (only when it matters), one sentence after an action, and the phase
// for screen readers. The words themselves come from the page.

const PATIENCE = 2500; // shorter trouble is nobody's business
const BACK = 3000;
const LASTS = 45000; // it does not mend itself

const byId = (id) => document.getElementById(id) || document.querySelector(`[data-${id}]`);

export function createConnectionWords({ outbox }) {
  const node = byId("connection");
  let isOnline = true;
  let lostAt = 0;
  let wasLost = false;
  let backUntil = 0;
  let final = "";
  let isOld = false; // the server was updated since this page was loaded
  let isForeign = false; // something answers, but it is not the server

  function online() {
    if (wasLost) backUntil = performance.now() + BACK;
    wasLost = false;
    isOnline = true;
    isForeign = false;
    draw();
    setTimeout(draw, BACK + 50);
  }

  function offline(byWhom = {}) {
    isForeign = Boolean(byWhom.isForeign) || isForeign;
    if (isOnline) lostAt = performance.now();
    isOnline = false;
    setTimeout(draw, PATIENCE + 50);
  }

  function draw() {
    if (!node) return;
    const text = final || sentences().filter(Boolean).join(" ");
    if (node.textContent !== text) node.textContent = text;
    node.hidden = !text;
  }

  function sentences() {
    const isLost = !isOnline && performance.now() - lostAt > PATIENCE;
    if (isLost) wasLost = true;
    const isLasting = performance.now() - lostAt > LASTS && node.dataset.lasting;
    const unsent = unsentWords(isLost);
    const isBack = performance.now() < backUntil && !unsent;
    return [isLost && (isForeign ? node.dataset.foreign : isLasting || node.dataset.lost), unsent, isBack && node.dataset.back, isOld && node.dataset.old];
  }

  // "Kept" is said only of what would survive closing the page.
  function unsentWords(isLost) {
    const waiting = outbox.pending();
    const isLong = waiting.some((entry) => Math.abs(Date.now() - entry.since) > PATIENCE);
    if (!waiting.length || !(isLost || isLong || outbox.isFailing())) return "";
    const words = isLost || outbox.isFailing() ? node.dataset.unsent : node.dataset.waiting || node.dataset.unsent;
    const fragile = waiting.some((entry) => entry.isFragile) && node.dataset.fragile;
    return [(words || "").replace("{n}", waiting.length), fragile].filter(Boolean).join(" ");
  }

  function end(sentence) {
    final = sentence || final;
    draw();
  }

  setInterval(draw, 1000);
  return { online, offline, draw, end, old: () => ((isOld = true), draw()), slow: () => sayNotice(node && node.dataset.slow, 12), failed: () => sayNotice(node && (node.dataset.failed || node.dataset.lost)) };
}

let fading = 0;

export function sayNotice(text, seconds = 6) {
  const node = byId("notice");
  if (!node || !text) return;
  node.textContent = text;
  node.classList.add("is-shown");
  clearTimeout(fading);
  fading = setTimeout(hushNotice, seconds * 1000);
}

export function hushNotice() {
  const node = byId("notice");
  if (!node) return;
  node.textContent = "";
  node.classList.remove("is-shown");
}

// Several things at once are one announcement: a later one would silence it.
let waiting = [];

export function announce(texts) {
  waiting.push(...texts.filter((text) => text && !waiting.includes(text)));
  if (waiting.length) setTimeout(speak, 100);
}

function speak() {
  const node = byId("announce");
  if (node && waiting.length) node.textContent = waiting.map((text) => (/[.?!…]$/.test(text) ? text : `${text}.`)).join(" ");
  waiting = [];
}

// The phase as people call it.
export function phaseTitle() {
  const stage = document.getElementById("stage");
  const heading = stage && stage.querySelector("h1, h2");
  return (stage && stage.dataset.title) || (heading ? heading.textContent.trim() : "");
}
