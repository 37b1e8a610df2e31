"""Pages about methods, the help with choosing one, and a plan that does not fit its method."""

from __future__ import annotations

from itertools import pairwise

import pytest
from flask import Flask

from facilitator.core.extensions import limiter
from facilitator.meetings.actions import people
from facilitator.meetings.methods_in_words import AIMS
from facilitator.methods.loader import load_catalogue
from tests import pages
from tests.accounts_cast import english, make_moderator
from tests.cast import Cast
from tests.integration.meetings.test_setting_up import BASIS, NEW, Planner, form_of, planner

ASKED = {"aim": "solve", "people": "5", "minutes": "60", "experience": "new"}
CHOOSE = "/methods/choose?aim=solve&people=5&minutes=60&experience=new"


@pytest.fixture
def mo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """Mo, who reads English."""
    monkeypatch.setattr(limiter, "enabled", False)
    return planner(app, Cast(app, make_moderator(app)))


@pytest.fixture(params=load_catalogue())
def key(request: pytest.FixtureRequest) -> str:
    """Every method there is."""
    return str(request.param)


def test_a_method_has_a_page_for_everybody_with_every_phase_and_its_minutes(app: Flask, key: str) -> None:
    found = load_catalogue()[key]
    for language in ("nl", "en"):
        client = app.test_client()
        client.set_cookie("lang", language)
        page = pages.read(client.get(f"/methods/{key}").text)
        texts = found.text(language)
        for said in (texts.title, texts.summary, texts.suits, texts.avoid, found.source_in(language)):
            assert said in page.text
        for phase in found.phases:
            assert phase.text(language).title in page.text
        assert len(page.all("li", class_="method-phase")) == len(found.phases) + (1 if found.lobby_minutes else 0)


def test_the_bars_of_a_method_lie_one_after_the_other_and_fill_the_line(app: Flask, key: str) -> None:
    html = english(app.test_client()).get(f"/methods/{key}").text
    bars = pages.read(html).all("rect", class_="bar-fill")
    places = [(float(bar["x"]), float(bar["width"])) for bar in bars]
    assert places[0][0] == 1
    assert max(x + width for x, width in places) == pytest.approx(399, abs=0.2)
    for (x, width), (following, _) in pairwise(places):
        assert following == pytest.approx(x + width, abs=0.2) or following == x, "options begin where the first does"


def test_the_list_leads_to_every_method(app: Flask) -> None:
    page = pages.read(english(app.test_client()).get("/methods").text)
    assert {f"/methods/{key}" for key in load_catalogue()} <= {link.get("href") for link in page.all("a")}
    assert app.test_client().get("/methods/none").status_code == 404


def test_an_address_holds_a_whole_question_and_its_answer(app: Flask) -> None:
    client = english(app.test_client())
    page = pages.read(client.get(CHOOSE).text)
    assert (
        "Find a way forward with a question: that is what it is for; it takes"
        in page.one("section", id="proposals").text
    )
    assert page.has("a", href="/meetings/new?method=basis&people=5&minutes=60")
    assert pages.sent_by(page.one("form", action="/methods/choose")) == ASKED
    assert len(page.all("input", name="aim")) == len(AIMS)


def test_what_does_not_suit_says_why(app: Flask) -> None:
    page = pages.read(english(app.test_client()).get(CHOOSE.replace("people=5", "people=2")).text)
    section = page.one("section", id="proposals").text
    assert "No method suits all of that" in section
    assert "It needs at least 3 people, and there are 2." in section


@pytest.mark.parametrize("wrong", ["aim=win", "people=many", "minutes=1e9", "people=1", "experience=none", "aim=solve"])
def test_a_question_that_is_not_right_is_answered_in_words(app: Flask, wrong: str) -> None:
    name = wrong.split("=", 1)[0]
    asked = "&".join(f"{field}={value}" for field, value in ASKED.items() if field != name)
    address = f"/methods/choose?{asked}&{wrong}" if wrong != "aim=solve" else "/methods/choose?aim=solve"
    answer = english(app.test_client()).get(address)
    assert answer.status_code == 422
    assert "Something is missing or not right yet." in answer.text


