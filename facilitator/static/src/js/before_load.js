// Loaded before the page, not after it like the rest. Promises: what somebody presses on a slow network before the
// script of the page is there waits for it; where that script does not come, it is sent without, and the page says so.

const PATIENCE = 8000; // after the page was loaded
const held = new Map(); // form → the button that was pressed last
let isThere = false;

function hold(event) {
  if (!event.target.matches("[data-outbox], [data-live], [data-dialog]")) return;
  event.preventDefault();
  held.set(event.target, event.submitter);
}

function release() {
  document.removeEventListener("submit", hold);
  return Array.from(held);
}

// The page that does without may be gone to at once, unless something typed would be lost.
function fail(isForGood) {
  if (isThere || !document.body) return;
  document.body.dataset.failed = "";
  const [first] = release().filter(([form]) => form.isConnected);
  const way = document.querySelector("#without-script a");
  if (first) sendPlainly(...first);
  else if (isForGood && way && !isTyping()) location.replace(way.href);
}

function sendPlainly(form, button) {
  if (form.requestSubmit) form.requestSubmit(button);
  else form.submit();
}

function isTyping() {
  const fields = Array.from(document.querySelectorAll("textarea, input:not([type=hidden])"));
  return fields.some((one) => one.value !== one.defaultValue || one.checked !== one.defaultChecked);
}

document.addEventListener("submit", hold);
document.addEventListener("error", ({ target }) => target.localName === "script" && fail(true), true);
window.addEventListener("load", () => setTimeout(fail, PATIENCE));

// Asked once by the script of the page, when it listens itself.
window.heldForms = () => {
  isThere = true;
  return release();
};
