// What was sent is not lost, and not sent for ever.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FakeStorage, FakeTime, breath, lost, opOf, phone, stored } from "./fakes.mjs";

const MINUTE = 60_000;

test("what is stored leaves the queue", async () => {
  const pete = phone();
  pete.say("What happened before?");
  await pete.time.pass(10);
  assert.equal(pete.seen.answers.length, 1);
  assert.deepEqual(pete.outbox.pending(), []);
});

test("it is kept before it is sent", async () => {
  let keptAtSending = null;
  const pete = phone({ server: (pairs) => ((keptAtSending = pete.outbox.pending().length), stored(pairs)) });
  pete.say("What happened before?");
  await pete.time.pass(10);
  assert.equal(keptAtSending, 1);
});

test("a lost answer is asked for again with the same op", async () => {
  const pete = phone({ server: (pairs, count) => (count < 4 ? lost() : stored(pairs)) });
  const id = pete.say("What happened before?");
  await pete.time.pass(MINUTE);
  assert.deepEqual(pete.seen.requests, [id, id, id, id]);
  assert.deepEqual(pete.outbox.pending(), []);
});

test("pauses grow, up to half a minute", async () => {
  const at = [];
  const pete = phone({ server: () => (at.push(pete.time.now), lost()) });
  pete.say("Anybody there?");
  await pete.time.pass(5 * MINUTE);
  const pauses = at.slice(1).map((moment, index) => moment - at[index]);
  assert.deepEqual(pauses.slice(0, 7), [1060, 2060, 4060, 8060, 16060, 30060, 30060]); // and a moment for other tabs
});

test("a captive portal's 200 and a redirect prove nothing", async () => {
  const portal = [{ status: 200, op: null, data: null }, { status: 0, op: null, data: null }, { status: 200, op: "other", data: {} }];
  const pete = phone({ server: (pairs, count) => portal[count - 1] || stored(pairs) });
  pete.say("What happened before?");
  await pete.time.pass(5000);
  assert.equal(pete.outbox.pending().length, 1);
  await pete.time.pass(MINUTE);
  assert.equal(pete.seen.answers.length, 1);
});

for (const status of [403, 404, 409, 410, 413, 422]) {
  test(`a refusal with ${status} of ours comes back with the draft, one of a stranger does not`, async () => {
    const pete = phone({ server: (pairs, count) => ({ status, op: count === 1 ? null : opOf(pairs), data: {} }) });
    pete.outbox.add({ url: "/", pairs: [["question", "?"]], draft: { field: "question" } });
    await pete.time.pass(500);
    assert.equal(pete.outbox.pending().length, 1);
    await pete.time.pass(MINUTE);
    assert.deepEqual(pete.outbox.pending(), []);
    assert.deepEqual(pete.seen.answers[0].entry.draft, { field: "question" });
  });
}

for (const status of [400, 401, 500, 503]) {
  test(`${status} is tried again`, async () => {
    const pete = phone({ server: (pairs, count) => (count < 3 ? { status, op: opOf(pairs), data: {} } : stored(pairs)) });
    pete.say("What happened before?");
    await pete.time.pass(MINUTE);
    assert.equal(pete.seen.requests.length, 3);
    assert.deepEqual(pete.outbox.pending(), []);
  });
}

test("Retry-After is honoured, also when something wakes us", async () => {
  const pete = phone({ server: (pairs, count) => (count === 1 ? { status: 429, op: null, retryAfter: 40 } : stored(pairs)) });
  pete.say("What happened before?");
  await pete.time.pass(39_000);
  pete.outbox.wake();
  await pete.time.pass(500);
  assert.equal(pete.seen.requests.length, 1);
  await pete.time.pass(1000);
  assert.equal(pete.seen.requests.length, 2);
});

test("coming back online ends a pause", async () => {
  const pete = phone({ server: (pairs, count) => (count < 6 ? lost() : stored(pairs)) });
  pete.say("What happened before?");
  await pete.time.pass(16_000);
  pete.outbox.wake();
  await pete.time.pass(100);
  assert.equal(pete.seen.answers.length, 1);
});

