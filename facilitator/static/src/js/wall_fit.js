// Fits what the wall shows into the screen it is on, whatever its size. Promises: nothing lies over something else, nothing
// is cut off, and no letter is smaller than the smallest (--least in wall.css). Texts get smaller in steps down to it, and no word is broken
// that a smaller step holds; what has no room even then is shown in pages, which the clicker's next turns before it makes a move.
//
// A box [data-fits] clips, its only child flows: as one column as high as the box, with further columns – the pages – beside
// it. The question ([data-fits=question]) is measured first; the rest of the screen is the middle's.

const STEPS = [1, 0.9, 0.81, 0.73, 0.66, 0.6, 0.54, 0.47];
const BESIDE_CIRCLE = 0.73; // smaller, and the text had rather have the circle's place
const NO_ROOM = 999;
const LEAST = 36; // as --least in wall.css
const RULE = 130; // units of wall.css; a higher foot, or a higher question, steps down
const QUESTION = 200;
const QUESTION_AT_MOST = 330;

export function startPages() {
  let page = 0;
  let about = "";
  let counts = { question: 1, middle: 1 };
  let sizes = "";
  let isLive = false; // whether anybody sends what is said
  let told = ""; // the page that the server knows of
  let last = ""; // what was said to it last
  const said = new Set(); // pages that were said and have not come back yet
  const observer = new ResizeObserver(() => requestAnimationFrame(() => sizesOf() !== sizes && fit()));

  function fit() {
    const wall = document.querySelector(".wall");
    if (!wall) return;
    const middle = wall.querySelector("[data-fits=middle]");
    const question = wall.querySelector("[data-fits=question]");
    const foot = wall.querySelector(".wall-foot");
    for (const node of wall.querySelectorAll("[data-if-pages]")) node.hidden = true;
    foot?.style.removeProperty("min-height");
    stepDown(foot, RULE);
    counts = { question: question ? fitQuestion(question) : 1, middle: middle ? fitMiddle(wall, middle) : 1 };
    for (let before = 1; pages() > before; ) {
      before = pages();
      for (const node of wall.querySelectorAll("[data-if-pages]")) node.hidden = false;
      // One height on all pages, or lines would move from one to another while they are turned.
      foot?.style.setProperty("min-height", `${Math.max(heightOfFoot(wall, pages() - 2), heightOfFoot(wall, pages() - 1))}px`);
      counts.middle = middle ? fitMiddle(wall, middle) : 1; // with the signs there may be less room
    }
    const asked = (wall.dataset.page || "").split("/")[0];
    if (wall.dataset.about !== about) [about, page] = [wall.dataset.about, 0];
    else if (asked !== told && !said.delete(asked)) page = Number(asked) - 1; // the console turned it
    told = asked;
    show(wall);
    say(wall);
    sizes = sizesOf();
    observer.disconnect(); // the boxes may be other ones now
    for (const one of [wall, middle].filter(Boolean)) observer.observe(one);
  }

  const pages = () => counts.question + counts.middle - 1;

  // First the question's pages, then those of the middle with the beginning of the question above them.
  function show(wall) {
    page = Math.max(0, Math.min(page, pages() - 1));
    const isOfQuestion = page < counts.question;
    turn(wall.querySelector("[data-fits=question]"), isOfQuestion ? page : 0);
    turn(wall.querySelector("[data-fits=middle]"), isOfQuestion ? 0 : page - counts.question + 1);
    sign(wall, page);
  }

  // Which page this is, and what the clicker does there.
  function sign(wall, at) {
    const isLast = at === pages() - 1;
    for (const node of wall.querySelectorAll("[data-page-words]")) {
      node.textContent = node.dataset.pageWords.replace("{page}", at + 1).replace("{pages}", pages());
    }
    for (const node of wall.querySelectorAll("[data-turns='1']")) node.hidden = isLast;
    for (const node of wall.querySelectorAll("[data-turns='-1']")) node.hidden = at === 0;
    for (const node of wall.querySelectorAll("[data-if-last]")) node.hidden = !isLast;
  }

  function heightOfFoot(wall, at) {
    sign(wall, at);
    return wall.querySelector(".wall-foot")?.offsetHeight ?? 0;
  }

  function turns(by) {
    const next = page + by;
    if (next < 0 || next >= pages()) return false;
    page = next;
    show(document.querySelector(".wall"));
    say(document.querySelector(".wall"));
    return true;
  }

  // Tells the console. Once: another wall may be larger, have fewer pages, and say so as well.
  function say(wall) {
    const now = `${page + 1}/${pages()}`;
    const form = document.getElementById("page-shown");
    if (!isLive || !form || now === last) return;
    last = now;
    if (now === wall.dataset.page) return;
    if (String(page + 1) !== told) said.add(String(page + 1));
    form.elements.value.value = now;
    queueMicrotask(() => form.isConnected && form.requestSubmit());
  }

  document.addEventListener("turnpage", (event) => turns(event.detail.by) && event.preventDefault());
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-turns]");
    if (button) turns(Number(button.dataset.turns));
  });
  document.addEventListener("stagedrawn", () => {
    isLive = true;
    fit();
  });
  document.fonts.addEventListener("loadingdone", fit);
  document.documentElement.dataset.fits = "";
  fit();
}

