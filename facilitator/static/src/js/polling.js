// Follows the meeting where no live connection is possible: by asking for the screen every few seconds. Promises: begins by
// itself when the connection is away for a moment, and ends when it is back; asks less often while nothing answers.

const SOON = 1000; // most lost connections are back before
const EVERY = 2500;
const IN_THE_BACKGROUND = 15000;
const SLOWEST = 20000;
const LASTS = 4; // after so many answers it is no passing trouble

export function createFollowing({ page, stage, http, onScreen, onGone, onWorks, onLasts, onFails }) {
  let timer = null;
  let isOn = false;
  let isOver = false;
  let answers = 0;
  let failures = 0;

  function begin() {
    if (isOn || isOver) return;
    isOn = true;
    answers = failures = 0;
    timer = setTimeout(ask, SOON + 2 * SOON * Math.random());
  }

  function end() {
    isOn = false;
    clearTimeout(timer);
  }

  async function ask() {
    clearTimeout(timer);
    if (!isOn) return;
    if (stage.hadToDrop()) stage.trustNext();
    const { meeting, view, as, pages } = page;
    const answer = await http.get(`/meetings/${meeting}/now?${new URLSearchParams({ view, as, page: pages, digest: stage.digest() })}`);
    if (!isOn) return; // connected meanwhile: what came by that way is newer
    hear(answer);
    clearTimeout(timer); // one that was asked for meanwhile
    if (isOn) timer = setTimeout(ask, pause());
  }

  function hear(answer) {
    const { status, data } = answer;
    if ([403, 410].includes(status) && data && data.gone) return onGone(data);
    if (status !== 200 || !data || !data.digest) {
      failures += 1;
      answers = 0;
      return onFails(answer);
    }
    onWorks(failures > 0 || !answers);
    failures = 0;
    answers += 1;
    if (answers === LASTS) onLasts();
    onScreen(data);
  }

  function pause() {
    const usual = isHidden() ? IN_THE_BACKGROUND : EVERY;
    return Math.min(usual * 2 ** failures, Math.max(SLOWEST, usual)) * (1 + 0.3 * Math.random());
  }

  // Somebody looks at the page, or the network is said to be back.
  function hurry() {
    if (!isOn || isHidden()) return;
    failures = 0;
    ask();
  }

  const isHidden = () => document.visibilityState === "hidden";

  return { begin, end, hurry, works: () => isOn && answers > 0, close: () => (end(), (isOver = true)) };
}