test("a seat that is gone stops the queue for good and keeps the text", async () => {
  const pete = phone({ server: () => ({ status: 410, op: null, data: { gone: "You have left." } }) });
  pete.say("One more thing");
  await pete.time.pass(MINUTE);
  pete.outbox.wake();
  await pete.time.pass(MINUTE);
  assert.equal(pete.seen.requests.length, 1);
  assert.equal(pete.seen.stops.length, 1);
  assert.equal(pete.outbox.pending().length, 1);
});

for (const status of [403, 404, 410]) {
  test(`a stranger's ${status} stops nothing and is tried again`, async () => {
    const pete = phone({ server: (pairs, count) => (count === 1 ? { status, op: null, data: null } : stored(pairs)) });
    pete.say("One more thing");
    await pete.time.pass(MINUTE);
    assert.equal(pete.seen.requests.length, 2);
    assert.deepEqual(pete.seen.stops, []);
    assert.deepEqual(pete.outbox.pending(), []);
  });

  test(`a ${status} of ours lets the next text go`, async () => {
    const refuse = (pairs) => ({ status, op: opOf(pairs), data: { notice: "This is not yours." } });
    const pete = phone({ server: (pairs, count) => (count === 1 ? refuse(pairs) : stored(pairs)) });
    const ids = ["one", "two"].map((text) => pete.say(text));
    await pete.time.pass(MINUTE);
    assert.deepEqual(pete.seen.requests, ids);
    assert.deepEqual(pete.seen.answers.map(({ answer }) => answer.status), [status, 200]);
  });
}

const write = (pete, step, form, text) =>
  pete.outbox.add({ url: "/meetings/m1/contribute", pairs: [["step", step], ["form", form], ["question", text]] });
const isAbout = (pairs, text) => pairs.some(([name, value]) => name === "question" && value === text);

test("what the server fails at three times lets other steps go first, and is tried again after them", async () => {
  const pete = phone({ server: (pairs, count) => (isAbout(pairs, "one") && count < 6 ? { status: 500, op: null, data: null } : stored(pairs)) });
  const stuck = write(pete, "s1", "question", "one");
  const others = [write(pete, "s2", "question", "two"), write(pete, "s2", "advice", "three")];
  await pete.time.pass(5 * MINUTE);
  assert.deepEqual(pete.seen.requests, [stuck, stuck, stuck, ...others, stuck]);
  assert.deepEqual(pete.outbox.pending(), []);
});

test("nothing overtakes in its own form of its own step", async () => {
  const pete = phone({ server: (pairs, count) => (isAbout(pairs, "first words") && count < 9 ? { status: 502, op: null, data: null } : stored(pairs)) });
  const stuck = write(pete, "s1", "question", "first words");
  const later = write(pete, "s1", "question", "better words");
  await pete.time.pass(10 * MINUTE);
  assert.deepEqual(pete.seen.answers.map(({ entry }) => entry.id), [stuck, later]);
  assert.equal(pete.seen.requests.indexOf(later), pete.seen.requests.lastIndexOf(stuck) + 1);
});

test("of two that fail neither waits for ever", async () => {
  const pete = phone({ server: () => ({ status: 500, op: null, data: null }) });
  const [one, other] = [write(pete, "s1", "a", "x"), write(pete, "s2", "a", "y")];
  await pete.time.pass(10 * MINUTE);
  assert.deepEqual(pete.seen.requests.slice(0, 9), [one, one, one, other, other, other, one, one, one]);
});

test("one at a time, in order", async () => {
  const open = [];
  const pete = phone({ server: (pairs) => new Promise((resolve) => open.push(() => resolve(stored(pairs)))) });
  const ids = ["one", "two", "three"].map((text) => pete.say(text));
  for (let count = 1; count <= 3; count += 1) {
    await pete.time.pass(100);
    assert.deepEqual(pete.seen.requests, ids.slice(0, count));
    open[count - 1]();
  }
  await pete.time.pass(10);
  assert.deepEqual(pete.outbox.pending(), []);
});

