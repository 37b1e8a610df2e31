// Small help while writing: how many letters are left, chips that fill in a date, and advice that is thought of too early
// and waits for its moment. Nothing here blocks anybody.

import { isFilled } from "./text.js";

const NEAR_THE_END = 60;

export function startHints({ store, composer } = {}) {
  document.addEventListener("input", ({ target }) => {
    if (!target.matches) return;
    if (target.maxLength > 0) count(target);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-keep-for], [data-sets]");
    if (!button) return;
    if (button.dataset.sets) setField(button);
    else if (store) stash(button, store, composer);
  });
}

function count(control) {
  const counter = nearest(control, "[data-counter]");
  if (!counter) return;
  const left = control.maxLength - control.value.length;
  counter.hidden = left > NEAR_THE_END;
  counter.textContent = (counter.dataset.counter || "{n}").replace("{n}", left);
}

function stash(button, store, composer) {
  const form = button.closest("form") || document.querySelector("#composer form[data-outbox]");
  const area = form && form.querySelector("textarea, input[type=text], input:not([type])");
  if (!area || !isFilled(area.value)) return;
  const key = `stash:${button.dataset.keepFor}`;
  store.set(key, [store.get(key), area.value.trim()].filter(Boolean).join("\n\n"));
  composer.sent(form);
  area.value = "";
  area.dispatchEvent(new Event("input", { bubbles: true }));
  area.focus();
}

function setField(chip) {
  const scope = chip.closest("form") || document;
  const field = scope.querySelector(`[name="${CSS.escape(chip.dataset.sets)}"]`);
  if (!field) return;
  field.value = chip.dataset.value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function nearest(control, selector) {
  const scope = control.closest(".field") || control.parentElement;
  return scope.querySelector(selector) || (control.form && control.form.querySelector(selector));
}
