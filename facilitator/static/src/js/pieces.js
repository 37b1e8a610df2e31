// A box beside a proposal changes the words at once, as long as nobody has typed in them. Without this the server does it.

export function startPieces() {
  for (const piece of document.querySelectorAll("[data-piece]")) startPiece(piece);
}

function startPiece(piece) {
  const original = piece.querySelector("[data-original]");
  const text = piece.querySelector("textarea");
  const boxes = [...piece.querySelectorAll("input[name^=swap_]")];
  if (!original || !boxes.length) return;
  let made = words(original, boxes);
  for (const box of boxes) {
    box.addEventListener("change", () => {
      const anew = words(original, boxes);
      if (text.value.trim() === made) text.value = anew;
      made = anew;
    });
  }
}

function words(original, boxes) {
  let number = 0;
  const parts = [...original.childNodes].map((node) =>
    node.nodeName === "MARK" && boxes[number++]?.checked ? node.dataset.proposal : node.textContent,
  );
  return parts.join("").trim();
}
