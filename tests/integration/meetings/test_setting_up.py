"""Setting a meeting up, through its page: minutes that fit the time there is, another day, what comes along, and second
thoughts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.meetings import loading
from facilitator.meetings.actions import people
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods import timing
from facilitator.methods.loader import load_catalogue
from facilitator.methods.shortening import document_of
from facilitator.methods.vocabulary import Method
from facilitator.repertoire import actions
from tests import pages
from tests.accounts_cast import english, make_moderator, make_outsider, post, sign_in
from tests.cast import Cast, Meeting
from tests.pages import Element

BASIS = load_catalogue()["basis"]
NEW = "/meetings/new"
AT_THREE = "2031-03-04T15:00"


@dataclass
class Planner:
    """Somebody who is signed in, and what they do on the page of a plan."""

    app: Flask
    client: FlaskClient

    def open(self, address: str = NEW) -> Element:
        """Any page."""
        answer = self.client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)
        return pages.read(answer.text)

    def press(self, button: str, address: str = NEW, page: Element | None = None, /, **typed: str) -> TestResponse:
        """Fills something in on the page of a plan and presses a button of it."""
        [pressed] = pages.named(page or self.open(address), button)
        fields = pages.sent_by(pressed.around("form"))
        assert typed.keys() <= fields.keys(), "the page has these fields"
        return self.client.post(address, data={**fields, pressed["name"]: pressed["value"], **typed})

    def press_in_list(self, button: str) -> TestResponse:
        """Presses a button of the list of meetings."""
        [pressed] = pages.named(self.open("/meetings"), button)
        form = pressed.around("form")
        return self.client.post(form["action"], data=pages.sent_by(form))

    def asked_to_remove(self, goal: str) -> Element:
        """The form in what is asked when somebody wants to remove a plan."""
        page = self.open("/meetings")
        [button] = pages.named(page, f"Remove: {goal}")
        assert button.get("type") == "button", "it asks first"
        return page.one("dialog", id=str(button.get("data-dialog-open"))).one("form")

    def plans(self, **typed: str) -> str:
        """Plans a meeting for later; answers its id."""
        before = self.ids
        answer = self.press("Plan for later", **{"goal": "Learn", **typed})
        assert (answer.status_code, answer.location) == (302, "/meetings")
        [new] = self.ids - before
        return new

    @property
    def ids(self) -> set[str]:
        """Every meeting there is."""
        with self.app.app_context():
            return set(db.session.scalars(select(MeetingRow.id)))

    def read(self, meeting_id: str) -> Snapshot:
        """A meeting as it is now."""
        with self.app.app_context():
            return loading.read(meeting_id)


@pytest.fixture
def mo(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Planner:
    """Mo, who reads English."""
    monkeypatch.setattr(limiter, "enabled", False)
    return planner(app, Cast(app, make_moderator(app)))


def planner(app: Flask, cast: Cast) -> Planner:
    """The account of a cast at its own device."""
    client = english(app.test_client())
    assert cast.user is not None
    sign_in(client, cast.user)
    return Planner(app, client)


def form_of(answer: TestResponse) -> dict[str, str]:
    """What the page of a plan would send as it came back."""
    return pages.sent_by(pages.named(pages.read(answer.text), "Start now")[0].around("form"))


def minutes_in(fields: dict[str, str]) -> list[float]:
    """The minutes of each phase on the page, in order."""
    return [float(fields[f"phase_{phase.key}"]) for phase in BASIS.phases]


def minutes_of(meeting: Snapshot) -> list[float]:
    """The minutes of each step of a meeting."""
    return [step.planned / 60 for step in meeting.state.steps]


# -- Minutes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [45, 60, 90, 120])
def test_fitting_to_the_time_fills_it_with_the_phases_and_keeps_what_was_typed(mo: Planner, minutes: int) -> None:
    typed = {"goal": "Learn to guide", "minutes": str(minutes), "place": "Room 2", "planned_for": AT_THREE}
    answer = mo.press("Fit to the time", **typed, names="pseudonyms", locale="nl", capacity="9", group="North")
    assert answer.status_code == 200
    fields = form_of(answer)
    assert sum(minutes_in(fields)) + BASIS.lobby_minutes == minutes
    assert {name: fields[name] for name in typed} == typed
    assert (fields["names"], fields["locale"], fields["capacity"], fields["group"]) == (
        "pseudonyms",
        "nl",
        "9",
        "North",
    )
    assert mo.ids == set(), "nothing is set up yet"


def test_fitting_to_the_time_scales_every_phase_but_the_last_ten_minutes(mo: Planner) -> None:
    usual = [phase.minutes for phase in BASIS.phases]
    fitted = minutes_in(form_of(mo.press("Fit to the time", minutes="90")))
    assert fitted[-3:] == usual[-3:] == [3, 4, 3]
    assert all(longer > before for longer, before in zip(fitted[:-3], usual[:-3], strict=True))


def test_what_was_fitted_is_what_the_meeting_gets(mo: Planner) -> None:
    page = mo.press("Fit to the time", goal="Learn", minutes="90")
    mo.press("Plan for later", NEW, pages.read(page.text))
    [meeting_id] = mo.ids
    assert minutes_of(mo.read(meeting_id)) == minutes_in(form_of(page))


def test_a_time_alone_scales_the_phases_as_well(mo: Planner) -> None:
    meeting = mo.read(mo.plans(minutes="90"))
    assert sum(minutes_of(meeting)) + BASIS.lobby_minutes == 90
    assert minutes_of(meeting) == minutes_in(form_of(mo.press("Fit to the time", minutes="90")))


def test_minutes_somebody_edited_are_kept_to_the_half_whatever_the_time_is(mo: Planner) -> None:
    meeting = mo.read(mo.plans(phase_story="7.5", minutes="90"))
    expected = [7.5 if phase.key == "story" else phase.minutes for phase in BASIS.phases]
    assert minutes_of(meeting) == expected


def test_a_time_that_is_no_time_is_not_fitted_and_says_why(mo: Planner) -> None:
    answer = mo.press("Fit to the time", goal="Learn", minutes="5")
    assert "Choose between 20 and 480 minutes." in answer.text
    fields = form_of(answer)
    assert (fields["goal"], fields["minutes"]) == ("Learn", "5")
    assert minutes_in(fields) == [phase.minutes for phase in BASIS.phases]


# -- Another day -------------------------------------------------------------------------------------------------------


def test_a_meeting_for_later_is_on_the_list_at_its_hour_and_opens_when_mo_opens_it(mo: Planner) -> None:
    meeting_id = mo.plans(goal="Learn to guide", planned_for=AT_THREE)
    planned = mo.read(meeting_id)
    assert planned.state.status == "planned"
    with mo.app.app_context():
        assert db.session.get_one(MeetingRow, meeting_id).planned_for == datetime(2031, 3, 4, 14, tzinfo=UTC)
    listed = mo.open("/meetings").one("section", aria_labelledby="planned-title").text
    assert "Learn to guide" in listed
    assert "4 March, 15:00" in listed
    assert not has_a_door(mo, planned.code), "nobody comes in yet"
    answer = mo.press_in_list("Open the lobby of: Learn to guide")
    assert mo.open(answer.location).one("main", id="stage")["data-kind"] == "lobby"
    assert has_a_door(mo, planned.code)
    page = mo.open("/meetings")
    assert not page.has("section", aria_labelledby="planned-title")
    assert "Learn to guide" in page.one("section", aria_labelledby="live-title").text


def test_a_plan_that_is_opened_already_leads_to_its_console(mo: Planner) -> None:
    meeting_id = mo.plans()
    mo.press_in_list("Open the lobby of: Learn")
    answer = mo.client.get(f"/meetings/{meeting_id}/plan")
    assert (answer.status_code, answer.location) == (302, f"/meetings/{meeting_id}/console")


# -- How it is held ----------------------------------------------------------------------------------------------------


def test_the_language_that_was_chosen_is_the_meeting_s(mo: Planner) -> None:
    assert mo.read(mo.plans(locale="nl")).locale == "nl"
    assert mo.read(mo.plans(locale="en")).locale == "en"


def test_names_people_make_up_are_kept(mo: Planner) -> None:
    answer = mo.press("Start now", goal="Learn", names="pseudonyms")
    assert answer.status_code == 302
    [meeting_id] = mo.ids
    meeting = mo.read(meeting_id)
    assert meeting.names == "pseudonyms"
    assert mo.read(mo.plans()).names == "names"


def test_what_it_continues_brings_its_open_actions_along(app: Flask, mo: Planner) -> None:
    earlier = with_an_action(Cast(app, account_at(mo)))
    assert mo.press("Start now", goal="Learn", continues=earlier.id).status_code == 302
    [meeting_id] = set(mo.ids) - {earlier.id}
    meeting = mo.read(meeting_id)
    assert [(action.then, action.owner_name, action.is_carried) for action in meeting.actions] == [
        ("I ask him", "Gia", True)
    ]
    assert mo.read(mo.plans()).actions == ()


def test_only_own_meetings_that_ended_can_be_continued(app: Flask, mo: Planner) -> None:
    earlier = with_an_action(Cast(app, account_at(mo)))
    running = Cast(app, account_at(mo)).meeting()
    offered = {option["value"] for option in mo.open().one("select", id="continues").all("option")}
    assert offered == {"", "last", earlier.id}
    ola = planner(app, Cast(app, make_outsider(app)))
    assert earlier.id not in ola.client.get(NEW).text
    for planner_, meeting in ((ola, earlier), (mo, running)):
        before = mo.ids
        assert planner_.press("Plan for later", goal="Learn", continues=meeting.id).status_code == 422
        assert mo.ids == before


# -- Second thoughts ---------------------------------------------------------------------------------------------------


def test_a_plan_comes_back_as_it_was_typed_and_can_be_changed(app: Flask, mo: Planner) -> None:
    earlier = with_an_action(Cast(app, account_at(mo)))
    typed = {"goal": "Learn", "place": "Room 2", "planned_for": AT_THREE, "capacity": "9", "names": "pseudonyms"}
    more = {"wifi_name": "Guests", "wifi_password": "come in please", "locale": "nl", "continues": earlier.id}
    meeting_id = mo.plans(**typed, **more, phase_story="7.5")
    address = f"/meetings/{meeting_id}/plan"
    fields = pages.sent_by(pages.named(mo.open(address), "Start now")[0].around("form"))
    assert {name: fields[name] for name in (*typed, *more)} == {**typed, **more}
    assert fields["phase_story"] == "7.5"
    code = mo.read(meeting_id).code
    changed = {"goal": "Learn more", "planned_for": "2031-03-05T09:30", "phase_clarify": "15", "continues": ""}
    assert mo.press("Plan for later", address, **changed).location == "/meetings"
    meeting = mo.read(meeting_id)
    assert (meeting.goal, meeting.code, meeting.actions) == ("Learn more", code, ())
    lengths = {step.key: step.planned / 60 for step in meeting.state.steps}
    assert (lengths["story"], lengths["clarify"]) == (7.5, 15)
    assert "5 March, 09:30" in mo.open("/meetings").text


def test_the_password_of_no_wi_fi_is_not_passed_over_in_silence(mo: Planner) -> None:
    answer = mo.press("Plan for later", goal="Learn", wifi_password="come in please")
    assert answer.status_code == 422
    assert "Fill in the name of this Wi-Fi as well." in answer.text
    assert mo.ids == set()


def test_a_plan_is_fitted_to_the_time_as_a_new_meeting_is(mo: Planner) -> None:
    meeting_id = mo.plans(goal="Learn")
    before = mo.read(meeting_id)
    answer = mo.press("Fit to the time", f"/meetings/{meeting_id}/plan", goal="Learn more", minutes="90")
    assert answer.status_code == 200
    fields = form_of(answer)
    assert sum(minutes_in(fields)) + BASIS.lobby_minutes == 90
    assert fields["goal"] == "Learn more"
    assert "Change the plan" in pages.read(answer.text).one("h1").text
    unchanged = mo.read(meeting_id)
    assert (unchanged.goal, minutes_of(unchanged)) == ("Learn", minutes_of(before)), "nothing is kept yet"


def test_starting_now_from_a_plan_opens_its_lobby_with_what_was_changed(mo: Planner) -> None:
    meeting_id = mo.plans()
    answer = mo.press("Start now", f"/meetings/{meeting_id}/plan", goal="Learn more")
    assert answer.location == f"/meetings/{meeting_id}/console"
    meeting = mo.read(meeting_id)
    assert (meeting.goal, meeting.state.status) == ("Learn more", "lobby")


@pytest.mark.promise("plan-goes")
def test_a_plan_that_is_removed_is_gone_with_its_key(mo: Planner) -> None:
    meeting_id = mo.plans()
    form = mo.asked_to_remove("Learn")
    answer = mo.client.post(form["action"], data=pages.sent_by(form))
    assert answer.location == "/meetings"
    assert mo.ids == set()
    with mo.app.app_context():
        assert not sealing.keyring().holds(meeting_id)
    assert mo.client.get(f"/meetings/{meeting_id}/plan").status_code == 404


def test_a_meeting_that_opened_is_neither_changed_nor_removed(mo: Planner) -> None:
    meeting_id = mo.plans()
    page = mo.open(f"/meetings/{meeting_id}/plan")
    form = mo.asked_to_remove("Learn")
    mo.press_in_list("Open the lobby of: Learn")
    mo.press("Plan for later", f"/meetings/{meeting_id}/plan", page, goal="Learn more")
    assert mo.read(meeting_id).goal == "Learn"
    assert mo.client.post(form["action"], data=pages.sent_by(form)).status_code == 409
    assert mo.ids == {meeting_id}


def has_a_door(planner: Planner, code: str) -> bool:
    """Whether a visitor with the code comes in."""
    visitor = english(planner.app.test_client())
    answer = post(visitor, f"/j/{code}", name="Pete", agrees="y")
    return answer.status_code == 302


def account_at(planner: Planner) -> User:
    """Whose meetings these are."""
    with planner.app.app_context():
        return db.session.scalars(select(User).where(User.name == "Mo")).one()


def with_an_action(cast: Cast) -> Meeting:
    """A meeting that ended, in which Gia took something on."""
    meeting = cast.meeting()
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    meeting.end()
    return meeting


def test_a_moderator_with_a_long_name_opens_a_meeting(cast: Cast) -> None:
    meeting = cast.meeting(is_open=False)
    name = "Marie-Louise van den Heuvel-Oosterhuis van Zuylen tot Nijevelt en Hoogland"
    held = meeting.act(people.moderator_seat, name, "nl", None)
    seat = meeting.snapshot.seat(held.seat_id)
    assert seat is not None
    assert seat.name == name, "whole"


# -- Another method ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", load_catalogue().values(), ids=lambda method: method.key)
def test_whoever_chooses_another_method_gets_its_phases_in_the_time_there_is(mo: Planner, method: Method) -> None:
    minutes = max(70, -int(-timing.least_minutes(method) // 1) + 10)
    meeting = mo.read(mo.plans(method=method.key, minutes=str(minutes)))
    assert meeting.method_key == method.key
    first = [step for step in meeting.state.steps if step.round_id in (None, meeting.rounds[0].id)]
    assert [step.key for step in first] == [phase.key for phase in timing.counted(method.phases)]
    turns = timing.turns(method)
    assert len(meeting.rounds) == turns
    assert 0 <= minutes - sum(minutes_of(meeting)) - method.lobby_minutes < turns * len(method.phases) / 2


@pytest.mark.parametrize("method", load_catalogue().values(), ids=lambda method: method.key)
def test_without_another_time_a_method_takes_its_own(mo: Planner, method: Method) -> None:
    meeting = mo.read(mo.plans(method=method.key))
    first = [step.planned / 60 for step in meeting.state.steps if step.round_id in (None, meeting.rounds[0].id)]
    assert first == [phase.minutes for phase in timing.counted(method.phases)]
    assert sum(minutes_of(meeting)) + method.lobby_minutes == timing.together(
        method, [phase.minutes for phase in timing.counted(method.phases)], timing.turns(method)
    )


def test_the_page_says_of_each_method_what_it_is_good_for(mo: Planner) -> None:
    page = mo.open().text
    for method in load_catalogue().values():
        assert method.text("en").title in page
        assert method.text("en").suits in page


# -- Several cases -----------------------------------------------------------------------------------------------------


def test_a_second_case_has_its_own_method_and_minutes_and_the_time_there_is_grows_along(mo: Planner) -> None:
    page = mo.open()
    stood = int(pages.named(page, "Start now")[0].around("form").all("input", name="minutes")[0]["value"])
    answer = mo.press("Take this case up", case_2_method="consultancy", case_2_minutes="40")
    fields = form_of(answer)
    assert (fields["case_2_method"], fields["minutes"]) == ("consultancy", str(stood + 40))
    assert "case_3_method" in fields, "one more can be added"
    found = mo.read(mo.plans(case_2_method="consultancy", case_2_minutes="40"))
    assert [one.method_key for one in found.rounds] == ["basis", "consultancy"]
    second = [step.planned / 60 for step in found.state.steps if step.round_id == found.rounds[1].id]
    assert sum(second) == 40
    assert sum(minutes_of(found)) + BASIS.lobby_minutes == stood + 40


def test_a_time_that_was_typed_stays_and_the_first_case_gets_what_is_left(mo: Planner) -> None:
    found = mo.read(mo.plans(case_2_method="consultancy", case_2_minutes="40", minutes="90"))
    assert sum(minutes_of(found)) + BASIS.lobby_minutes == 90


def test_a_further_case_takes_as_long_as_its_method_where_nothing_is_typed(mo: Planner) -> None:
    found = mo.read(mo.plans(case_2_method="five_step"))
    second = sum(step.planned / 60 for step in found.state.steps if step.round_id == found.rounds[1].id)
    method = load_catalogue()["five_step"]
    assert second == 3 + sum(phase.minutes for phase in method.phases if phase.part == "round")


def test_a_plan_shows_its_cases_again_and_one_can_be_taken_out(mo: Planner) -> None:
    taken_up = mo.press("Take this case up", goal="Learn", case_2_method="consultancy", case_2_minutes="40")
    page = pages.read(taken_up.text)
    mo.press("Plan for later", NEW, page, case_3_method="basis")
    [planned] = mo.ids
    address = f"/meetings/{planned}/plan"
    fields = pages.sent_by(pages.named(mo.open(address), "Start now")[0].around("form"))
    assert (fields["case_2_method"], fields["case_2_minutes"], fields["case_3_method"]) == (
        "consultancy",
        "40",
        "basis",
    )
    mo.press("Plan for later", address, case_2_method="")
    found = mo.read(planned)
    assert [one.method_key for one in found.rounds] == ["basis", "basis"]
    assert sum(minutes_of(found)) + BASIS.lobby_minutes == float(fields["minutes"]) - 40


@pytest.mark.parametrize("minutes", ["0", "1e9", "NaN", "-3", "forty"])
def test_minutes_of_a_case_that_are_none_are_named_and_nothing_typed_is_lost(mo: Planner, minutes: str) -> None:
    answer = mo.press("Start now", goal="Learn", case_2_method="consultancy", case_2_minutes=minutes)
    assert answer.status_code == 422
    fields = form_of(answer)
    assert (fields["goal"], fields["case_2_method"], fields["case_2_minutes"]) == ("Learn", "consultancy", minutes)
    assert mo.ids == set()


def test_a_method_nobody_knows_is_no_further_case(mo: Planner) -> None:
    answer = mo.press("Start now", goal="Learn", case_2_method="no_such")
    assert answer.status_code == 422
    assert mo.ids == set()


# -- Everybody client in turn ------------------------------------------------------------------------------------------


def test_where_everybody_is_client_the_time_is_that_of_a_round_for_each_person_expected(mo: Planner) -> None:
    method = load_catalogue()["action_learning"]
    fields = form_of(mo.press("Fit to the time", method="action_learning"))
    assert float(fields["minutes"]) == timing.usual_minutes(method)
    page = pages.read(mo.press("Fit to the time", method="action_learning").text)
    again = form_of(mo.press("Take this case up", NEW, page, people="6"))
    assert float(again["minutes"]) == timing.usual_minutes(method, 6)
    mo.press("Plan for later", NEW, page, goal="Learn", people="6")
    [planned] = mo.ids
    found = mo.read(planned)
    assert [one.is_in_turn for one in found.rounds] == [True] * 6
    assert sum(minutes_of(found)) + method.lobby_minutes == timing.usual_minutes(method, 6)
    address = f"/meetings/{planned}/plan"
    shown = pages.sent_by(pages.named(mo.open(address), "Start now")[0].around("form"))
    assert (shown["people"], float(shown["minutes"])) == ("6", timing.usual_minutes(method, 6))


# -- A method that is not any more what it was -------------------------------------------------------------------------


def own_method_of(planner: Planner, like: str, title: str) -> str:
    """A method of Mo's organisation that is offered; answers its key."""
    with planner.app.app_context():
        document = document_of(load_catalogue()[like])
        english_texts = {**document["texts"]["en"], "title": title}
        key = actions.bring(account_at(planner), {**document, "texts": {**document["texts"], "en": english_texts}})
        actions.take_into_use(account_at(planner), key)
    return key


