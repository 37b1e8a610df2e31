// A double tap on an ordinary page sends its form once: two seats for one person help nobody.

const PAUSE = 4000;

export function startDoubleTap() {
  const sentAt = new WeakMap();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (performance.now() - (sentAt.get(form) || -PAUSE) < PAUSE) event.preventDefault();
    else sentAt.set(form, performance.now());
  });
}
