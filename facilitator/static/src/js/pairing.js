// A room screen that shows its code and waits for the moderator to confirm it.

import { sayNotice } from "./words.js";

const EVERY = 2000;

export function startPairing() {
  const screen = document.querySelector("[data-view=pairing][data-poll]");
  if (screen) ask(screen.dataset.poll);
}

async function ask(url) {
  try {
    const answer = await fetch(url, { headers: { Accept: "application/json" }, cache: "no-store" });
    const { go, problem } = await answer.json();
    if (problem) return say(problem);
    if (isOurs(go)) return location.assign(go);
  } catch (error) {
    // no network, or no answer of ours: the next question comes anyway
  }
  setTimeout(ask, EVERY, url);
}

// Asking again would not help; the code shown is no use either.
function say(problem) {
  sayNotice(problem, 3600);
  document.querySelector(".wall-pair").hidden = true;
}

// Never a foreign address, whoever answered.
export function isOurs(url) {
  return typeof url === "string" && new URL(url, location.href).origin === location.origin;
}
