// Light or dark, as this device chose; without a choice the system decides.

import { browserStorage, read, write } from "./storage.js";

export function startTheme() {
  const root = document.documentElement;
  const kept = read(browserStorage(), "theme");
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  document.querySelectorAll("[data-theme-switch]").forEach((button) => (button.hidden = false));
  document.addEventListener("click", ({ target }) => {
    if (!target.closest("[data-theme-switch]")) return;
    root.dataset.theme = isDark(root) ? "light" : "dark";
    write(browserStorage(), "theme", root.dataset.theme);
  });
}

function isDark(root) {
  return root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}
