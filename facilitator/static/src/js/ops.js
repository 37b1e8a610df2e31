// The op id of what is sent at once. Promises: a form that is pressed again after silence carries the same id, so that
// the server stores it once; what the server has answered begins a new one.

import { randomId } from "./ids.js";

const SETTLES = [200, 409, 422];

// about: what the form is about, as far as nobody types it; a form that was redrawn for something else is another one.
export function createOps({ make = randomId } = {}) {
  const open = new WeakMap(); // form → the id it was last sent with

  function of(form, about) {
    const last = open.get(form);
    if (last && last.about === about) return last.op;
    const op = make();
    open.set(form, { op, about });
    return op;
  }

  function heard(form, { status, op }) {
    const last = open.get(form);
    if (last && last.op === op && SETTLES.includes(status)) open.delete(form);
  }

  return { of, heard };
}
