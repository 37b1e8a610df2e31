// Keeps the screen of the room on from the lobby to the end, and says so in the lobby where a browser does not promise it. A lock is
// taken away whenever the page is out of sight, so it is asked for again when it is back. On plain http browsers have no lock: there a
// silent video plays behind the page, for which most of them keep the screen on – a large one, since Chromium passes over small ones.

export function startAwake() {
  let lock = null;
  let isAsking = false;
  let film = null;

  const isWanted = () => document.visibilityState === "visible" && !document.querySelector(".wall.is-ended");

  async function keep() {
    if (!isWanted()) return letGo();
    if (!navigator.wakeLock) return play();
    if (isAsking || (lock && !lock.released)) return;
    isAsking = true;
    try {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => say());
    } catch (error) {
      play(); // refused, to save power for one
    }
    isAsking = false;
    if (!isWanted()) letGo();
    say();
  }

  function letGo() {
    if (lock) lock.release();
    lock = null;
    if (film) film.pause();
  }

  function play() {
    film = film || silentFilm();
    film.play().catch(() => {}); // it may only start after a touch: the next one
  }

  function say() {
    for (const node of document.querySelectorAll("[data-may-go-dark]")) node.hidden = Boolean(lock && !lock.released);
  }

  document.addEventListener("stagedrawn", () => {
    say();
    keep();
  });
  for (const type of ["visibilitychange", "pointerdown", "keydown"]) document.addEventListener(type, keep);
  say();
  keep();
}

function silentFilm() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  const brush = canvas.getContext("2d");
  const film = document.createElement("video");
  film.className = "keeps-awake";
  film.muted = film.playsInline = film.loop = true;
  film.setAttribute("aria-hidden", "true");
  film.srcObject = canvas.captureStream(2);
  document.body.append(film);
  let isBlack = false;
  setInterval(() => {
    brush.fillStyle = (isBlack = !isBlack) ? "#000" : "#010101";
    brush.fillRect(0, 0, 16, 16);
  }, 1000);
  return film;
}
