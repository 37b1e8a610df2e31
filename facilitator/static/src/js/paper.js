// Buttons that print, and addresses that are ready to be copied when somebody taps them.

export function startPaper() {
  for (const button of document.querySelectorAll("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());
}
