// Changing what this seat sent. Named items carry their text in the page; an anonymous text has no author on the
// server, so only this phone can show that it is ours: by a capability that it makes before the first sending, so
// that a lost answer takes nothing away. Promises: what was answered is forgotten once it can be changed no more.

import { randomId } from "./ids.js";

export function createEdits({ store, composer, page = stagePage }) {
  const recordsOf = (step) => store.get(`anon:${step}`) || [];

  function keep(step, records) {
    if (records.length) store.set(`anon:${step}`, records);
    else store.remove(`anon:${step}`);
  }

  // What goes out without a name carries a capability: its own where it is an edit, a new one otherwise.
  function signed(pairs) {
    if (valueOf(pairs, "capability") || valueOf(pairs, "item") || !composer.isAnonymous()) return pairs;
    return [...pairs.filter(([name]) => name !== "capability"), ["capability", randomId()]];
  }

  // Called before the entry is sent for the first time.
  function expect({ pairs, draft }) {
    const [capability, step] = [valueOf(pairs, "capability"), valueOf(pairs, "step")];
    const records = recordsOf(step);
    if (!capability || records.some((one) => one.capability === capability)) return;
    keep(step, [...records, { capability, item: "", form: valueOf(pairs, "form"), values: draft.values, isSent: false }]);
  }

  // Stored, or refused: then the text is in the composer again, and what was stored before stays as it was.
  function heard({ pairs, draft }, isStored, data) {
    const capability = valueOf(pairs, "capability") || data.capability;
    if (!capability || !draft) return;
    const [step, form] = [valueOf(pairs, "step"), valueOf(pairs, "form")];
    const known = recordsOf(step).find((one) => one.capability === capability);
    const others = recordsOf(step).filter((one) => one !== known && one.capability !== capability);
    const item = data.item || valueOf(pairs, "item") || (known ? known.item : "");
    if (isStored) keep(step, [...others, { capability, item, form, values: draft.values, isSent: true }]);
    else if (known && !known.isSent) keep(step, others);
  }

  // Another step, an end, or a screen that does not offer to change it any more: revealed.
  function tidy() {
    const { step, isOver, offers } = page();
    for (const key of store.keys("anon:")) {
      const ofStep = key.slice("anon:".length);
      const records = recordsOf(ofStep);
      const left = ofStep === step && !isOver ? records.filter((one) => !one.isSent || offers(one.form)) : [];
      if (left.length < records.length || !left.length) keep(ofStep, left);
    }
  }

  // With several texts, pressing again goes on to the one before.
  let turn = 0;
  function editAnonymous(button) {
    const own = recordsOf(page().step).filter((one) => isFor(button, one.form));
    if (!own.length) return;
    const asked = Number(button.dataset.editAnonymous);
    const { item, capability, form, values } = own[asked ? Math.min(asked, own.length) - 1 : own.length - 1 - (turn++ % own.length)];
    composer.edit({ values, hidden: { item, capability }, form });
  }

  function onClick(event) {
    const button = event.target.closest("[data-edit], [data-edit-anonymous], [data-cancel-edit]");
    if (!button) return;
    if ("cancelEdit" in button.dataset) return composer.stopEditing();
    if ("editAnonymous" in button.dataset) return editAnonymous(button);
    const { item, fields } = JSON.parse(button.dataset.edit);
    composer.edit({ values: Object.entries(fields), hidden: { item } });
  }

  // A button for a text that this phone does not know would do nothing.
  function refresh() {
    tidy();
    const own = recordsOf(page().step);
    anonymousButtons().forEach((button) => (button.hidden = !own.some((one) => isFor(button, one.form))));
  }

  return { signed, expect, heard, refresh, tidy, onClick, forget: () => store.keys("anon:").forEach(store.remove) };
}

const anonymousButtons = () => Array.from(document.querySelectorAll("[data-edit-anonymous]"));

// A button may name its form, or the how-manieth of its texts; without either it is for all.
function isFor({ dataset: { editAnonymous: wanted } }, form) {
  return !wanted || !Number.isNaN(Number(wanted)) || wanted === form;
}

function stagePage() {
  const stage = document.getElementById("stage");
  const { step, kind, ended } = stage.dataset;
  const offers = (form) => anonymousButtons().some((button) => stage.contains(button) && isFor(button, form));
  return { step, isOver: kind === "ended" || ended !== undefined, offers };
}

function valueOf(pairs, name) {
  const pair = pairs.find(([one]) => one === name);
  return pair ? pair[1] : "";
}