test("a reload sends what was left, in order, with the same ops", async () => {
  const before = phone({ server: lost });
  const ids = ["one", "two"].map((text) => before.say(text));
  await before.time.pass(100);
  before.outbox.rest();
  const after = phone({ backend: before.backend, time: Object.assign(new FakeTime(), { now: before.time.now + 1000 }) });
  after.outbox.wake();
  await after.time.pass(500);
  assert.deepEqual(after.seen.requests, ids);
});

test("a page that died while sending holds the others up for seconds only", async () => {
  const before = phone({ server: () => new Promise(() => {}) });
  const id = before.say("one");
  await before.time.pass(100);
  const after = phone({ backend: before.backend, time: Object.assign(new FakeTime(), { now: before.time.now }) });
  after.outbox.wake();
  await after.time.pass(5000);
  assert.deepEqual(after.seen.requests, []);
  await after.time.pass(10_000);
  assert.deepEqual(after.seen.requests, [id]);
});

test("of two tabs one sends, and each text goes once", async () => {
  const [backend, time] = [new FakeStorage(), new FakeTime()];
  let inFlight = 0;
  const server = async (pairs) => {
    inFlight += 1;
    assert.equal(inFlight, 1);
    await breath();
    inFlight -= 1;
    return stored(pairs);
  };
  const [left, right] = ["left", "right"].map((tab) => phone({ backend, time, server, tab }));
  const ids = [left.say("one"), right.say("two"), left.say("three")];
  left.outbox.look();
  right.outbox.look();
  await time.pass(MINUTE);
  assert.deepEqual([...left.seen.requests, ...right.seen.requests].sort(), ids.sort());
  assert.deepEqual(left.outbox.pending(), []);
});

test("two tabs that wake up together agree on one of them", async () => {
  const backend = new FakeStorage();
  const gone = phone({ backend, server: lost });
  const id = gone.say("written before the reload");
  await gone.time.pass(100);
  gone.outbox.rest();
  const time = Object.assign(new FakeTime(), { now: gone.time.now });
  const [left, right] = ["left", "right"].map((tab) => phone({ backend, time, tab }));
  left.outbox.wake();
  backend.removeItem("facilitator:m1:1:lock"); // not seen by the other tab yet
  right.outbox.wake();
  await time.pass(MINUTE);
  assert.deepEqual([...left.seen.requests, ...right.seen.requests], [id]);
});

test("after two hours nothing is sent any more, and nothing is kept", async () => {
  const pete = phone({ server: lost });
  pete.say("What happened before?");
  await pete.time.pass(119 * MINUTE);
  assert.equal(pete.outbox.pending().length, 1);
  await pete.time.pass(2 * MINUTE);
  const before = pete.seen.requests.length;
  pete.outbox.wake();
  await pete.time.pass(10 * MINUTE);
  assert.equal(pete.seen.requests.length, before);
  assert.equal([...pete.backend.texts.keys()].filter((name) => name.includes("out:")).length, 0);
});

test("with storage full or forbidden the text still goes out, and is not called safe", async () => {
  for (const backend of [new FakeStorage({ room: 0 }), null]) {
    const pete = phone({ backend, server: (pairs, count) => (count < 3 ? lost() : stored(pairs)) });
    pete.say("What happened before?");
    assert.equal(pete.outbox.pending()[0].isFragile, true);
    await pete.time.pass(MINUTE);
    assert.equal(pete.seen.answers.length, 1);
    assert.deepEqual(pete.outbox.pending(), []);
  }
});

test("a screen that cannot be drawn does not send the text twice", async () => {
  const pete = phone();
  pete.seen.answers.push = () => {
    throw new Error("no such element");
  };
  const ids = [pete.say("one"), pete.say("two")];
  await assert.rejects(pete.time.pass(MINUTE), /no such element/);
  await assert.rejects(pete.time.pass(MINUTE), /no such element/);
  assert.deepEqual(pete.seen.requests, ids);
  assert.deepEqual(pete.outbox.pending(), []);
});
