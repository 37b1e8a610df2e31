// Two people may share a phone. Promises: nobody sees the other's page by going back in history; whoever's page is
// not the one in hand is asked for first, on a page without texts.

import { read, write } from "./storage.js";

const NOBODY = ""; // the cover page is shown: the phone is on its way

// as: the seat of this page; other: the name of the second one, or nothing.
export function createSharedPhone({ meeting, as, other, backend }) {
  const key = `facilitator:${meeting}:in-hand`;
  const inHand = () => read(backend, key);

  // A page in the browser's memory may be older than the second seat, so what is in hand counts even without one.
  const isShared = () => Boolean(other) || inHand() !== null;

  // Where nothing can be kept, asking would never end.
  const mustAsk = () => isShared() && inHand() !== as && write(backend, key, inHand() || NOBODY);

  return { isShared, mustAsk, give: (seat) => write(backend, key, seat), passOn: () => write(backend, key, NOBODY) };
}

// Answers whether this page may be shown; otherwise it is left at once.
export function startSharedPhone({ meeting, view, as = "1", otherSeat: other = "" }) {
  if (view !== "phone" || !meeting) return true;
  const hand = createSharedPhone({ meeting, as, other, backend: sessionBackend() });
  if (document.querySelector("[data-in-hand]")) return startCover(hand);

  function look() {
    const isHidden = hand.mustAsk();
    document.body.style.visibility = isHidden ? "hidden" : "";
    if (isHidden) location.replace(`${location.pathname}?as=${as}&cover=1`);
    return !isHidden;
  }

  window.addEventListener("pageshow", look);
  // What the browser keeps for going back shows nothing until it was looked at again.
  window.addEventListener("pagehide", () => hand.isShared() && (document.body.style.visibility = "hidden"));
  return look();
}

function startCover(hand) {
  window.addEventListener("pageshow", hand.passOn);
  hand.passOn();
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("[data-in-hand]");
    if (link) hand.give(link.dataset.inHand);
  });
  return true;
}

// Whoever has just given their name for the second seat has the phone in hand.
export function startSecond(path = location.pathname) {
  const found = path.match(/^\/meetings\/([^/]+)\/second$/);
  if (!found) return;
  const hand = createSharedPhone({ meeting: found[1], as: "2", other: "", backend: sessionBackend() });
  document.addEventListener("submit", () => hand.give("2"));
}

function sessionBackend() {
  try {
    return globalThis.sessionStorage || null;
  } catch (error) {
    return null; // some browsers throw on the mere mention of it
  }
}
