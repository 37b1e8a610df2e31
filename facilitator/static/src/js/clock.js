// The time of the step and the line that fills with it. The server says how many seconds are left; from then on only
// differences count, so that a phone with a wrong clock counts right. Tells once when a minute is left, and when none is.

const SECONDS_FROM = 120; // seconds are shown only in the last two minutes
const monotonic = () => performance.now() / 1000;

export function createClock(first, onMoment = () => {}) {
  let clock = first;
  let arrived = monotonic();
  let told = null; // what was left when it was last looked at

  function set(fresh) {
    if (fresh === undefined) return;
    if (!clock || !fresh || Math.abs(fresh.left - leftNow()) > 5) told = null; // another step, or time was added
    clock = fresh;
    arrived = monotonic();
    draw();
  }

  const leftNow = () => clock.left - (clock.running ? monotonic() - arrived : 0);

  function tell(left) {
    if (told !== null && clock.running) {
      if (told > 60 && left <= 60 && left > 30) onMoment("minute");
      if (told > 0 && left <= 0) onMoment("over");
    }
    told = left;
  }

  function draw() {
    if (!clock || typeof clock.left !== "number") return;
    const passed = monotonic() - arrived;
    const left = leftNow();
    tell(left);
    document.querySelectorAll("[data-clock-text]").forEach((node) => write(node, clockText(left)));
    document.querySelectorAll("[data-clock-unit]").forEach((node) => write(node, unitOf(node, left)));
    document.querySelectorAll("[data-ends]").forEach((node) => write(node, clockText(Number(node.dataset.ends) - serverTime(clock, passed))));
    document.querySelectorAll("[data-eta]").forEach((node) => write(node, timeOfDay(clock, passed, left)));
    document.querySelectorAll("[data-from-left]").forEach((node) => node.toggleAttribute("hidden", left > Number(node.dataset.fromLeft)));
    document.querySelectorAll("svg[data-line]").forEach((picture) => drawLine(picture, left, clock.total));
  }

  setInterval(draw, 1000);
  return { set, draw };
}

export function clockText(left) {
  if (left <= -1) return `+${Math.ceil(-left / 60)}`;
  if (left > SECONDS_FROM) return String(Math.round(left / 60));
  const seconds = Math.max(0, Math.ceil(left));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function unitOf(node, left) {
  const { minute = "", minutes = "", seconds = "", over } = node.dataset;
  if (left <= -1) return over === undefined ? minutes : over;
  if (left <= SECONDS_FROM) return seconds;
  return Math.round(left / 60) === 1 ? minute : minutes;
}

// The server's own clock where it came along, the phone's otherwise.
const serverTime = (clock, passed) => (clock.now ? clock.now + passed : Date.now() / 1000);

function timeOfDay(clock, passed, left) {
  const done = new Date((serverTime(clock, passed) + Math.max(left, 0) + (clock.ahead || 0)) * 1000);
  const timeZone = document.body.dataset.zone; // the room's, like every other time on the page
  return done.toLocaleTimeString(document.documentElement.lang || [], { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone });
}

export function drawLine(picture, left, total) {
  const part = total > 0 ? Math.min(Math.max(1 - left / total, 0), 1) : 0;
  const width = (part * Number(picture.dataset.length)).toFixed(2);
  picture.querySelectorAll("[data-line-fill]").forEach((rect) => rect.getAttribute("width") === width || rect.setAttribute("width", width));
  picture.classList.toggle("is-late", left <= Math.max(total * 0.2, 60));
  picture.querySelectorAll("[data-line-overrun]").forEach((group) => group.toggleAttribute("hidden", left > -1));
  picture.querySelectorAll("[data-line-over]").forEach((node) => write(node, left > -1 ? "" : overWords(node, left)));
}

function overWords(node, left) {
  return (node.dataset.over || "+{n} min").replace("{n}", Math.ceil(-left / 60));
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}
