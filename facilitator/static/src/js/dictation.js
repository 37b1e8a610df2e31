// What the note-taker writes for people without a phone: one small form per person and form, below the composer.
// Promises: a push only adds and takes away forms, so nobody's typing is interrupted; an unsent text whose form goes
// becomes a slip, and every text survives a reload.

import { typingIn, whole } from "./composer.js";
import { editableOf, fill, isText, mainText, pairsOf, valuesOf } from "./fields.js";
import { isFilled } from "./text.js";

export function createDictation({ store, slips }) {
  const baselines = new WeakMap(); // form → its values while nothing unsent is in it

  function receive(fresh) {
    const old = section();
    if (!old || !fresh || fresh.dataset.key === old.dataset.key) return;
    const wanted = formsIn(fresh);
    forms().filter((form) => !named(wanted, form.dataset.dictated)).forEach(takeAway);
    if (forms().length) addTo(old, wanted);
    else old.replaceWith(fresh);
    section().dataset.key = fresh.dataset.key;
    mount();
  }

  // What is there stays where it is: a node that moves loses the focus.
  function addTo(old, wanted) {
    const present = formsIn(old);
    let last = null;
    for (const form of wanted) {
      const known = named(present, form.dataset.dictated);
      if (!known && last) last.after(form);
      else if (!known) present[0].before(form);
      last = known || form;
    }
  }

  function takeAway(form) {
    keepUnsent(form);
    form.remove();
  }

  function mount() {
    for (const form of forms().filter((one) => !baselines.has(one))) {
      baselines.set(form, valuesOf(form));
      const draft = store.get(draftKey(form)) || slips.take(form.dataset.dictated, "");
      if (draft) putIn(form, draft.values);
    }
  }

  // Folded away it would seem lost.
  function putIn(form, values) {
    fill(form, values);
    remember(form);
    form.closest("details").open = true;
  }

  function remember(form) {
    if (isDirty(form)) store.set(draftKey(form), { values: valuesOf(form) });
    else store.remove(draftKey(form));
  }

  function isDirty(form) {
    if (!form) return forms().some((one) => isDirty(one));
    return JSON.stringify(valuesOf(form)) !== JSON.stringify(baselines.get(form));
  }

  function keepUnsent(form, isLast = false) {
    const draft = draftOf(form);
    if (!isDirty(form) || !draft.field || !isFilled(mainText(form).value)) return;
    store.remove(draftKey(form));
    slips.add(isLast ? whole(draft) : draft, typingIn(form));
  }

  // The seat is gone: nothing can be sent any more, but every word stays to be read.
  function putAside() {
    if (!section()) return;
    forms().forEach((form) => keepUnsent(form, true));
    section().hidden = true;
  }

  // Everything that is needed to send it, or to show it again, without the form. It is never late: it is not our own.
  function draftOf(form) {
    const text = mainText(form);
    return {
      key: form.dataset.dictated,
      form: "",
      isDictated: true,
      title: form.dataset.title,
      url: form.getAttribute("action"),
      pairs: pairsOf(form),
      values: valuesOf(form),
      texts: editableOf(form).filter(isText).map((control) => control.name),
      hidden: {},
      field: text ? text.name : "",
      canBeLate: false,
    };
  }

  function sent(form) {
    store.remove(draftKey(form));
    fill(form, baselines.get(form));
  }

  // Refused: back to where it came from, or beside it if something else is being written there by now.
  function restore(draft) {
    const form = named(forms(), draft.key);
    if (!form || isDirty(form)) return slips.add(draft);
    putIn(form, draft.values);
  }

  document.addEventListener("input", ({ target }) => owns(target.form) && remember(target.form));

  const owns = (form) => Boolean(form && baselines.has(form) && form.isConnected);

  return { receive, mount, draftOf, sent, restore, isDirty, putAside, owns };
}

const section = () => document.getElementById("dictation");
const formsIn = (node) => Array.from(node.querySelectorAll("form[data-dictated]"));
const forms = () => (section() ? formsIn(section()) : []);
const named = (list, key) => list.find((form) => form.dataset.dictated === key);
const draftKey = (form) => `draft:for:${form.dataset.dictated}`;
