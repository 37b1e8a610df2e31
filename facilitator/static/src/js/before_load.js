// Loaded before the page, not after it like the rest. Promises: what somebody presses on a slow network before the
// script of the page is there waits for it. The browser's own sending would leave the page and lose what was typed.

const held = new Map(); // form → the button that was pressed last

function hold(event) {
  if (!event.target.matches("[data-outbox], [data-live], [data-dialog]")) return;
  event.preventDefault();
  held.set(event.target, event.submitter);
}

document.addEventListener("submit", hold);

// Asked once by the script of the page, when it listens itself.
window.heldForms = () => {
  document.removeEventListener("submit", hold);
  return Array.from(held);
};
