// Menus (details.menu) that lie over what is below them: one at a time, closed by Escape and by a press elsewhere. And the console's bar,
// which stays at the bottom of the window unless it would take more than half of it.

export function startMenus() {
  document.addEventListener("click", ({ target }) => closeMenus(target.closest("details.menu")));
  document.addEventListener("keydown", ({ key, target }) => {
    const menu = key === "Escape" && target.closest("details.menu[open]");
    if (!menu) return;
    close(menu);
    menu.querySelector("summary").focus();
  });
}

export function startBar() {
  const measure = () => {
    const bar = document.querySelector(".console-bar");
    bar?.toggleAttribute("data-high", bar.offsetHeight > innerHeight / 2);
  };
  window.addEventListener("resize", measure);
  document.addEventListener("stagedrawn", measure);
  new ResizeObserver(measure).observe(document.body); // also when letters get larger
}

export function closeMenus(except = null) {
  document.querySelectorAll("details.menu[open]").forEach((menu) => menu === except || close(menu));
}

// What asks first asks anew the next time.
export function close(menu) {
  menu.open = false;
  menu.querySelectorAll("details.asked[open]").forEach((asked) => (asked.open = false));
}
