// The op of a form that is sent at once, and the capability of a text without a name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { whole } from "../../facilitator/static/src/js/composer.js";
import { createEdits } from "../../facilitator/static/src/js/edits.js";
import { createOps } from "../../facilitator/static/src/js/ops.js";
import { openStore } from "../../facilitator/static/src/js/storage.js";
import { FakeStorage } from "./fakes.mjs";

const valueOf = (pairs, name) => Object.fromEntries(pairs)[name];

test("a form that is pressed again after silence keeps its op, and gets a new one after an answer", () => {
  for (const status of [200, 409, 422]) {
    const [ops, form] = [createOps(), {}];
    const first = ops.of(form, "for Wim");
    ops.heard(form, { status: 0, op: null });
    ops.heard(form, { status: 503, op: first });
    ops.heard(form, { status: 200, op: null }); // a portal
    assert.equal(ops.of(form, "for Wim"), first);
    ops.heard(form, { status, op: first });
    assert.notEqual(ops.of(form, "for Wim"), first);
  }
});

test("another form, and the same one drawn for another step, have ops of their own", () => {
  const [ops, form] = [createOps(), {}];
  const found = [ops.of(form, "step 1"), ops.of({}, "step 1"), ops.of(form, "step 2")];
  assert.equal(new Set(found).size, 3);
});

// A phone in an evaluation; its screen offers to change what the forms in `offered` sent.
function phone({ isAnonymous = true } = {}) {
  const store = openStore("facilitator:m1:1:", { backend: new FakeStorage() });
  const screen = { step: "s1", isOver: false, offered: [] };
  const page = () => ({ ...screen, offers: (form) => screen.offered.includes(form) });
  const edits = createEdits({ store, composer: { isAnonymous: () => isAnonymous }, page });
  const write = (safe, more = []) => {
    const values = [["safe", safe]];
    const pairs = edits.signed([["step", "s1"], ["form", "evaluation"], ["item", ""], ...more, ...values]);
    const entry = { pairs, draft: { values } };
    edits.expect(entry);
    return entry;
  };
  const shows = (change) => (Object.assign(screen, change), edits.tidy());
  return { store, edits, write, shows, records: () => store.get("anon:s1") || [] };
}

test("the phone makes the capability itself and keeps it before it sends", () => {
  const pete = phone();
  const entry = pete.write("2");
  const capability = valueOf(entry.pairs, "capability");
  assert.match(capability, /^[0-9a-f]{32}$/);
  assert.deepEqual(pete.records().map((one) => [one.capability, one.isSent]), [[capability, false]]);
});

test("an answer that names nothing is enough to change the text later, with the same capability", () => {
  const pete = phone();
  const entry = pete.write("2");
  pete.edits.heard(entry, true, {});
  const [{ capability, item, values }] = pete.records();
  assert.deepEqual([capability, item, values], [valueOf(entry.pairs, "capability"), "", [["safe", "2"]]]);
  const change = pete.write("5", [["capability", capability]]);
  assert.equal(valueOf(change.pairs, "capability"), capability);
  pete.edits.heard(change, true, { item: "i1", capability });
  assert.deepEqual(pete.records().map((one) => [one.item, one.values]), [["i1", [["safe", "5"]]]]);
});

test("a refused first text leaves nothing, a refused change leaves what was stored", () => {
  const pete = phone();
  const first = pete.write("1");
  pete.edits.heard(first, false, {});
  assert.deepEqual(pete.records(), []);
  const second = pete.write("2");
  assert.notEqual(valueOf(second.pairs, "capability"), valueOf(first.pairs, "capability"));
  pete.edits.heard(second, true, { item: "i1" });
  const change = pete.write("5", [["capability", valueOf(second.pairs, "capability")]]);
  pete.edits.heard(change, false, {});
  assert.deepEqual(pete.records().map((one) => one.values), [[["safe", "2"]]]);
});

test("texts with a name get no capability", () => {
  for (const pete of [phone({ isAnonymous: false }), phone()]) {
    const isNamed = pete.edits.signed([["item", "i7"], ["question", "?"]]);
    assert.equal(valueOf(isNamed, "capability"), undefined);
  }
  const plain = phone({ isAnonymous: false }).write("2");
  assert.equal(valueOf(plain.pairs, "capability"), undefined);
});

test("what can be changed no more is forgotten: revealed, another step, the end", () => {
  for (const change of [{ offered: [] }, { step: "s2" }, { isOver: true }]) {
    const pete = phone();
    pete.edits.heard(pete.write("2"), true, { item: "i1" });
    pete.shows({ offered: ["evaluation"] });
    assert.equal(pete.records().length, 1);
    pete.shows(change);
    assert.deepEqual(pete.store.keys("anon:"), []);
  }
});

test("what is still on its way is not forgotten by a screen that does not know it yet", () => {
  const pete = phone();
  pete.write("2");
  pete.shows({ offered: [] });
  assert.equal(pete.records().length, 1);
});

test("a phone that is sent away shows every text of a form, and only texts", () => {
  const values = [["title", "Tuesdays"], ["safe", "3"], ["question", "What now?"], ["more", " "]];
  assert.equal(whole({ values, texts: ["title", "question", "more"] }).shown, "Tuesdays\n\nWhat now?");
});
