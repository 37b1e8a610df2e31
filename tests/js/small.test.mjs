// Clock words, ids, storage and the order of seats.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { clockText, drawLine } from "../../facilitator/static/src/js/clock.js";
import { randomId } from "../../facilitator/static/src/js/ids.js";
import { patched } from "../../facilitator/static/src/js/patches.js";
import { moved } from "../../facilitator/static/src/js/seats.js";
import { LIFETIME, openStore, sweep } from "../../facilitator/static/src/js/storage.js";
import { isFilled } from "../../facilitator/static/src/js/text.js";
import { FakeStorage } from "./fakes.mjs";

test("minutes, seconds only in the last two of them, and what is over", () => {
  const words = [[720, "12"], [480, "8"], [121, "2"], [120, "2:00"], [84, "1:24"], [5.2, "0:06"], [0, "0:00"], [-1, "+1"], [-61, "+2"]];
  for (const [left, text] of words) assert.equal(clockText(left), text);
});

// An SVG of the line, as far as the clock touches it.
function fakeLine(length = 200) {
  const node = (dataset = {}) => ({
    dataset,
    textContent: "",
    attributes: {},
    getAttribute(name) { return this.attributes[name] ?? null; },
    setAttribute(name, value) { this.attributes[name] = value; },
    toggleAttribute(name, is) { this.attributes[name] = is; },
  });
  const parts = { "[data-line-fill]": node(), "[data-line-overrun]": node(), "[data-line-over]": node({ over: "+{n} min" }) };
  const classes = {};
  return {
    dataset: { length }, parts, classes,
    querySelectorAll: (selector) => [parts[selector]],
    classList: { toggle: (name, is) => (classes[name] = is) },
  };
}

test("the line fills, is hatched for the last fifth, and says by how much it is over", () => {
  const states = [
    [600, "0.00", false, true, ""],
    [300, "100.00", false, true, ""],
    [121, "159.67", false, true, ""],
    [120, "160.00", true, true, ""],
    [0, "200.00", true, true, ""],
    [-1, "200.00", true, false, "+1 min"],
    [-61, "200.00", true, false, "+2 min"],
  ];
  for (const [left, width, isLate, isHidden, words] of states) {
    const line = fakeLine();
    drawLine(line, left, 600);
    assert.equal(line.parts["[data-line-fill]"].attributes.width, width, `${left} s left`);
    assert.equal(line.classes["is-late"], isLate, `${left} s left`);
    assert.equal(line.parts["[data-line-overrun]"].attributes.hidden, isHidden, `${left} s left`);
    assert.equal(line.parts["[data-line-over]"].textContent, words);
  }
});

test("what nobody sees is nothing, here as on the server", () => {
  const { filled, empty } = JSON.parse(readFileSync(new URL("filled.json", import.meta.url)));
  for (const text of filled) assert.ok(isFilled(text), JSON.stringify(text));
  for (const text of empty) assert.ok(!isFilled(text), JSON.stringify(text));
});

test("ids are long and need no secure context", () => {
  const id = randomId({ getRandomValues: (bytes) => bytes.fill(10) });
  assert.equal(id, "0a".repeat(16));
});

test("a seat moves to another one's place", () => {
  assert.deepEqual(moved(["a", "b", "c", "d"], "a", 2), ["b", "c", "a", "d"]);
  assert.deepEqual(moved(["a", "b", "c", "d"], "d", 0), ["d", "a", "b", "c"]);
});

test("one seat cannot read another's drafts, and wiping takes only its own", () => {
  const backend = new FakeStorage();
  const [one, other] = ["facilitator:m:1:", "facilitator:m:2:"].map((prefix) => openStore(prefix, { backend }));
  one.set("draft:x", "mine");
  other.set("draft:x", "theirs");
  one.wipe();
  assert.equal(one.get("draft:x"), null);
  assert.equal(other.get("draft:x"), "theirs");
});

test("what is two hours old is forgotten, also of other meetings", () => {
  const backend = new FakeStorage();
  const clock = { now: 1000 };
  openStore("facilitator:old:1:", { backend, now: () => clock.now }).set("draft:x", "private");
  backend.setItem("theme", "dark");
  clock.now += LIFETIME + 1;
  sweep(backend, () => clock.now);
  assert.deepEqual([...backend.texts.keys()], ["theme"]);
});

test("a clock that was ahead keeps nothing for ever", () => {
  const clock = { now: 10 * LIFETIME };
  const store = openStore("facilitator:m:1:", { backend: new FakeStorage(), now: () => clock.now });
  store.set("draft:x", "text");
  clock.now = 1000;
  assert.equal(store.get("draft:x"), "text");
  clock.now += LIFETIME + 1;
  assert.equal(store.get("draft:x"), null);
});

test("what another program left in storage hurts nobody", () => {
  const backend = new FakeStorage();
  backend.setItem("facilitator:m:1:out:000001:x", "not json");
  backend.setItem("facilitator:m:1:lock", "null");
  const store = openStore("facilitator:m:1:", { backend });
  assert.deepEqual(store.keys().map(store.get), [null, null]);
});

test("a screen is put together from the one before, and never from another", () => {
  const before = { digest: "a", html: "<li>\nAda\n</li>\n<li>\nPete\n</li>" };
  const payload = { base: "a", digest: "b", turn: 2, patch: [[4, 1, ["Pete", "wrote"]], [0, 3, []]] };
  assert.deepEqual(patched(before, payload), { ...payload, html: "<li>\nPete\nwrote\n</li>" });
  assert.equal(patched({ ...before, digest: "c" }, payload), null);
  assert.equal(patched(null, payload), null);
  assert.equal(patched(null, before), before);
});
