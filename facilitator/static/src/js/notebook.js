// One's own notes. Promises: what is typed is kept on this phone with each letter and sent soon after, one version at a time; it goes
// from this phone only when the server has it; nothing that happens in the meeting changes what is being typed.

const SETTLES = 2500; // after the last letter

export function createNotebook({ store, outbox, later = setTimeout, section = document.getElementById("notebook") }) {
  const form = section && section.querySelector("form");
  if (!form) return { follow() {}, owns: () => false, send() {}, heard: () => false, isDirty: () => false, putAside() {} };
  const [field, base, state] = [form.elements.text, form.elements.base, form.querySelector("[data-notes-state]")];
  let kept = field.defaultValue; // what the server has, whatever the browser filled in by itself
  let refused = null; // what it would not take is not sent again
  let timer = 0;
  let isOpenedByUs = false;

  const isDirty = () => field.value !== kept;
  const isWaiting = () => outbox.pending().some(({ url }) => url === form.getAttribute("action"));
  const draft = store.get("notes");
  if (draft && draft.text !== kept) {
    [field.value, base.value] = [draft.text, draft.base];
    section.querySelector("details").open = true;
    save();
  } else {
    [field.value, base.value] = [kept, base.defaultValue];
    store.remove("notes");
  }

  function remember() {
    if (!isDirty()) store.remove("notes");
    else store.set("notes", { text: field.value, base: base.value });
    say();
  }

  function say() {
    state.textContent = isDirty() ? state.dataset.unsent : kept && state.dataset.kept;
  }

  function save() {
    clearTimeout(timer);
    if (!isDirty() || isWaiting() || field.value === refused) return;
    outbox.add({ url: form.getAttribute("action"), pairs: [["text", field.value], ["base", base.value]], draft: null });
  }

  // The answer to what was sent: it may hold what was written elsewhere meanwhile.
  function heard({ url, pairs }, { status, data }) {
    if (url !== form.getAttribute("action")) return false;
    const sent = pairs.find(([name]) => name === "text")[1];
    const notes = status === 200 && data && data.notebook;
    if (!notes) refused = sent;
    else {
      const now = notes.text === undefined ? sent : notes.text;
      if (field.value === sent) field.value = now;
      else if (now !== sent) field.value = `${now}\n\n${field.value}`;
      [kept, base.value] = [now, notes.version];
    }
    remember();
    later(save, 0); // once this entry has left the queue
    return true;
  }

  // At hand, and open where it is the moment for it: closed again when that is over, if it was not one's own doing.
  function follow(stage, isNewStep) {
    const atHand = stage.dataset.notebook || "";
    const fold = section.querySelector("details");
    section.hidden = !atHand && !isDirty();
    if (!isNewStep) return;
    if (atHand === "open" && !fold.open) fold.open = isOpenedByUs = true;
    else if (atHand !== "open" && isOpenedByUs && document.activeElement !== field && !isDirty()) fold.open = isOpenedByUs = false;
  }

  function putAside() {
    field.readOnly = true;
    section.hidden = !isDirty();
  }

  field.addEventListener("input", () => {
    remember();
    clearTimeout(timer);
    timer = later(save, SETTLES);
  });
  field.addEventListener("change", save);
  document.addEventListener("visibilitychange", () => document.hidden && save());
  say();

  return { follow, owns: (one) => one === form, send: save, heard, isDirty, putAside };
}
