// While somebody types a question: questions and cards that may answer it already. What is typed is sent and forgotten there;
// without an answer nothing is shown, and asking never waits for one.

import { isFilled } from "./text.js";

const PAUSE = 500; // milliseconds after the last key

export function startSimilar({ fetch = window.fetch.bind(window) } = {}) {
  const form = document.querySelector("[data-similar]");
  if (!form) return;
  const place = form.querySelector("[data-similar-found]");
  let timer = 0;
  let underWay = null;

  form.addEventListener("input", ({ target }) => {
    if (!["title", "text"].includes(target.name)) return;
    clearTimeout(timer);
    timer = setTimeout(show, PAUSE);
  });

  async function show() {
    if (underWay) underWay.abort();
    const mine = (underWay = new AbortController());
    if (!isFilled(form.elements.title.value)) return place.replaceChildren();
    try {
      const answer = await fetch(form.dataset.similar, {
        method: "POST", body: new FormData(form), signal: mine.signal, headers: { Accept: "text/html" },
      });
      if (!answer.ok || answer.redirected) return;
      const html = await answer.text();
      if (html.trim() !== place.innerHTML.trim()) place.innerHTML = html;
    } catch {
      // The network is away, or somebody typed on: what stands there may stay.
    }
  }
}
