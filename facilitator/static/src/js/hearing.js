// What somebody hears who does not see the screen change. Promises: a new phase with what to do in it; somebody's turn, a question,
// a pause, and that hidden texts are shown; nothing that was said before.

import { announce, phaseTitle } from "./words.js";

export function createHearing() {
  const words = document.getElementById("announce").dataset;
  let known = read();

  function listen() {
    const before = known;
    known = read();
    const isNew = known.place !== before.place;
    const texts = known.texts.filter((text) => isNew || !before.texts.includes(text));
    announce([isNew && known.title, ...texts, ...changes(isNew ? {} : before, known, words)]);
  }

  return { listen, moment: (name) => announce([words[name]]) };
}

function read() {
  const stage = document.getElementById("stage");
  const { step, mode, kind, shown = "", paused = "" } = stage.dataset;
  const texts = Array.from(stage.querySelectorAll("[data-aloud], [data-heard]"), (node) => node.textContent.trim().replace(/\s+/g, " "));
  return { place: [step, mode === "listen" || mode === "move" ? "" : mode, kind].join(), title: phaseTitle(), texts: texts.filter(Boolean), shown, paused };
}

function changes(before, now, words) {
  const isShown = before.shown !== undefined && Number(now.shown) > Number(before.shown);
  const hasPaused = before.paused !== undefined && now.paused !== before.paused;
  return [isShown && words.revealed, hasPaused && (now.paused ? words.paused : words.resumed)];
}
