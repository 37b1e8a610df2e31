"""Phones that lose the network or the server: what was written arrives once, and everybody is back where they were."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from playwright.sync_api import Browser, Route, expect

from tests.browser.conftest import ENVIRON, case_of, everybody_joins
from tests.browser.people import Moderator, Phone, Place
from tests.faults.proxy import bad_network
from tests.running import Server, running_server


def test_written_offline_and_sent_once_when_the_network_is_back(lobby: Moderator, room: Server) -> None:
    with bad_network(room.port) as network:
        away = Place(lobby.place.browser, network.url, may_lose_connection=True)
        everybody_joins(lobby, "Gia")
        pete = Phone.seated(away, lobby.code, "Pete")
        case_of(lobby, "Gia")
        pete.is_at("clarify")
        before = rows(room.data_dir)

        network.start("reset")
        pete.sends("What happened?")
        pete.says_connection("Your text is kept")
        expect(pete.slips).to_contain_text("What happened?")
        assert rows(room.data_dir) == before
        pete.page.get_by_role(
            "button", name="Send", exact=True
        ).click()  # once more, out of impatience: nothing to send

        network.heal()
        pete.page.evaluate("window.dispatchEvent(new Event('online'))")
        expect(pete.own).to_contain_text("What happened?")
        expect(pete.slips).to_have_count(0)
        assert rows(room.data_dir) == before + 1
        away.empty()
        assert away.troubles == []


def test_a_phone_sees_what_changed_while_it_was_away(lobby: Moderator, room: Server) -> None:
    with bad_network(room.port) as network:
        away = Place(lobby.place.browser, network.url, may_lose_connection=True)
        everybody_joins(lobby, "Gia")
        pete = Phone.seated(away, lobby.code, "Pete")
        lobby.moves("Start")
        pete.is_at("pick")
        pete.composer.get_by_label("Title, without names").fill("Half a tit")
        network.start("black_hole")
        lobby.next_phase()
        lobby.next_phase()
        network.wait_until_felt()
        network.heal()
        pete.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(pete.stage).to_have_attribute("data-kind", "clarify")
        expect(pete.slips.locator("textarea")).to_have_value("Half a tit")
        away.empty()
        assert away.troubles == []


def test_after_a_power_cut_everybody_is_back_with_their_drafts(browser: Browser, tmp_path: Path) -> None:
    with running_server(tmp_path / "cut", ENVIRON) as first:
        place = Place(browser, first.url, may_lose_connection=True)
        assert first.welcome_url
        mo = Moderator.with_first_account(place, first.welcome_url)
        mo.starts_meeting()
        mo.is_on_own_device()
        gia, pete = everybody_joins(mo, "Gia", "Pete")
        case_of(mo, "Gia")
        wall = mo.opens_wall()
        pete.is_at("clarify")
        pete.sends("Who was there?")
        pete.sent("Who was there?")
        pete.writes("And what did th")
        first.kill()
        pete.says_connection("No connection")
        with running_server(tmp_path / "cut", ENVIRON, port=first.port):
            for screen in (mo, wall, gia, pete):
                screen.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
            expect(pete.page.locator("#connection")).to_be_hidden(timeout=20000)
            expect(pete.text).to_have_value("And what did th")
            pete.sends("And what did they do?")
            pete.sent("And what did they do?")
            pete.sent("Who was there?")
            mo.moves("Reveal")
            mo.moves("Next question")
            wall.says("Question 1 of 2")
            gia.says("The question for you")
            pete.page.reload()
            pete.sent("Who was there?")
            place.empty()
        assert place.troubles == []


def rows(data_dir: Path) -> int:
    with sqlite3.connect(data_dir / "facilitator.sqlite") as database:
        return int(database.execute("SELECT count(*) FROM contributions").fetchone()[0])


def test_a_press_before_the_script_is_there_waits_for_it(lobby: Moderator) -> None:
    _gia, pete = everybody_joins(lobby, "Gia", "Pete")
    case_of(lobby, "Gia")
    pete.is_at("clarify")
    scripts: list[Route] = []
    pete.page.route("**/live-*.js", lambda route: scripts.append(route))  # noqa: PLW0108 – a builtin is no handler
    pete.page.reload(wait_until="commit")
    pete.sends("What happened?")
    pete.press("I'll say it")
    address = pete.page.url
    scripts[0].continue_()
    pete.sent("What happened?")
    assert pete.page.url == address
