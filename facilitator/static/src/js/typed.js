// What is typed into a form that is sent at once – a case, a text that somebody dictates, a name – survives a reload: F5 of a
// clicker included. Promises: it goes when it was sent or is as it was, and nothing else is taken for it.

import { fill, isText, valuesOf, editableOf } from "./fields.js";

export function createTyped({ store }) {
  const texts = (form) => editableOf(form).filter(isText);
  const isKept = (form) => Boolean(form) && form.matches("#stage form[data-live]") && texts(form).length > 0;

  function remember(form) {
    if (texts(form).some((one) => one.value !== one.defaultValue)) store.set(keyOf(form), valuesOf(form));
    else sent(form);
  }

  const sent = (form) => store.remove(keyOf(form));

  function mount() {
    for (const form of Array.from(document.querySelectorAll("form")).filter(isKept)) {
      const values = store.get(keyOf(form));
      if (!values) continue;
      fill(form, values);
      for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true; // folded away it would seem lost
    }
  }

  document.addEventListener("input", ({ target }) => isKept(target.form) && remember(target.form));

  return { mount, sent };
}

const ABOUT = ["step", "form", "do", "what", "seat", "item", "action"]; // which form it is of those with the same address

function keyOf(form) {
  const hidden = Array.from(form.elements).filter(({ type, name }) => type === "hidden" && ABOUT.includes(name));
  return `typed:${[form.getAttribute("action"), ...hidden.map(({ value }) => value)].join("|")}`;
}
