// What this seat may write now. Promises: nobody's typing is interrupted or lost. The composer is replaced only when
// its key changes; an unsent text then becomes a slip, and every text survives a reload.

import { Idiomorph } from "idiomorph";
import { clearTexts, editableOf, fill, isText, isTypable, mainText, pairsOf, setHidden, valuesOf } from "./fields.js";
import { isFilled } from "./text.js";

export function createComposer({ store, slips, phaseTitle }) {
  const baselines = new WeakMap(); // form → its values while nothing unsent is in it
  let served = section() ? section().cloneNode(true) : null; // as the server last sent it
  let editing = null;

  function receive(fresh, isOwn) {
    if (!section() || !fresh) return;
    const hasMoved = !served || fresh.dataset.key !== served.dataset.key;
    const before = served;
    served = fresh.cloneNode(true);
    if (hasMoved) {
      keepUnsent(before);
      editing = null;
      show(fresh);
    } else if (isOwn && !editing && !isDirty() && !isBeingTypedIn()) {
      refresh(fresh); // new counts, and old errors gone
    }
  }

  // The field somebody has just put the cursor in stays the same field: the next letter must find it.
  function refresh(fresh) {
    if (!section().contains(document.activeElement) || !isTypable(document.activeElement)) return show(fresh);
    Idiomorph.morph(section(), fresh, { morphStyle: "outerHTML", ignoreActiveValue: true });
    mount();
  }

  function show(fresh) {
    const old = section();
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(fresh);
    mount();
    const button = hadFocus && fresh.querySelector("button:not([type=button])");
    if (button) button.focus({ preventScroll: true }); // a screen reader should not be thrown to the top
  }

  function mount() {
    forms().forEach((form) => {
      baselines.set(form, valuesOf(form));
      recall(form);
    });
  }

  // A draft of before a reload, a slip whose step is back, or advice that was kept for this moment.
  function recall(form) {
    const draft = store.get(draftKey(form)) || slips.take(keyNow(), nameOf(form));
    if (draft && isEdit(draft)) return edit({ ...draft, form: nameOf(form), isUnsaved: true });
    if (draft) return fill(form, draft.values);
    const kind = section().dataset.kind;
    const stashed = kind && store.get(`stash:${kind}`);
    const text = stashed && mainText(form);
    if (!text || isFilled(text.value)) return;
    store.remove(`stash:${kind}`);
    fill(form, [[text.name, stashed]]);
  }

  // --- drafts

  function remember(form) {
    if (!isDirty(form)) return store.remove(draftKey(form));
    store.set(draftKey(form), { values: valuesOf(form), hidden: editing && editing.form === form ? editing.hidden : {} });
  }

  function isDirty(form) {
    if (!form) return forms().some((one) => isDirty(one));
    return baselines.has(form) && JSON.stringify(valuesOf(form)) !== JSON.stringify(baselines.get(form));
  }

  function isBeingTypedIn() {
    const active = document.activeElement;
    return section().contains(active) && isTypable(active) && active.value !== "";
  }

  function keepUnsent(before, isLast = false) {
    for (const form of forms().filter((one) => isDirty(one))) {
      const draft = draftOf(form, before);
      if (!draft.field || !isFilled(mainText(form).value)) continue; // taps are remembered, only words become a slip
      store.remove(draftKey(form, draft.key));
      slips.add(isLast ? whole(draft) : draft, typingIn(form));
    }
  }

  // The seat is gone: nothing can be sent any more, but every word stays to be read.
  function putAside() {
    if (!section()) return;
    keepUnsent(served, true);
    section().hidden = true;
  }

  // Everything that is needed to send it, or to show it again, without the form.
  function draftOf(form, of = section()) {
    const text = mainText(form);
    const hidden = editing && editing.form === form ? editing.hidden : {};
    return {
      key: of.dataset.key,
      form: nameOf(form),
      title: section().dataset.phase || phaseTitle(),
      url: form.getAttribute("action"),
      pairs: pairsOf(form),
      values: valuesOf(form),
      texts: editableOf(form).filter(isText).map((control) => control.name),
      hidden,
      field: text ? text.name : "",
      canBeLate: of.dataset.late !== "no" && !hidden.capability,
    };
  }

  // --- sending

  function sent(form) {
    store.remove(draftKey(form));
    if (editing && editing.form === form) return stopEditing();
    clearTexts(form, baselines.get(form) || []);
    baselines.set(form, valuesOf(form));
  }

  // Refused: back to where it came from, or beside it if something else is being written there by now.
  function restore(draft) {
    const form = forms().find((one) => nameOf(one) === draft.form);
    if (keyNow() !== draft.key || !form || isDirty(form) || editing) return slips.add(draft);
    if (isEdit(draft)) return edit({ ...draft, isUnsaved: true });
    fill(form, draft.values);
    remember(form);
  }

  function showErrors(html, draft) {
    const fresh = parsed(html);
    if (!fresh || fresh.dataset.key !== keyNow() || isDirty() || editing) return restore(draft);
    show(fresh);
    forms().forEach((form) => {
      baselines.set(form, valuesOf(form).map(([name, value]) => [name, name === draft.field ? "" : value]));
      remember(form);
    });
    const wrong = fresh.querySelector("[aria-invalid=true], [data-focus]") || mainText(forms()[0]);
    if (wrong) wrong.focus();
  }

  // --- editing what was sent

  // hidden: item, and the capability where the text is anonymous; then the form is named as well.
  function edit({ values, hidden, form: name = "", isUnsaved = false }) {
    stopEditing();
    const spare = templateFor(hidden, name);
    if (spare) section().innerHTML = (spare.content.querySelector("#composer") || spare).innerHTML;
    const form = forms().find((one) => !name || nameOf(one) === name);
    if (!form) return;
    const aside = isDirty(form) && !isUnsaved ? valuesOf(form) : null;
    editing = { form, hidden, aside, isSpare: Boolean(spare) };
    Object.entries(hidden).forEach(([name, value]) => setHidden(form, name, value));
    if (!baselines.has(form)) baselines.set(form, valuesOf(form));
    editing.before = baselines.get(form);
    baselines.set(form, isUnsaved ? [] : null);
    fill(form, values);
    if (!isUnsaved) baselines.set(form, valuesOf(form));
    cancelButtons().forEach((button) => (button.hidden = false));
    const text = isUnsaved ? null : mainText(form) || editableOf(form)[0];
    if (text) text.focus();
  }

  function stopEditing() {
    if (!editing) return;
    const { form, hidden, aside, before, isSpare } = editing;
    editing = null;
    store.remove(draftKey(form));
    if (isSpare) return show(served.cloneNode(true));
    Object.keys(hidden).forEach((name) => setHidden(form, name, ""));
    cancelButtons().forEach((button) => (button.hidden = true));
    editableOf(form).filter(isText).forEach((control) => (control.value = ""));
    baselines.set(form, before);
    fill(form, aside || before);
  }

  // --- small

  function section() {
    return document.getElementById("composer");
  }

  function forms() {
    return section() ? Array.from(section().querySelectorAll("form[data-outbox]")).filter((one) => editableOf(one).length) : [];
  }

  const keyNow = () => (served ? served.dataset.key : "");
  const draftKey = (form, key = keyNow()) => `draft:${key}|${nameOf(form)}`;
  const cancelButtons = () => section().querySelectorAll("[data-cancel-edit]");

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && baselines.get(form)) remember(form);
  });

  return {
    receive, mount, draftOf, sent, restore, showErrors, edit, stopEditing, isDirty, putAside,
    isAnonymous: () => Boolean(section()) && section().dataset.late === "no",
    owns: (form) => Boolean(section() && section().contains(form) && editableOf(form).length),
  };
}

