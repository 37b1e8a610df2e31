// One's own notes on a phone: what is typed survives a lost network, a reload and a server that is away for a while.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createNotebook } from "../../facilitator/static/src/js/notebook.js";
import { randomId } from "../../facilitator/static/src/js/ids.js";
import { lost, opOf, phone } from "./fakes.mjs";

const lookedAt = []; // what each page does when it is looked at, or no longer
globalThis.document = { addEventListener: (name, act) => lookedAt.push(act), activeElement: null };

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
function writing({ page = section(), on = phone, server, kept = { text: page.field.defaultValue, version: page.base.defaultValue } } = {}) {
  const takes = (pairs) => {
    const { text, base } = Object.fromEntries(pairs);
    const isIn = text.includes(kept.text) || kept.text.includes(text);
    const both = isIn ? [text, kept.text].sort((one, other) => other.length - one.length)[0] : `${kept.text}\n\n${text}`;
    if (kept.version !== opOf(pairs)) Object.assign(kept, { text: base === kept.version ? text : both, version: opOf(pairs) });
    const merged = kept.text === text ? {} : { text: kept.text };
    return { status: 200, op: opOf(pairs), data: { notebook: { version: kept.version, ...merged } } };
  };
  const pete = on({ server: server ? (pairs, number) => server(takes, pairs, number) : takes });
  const notebook = createNotebook({ store: pete.store, outbox: pete.outbox, later: pete.time.later, section: page });
  pete.seen.answers.push = ({ entry, answer }) => notebook.heard(entry, answer);
  const hears = () => pete.time.pass(120000);
  return { page, notebook, kept, hears, ...pete };
}

// Two pages of one seat, both open on the same notes. The first sends what it has, hears no answer and falls asleep.
async function twoPages(types) {
  const old = { text: "Old", version: "v0" };
  const kept = { ...old };
  const server = (takes, pairs, number) => (number === 1 ? lost() : takes(pairs));
  const first = writing({ page: section(old), on: ({ server }) => phone({ server, tab: "first" }), server, kept });
  const beside = (more) => writing({ kept, ...more, on: ({ server }) => phone({ server, backend: first.backend, time: first.time, tab: randomId() }) });
  const other = beside({ page: section(old) });
  const wakes = lookedAt.at(-2);
  first.page.types(types);
  first.notebook.send();
  await first.time.pass(1);
  first.time.timers.length = 0; // asleep
  return { first, other, beside, wakes };
}

const unsent = ({ store }) => store.keys("notes").map(store.get).map(({ text }) => text);
const stage = (state) => ({ dataset: { notebook: state } });

test("what is typed is kept here at once, sent after a pause, and said to be kept when it is", async () => {
  const pete = writing();
  pete.page.types("It is about");
  assert.deepEqual(unsent(pete), ["It is about"]);
  assert.equal(pete.page.state.textContent, "Not sent yet.");
  assert.equal(pete.seen.requests.length, 0, "not with every letter");
  pete.page.types("It is about trust");
  await pete.hears();
  assert.equal(pete.kept.text, "It is about trust");
  assert.equal(pete.seen.requests.length, 1);
  assert.equal(pete.page.state.textContent, "Kept.");
  assert.deepEqual(unsent(pete), []);
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
  assert.deepEqual(unsent(pete), ["Once"], "as long as nobody said that it is there");
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
  assert.deepEqual([pete.seen.requests.length, pete.page.field.value, unsent(pete)], [1, "Too long", ["Too long"]]);
  pete.notebook.follow(stage("there"), true);
  await pete.hears();
  assert.equal(pete.seen.requests.length, 1, "no step makes it shorter");
  pete.page.types("Short");
  await pete.hears();
  assert.equal(pete.kept.text, "Short");
});

test("what could not be kept at that moment is sent again at the next step", async () => {
  let isRunning = false;
  const server = (takes, pairs) => (isRunning ? takes(pairs) : { status: 409, op: opOf(pairs), data: {} });
  const pete = writing({ server });
  pete.page.types("Before it began");
  await pete.hears();
  assert.deepEqual([pete.seen.requests.length, unsent(pete)], [1, ["Before it began"]]);
  isRunning = true;
  pete.notebook.follow(stage("there"), true);
  await pete.hears();
  assert.deepEqual([pete.kept.text, unsent(pete)], ["Before it began", []]);
});

test("what another page noted is not overwritten, and comes to stand where nobody is typing", async () => {
  const { other } = await twoPages("Old, and what I must not forget");
  other.outbox.look();
  await other.hears();
  assert.equal(other.kept.text, "Old, and what I must not forget");
  assert.equal(other.page.field.value, other.kept.text);
  other.page.types("Only this");
  await other.hears();
  assert.equal(other.kept.text, "Only this", "whoever saw it may cross it out");
  assert.deepEqual(unsent(other), [], "the server has it all");
});

test("what is typed on two pages at once both stays", async () => {
  const { other } = await twoPages("Old, of the first");
  other.page.types("Old, of the second");
  assert.deepEqual(unsent(other).sort(), ["Old, of the first", "Old, of the second"]);
  other.outbox.look();
  await other.hears();
  assert.equal(other.kept.text, "Old, of the first\n\nOld, of the second");
  assert.deepEqual([other.page.field.value, unsent(other)], [other.kept.text, []]);
});

test("a page that has sent everything keeps what another has not, and the next page sends it", async () => {
  const { first, other, beside } = await twoPages("Old, of the first");
  first.page.types("Old, of the first, and more");
  first.time.timers.length = 0;
  other.page.types("Old, of the second");
  await other.hears();
  assert.equal(other.page.field.value, other.kept.text);
  assert.deepEqual(unsent(other), ["Old, of the first, and more"]);
  assert.ok(other.notebook.isDirty(), "so that nothing is wiped when the meeting is over");
  const next = beside({ page: section(other.kept) });
  await next.hears();
  assert.equal(next.kept.text, "Old, of the first\n\nOld, of the second\n\nOld, of the first, and more");
  assert.deepEqual([next.page.field.value, unsent(next)], [next.kept.text, []]);
});

test("a page that is awake finds out that another has sent its words", async () => {
  const { first, other } = await twoPages("Old, of the first");
  first.notebook.send();
  other.outbox.wake();
  await first.hears();
  assert.equal(other.seen.requests.length, 1, "the other did");
  assert.deepEqual([first.page.state.textContent, first.kept.text], ["Kept.", "Old, of the first"]);
});

test("a page that wakes finds out that another has sent its words, and adds nothing", async () => {
  const { first, other, wakes } = await twoPages("Old, of the first");
  other.outbox.look();
  await other.hears();
  assert.equal(first.page.state.textContent, "Not sent yet.");
  wakes();
  await first.hears();
  assert.deepEqual([first.page.state.textContent, first.kept.text], ["Kept.", "Old, of the first"]);
});

test("it opens where it is the moment for it, and closes again only what nobody opened", () => {
  const { page, notebook } = writing();
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
