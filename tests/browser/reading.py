"""What every page owes its readers, whatever else it shows: with letters twice as large it is no wider than a phone, none of its words lie
over others, and a long surname in its heading stays in one piece; and on paper it is black on white without anything to press.
"""

from __future__ import annotations

from playwright.sync_api import Page

from tests.browser.people import PHONE

# By how much the page is wider than its screen, and what sticks out.
WIDER = """() => {
  const over = document.scrollingElement.scrollWidth - document.documentElement.clientWidth;
  const outside = over > 0 ? [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 1) : [];
  return over > 0 ? [over, ...outside.slice(-6).map((one) => one.outerHTML.slice(0, 90))] : [];
}"""
BROKEN = """() => {
  const found = [], range = document.createRange();
  for (const heading of document.querySelectorAll("h1:not(.visually-hidden)")) {
    const walker = document.createTreeWalker(heading, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const word of node.textContent.matchAll(/(?<![^\\s-])[^\\s-]{8,16}(?![^\\s-])/g)) {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (range.getClientRects().length > 1) found.push("broken: " + word[0]);
      }
    }
  }
  return found;
}"""
OVER_EACH_OTHER = """() => {
  const lines = [], range = document.createRange(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const isAside = (one) => { // what stays where it is while the page moves under it, and what is only said
    for (; one; one = one.parentElement) if (["fixed", "sticky"].includes(getComputedStyle(one).position) || getComputedStyle(one).clipPath !== "none") return true;
    return false;
  };
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || one.closest("script, style, title, option, textarea, .visually-hidden, .skip-link")) continue;
    if (!one.checkVisibility({visibilityProperty: true, opacityProperty: true}) || isAside(one)) continue;
    range.selectNodeContents(node);
    for (const {left, right, top, bottom} of range.getClientRects()) {
      const trim = (bottom - top) * 0.2; // the letters of a line, not the room above and below them
      if (right - left > 0.5) lines.push({node, left, right, top: top + trim, bottom: bottom - trim});
    }
  }
  const isOver = (one, other) => one.left < other.right - 1.5 && other.left < one.right - 1.5 && one.top < other.bottom - 1.5 && other.top < one.bottom - 1.5;
  const found = lines.flatMap((one, at) => lines.slice(at + 1).filter((other) => one.node !== other.node && isOver(one, other))
    .map((other) => `over each other: ${one.node.textContent.trim().slice(0, 40)} | ${other.node.textContent.trim().slice(0, 40)}`));
  return [...new Set(found)].slice(0, 6);
}"""
ON_PAPER = """() => {
  const found = [], isSeen = (one) => one.checkVisibility({visibilityProperty: true, opacityProperty: true});
  const part = (value) => (value /= 255) <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  const light = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/[\\d.]+/g).map(Number);
    return alpha === 0 ? null : 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
  };
  for (const one of document.querySelectorAll("button:not(.star), .button, nav, details:not([open]) > summary, dialog[open]")) {
    if (isSeen(one)) found.push("to press: " + one.outerHTML.slice(0, 100));
  }
  for (const one of [document.documentElement, document.body, ...document.querySelectorAll("main, main > *, .panel")]) {
    const ground = light(getComputedStyle(one).backgroundColor);
    if (ground !== null && ground < 0.95) found.push("a dark ground: " + one.outerHTML.slice(0, 100));
  }
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || one.closest("script, style, title, option, svg, .visually-hidden") || !isSeen(one)) continue;
    const letters = light(getComputedStyle(one).color);
    if (letters !== null && letters > 0.05) found.push("pale: " + node.textContent.trim().slice(0, 60));
  }
  return found.slice(0, 6);
}"""
# In the dark, as somebody who prints from there.
IN_THE_DARK = "document.documentElement.dataset.theme = 'dark'"


def too_wide(page: Page) -> list[str]:
    """What sticks out, is broken or lies over something else on a phone whose owner has letters twice as large."""
    before = page.viewport_size
    page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found = [str(one) for one in [*page.evaluate(WIDER), *page.evaluate(BROKEN), *page.evaluate(OVER_EACH_OTHER)]]
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before:
        page.set_viewport_size(before)
    return found


def on_paper(page: Page) -> list[str]:
    """What would be printed that should not, or not so."""
    theme = page.evaluate("document.documentElement.dataset.theme || ''")
    page.emulate_media(media="print", color_scheme="dark")
    page.evaluate(IN_THE_DARK)
    found = [str(one) for one in page.evaluate(ON_PAPER)]
    page.evaluate(
        "theme => { if (theme) document.documentElement.dataset.theme = theme; else delete document.documentElement.dataset.theme }",
        theme,
    )
    page.emulate_media(media="screen", color_scheme="light")
    return found
