// What an answer is, and what it is not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createHttp } from "../../facilitator/static/src/js/http.js";

const json = (status, data, headers = {}) =>
  new Response(JSON.stringify(data), { status, headers: { "Content-Type": "application/json", ...headers } });

function seat(answers, options = {}) {
  const requests = [];
  const page = { meeting: "m1", view: "phone", as: "1", token: "old" };
  const fetch = async (url, given) => {
    requests.push({ url, token: given.headers["X-Seat-Token"], redirect: given.redirect });
    const answer = answers.shift();
    return typeof answer === "function" ? answer(given) : answer;
  };
  return { ...createHttp(page, { fetch, ...options }), requests, page };
}

test("a 400 with a new token is sent again with it", async () => {
  const pete = seat([json(400, { token: "new" }), json(200, {}, { "X-Op": "op1" })]);
  const answer = await pete.postFresh("/x", [["op", "op1"]]);
  assert.deepEqual([answer.status, answer.op], [200, "op1"]);
  assert.deepEqual(pete.requests.map((one) => one.token), ["old", "new"]);
});

test("a 400 without one asks for it", async () => {
  const pete = seat([new Response("", { status: 400 }), json(200, { token: "new" }), json(200, {}, { "X-Op": "op1" })]);
  assert.equal((await pete.postFresh("/x", [])).status, 200);
  assert.equal(pete.requests[1].url, "/meetings/m1/token?view=phone&as=1");
  assert.equal(pete.page.token, "new");
});

test("no token, no second try", async () => {
  const pete = seat([new Response("", { status: 400 }), new Response("portal")]);
  assert.equal((await pete.postFresh("/x", [])).status, 400);
  assert.equal(pete.requests.length, 2);
});

test("no network, half an answer and silence are all nothing", async () => {
  const silence = ({ signal }) => new Promise((_, reject) => signal.addEventListener("abort", () => reject(new Error("aborted"))));
  const half = new Response("{", { headers: { "Content-Type": "application/json", "X-Op": "op1" } });
  const pete = seat([() => Promise.reject(new TypeError("offline")), half, silence], { timeout: 20 });
  for (let count = 0; count < 3; count += 1) assert.equal((await pete.postFresh("/x", [])).status, 0);
});

test("redirects are not followed", async () => {
  const pete = seat([json(200, {})]);
  await pete.postFresh("/x", []);
  assert.equal(pete.requests[0].redirect, "manual");
});

test("Retry-After is read in seconds, within reason", async () => {
  for (const [header, seconds] of [["7", 7], ["0", 1], ["99999", 120], ["soon", null]]) {
    const pete = seat([new Response("", { status: 429, headers: { "Retry-After": header } })]);
    assert.equal((await pete.postFresh("/x", [])).retryAfter, seconds);
  }
});
