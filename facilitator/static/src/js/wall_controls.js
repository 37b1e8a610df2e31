// The moderator's controls on the room screen: there on moving the mouse or pressing a key, gone after four seconds.

const AWAKE = 4000;

export function startWallControls() {
  let timer = 0;
  let isByPointer = false;

  function wake(event) {
    isByPointer = event.type.startsWith("pointer");
    clearTimeout(timer);
    timer = setTimeout(doze, AWAKE);
    mark(true);
  }

  // A button that was clicked keeps the focus; only a keyboard's focus keeps the bar.
  function doze() {
    const bar = document.getElementById("bar");
    if (bar && bar.contains(document.activeElement)) {
      if (!isByPointer) return;
      document.activeElement.blur();
    }
    mark(false);
  }

  let isAwake = false;
  function mark(awake = isAwake) {
    isAwake = awake;
    const bar = document.getElementById("bar");
    if (bar) bar.classList.toggle("is-awake", awake);
    document.body.toggleAttribute("data-idle", !awake);
  }

  for (const type of ["pointermove", "pointerdown", "keydown", "focusin"]) document.addEventListener(type, wake, { passive: true });
  document.addEventListener("focusout", () => {
    clearTimeout(timer);
    timer = setTimeout(doze, AWAKE);
  });
  mark(false);
  return { refresh: () => mark() };
}
