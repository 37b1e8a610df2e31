// The clock of a page: what it tells whoever does not see it.

import assert from "node:assert/strict";
import { test } from "node:test";

let passed = 0;
globalThis.document = { querySelectorAll: () => [] };
globalThis.performance.now = () => passed * 1000;
globalThis.setInterval = () => {}; // time passes only when told
const { createClock } = await import("../../facilitator/static/src/js/clock.js");

function room(left) {
  const said = [];
  const clock = createClock({ left, total: 300, running: true }, (name) => said.push(name));
  const pass = (seconds) => {
    for (let second = 0; second < seconds; second += 1) {
      passed += 1;
      clock.draw();
    }
  };
  clock.draw();
  return { clock, pass, said };
}

test("a minute before the end and at the end it says so once", () => {
  const { pass, said } = room(90);
  pass(29);
  assert.deepEqual(said, []);
  pass(1);
  assert.deepEqual(said, ["minute"]);
  pass(200);
  assert.deepEqual(said, ["minute", "over"]);
});

test("a push in between changes nothing, and a new step or more time begins anew", () => {
  const { clock, pass, said } = room(61);
  clock.set({ left: 60.5, total: 300, running: true });
  pass(1);
  assert.deepEqual(said, ["minute"]);
  clock.set({ left: 180, total: 300, running: true });
  clock.set({ left: 40, total: 60, running: true });
  pass(5);
  assert.deepEqual(said, ["minute"], "nobody waited a minute for a step of forty seconds");
  pass(40);
  assert.deepEqual(said, ["minute", "over"]);
});

test("while the meeting is paused no time passes", () => {
  const { clock, pass, said } = room(61);
  clock.set({ left: 61, total: 300, running: false });
  pass(100);
  assert.deepEqual(said, []);
});
