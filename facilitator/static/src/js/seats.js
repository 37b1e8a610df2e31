// Putting the seats as people sit: dragging in the circle, arrow keys in the list. The server draws the result.

import { submitForm } from "./forms.js";

const STEPS = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 };

export function startSeats() {
  let drag = null;

  document.addEventListener("pointerdown", (event) => {
    const seat = seatAt(event.target);
    if (!seat || event.button > 0) return;
    drag = { id: seat.dataset.seat, x: event.clientX, y: event.clientY, event, hasMoved: false };
  });

  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    drag.event = event;
    drag.hasMoved = drag.hasMoved || Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > 6;
    draw();
  });

  document.addEventListener("pointerup", () => {
    const target = drag && drag.hasMoved ? nearest(drag) : null;
    const id = drag && drag.id;
    release();
    if (target && target !== id) place(id, idsOf().indexOf(target));
  });
  document.addEventListener("pointercancel", release);

  document.addEventListener("keydown", (event) => {
    const seat = STEPS[event.key] && event.target.matches("[data-seat]") && seatAt(event.target);
    if (!seat) return;
    event.preventDefault();
    event.stopImmediatePropagation(); // an arrow on a seat is no clicker
    const ids = idsOf();
    place(seat.dataset.seat, (ids.indexOf(seat.dataset.seat) + STEPS[event.key] + ids.length) % ids.length);
  }, true);

  // A push may redraw the circle during a drag.
  function draw() {
    const seat = drag && drag.hasMoved && shapesOf().find((one) => one.dataset.seat === drag.id);
    if (!seat || !seat.getScreenCTM) return;
    const scale = seat.ownerSVGElement.getScreenCTM().a || 1;
    seat.setAttribute("transform", `translate(${(drag.event.clientX - drag.x) / scale} ${(drag.event.clientY - drag.y) / scale})`);
    seat.classList.add("is-dragged");
  }

  function release() {
    const seat = drag && shapesOf().find((one) => one.dataset.seat === drag.id);
    drag = null;
    if (!seat) return;
    seat.removeAttribute("transform");
    seat.classList.remove("is-dragged");
  }

  // Seats can be reached by keyboard and dragged by finger only where they may be moved.
  function refresh() {
    if (!orderForm()) return;
    document.querySelectorAll("[data-seat]").forEach((seat) => {
      seat.tabIndex = 0;
      if (seat.localName === "g") seat.style.touchAction = "none";
    });
    document.querySelectorAll("svg.circle").forEach((circle) => circle.setAttribute("role", "group"));
    draw();
  }

  return { refresh };
}

export function moved(ids, id, index) {
  const others = ids.filter((one) => one !== id);
  return [...others.slice(0, index), id, ...others.slice(index)];
}

function place(id, index) {
  const form = orderForm();
  form.elements.order.value = moved(idsOf(), id, index).join(",");
  submitForm(form);
}

const orderForm = () => document.getElementById("seat-order");
const seatAt = (node) => (orderForm() && node.closest ? node.closest("[data-seat]") : null);
const shapesOf = () => Array.from(document.querySelectorAll("g[data-seat]"));

// The circle and the list show the same people: each once, in the order of the page.
function idsOf() {
  return Array.from(new Set(Array.from(document.querySelectorAll("[data-seat]"), (node) => node.dataset.seat)));
}

// The seat whose place is nearest to where this one was let go.
function nearest({ id, event }) {
  const rows = shapesOf().length ? shapesOf() : Array.from(document.querySelectorAll("[data-seat]"));
  const own = rows.find((one) => one.dataset.seat === id);
  if (own) own.removeAttribute("transform"); // its own place counts as well
  const distance = (node) => {
    const box = (node.querySelector(".seat-shape") || node).getBoundingClientRect();
    return Math.hypot(box.left + box.width / 2 - event.clientX, box.top + box.height / 2 - event.clientY);
  };
  return rows.reduce((best, one) => (distance(one) < distance(best) ? one : best), rows[0]).dataset.seat;
}
