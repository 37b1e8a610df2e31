// One's own notes on a phone: what is typed survives a lost network, a reload and a server that is away for a while.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createNotebook } from "../../facilitator/static/src/js/notebook.js";
import { lost, opOf, phone } from "./fakes.mjs";

globalThis.document = { addEventListener() {}, activeElement: null };

// The part of the page with the notes, as the server sent it.
function section({ text = "", version = "" } = {}) {
  const heard = {};
  const state = { dataset: { kept: "Kept.", unsent: "Not sent yet." }, textContent: "" };
  const fold = { open: false };
  const field = { value: text, defaultValue: text, readOnly: false, addEventListener: (name, act) => (heard[name] = act) };
  const base = { value: version, defaultValue: version };
  const form = { elements: { text: field, base }, getAttribute: () => "/notebook", querySelector: () => state };
  const types = (value) => ((field.value = value), heard.input());
  return { querySelector: (what) => (what === "form" ? form : fold), form, field, base, state, fold, types, heard };
}

// A server that keeps notes as ours does, and a phone that writes them.
function writing({ page = section(), on = phone, server } = {}) {
  const kept = { text: page.field.defaultValue, version: page.base.defaultValue };
  const takes = (pairs) => {
    const { text, base } = Object.fromEntries(pairs);
    kept.text = base === kept.version ? text : `${kept.text}\n\n${text}`;
    kept.version = opOf(pairs);
    const merged = kept.text === text ? {} : { text: kept.text };
    return { status: 200, op: opOf(pairs), data: { notebook: { version: kept.version, ...merged } } };
  };
  const pete = on({ server: server ? (pairs, number) => server(takes, pairs, number) : takes });
  const notebook = createNotebook({ store: pete.store, outbox: pete.outbox, later: pete.time.later, section: page });
  pete.seen.answers.push = ({ entry, answer }) => notebook.heard(entry, answer);
  const hears = () => pete.time.pass(120000);
  return { page, notebook, kept, hears, ...pete };
}

test("what is typed is kept here at once, sent after a pause, and said to be kept when it is", async () => {
  const pete = writing();
  pete.page.types("It is about");
  assert.equal(pete.store.get("notes").text, "It is about");
  assert.equal(pete.page.state.textContent, "Not sent yet.");
  assert.equal(pete.seen.requests.length, 0, "not with every letter");
  pete.page.types("It is about trust");
  await pete.hears();
  assert.equal(pete.kept.text, "It is about trust");
  assert.equal(pete.seen.requests.length, 1);
  assert.equal(pete.page.state.textContent, "Kept.");
  assert.equal(pete.store.get("notes"), null);
});

test("what is typed while something is on its way follows it", async () => {
  let free;
  const held = new Promise((resolve) => (free = resolve));
  const pete = writing({ server: async (takes, pairs, number) => (number === 1 ? held.then(() => takes(pairs)) : takes(pairs)) });
  pete.page.types("One");
  await pete.time.pass(3000);
  pete.page.types("One, two");
  await pete.time.pass(3000);
  free();
  await pete.hears();
  assert.deepEqual([pete.kept.text, pete.page.field.value], ["One, two", "One, two"]);
});

test("what nobody said to be there stays on the phone", async () => {
  const pete = writing({ server: lost });
  pete.page.types("Once");
  await pete.time.pass(3000);
  assert.ok(pete.store.get("notes"), "as long as nobody said that it is there");
});

test("after a reload what was not sent stands in the field, and goes out", async () => {
  const away = writing({ server: () => lost() });
  away.page.types("Typed in a tunnel");
  await away.time.pass(10000);
  away.outbox.halt();
  const again = writing({ page: section(), on: ({ server }) => phone({ server, backend: away.backend, time: away.time, tab: "again" }) });
  assert.equal(again.page.field.value, "Typed in a tunnel");
  assert.ok(again.page.fold.open, "folded away it would seem lost");
  again.outbox.wake(); // as the page does
  await again.hears();
  assert.equal(again.kept.text, "Typed in a tunnel");
});

test("what was written on another page meanwhile comes to stand before what is being typed", async () => {
  const pete = writing({ page: section({ text: "Old", version: "v1" }) });
  Object.assign(pete.kept, { text: "Old, of the laptop", version: "v2" });
  pete.page.types("Old, of the phone");
  await pete.hears();
  assert.equal(pete.page.field.value, "Old, of the laptop\n\nOld, of the phone");
  assert.equal(pete.kept.text, pete.page.field.value);
});

test("what was refused stays, and is not sent again until it is changed", async () => {
  const refuses = (takes, pairs) => (Object.fromEntries(pairs).text.length > 5 ? { status: 422, op: opOf(pairs), data: {} } : takes(pairs));
  const pete = writing({ server: refuses });
  pete.page.types("Too long");
  await pete.hears();
  assert.deepEqual([pete.seen.requests.length, pete.page.field.value, pete.store.get("notes").text], [1, "Too long", "Too long"]);
  pete.page.types("Short");
  await pete.hears();
  assert.equal(pete.kept.text, "Short");
});

test("it opens where it is the moment for it, and closes again only what nobody opened", () => {
  const { page, notebook } = writing();
  const stage = (state) => ({ dataset: { notebook: state } });
  notebook.follow(stage("open"), true);
  assert.deepEqual([page.hidden, page.fold.open], [false, true]);
  notebook.follow(stage("there"), true);
  assert.equal(page.fold.open, false);
  page.fold.open = true;
  notebook.follow(stage("there"), true);
  assert.equal(page.fold.open, true, "somebody's own doing");
  notebook.follow(stage(""), true);
  assert.equal(page.hidden, true);
});
