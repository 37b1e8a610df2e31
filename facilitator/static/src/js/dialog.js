// Buttons that open and close dialogs, also in browsers that do not know <dialog> as more than a box.

export function startDialogs() {
  document.addEventListener("click", ({ target }) => {
    const opener = target.closest("[data-opens], [data-dialog-open]");
    if (opener) return openDialog(opener.dataset.opens || opener.dataset.dialogOpen);
    const closer = target.closest("[data-closes], button[formmethod=dialog]");
    if (closer && (!isNative() || "closes" in closer.dataset)) closeDialog(closer.dataset.closes || closer.closest("dialog"));
  });
}

export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (!dialog || dialog.open) return;
  if (isNative()) dialog.showModal();
  else dialog.setAttribute("open", "");
}

export function closeDialog(which) {
  const dialog = typeof which === "string" ? document.getElementById(which) : which;
  if (!dialog) return;
  if (isNative()) dialog.close();
  else dialog.removeAttribute("open");
}

function isNative() {
  return typeof HTMLDialogElement === "function" && "showModal" in HTMLDialogElement.prototype;
}
