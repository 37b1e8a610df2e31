// A form with data-previews="<id>" shows what it says while it is filled in: the server draws the page as it would be, and the part with
// that id takes the place of the one that is there. Without this a button does it.

const AFTER_TYPING = 700;

export function startPreviews() {
  for (const form of document.querySelectorAll("form[data-previews]")) follow(form);
}

function follow(form) {
  let waiting = 0;
  let asked = 0;
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const mine = ++asked;
      const part = await drawn(form);
      const here = document.getElementById(form.dataset.previews);
      if (part && here && mine === asked) here.replaceWith(part);
    }, AFTER_TYPING);
  });
}

async function drawn(form) {
  const sent = new FormData(form);
  sent.set("do", "look");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(sent) });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById(form.dataset.previews);
  } catch {
    return null; // no network: what is shown stays
  }
}