export function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html;
  return holder.content.querySelector("#composer");
}

// One composer may hold several forms; each has its own draft.
function nameOf(form) {
  const named = Array.from(form.elements).find((control) => control.name === "form");
  return named ? named.value : form.getAttribute("action");
}

function templateFor({ item, capability }, name) {
  const spares = Array.from(document.querySelectorAll("template[data-composer-for]"));
  if (!capability) return spares.find((one) => one.dataset.composerFor === item) || null;
  const isOf = (one) => !name || nameOf(one.content.querySelector("form")) === name;
  return spares.find((one) => one.dataset.composerFor === "anonymous" && isOf(one)) || null;
}

const isEdit = ({ hidden }) => Boolean(hidden.item || hidden.capability);

// A slip shows one text; where nothing can be sent any more it shows all of them.
export function whole(draft) {
  const texts = draft.values.filter(([name, value]) => (draft.texts || []).includes(name) && isFilled(value));
  return { ...draft, shown: texts.map(([, value]) => value.trim()).join("\n\n") };
}

// Where the cursor is, if somebody is typing in this form at this moment.
export function typingIn(form) {
  const active = document.activeElement;
  if (!form.contains(active) || !isTypable(active) || active !== mainText(form)) return null;
  return { start: active.selectionStart, end: active.selectionEnd };
}
