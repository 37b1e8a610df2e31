"""Whoever leads looks at what a phone shows: the picture knows nothing of what its owner wrote, tapped, noted or told."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.meetings import rules
from facilitator.meetings.actions import signals
from facilitator.meetings.seen import seen_by
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import CaseGiverState, MarkKind, Warmth
from tests import pages
from tests.cast import Cast, Meeting, Person, new_op, plausible
from tests.pages import Element, without_tokens

METHODS = tuple(load_catalogue())
FEW = (
    "basis",
    "codev",
    "incident",
    "socratic",
)  # of each method it is asked in the walk through all of them, for secrecy


@pytest.fixture
def cast(app: Flask) -> Cast:
    """One database is enough: nothing is stored."""
    return Cast(app)


def picture(meeting: Meeting, person: Person) -> str:
    answer = meeting.get(meeting.mo, f"see?seat={person.seat_id}")
    assert answer.status_code == 200
    return without_tokens(answer.text)


def phone(page: str) -> Element:
    return pages.read(page).one("section", **{"class": "phone"})


def does_what_stays_hidden(meeting: Meeting, person: Person) -> int:
    """Everything somebody can do in this phase that nobody else sees yet; how much that was. A sign and a note of one's own always are."""
    done = 2
    for form in meeting._forms(person):
        about = meeting._own_action(person) if form.about_actions else ""
        if not form.is_open:
            fields = {one.name: plausible(person, form, one) for one in form.fields}
            meeting.send(person, meeting.sent(form.key, about=about, fields=fields))
            done += 1
    found = meeting.known
    seat = found.seat(person.seat_id)
    assert seat is not None
    marks = seen_by(found, seat).marks
    if marks is not None and marks.kind is not MarkKind.BUDDY:
        for item in rules.markable(found)[:1]:
            meeting.mark(person, item.id, warmth=Warmth.WARM if marks.kind is MarkKind.WARMTH else "")
            done += 1
    meeting.act(signals.give, person.seat_id, "unsafe")
    meeting.post(person, "notebook", op=new_op(), base="", text="Noted by myself")
    return done


@pytest.mark.promise("seen-as")
@pytest.mark.parametrize("key", METHODS)
def test_nothing_of_their_own_changes_what_is_seen(cast: Cast, key: str) -> None:
    meeting = cast.meeting(method=key)
    meeting.start()
    done = 0
    while True:
        for person in (meeting.pete, meeting.gia):
            before = picture(meeting, person)
            done += does_what_stays_hidden(meeting, person)
            assert picture(meeting, person) == before, (meeting.step.key, person.name)
        meeting.play_step()
        if meeting.state.is_last:
            break
        meeting.next()
    assert done > 3, "there was something to see"


@pytest.mark.promise("seen-as")
@pytest.mark.parametrize("key", FEW)
def test_whoever_leads_reads_nothing_in_it_that_is_on_no_screen_of_theirs(cast: Cast, key: str) -> None:
    """Words that are private or hidden are looked for; those that are out are there, and stand as everybody's."""
    meeting = cast.meeting(method=key)
    meeting.start()
    found = set()
    while True:
        meeting.fill()
        hidden = {
            str(item.fields[field.name])
            for item in meeting.known.items
            if (form := meeting.known.phases[item.step_id].form(item.form)) is not None
            for field in form.fields
            if item.fields.get(field.name) and (field.is_private or not item.is_revealed)
            if isinstance(item.fields[field.name], str) and " of " in str(item.fields[field.name])
        }
        for moment in ("before", "after"):
            for person in (meeting.pete, meeting.gia):
                words = phone(picture(meeting, person)).text
                private = hidden if moment == "before" else set()
                assert not [text for text in private if text in words], (meeting.step.key, person.name)
                found |= {text for text in ("of Pete", "of Gia", "of Ada") if text in words}
            meeting.play_step()
        if meeting.state.is_last:
            break
        meeting.next()
    assert {"of Pete", "of Ada"} <= found, "what is out is there, also what they wrote themselves"


def test_a_case_giver_s_own_scales_are_not_in_it(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.play_to("evaluate")
    meeting.play_step()
    assert "Only you see this." in meeting.screen(meeting.gia)
    assert "from 10 to 10" in meeting.screen(meeting.gia)
    assert "from 10 to 10" not in phone(picture(meeting, meeting.gia)).text


def test_it_is_the_screen_of_this_very_place_at_the_table(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.add_without_phone("Dirk")
    meeting.give_role(meeting.ada, "timekeeper")
    meeting.advance_to("advise")
    name = "Dirk"
    while name == "Dirk":  # whoever has the floor first is drawn by lot
        meeting.next_speaker()
        name = meeting.snapshot.name(meeting.step.speaker)
    assert "It is your turn" in phone(picture(meeting, meeting[name])).text
    other = next(one for one in (meeting.pete, meeting.bob) if one.name != name)
    assert "It is your turn" not in phone(picture(meeting, other)).text
    assert "You watch the time" in phone(picture(meeting, meeting.ada)).text
    giver = next(p for p in load_catalogue()["basis"].phases if p.key == "advise")
    assert giver.case_giver is not CaseGiverState.SPEAKS
    assert phone(picture(meeting, meeting.gia)).one("div", id="stage")["data-audience"] == "case_giver"


@pytest.mark.promise("seen-as")
def test_nothing_in_it_can_be_sent(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    assert pages.read(meeting.screen(meeting.pete)).all("form"), "there was something to press"
    seen = phone(picture(meeting, meeting.pete))
    assert seen.all("form") == []
    assert [one for one in seen.all("a") if one.get("href")] == []
    controls = [one for tag in ("button", "input", "textarea", "select") for one in seen.all(tag)]
    assert controls
    assert all("disabled" in one.attributes for one in controls)


def test_it_is_offered_to_whoever_leads_for_everybody_who_has_a_phone(cast: Cast) -> None:
    meeting = cast.meeting("Gia", "Pete")
    dirk = meeting.add_without_phone("Dirk")
    meeting.start()
    links = {a.get("href") for a in pages.read(meeting.screen(meeting.mo)).all("a")}
    address = f"/meetings/{meeting.id}/see?seat="
    assert {f"{address}{one.seat_id}" for one in (meeting.gia, meeting.pete)} <= links
    assert f"{address}{dirk.seat_id}" not in links
    assert [a.text for a in pages.read(meeting.get(meeting.mo, "see").text).all("a", href="?") or []] == []
    assert meeting.get(meeting.mo, "see").status_code == 200, "and without a name it begins with the first"
    other = cast.meeting("Gia", "Pete")
    for seat_id in (dirk.seat_id, other.pete.seat_id, meeting.mo.seat_id, meeting.wall.seat_id, "none"):
        assert meeting.get(meeting.mo, f"see?seat={seat_id}").status_code == 404
    for person in (meeting.pete, meeting.wall, other.mo):
        assert meeting.get(person, f"see?seat={meeting.gia.seat_id}").status_code == 404
