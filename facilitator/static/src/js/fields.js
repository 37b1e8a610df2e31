// The values of a form as pairs, the same way whether they are sent, kept or filled in again.

import { isFilled } from "./text.js";

const BUTTONS = ["submit", "button", "reset", "image"];

export function editableOf(form) {
  return Array.from(form.elements).filter(
    (control) => control.name && control.type !== "hidden" && !BUTTONS.includes(control.type) && "value" in control,
  );
}

export function isText(control) {
  return !["radio", "checkbox", "select-one", "select-multiple", "range"].includes(control.type);
}

export function isTypable(control) {
  return Boolean(control && control.matches && control.matches("textarea, input, select") && isText(control));
}

// What the person filled in; without what is hidden.
export function valuesOf(form) {
  return editableOf(form)
    .filter((control) => !isChoice(control) || control.checked)
    .map((control) => [control.name, control.value]);
}

// Everything the server gets, the pressed button included. op is added by the outbox.
export function pairsOf(form, button) {
  const pairs = Array.from(new FormData(form)).filter(([, value]) => typeof value === "string");
  return button && button.name ? [...pairs, [button.name, button.value]] : pairs;
}

export function fill(form, pairs) {
  for (const control of editableOf(form)) {
    const values = pairs.filter(([name]) => name === control.name).map(([, value]) => String(value));
    if (isChoice(control)) control.checked = values.includes(control.value);
    else if (values.length) control.value = values[0];
    control.dispatchEvent(new Event("input", { bubbles: true })); // hints and counters look again
  }
}

// Texts go, unless the server itself had filled them in: a question that may be changed stays to be seen.
export function clearTexts(form, before = []) {
  for (const control of editableOf(form).filter(isText)) {
    if (before.some(([name, value]) => name === control.name && value !== "")) continue;
    control.value = "";
    control.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

// Sets a hidden input, and makes it where there is none.
export function setHidden(form, name, value) {
  let input = Array.from(form.elements).find((control) => control.name === name && control.type === "hidden");
  if (!input) {
    input = document.createElement("input");
    input.type = "hidden";
    input.name = name;
    form.append(input);
  }
  input.value = value;
}

export function mainText(form) {
  const texts = editableOf(form).filter(isText);
  return texts.find((control) => isFilled(control.value)) || texts[0] || null;
}

function isChoice(control) {
  return control.type === "radio" || control.type === "checkbox";
}
