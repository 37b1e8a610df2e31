// One's own notes. Promises: what is typed is kept on this phone with each letter and sent soon after, one version at a time; it goes
// from this phone only when the server has it; nothing that happens in the meeting changes what is being typed; pages of one seat that
// are open at once overwrite nothing of each other.

import { randomId } from "./ids.js";

const SETTLES = 2500; // after the last letter
const TOO_LONG = [413, 422];

export function createNotebook(parts) {
  const { store, outbox, later = setTimeout, tab = randomId(), section = document.getElementById("notebook") } = parts;
  const form = section && section.querySelector("form");
  if (!form) return { follow() {}, owns: () => false, send() {}, heard: () => false, isDirty: () => false, putAside() {} };
  const [field, base, state] = [form.elements.text, form.elements.base, form.querySelector("[data-notes-state]")];
  let kept = field.defaultValue; // what the server has, whatever the browser filled in by itself
  const key = `notes:${tab}`; // what is unsent here; every page has its own
  const ours = new Set(); // ids of what was sent of this text: what stands in the field grew from it
  let refused = null; // what it would not take is not sent again; unless it was too long, the next step may be the time for it
  let isTooLong = false;
  let timer = 0;
  let isOpenedByUs = false;

  const isDirty = () => field.value !== kept;
  const isWaiting = () => outbox.pending().some(({ id }) => ours.has(id));
  [field.value, base.value] = [kept, base.defaultValue];
  takeUp();

  // What is unsent of a page before this one, or of one that is asleep beside it: it may never wake.
  function takeUp() {
    const found = store.keys("notes").filter((one) => store.get(one));
    const drafts = found.map(store.get).filter(({ text }) => text !== kept);
    if (drafts.length) {
      [field.value, base.value] = [drafts.map(({ text }) => text).reduce(together), drafts[0].base];
      drafts.forEach(({ ids = [] }) => ids.forEach((id) => ours.add(id)));
      section.querySelector("details").open = true;
    }
    if (remember()) found.forEach(store.remove);
    save();
  }

  // Answers whether it will survive a reload.
  function remember() {
    say();
    if (isDirty()) return store.set(key, { text: field.value, base: base.value, ids: [...ours] });
    store.remove(key);
    return true;
  }

  function say() {
    state.textContent = isDirty() ? state.dataset.unsent : kept && state.dataset.kept;
  }

  function save() {
    clearTimeout(timer);
    if (!isDirty() || field.value === refused) return;
    timer = later(save, SETTLES); // another page may send it, and hear the answer
    if (isWaiting()) return;
    ours.add(outbox.add({ url: form.getAttribute("action"), pairs: [["text", field.value], ["base", base.value]], draft: null }));
    remember();
  }

  // The answer to what was sent, here or on another page: it may hold what was written elsewhere meanwhile.
  function heard({ id, url, pairs }, { status, data }) {
    if (url !== form.getAttribute("action")) return false;
    const sent = pairs.find(([name]) => name === "text")[1];
    const notes = status === 200 && data && data.notebook;
    if (notes) accept(id, sent, notes);
    else [refused, isTooLong] = [sent, TOO_LONG.includes(status)];
    remember();
    later(save, 0); // once this entry has left the queue
    return true;
  }

  function accept(id, sent, { version, text: now = sent }) {
    store.keys("notes").forEach((one) => (store.get(one) || {}).text === sent && store.remove(one));
    const isOurs = ours.delete(id);
    if (field.value === sent || (!isOurs && !isDirty())) field.value = now;
    else if (!isOurs) return; // typed without having seen it: by its base the server knows, and keeps both
    else if (now !== sent) field.value = `${now}\n\n${field.value}`;
    [kept, base.value] = [now, version];
  }

  // At hand, and open where it is the moment for it: closed again when that is over, if it was not one's own doing.
  function follow(stage, isNewStep) {
    const atHand = stage.dataset.notebook || "";
    const fold = section.querySelector("details");
    section.hidden = !atHand && !isDirty();
    if (!isNewStep) return;
    if (!isTooLong) refused = null;
    save();
    if (atHand === "open" && !fold.open) fold.open = isOpenedByUs = true;
    else if (atHand !== "open" && isOpenedByUs && document.activeElement !== field && !isDirty()) fold.open = isOpenedByUs = false;
  }

  function putAside() {
    clearTimeout(timer);
    field.readOnly = true;
    section.hidden = !isDirty();
  }

  field.addEventListener("input", () => {
    remember();
    clearTimeout(timer);
    timer = later(save, SETTLES);
  });
  field.addEventListener("change", save);
  document.addEventListener("visibilitychange", save); // also on coming back: what was sent elsewhere meanwhile was not heard here

  return { follow, owns: (one) => one === form, send: save, heard, isDirty: () => isDirty() || store.keys("notes").length > 0, putAside };
}

// As the server does it.
function together(first, second) {
  if (first.includes(second)) return first;
  return second.includes(first) ? second : `${first}\n\n${second}`;
}
