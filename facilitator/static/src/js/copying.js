// A text to take along is selected as a whole as soon as somebody goes to it: on plain http a page cannot copy by itself.

export function startCopying() {
  for (const field of document.querySelectorAll("[data-copy]")) {
    field.addEventListener("focus", () => field.select());
  }
}