def erase(planner: Planner, key: str) -> None:
    """Takes a method away for good."""
    with planner.app.app_context():
        actions.put_away(account_at(planner), key, True)
        actions.erase(account_at(planner), key)


def phases_of(meeting: Snapshot) -> list[tuple[object, float, int | None]]:
    """The phases of a meeting as it keeps them, how long each is planned, and of which case it is."""
    numbers = {around.id: around.number for around in meeting.rounds}
    return [(meeting.phases[step.id], step.planned, numbers.get(step.round_id or "")) for step in meeting.state.steps]


@pytest.mark.parametrize("like", ["basis", "action_learning", "consultancy", "tietze"])
def test_a_plan_keeps_its_method_and_its_further_cases_when_these_are_gone(mo: Planner, like: str) -> None:
    first, second = own_method_of(mo, like, "Our hour"), own_method_of(mo, "consultancy", "Our other way")
    further = {"case_2_method": second, "case_2_minutes": "35"} if like != "action_learning" else {}
    meeting_id = mo.plans(planned_for=AT_THREE, method=first, minutes="140", **further)
    before = mo.read(meeting_id)
    for key in (first, second):
        erase(mo, key)
    address = f"/meetings/{meeting_id}/plan"
    page = mo.open(address)
    fields = pages.sent_by(pages.named(page, "Start now")[0].around("form"))
    assert fields["method"] == first
    assert "Our hour" in page.text
    assert f"/methods/{first}" not in str([link.get("href") for link in page.all("a")]), "that page is gone"
    assert mo.press("Plan for later", address, place="Room 2").location == "/meetings"
    after = mo.read(meeting_id)
    assert after.place == "Room 2"
    assert (after.method_key, after.method) == (before.method_key, before.method)
    assert [(one.method_key, one.method_titles) for one in after.rounds] == [
        (one.method_key, one.method_titles) for one in before.rounds
    ]
    assert phases_of(after) == phases_of(before)


