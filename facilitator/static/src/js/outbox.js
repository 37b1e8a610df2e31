// What was sent and is not acknowledged yet. Promises: it is kept before it is sent; one at a time; what belongs to one
// form of one step stays in order, and holds up nothing else for long; it leaves only when the server echoes its op id,
// and then it was stored or refused in words. Nothing else counts: a captive portal answers 200 as well.

import { randomId } from "./ids.js";

const SETTLES = [200, 403, 404, 409, 410, 413, 422];
const STOPS = [403, 410]; // if they say in words that the seat is gone
const TRIES = 3; // then the others go first
const LOCK = 12000; // longer than one request may take; renewed for each
const LONGEST_PAUSE = 30000;
const AGREEING = 60; // until every tab sees who wrote the lock last

export function createOutbox(parts) {
  const { store, post, onAnswer, onStop, onChange } = parts;
  const { now = Date.now, later = setTimeout, random = Math.random, tab = randomId() } = parts;
  const settled = new Set(); // answered, though perhaps still kept
  const fragile = new Set(); // would not survive a reload
  const tries = new Map(); // id → how often it failed
  const lock = createLock(store, tab, now);
  let busy = false;
  let failures = 0;
  let paused = { until: 0, isOrder: false }; // isOrder: the server asked for it, so nothing wakes us earlier
  let stopped = false;

  function add(entry) {
    const id = randomId();
    const whole = { ...entry, id, pairs: [...entry.pairs, ["op", id]], since: now() };
    if (!store.set(`out:${nextNumber()}:${id}`, whole)) fragile.add(id);
    onChange();
    pump(id);
    return id;
  }

  // Two tabs may take the same number; the id then decides.
  function nextNumber() {
    const last = store.keys("out:").pop();
    return String(last ? Number(last.split(":")[1]) + 1 : 1).padStart(6, "0");
  }

  function pending() {
    const kept = store.keys("out:").map((key) => ({ ...store.get(key), key }));
    return kept.filter(({ id }) => id && !settled.has(id)).map((entry) => ({ ...entry, isFragile: fragile.has(entry.id) }));
  }

  // The first of each lane may go; the one that failed least, as long as three tries count as one.
  function next() {
    const lanes = new Set();
    const heads = pending().filter((entry) => !lanes.has(laneOf(entry)) && lanes.add(laneOf(entry)));
    const roundsOf = ({ id }) => Math.floor((tries.get(id) || 0) / TRIES);
    return heads.reduce((best, one) => (roundsOf(one) < roundsOf(best) ? one : best), heads[0]);
  }

  // A text is sent at once by the tab it was written in; anything else only after the tabs have agreed.
  async function pump(fresh = "") {
    const entry = busy || stopped ? null : next();
    if (!entry) return;
    const wait = paused.until - now();
    if (wait > 0 && wait <= 120000) return later(pump, wait);
    if (!lock.take()) return later(pump, 1000 + 1000 * random());
    busy = true;
    const isOurs = entry.id === fresh || ((await pause(AGREEING)), lock.isHeld() && store.get(entry.key));
    const answer = isOurs ? await post(entry.url, entry.pairs, lock.take) : null;
    busy = false;
    lock.give();
    if (answer) settle(entry, answer);
    else later(pump, 1000 + 1000 * random());
  }

  const pause = (milliseconds) => new Promise((resolve) => later(resolve, milliseconds));

  function settle(entry, answer) {
    if (STOPS.includes(answer.status) && answer.data && answer.data.gone) return stop(entry, answer);
    if (answer.op === entry.id && SETTLES.includes(answer.status)) return acknowledge(entry, answer);
    failures += 1;
    tries.set(entry.id, (tries.get(entry.id) || 0) + 1);
    const growing = Math.min(LONGEST_PAUSE, 1000 * 2 ** (failures - 1)) * (0.5 + random());
    const ordered = answer.retryAfter ? answer.retryAfter * 1000 : 0;
    paused = { until: now() + (ordered || growing), isOrder: Boolean(ordered) };
    later(pump, ordered || growing);
    onChange();
  }

  // A refused text is put back by onAnswer before the entry goes: a crash in between must not lose it.
  function acknowledge(entry, answer) {
    failures = 0;
    paused = { until: 0, isOrder: false };
    settled.add(entry.id);
    later(pump, 0);
    try {
      onAnswer(entry, answer);
    } catch (error) {
      later(() => {
        throw error; // seen, but it must not keep the queue from moving on
      }, 0);
    }
    store.remove(entry.key);
    onChange();
  }

  function stop(entry, answer) {
    stopped = true;
    onStop(entry, answer);
    onChange();
  }

  function wake() {
    if (!paused.isOrder) paused.until = 0;
    pump();
  }

  return {
    add,
    pending,
    wake,
    look: () => later(pump, 300 + 300 * random()), // another tab has something, and sends it itself
    rest: lock.give, // on leaving the page, so that the next one need not wait for the lock
    halt: () => (stopped = true),
    isFailing: () => failures > 0 || stopped,
    drop: (entry) => store.remove(entry.key),
  };
}

// What has to arrive in the order in which it was sent.
function laneOf({ pairs }) {
  return JSON.stringify(["step", "form"].map((name) => pairs.find(([one]) => one === name)).map((pair) => pair && pair[1]));
}

// Two tabs of one seat share one queue. The lock keeps them from sending the same thing twice at once; where it
// fails – it is only a note that expires – the server recognises the op id.
function createLock(store, tab, now) {
  function take() {
    const held = store.get("lock");
    const left = held ? held.until - now() : 0;
    if (held && held.tab !== tab && left > 0 && left <= LOCK) return false;
    store.set("lock", { tab, until: now() + LOCK });
    return store.get("lock").tab === tab;
  }

  function isHeld() {
    const held = store.get("lock");
    return Boolean(held) && held.tab === tab;
  }

  return { take, isHeld, give: () => isHeld() && store.remove("lock") };
}
