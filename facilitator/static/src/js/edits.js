// Changing what this seat sent. Named items carry their text in the page; an anonymous text has no author on the
// server, so only this phone knows which is ours: it keeps the capability that the answer brought.

export function createEdits({ store, composer }) {
  const recordsKey = () => `anon:${document.getElementById("stage").dataset.step}`;

  function remember(entry, data) {
    const values = entry.draft ? entry.draft.values : [];
    const key = `anon:${valueOf(entry, "step")}`;
    const others = (store.get(key) || []).filter((one) => one.item !== data.item);
    const capability = data.capability || valueOf(entry, "capability");
    store.set(key, [...others, { item: data.item, capability, form: valueOf(entry, "form"), values }]);
  }

  // With several texts, pressing again goes on to the one before.
  let turn = 0;
  function editAnonymous(button) {
    const own = store.get(recordsKey()) || [];
    if (!own.length) return;
    const asked = Number(button.dataset.editAnonymous);
    const record = own[asked ? Math.min(asked, own.length) - 1 : own.length - 1 - (turn++ % own.length)];
    composer.edit(record.item, record.values, { item: record.item, capability: record.capability });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-edit], [data-edit-anonymous], [data-cancel-edit]");
    if (!button) return;
    if ("cancelEdit" in button.dataset) return composer.stopEditing();
    if ("editAnonymous" in button.dataset) return editAnonymous(button);
    const { item, fields } = JSON.parse(button.dataset.edit);
    composer.edit(item, Object.entries(fields));
  });

  // A button for a text that this phone does not know would do nothing.
  function refresh() {
    const isKnown = Boolean((store.get(recordsKey()) || []).length);
    document.querySelectorAll("[data-edit-anonymous]").forEach((button) => (button.hidden = !isKnown));
  }

  return { remember, refresh, forget: () => store.remove(recordsKey()) };
}

function valueOf(entry, name) {
  const pair = entry.pairs.find(([one]) => one === name);
  return pair ? pair[1] : "";
}