def test_what_only_a_further_case_keeps_is_no_method_for_a_meeting(mo: Planner) -> None:
    second = own_method_of(mo, "consultancy", "Our other way")
    meeting_id = mo.plans(planned_for=AT_THREE, case_2_method=second, minutes="140")
    erase(mo, second)
    address = f"/meetings/{meeting_id}/plan"
    choices = {
        select["name"]: [one["value"] for one in select.all("option")] for select in mo.open(address).all("select")
    }
    assert second in choices["case_2_method"]
    assert second not in choices["method"]
    assert mo.press("Plan for later", address, method=second).status_code == 422
    assert mo.read(meeting_id).method_key == "basis"


def in_another_order(draft: dict[str, Any]) -> dict[str, Any]:
    """The same number of phases: two changed places, and one is another."""
    phases = {phase["kind"]: phase for phase in draft["phases"]}
    wanted = ("follow_up", "pick", "story", "diagnose", "clarify", "advise", "choose", "commit", "silence", "evaluate")
    silence = {"kind": "silence", "minutes": 6.0, "part": "closing"}
    return {**draft, "phases": [phases.get(kind, silence) for kind in wanted]}


def test_the_minutes_of_a_plan_go_with_their_phases_when_a_method_is_put_in_another_order(mo: Planner) -> None:
    key = own_method_of(mo, "basis", "Our hour")
    meeting_id = mo.plans(planned_for=AT_THREE, method=key)
    address = f"/meetings/{meeting_id}/plan"
    assert mo.press("Plan for later", address, phase_clarify="14", phase_diagnose="9.5").status_code == 302
    before = {name: text for name, text in form_of(mo.client.get(address)).items() if name.startswith("phase_")}
    assert (before["phase_clarify"], before["phase_diagnose"]) == ("14.0", "9.5")
    with mo.app.app_context():
        actions.change(account_at(mo), key, actions.seen(None), lambda _draft: None, in_another_order)
        actions.take_into_use(account_at(mo), key)
    after = {name: text for name, text in form_of(mo.client.get(address)).items() if name.startswith("phase_")}
    assert list(after).index("phase_clarify") > list(after).index("phase_diagnose"), "they changed places"
    del before["phase_learn"]
    assert after == {**before, "phase_silence": "6.0"}, "what is new takes as long as the method says"


def test_another_method_for_a_plan_has_its_own_minutes_also_where_it_has_as_many_phases(mo: Planner) -> None:
    key = own_method_of(mo, "basis", "Our hour")
    meeting_id = mo.plans(planned_for=AT_THREE, method=key)
    address = f"/meetings/{meeting_id}/plan"
    assert mo.press("Plan for later", address, phase_story="14").status_code == 302
    assert minutes_in(form_of(mo.press("Propose methods", address, method="basis"))) == [
        phase.minutes for phase in BASIS.phases
    ]
