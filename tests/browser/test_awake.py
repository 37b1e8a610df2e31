"""The screen of the room stays on while a meeting runs."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.chromium import NOWHERE_ELSE
from tests.browser.people import Moderator, Wall
from tests.running import Server

# Every lock that a page was given.
REMEMBER = """if (navigator.wakeLock) {
  window.locks = [];
  const ask = navigator.wakeLock.request.bind(navigator.wakeLock);
  navigator.wakeLock.request = async (type) => {
    const lock = await ask(type);
    window.locks.push(lock);
    return lock;
  };
}"""
GOES_DARK = "Otherwise the screen may go dark"


def test_a_wall_holds_a_lock_takes_it_again_and_gives_it_back(lobby: Moderator) -> None:
    wall = screen_of(lobby)
    assert wall.page.evaluate("isSecureContext")
    holds(wall.page, 1)
    expect(wall.stage.get_by_text(GOES_DARK)).to_be_hidden()
    wall.page.evaluate("locks[0].release()")  # as a browser does while the page is out of sight
    wall.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    holds(wall.page, 2)
    lobby.moves("Start")
    wall.is_at("pick")
    holds(wall.page, 2)
    lobby.ends_meeting()
    wall.says("Thank you, all of you")
    wall.page.wait_for_function("() => locks.every((lock) => lock.released)")


def test_on_plain_http_a_film_plays_and_the_lobby_says_what_to_do(lobby: Moderator, room: Server) -> None:
    lobby.place.url = f"http://{NOWHERE_ELSE}:{room.port}"
    mo = Moderator.signed_in(lobby.place)
    mo.starts_meeting()
    mo.is_on_own_device()
    wall = screen_of(mo)
    assert not wall.page.evaluate("isSecureContext")
    expect(wall.stage.get_by_text(GOES_DARK)).to_be_visible()
    wall.page.wait_for_function("() => document.querySelector('video').currentTime > 0")
    mo.moves("Start")
    wall.is_at("pick")
    expect(wall.stage.get_by_text(GOES_DARK)).to_have_count(0)
    assert not wall.page.evaluate("document.querySelector('video').paused")
    mo.ends_meeting()
    wall.page.wait_for_function("() => document.querySelector('video').paused")


def screen_of(mo: Moderator) -> Wall:
    """The screen of the room, which remembers its locks."""
    wall = mo.opens_wall(is_changed=True)
    wall.page.context.grant_permissions(["screen-wake-lock"])  # a browser without windows asks nobody
    wall.page.add_init_script(REMEMBER)
    wall.page.reload()
    return wall


def holds(page: Page, asked: int) -> None:
    """Waits until it holds the lock it asked for last, and asked so many times."""
    page.wait_for_function("asked => locks.length === asked && !locks.at(-1).released", arg=asked)
