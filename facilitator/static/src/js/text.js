// What counts as something written, as the server has it (core/text.py).

const UNSEEN = /[\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffc\u{16fe4}\u{13441}\u{13442}\u{1d159}]/gu;
const SEEN = /[\p{L}\p{N}\p{P}\p{S}\u{1f000}-\u{1faff}]/u;

// A letter, a digit, a punctuation mark or a sign; not accents, space and what nobody sees alone.
export const isFilled = (text) => SEEN.test(text.replace(UNSEEN, ""));

// Of a required field that only looks filled in, the browser says what it says of an empty one.
export function startText() {
  document.addEventListener("change", ({ target }) => {
    if (target.matches && target.matches("input[required], textarea[required]") && isBlank(target)) target.value = "";
  });
}

const isBlank = ({ type, value }) => ["text", "textarea", "search"].includes(type) && value !== "" && !isFilled(value);