def test_help_on_the_page_of_a_plan_loses_nothing_that_was_typed(mo: Planner) -> None:
    typed = {"goal": "Learn to guide", "place": "Room 2", "people": "5", "minutes": "50"}
    page = mo.open()
    [asks] = pages.named(page, "Propose methods")
    fields = {**pages.sent_by(asks.around("form")), **typed, "aim": "solve", "experience": "new"}
    answer = mo.client.post(NEW, data={**fields, "go": "choose"})
    assert answer.status_code == 200
    proposed = pages.read(answer.text)
    taking = {button["value"]: button for button in pages.named(proposed, "Take this method")}
    assert "five_step" in taking
    kept = form_of(answer)
    assert typed.items() <= kept.items()
    taken = form_of(mo.client.post(NEW, data={**kept, "take": "five_step"}))
    assert taken["method"] == taken["shown_method"] == "five_step"
    assert {**typed, "aim": "solve"}.items() <= taken.items()
    assert mo.ids == set(), "nothing is set up yet"


def test_a_method_can_be_brought_along_in_the_address(mo: Planner) -> None:
    fields = pages.sent_by(
        pages.named(mo.open(f"{NEW}?method=gossip&people=6&minutes=70"), "Start now")[0].around("form")
    )
    assert (fields["method"], fields["people"], fields["minutes"]) == ("gossip", "6", "70")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"minutes": "25"}, "It needs at least 31 minutes, and there are 25."),
        ({"people": "2"}, "It needs at least 3 people, and there are 2."),
        ({"people": "20"}, "It is for at most 14 people, and there are 20."),
        ({"capacity": "2"}, "It needs at least 3 people, and there are 2."),
    ],
)
@pytest.mark.parametrize("button", ["Start now", "Plan for later"])
def test_a_plan_that_a_method_cannot_be_says_why_and_may_go_on(
    mo: Planner, typed: dict[str, str], said: str, button: str
) -> None:
    answer = mo.press(button, goal="Learn", **typed)
    assert answer.status_code == 422
    assert said in pages.read(answer.text).text
    assert mo.ids == set(), "nothing is set up yet"
    page = pages.read(answer.text)
    accepted = page.one("input", name="anyway")["value"]
    kept = form_of(answer)
    assert {"goal": "Learn", **typed}.items() <= kept.items()
    [pressed] = pages.named(page, button)
    again = mo.client.post(NEW, data={**kept, pressed["name"]: pressed["value"]})
    assert again.status_code == 422, "pressing again says it again"
    gone_on = mo.client.post(NEW, data={**kept, pressed["name"]: pressed["value"], "anyway": accepted})
    assert gone_on.status_code == 302
    assert len(mo.ids) == 1


def test_who_goes_on_anyway_is_asked_anew_about_something_else(mo: Planner) -> None:
    first = mo.press("Start now", goal="Learn", minutes="25")
    accepted = pages.read(first.text).one("input", name="anyway")["value"]
    second = mo.client.post(NEW, data={**form_of(first), "go": "now", "anyway": accepted, "people": "2"})
    assert second.status_code == 422
    assert "It needs at least 3 people" in pages.read(second.text).text


def test_a_plan_that_was_made_is_looked_at_likewise(mo: Planner) -> None:
    meeting_id = mo.plans()
    answer = mo.press("Start now", f"/meetings/{meeting_id}/plan", minutes="22")
    assert answer.status_code == 422
    assert f"It needs at least {31} minutes" in pages.read(answer.text).text
    assert BASIS.minutes_least is None


def test_the_lobby_says_what_the_method_cannot_be_with_those_who_are_there_and_lets_them_start(mo: Planner) -> None:
    assert mo.press("Start now", goal="Learn").status_code == 302
    [meeting_id] = mo.ids
    assert "You can start all the same." not in mo.open(f"/meetings/{meeting_id}/console").text, "nobody is there yet"
    for number, name in enumerate(("Gia", "Pete", "Ada"), 1):
        with mo.app.test_request_context():
            people.join(meeting_id, name, "en", has_agreed=True)
        page = mo.open(f"/meetings/{meeting_id}/console")
        is_told = "It needs at least 3 people" in page.text
        assert is_told == ("You can start all the same." in page.text) == (number < 3)
        assert pages.named(page, "Start"), "nothing keeps anybody from starting"
