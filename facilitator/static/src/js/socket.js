// The live connection. Promises: nothing is ever sent through the library's own buffer; on waking up, on coming back
// and every 15–20 s the digest is compared; a socket that only seems alive is replaced.

import { io } from "socket.io-client";
import { patched } from "./patches.js";

const EVERY = 15000;
const JITTER = 5000;
const SILENCE = 8000; // no acknowledgement for so long: the connection is dead, whatever it says; half of it after sleep

// onWake: somebody looks again, and there is no connection.
export function createSocket({ page, stage, onScreen, onGone, onUp, onDown, onWake }) {
  const socket = io({
    auth: { meeting: page.meeting, view: page.view, as: page.as, page: page.pages },
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelay: 600,
    reconnectionDelayMax: 8000,
    randomizationFactor: 0.5,
  });
  let isOver = false;
  let triedAt = performance.now();
  let heard = null; // the last screen that came over this connection: the next one may be told as changes to it
  let hasSlept = false; // clocks stand still in sleep, so ask for the whole screen, whose clock is right

  function resync() {
    if (isOver) return;
    if (!socket.connected) return;
    if (stage.hadToDrop()) stage.trustNext();
    const [digest, patience] = hasSlept ? ["", SILENCE / 2] : [stage.digest(), SILENCE];
    hasSlept = false;
    socket.timeout(patience).emit("resync", { digest }, answered);
  }

  function answered(error) {
    if (error && !isOver && socket.connected) startAgain();
  }

  // Also ends the library's pause between two tries.
  function startAgain() {
    socket.disconnect();
    socket.connect();
  }

  function wake(event) {
    if (document.visibilityState === "hidden" || isOver) return;
    hasSlept = hasSlept || event.type !== "online";
    if (socket.connected) return resync();
    onWake();
    if (performance.now() - triedAt < 2000) return; // these events come in twos and threes
    triedAt = performance.now();
    startAgain();
  }

  socket.on("connect", () => {
    stage.trustNext();
    onUp();
    resync();
  });
  socket.on("disconnect", (reason) => {
    heard = null; // not on connecting: the first screen comes before the library says so
    onDown();
    if (reason === "io server disconnect") comeBack();
  });
  socket.on("connect_error", () => {
    onDown();
    if (!socket.active) comeBack(); // refused by the server: the library gives up, we do not
  });
  socket.on("screen", (payload) => {
    const whole = patched(heard, payload);
    if (whole) onScreen((heard = whole));
    else socket.emit("resync", { digest: "" });
  });
  socket.on("gone", onGone);

  function comeBack() {
    setTimeout(() => isOver || socket.connect(), 2000 + 4000 * Math.random());
  }

  function everySoOften() {
    setTimeout(() => {
      if (document.visibilityState !== "hidden" && socket.connected) resync();
      everySoOften();
    }, EVERY + JITTER * Math.random());
  }

  document.addEventListener("visibilitychange", wake);
  window.addEventListener("pageshow", (event) => event.persisted && wake(event));
  window.addEventListener("online", wake);
  everySoOften();
  onDown(); // until it is there

  function close() {
    isOver = true;
    socket.disconnect();
  }

  return { resync, close };
}