function turn(box, page) {
  if (box) box.style.setProperty("--page", page);
}

// How many pixels a unit of wall.css is: the letters of the wall itself are the smallest.
const unitOf = (box) => parseFloat(getComputedStyle(box.closest(".wall")).fontSize) / LEAST;

const sizesOf = () => Array.from(document.querySelectorAll(".wall, [data-fits=middle]"), (one) => `${one.clientWidth} ${one.clientHeight}`).join();

// The first step at which something is no higher than this and breaks no word, or else no higher; answers whether there is one.
function stepDown(box, units) {
  if (!box) return true;
  const at = (step) => box.style.setProperty("--step", step);
  const low = STEPS.filter((step) => at(step) || box.firstElementChild.offsetHeight <= units * unitOf(box));
  const best = low.find((step) => at(step) || isUnbroken(box)) ?? low[0];
  at(best ?? STEPS.at(-1));
  return best !== undefined;
}

// Whether every word has room in one piece: where none may be broken, nothing is wider.
function isUnbroken(box) {
  const isPaged = box.classList.contains("is-paged");
  box.classList.remove("is-paged");
  box.classList.add("is-in-words");
  const flow = box.firstElementChild;
  const isNarrow = flow.scrollWidth <= flow.clientWidth;
  box.classList.remove("is-in-words");
  box.classList.toggle("is-paged", isPaged);
  return isNarrow;
}

function fitQuestion(box) {
  box.classList.remove("is-paged");
  if (stepDown(box, QUESTION) || box.offsetHeight <= QUESTION_AT_MOST * unitOf(box)) return 1;
  box.classList.add("is-paged");
  return columnsOf(box);
}

// The fewest pages, then the circle, then the largest letters.
function fitMiddle(wall, box) {
  const isLobby = wall.matches(".is-lobby");
  box.classList.add("is-paged");
  const circle = wall.querySelector(".circle");
  const beside = circle ? STEPS.filter((step) => isLobby || step >= BESIDE_CIRCLE).map((step) => ({ step, hasCircle: true })) : [];
  const ways = [...beside, ...STEPS.map((step) => ({ step, hasCircle: false }))];
  const fewest = pagesIn(wall, box, ways.at(-1));
  const fits = (way) => pagesIn(wall, box, way) === fewest && (!way.hasCircle || hasRoom(circle)) && isClear(wall, box, fewest);
  const mayHold = isUnbroken(box); // with the smallest letters
  const holds = (way) => fits(way) && isWhole(box) && (!mayHold || isUnbroken(box));
  const best = ways.find(holds) || ways.find((way) => fits(way) && isWhole(box)) || ways.find(fits) || ways.at(-1);
  const count = pagesIn(wall, box, best);
  box.classList.toggle("is-paged", count > 1);
  return count;
}

function pagesIn(wall, box, { step, hasCircle }) {
  wall.toggleAttribute("data-without-circle", !hasCircle);
  box.style.setProperty("--step", step);
  return columnsOf(box);
}

function columnsOf(box) {
  if (box.clientHeight < 1.5 * LEAST * unitOf(box)) return NO_ROOM; // of columns without a height browsers make one
  const flow = box.firstElementChild;
  const gap = parseFloat(getComputedStyle(flow).columnGap) || 0;
  const width = flow.getBoundingClientRect().width + gap;
  return Math.max(1, Math.round((flow.scrollWidth + gap) / width));
}

function hasRoom(circle) {
  return circle.getBoundingClientRect().height <= circle.closest(".wall-mid, .wall-join").getBoundingClientRect().height + 1;
}

// Whether the text beside the code of the lobby lies over nothing: what cannot be broken is higher than a low column.
function isClear(wall, box, pages) {
  const around = box.closest(".wall-join")?.getBoundingClientRect();
  if (!around) return true;
  box.classList.toggle("is-paged", pages > 1);
  const text = (pages > 1 ? box : box.firstElementChild).getBoundingClientRect();
  const code = wall.querySelector(".wall-join > .qr")?.getBoundingClientRect();
  box.classList.add("is-paged");
  const isBeside = !code || code.right <= text.left + 1 || code.bottom <= text.top + 1;
  return isBeside && text.top >= around.top - 1 && text.bottom <= around.bottom + 1 && (!code || code.bottom <= around.bottom + 1);
}

// Whether everything that one types from the screen – an address, a code – stands in one piece.
function isWhole(box) {
  return Array.from(box.querySelectorAll("[data-whole]")).every((one) => one.offsetHeight < 2 * parseFloat(getComputedStyle(one).fontSize));
}
