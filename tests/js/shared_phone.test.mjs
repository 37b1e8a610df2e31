// Two people on one phone: whose page may be seen.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createSharedPhone } from "../../facilitator/static/src/js/shared_phone.js";
import { FakeStorage } from "./fakes.mjs";

const pages = (backend = new FakeStorage()) => ({
  pete: createSharedPhone({ meeting: "m1", as: "1", other: "Ola", backend }),
  ola: createSharedPhone({ meeting: "m1", as: "2", other: "Pete", backend }),
});

test("a phone of one person never asks", () => {
  const alone = createSharedPhone({ meeting: "m1", as: "1", other: "", backend: new FakeStorage() });
  assert.equal(alone.mustAsk(), false);
  assert.equal(alone.isShared(), false);
});

test("a page from history asks first, until its person has the phone in hand", () => {
  const { pete, ola } = pages();
  assert.ok(pete.mustAsk());
  ola.give("2");
  assert.equal(ola.mustAsk(), false);
  assert.ok(pete.mustAsk());
  pete.give("1");
  assert.equal(pete.mustAsk(), false);
  assert.ok(ola.mustAsk());
});

test("passing on takes it out of both hands", () => {
  const { pete, ola } = pages();
  pete.give("1");
  assert.equal(pete.mustAsk(), false);
  ola.passOn();
  assert.ok(pete.mustAsk() && ola.mustAsk());
});

test("a page that is older than the second seat asks as well", () => {
  const backend = new FakeStorage();
  const before = createSharedPhone({ meeting: "m1", as: "1", other: "", backend });
  assert.equal(before.mustAsk(), false);
  pages(backend).ola.give("2");
  assert.ok(before.mustAsk());
});

test("another meeting's phone is another matter", () => {
  const backend = new FakeStorage();
  pages(backend).ola.give("2");
  assert.equal(createSharedPhone({ meeting: "m2", as: "1", other: "", backend }).mustAsk(), false);
});

test("where nothing can be kept it does not ask for ever", () => {
  for (const backend of [null, new FakeStorage({ room: 0 })]) assert.equal(pages(backend).pete.mustAsk(), false);
});
