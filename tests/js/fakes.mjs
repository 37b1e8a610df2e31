// A phone without a phone: storage, time and a server that are told what to do.

import { createOutbox } from "../../facilitator/static/src/js/outbox.js";
import { openStore } from "../../facilitator/static/src/js/storage.js";

export class FakeStorage {
  constructor({ room = Infinity } = {}) {
    this.texts = new Map();
    this.room = room;
  }
  get length() {
    return this.texts.size;
  }
  key(index) {
    return [...this.texts.keys()][index] ?? null;
  }
  getItem(name) {
    return this.texts.get(name) ?? null;
  }
  setItem(name, text) {
    if (this.texts.size >= this.room && !this.texts.has(name)) throw new Error("QuotaExceededError");
    this.texts.set(name, text);
  }
  removeItem(name) {
    this.texts.delete(name);
  }
}

// Time that passes only when told, and timers that fire as it does.
export class FakeTime {
  constructor() {
    this.now = 1_700_000_000_000;
    this.timers = [];
  }
  later = (task, pause = 0) => this.timers.push({ task, at: this.now + pause });
  async pass(milliseconds) {
    const end = this.now + milliseconds;
    await breath();
    for (let next = this.next(end); next; next = this.next(end)) {
      this.timers.splice(this.timers.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.task();
      await breath();
    }
    this.now = end;
  }
  next(end) {
    return this.timers.filter((timer) => timer.at <= end).sort((one, other) => one.at - other.at)[0];
  }
}

export const breath = () => new Promise((resolve) => setImmediate(resolve));
export const opOf = (pairs) => pairs.find(([name]) => name === "op")[1];
export const stored = (pairs) => ({ status: 200, op: opOf(pairs), data: {} });
export const lost = () => ({ status: 0, op: null, data: null });

// server: (pairs, how many requests there were) → answer, or a promise of one.
export function phone({ backend = new FakeStorage(), time = new FakeTime(), server = stored, tab } = {}) {
  const seen = { requests: [], answers: [], stops: [] };
  const store = openStore("facilitator:m1:1:", { backend, now: () => time.now });
  const outbox = createOutbox({
    store,
    tab,
    now: () => time.now,
    later: time.later,
    random: () => 0.5,
    post: async (url, pairs) => {
      seen.requests.push(opOf(pairs));
      return server(pairs, seen.requests.length);
    },
    onAnswer: (entry, answer) => seen.answers.push({ entry, answer }),
    onStop: (entry, answer) => seen.stops.push(answer),
    onChange: () => {},
  });
  const say = (text) => outbox.add({ url: "/meetings/m1/contribute", pairs: [["question", text]] });
  return { outbox, store, seen, time, backend, say };
}
