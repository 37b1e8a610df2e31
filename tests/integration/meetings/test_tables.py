"""A meeting that is divided into tables: from the lobby to everybody together again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from facilitator.core import sealing
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules, table_ids
from facilitator.meetings.actions import dividing, doors, steering
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.methods import rounds
from facilitator.methods.loader import load_catalogue
from facilitator.proof.content import Role
from facilitator.proof.counting import count
from facilitator.retention.deadlines import Kind
from facilitator.retention.erasing import ERASE
from tests import pages
from tests.cast import Cast, Meeting, Person
from tests.days import pass_days
from tests.reports_pages import pages_of
from tests.two_seats import join

BASIS, TROIKA = load_catalogue()["basis"], load_catalogue()["troika"]
SEVEN = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Eva")


FURTHER = PlannedCase(BASIS, rounds.in_minutes(rounds.further_case(TROIKA, BASIS), 40))


def divided(cast: Cast, *names: str) -> Meeting:
    """People in the lobby, at tables as they sit."""
    meeting = cast.meeting(*names, method="troika", case_giver=None, turns=3)
    assert meeting.post(meeting.mo, "tables", do="order").status_code == 200
    return meeting


def apart(cast: Cast, *names: str) -> Meeting:
    """People at their tables, in the first story."""
    meeting = divided(cast, *(names or SEVEN[:6]))
    meeting.advance_to("at_the_tables")
    return meeting


def at(meeting: Meeting) -> list[str]:
    """Who sits at a table."""
    return [seat.name for seat in rules.participants(meeting.snapshot)]


def run(*tables: Meeting) -> list[bool]:
    """Whether the clock runs at each table."""
    return [table.state.is_clock_running for table in tables]


@pytest.mark.promise("tables-report")
def test_six_people_work_in_two_trios_and_come_together_again(cast: Cast) -> None:
    meeting = cast.meeting(*SEVEN[:6], method="troika", case_giver=None, turns=3)
    assert "Divide into tables" in meeting.screen(meeting.mo)
    meeting.post(meeting.mo, "tables", do="order")
    meeting.start()
    assert meeting.step.key == "reflect"
    meeting.next()
    first, second = meeting.table(1), meeting.table(2)
    assert (at(first), at(second)) == (["Gia", "Pete", "Ada"], ["Bob", "Cleo", "Dirk"])
    assert [step.key for step in first.state.steps] == ["story", "clarify", "consult", "choose"] * 3
    moved = meeting.get(meeting.gia)
    assert (moved.status_code, moved.location) == (302, f"/meetings/{first.id}/phone")
    assert "Tell your case" in first.get(first.gia).text or first.get(first.gia).status_code == 200
    for one in (first, second):
        while not one.state.is_last:
            one.play_step()
            one.next()
    meeting.next()
    back = first.get(first.gia)
    assert (back.status_code, back.location) == (302, f"/meetings/{meeting.id}/phone")
    assert meeting.get(meeting.gia).status_code == 200
    assert meeting.step.key == "learn"
    meeting.play_step()
    meeting.end()
    assert {one.state.status for one in (meeting, first, second)} == {"ended"}
    assert first.get(first.gia, "report").status_code == 200
    gia = replace(meeting.gia, seat_id=f"{meeting.gia.seat_id}-2")
    assert second.get(gia, "report").status_code == 404
    assert f"/meetings/{first.id}/mine" in meeting.screen(meeting.gia)
    assert "The report of your case" in first.get(first.gia, "mine").text


@pytest.mark.parametrize(
    ("count", "sizes"), [(6, [3, 3]), (7, [3, 4]), (8, [4, 4]), (9, [3, 3, 3]), (14, [3, 3, 4, 4])]
)
def test_nobody_is_left_over_and_no_table_is_too_small(cast: Cast, count: int, sizes: list[int]) -> None:
    meeting = apart(cast, *(*SEVEN, "Fay", "Guy", "Hal", "Ida", "Jan", "Kim", "Lea")[:count])
    tables = [meeting.table(number) for number in range(1, len(sizes) + 1)]
    assert [len(at(table)) for table in tables] == sizes
    assert sorted(name for table in tables for name in at(table)) == sorted(
        person.name for person in meeting.participants
    )
    assert [len(table.snapshot.rounds) for table in tables] == sizes, "each is client once"


@pytest.mark.promise("tables")
def test_what_is_said_at_a_table_stays_there(cast: Cast) -> None:
    meeting = apart(cast)
    first, second = meeting.table(1), meeting.table(2)
    first.write(first.gia, "question", question="MARZIPAN?")
    assert "MARZIPAN" in first.screen(first.pete)
    for one in (meeting, second):
        for name, person in one.people.items():
            if one is meeting or name in at(second):
                assert "MARZIPAN" not in one.screen(person), name
    bob = replace(meeting.bob, seat_id=f"{meeting.bob.seat_id}-1")
    assert first.get(bob).location == "/j?without=seat"
    assert first.post(bob, "contribute").status_code == 403
    assert first.get(bob, "report").status_code == 404


def test_tables_move_together_or_one_by_one(cast: Cast) -> None:
    meeting = apart(cast)
    first, second = meeting.table(1), meeting.table(2)

    def move(name: str, *tables: Meeting) -> int:
        seen = " ".join(f"{table.id[-1]}:{table.state.turn}" for table in tables)
        return meeting.post(meeting.mo, "tables", move=name, at=seen).status_code

    assert move("next", first, second) == 200
    assert (first.step.key, second.step.key) == ("clarify", "clarify")
    assert move("next", first) == 200
    assert (first.step.key, second.step.key) == ("consult", "clarify")
    assert "behind" in meeting.screen(meeting.mo)
    assert move("pause", second) == 200
    assert run(first, second) == [True, False]
    assert move("end", first) == 422
    assert meeting.post(meeting.mo, "tables", move="next", at="1:0").status_code == 409
    assert meeting.post(meeting.mo, "tables", move="next", at="7:0").status_code == 422
    meeting.steer("pause")
    assert run(first, second) == [False, False]
    meeting.steer("resume")
    assert run(first, second) == [True, True]
    meeting.next()
    meeting.steer("undo")
    assert [table.state.status for table in (first, second)] == ["running", "running"]
    assert first.step.key == "consult"


def test_dividing_is_taken_back_and_done_otherwise(cast: Cast) -> None:
    meeting = divided(cast, *SEVEN)
    before = [(s.key, s.planned) for s in cast.meeting(*SEVEN, method="troika", case_giver=None, turns=3).state.steps]
    tables = {seat.name: seat.table for seat in meeting.snapshot.seats if seat.kind == "participant"}
    assert tables == dict(zip(SEVEN, (1, 1, 1, 2, 2, 2, 2), strict=True))
    refused = meeting.post(meeting.mo, "tables", do="place", seat=meeting.gia.seat_id, to="2")
    assert refused.status_code == 409
    assert "too few people" in refused.text
    assert meeting.post(meeting.mo, "tables", do="place", seat=meeting.bob.seat_id, to="1").status_code == 200
    meeting.post(meeting.mo, "tables", do="place", seat=meeting.gia.seat_id, to=meeting["Eva"].seat_id)
    tables = {seat.name: seat.table for seat in meeting.snapshot.seats if seat.kind == "participant"}
    assert (tables["Bob"], tables["Gia"], tables["Eva"]) == (1, 2, 1)
    assert meeting.post(meeting.mo, "tables", do="undo").status_code == 200
    assert [(s.key, s.planned) for s in meeting.state.steps] == before
    assert meeting.post(meeting.mo, "tables", do="random").status_code == 200
    meeting.advance_to("at_the_tables")
    assert meeting.post(meeting.mo, "tables", do="undo").status_code == 409


def test_too_few_people_for_two_tables_are_told_so(cast: Cast) -> None:
    meeting = cast.meeting(*SEVEN[:5], method="troika", case_giver=None, turns=3)
    assert "Divide into tables" not in meeting.screen(meeting.mo)
    with pytest.raises(Refused, match="too_few_for_tables"):
        meeting.act(dividing.divide, meeting.mo.seat_id)
    other = cast.meeting(*SEVEN, method="basis")
    with pytest.raises(Refused, match="no_tables"):
        other.act(dividing.divide, other.mo.seat_id)


def test_whoever_comes_late_gets_a_place_and_whoever_leaves_is_told_of(cast: Cast) -> None:
    meeting = apart(cast)
    late = meeting.join("Late")
    meeting.admit(late)
    assert "Late has no table yet" in meeting.screen(meeting.mo)
    assert "you get a place at a table" in meeting.screen(late)
    meeting.post(meeting.mo, "tables", do="place", seat=late.seat_id, to="2")
    first, second = meeting.table(1), meeting.table(2)
    assert at(second) == ["Bob", "Cleo", "Dirk", "Late"]
    assert meeting.get(late).location == f"/meetings/{second.id}/phone"
    assert first.post(first.pete, "leave").status_code == 200
    assert at(first) == ["Gia", "Ada"]
    assert "Pete left. There are 2 people at this table now." in " ".join(meeting.screen(meeting.mo).split())
    assert "You have left" in first.screen(first.pete) or first.get(first.pete).status_code == 200
    assert first.post(first.pete, "return").status_code == 200
    meeting.admit(meeting.pete)
    assert at(first) == ["Gia", "Pete", "Ada"]
    meeting.expel(meeting.ada)
    assert first.get(first.ada).location == "/j?without=seat"
    assert first.post(first.ada, "contribute").status_code == 403


def comes_again_at(meeting: Meeting, name: str, number: int) -> Person:
    """Somebody who lost their phone comes in with another one, and is given a place at a table before anybody knows."""
    first, again = meeting[name], meeting.join(name, is_again=True)
    meeting.people |= {name: first, f"{name} again": again}
    meeting.admit(again)
    if number:
        meeting.post(meeting.mo, "tables", do="place", seat=again.seat_id, to=str(number))
    return again


def devices_at(table: Meeting, *people: Person) -> list[Person]:
    """Phones that hold the first one's seat, as they hold it at a table."""
    seat_id = table_ids.seat_at(people[0].seat_id, table_ids.number_of(table.id))
    return [replace(one, seat_id=seat_id) for one in people]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_somebody_who_came_in_again_sits_at_one_table_once(cast: Cast, number: int) -> None:
    meeting = apart(cast)
    again = comes_again_at(meeting, "Pete", number)
    before = [at(meeting.table(1)), at(meeting.table(2))]
    join(meeting, again, meeting.pete)
    first, second = meeting.table(1), meeting.table(2)
    assert any("Pete 2" in names for names in before) == (number > 0), "there was somebody to see"
    assert (at(first), at(second)) == (["Gia", "Pete", "Ada"], ["Bob", "Cleo", "Dirk"])
    for device in devices_at(first, meeting.pete, again):
        assert meeting.get(replace(device, seat_id=meeting.pete.seat_id)).location == f"/meetings/{first.id}/phone"
        assert first.get(device).status_code == 200
    meeting.post(meeting.mo, "people", do="part", seat=again.seat_id)
    assert [at(meeting.table(1)), at(meeting.table(2))] == before
    if number:
        own = replace(again, seat_id=table_ids.seat_at(again.seat_id, number))
        assert meeting.table(number).get(own).status_code == 200
    meeting.next()
    join(meeting, again, meeting.pete)
    assert [first.get(device, "mine").status_code for device in devices_at(first, meeting.pete, again)] == [200, 200]


@pytest.mark.promise("joined-seats")
@pytest.mark.parametrize("says", ["yes", "no"])
def test_what_was_written_at_another_table_comes_along_and_is_opened_by_proof(cast: Cast, says: str) -> None:
    meeting = apart(cast)
    again = comes_again_at(meeting, "Gia", 2)
    second = meeting.table(2)
    second.name_case_giver("Gia again")
    second.write(second["Gia again"], "question", question="MARZIPAN?")
    join(meeting, again, meeting.gia)

    def whose() -> set[str | None]:
        return {second.snapshot.rounds[0].case_giver_id, *(item.seat_id for item in second.items("question"))}

    def reads() -> list[bool]:
        found = [replace(meeting.gia, token=device.token) for device in (meeting.gia, again)]
        return ["MARZIPAN" in meeting.get(device, "mine/data.json").text for device in found]

    giver, other = (table_ids.seat_at(person.seat_id, 2) for person in (meeting.gia, again))
    assert whose() == {giver}
    assert reads() == [False, False]
    assert meeting.post(meeting.gia, "same", value=says, seat=again.seat_id).status_code == 200
    assert second.snapshot.hands == {}
    if says == "yes":
        assert (whose(), reads()) == ({giver}, [True, True])
    else:
        assert whose() == {giver, other}, "the case stays, what was written goes along"
        assert "MARZIPAN" in meeting.get(again, "mine/data.json").text


def test_the_moderator_looks_at_a_table_and_hands_all_of_them_over(cast: Cast) -> None:
    meeting = apart(cast)
    first, old = meeting.table(1), meeting.mo
    console = pages.read(first.get(first.mo).text)
    assert pages.named(console, "Next phase"), "it is the console of that table"
    assert "All tables" in console.text
    assert not pages.named(console, "End meeting")
    assert not first.state.is_last
    with pytest.raises(Refused, match="not_at_a_table"):
        first.act(steering.steer, first.mo.seat_id, "end", first.state.turn)
    offer = meeting.act(doors.offer_handover, old.seat_id)
    taken = meeting.act(doors.take_over, offer.token, "Ola", "en", None)
    meeting.people["Ola"] = replace(old, name="Ola", seat_id=taken.seat_id, token=taken.token)
    assert meeting.table(1).get(meeting.table(1)["Ola"]).status_code == 200
    assert first.get(first.mo).status_code == 404
    assert first.post(first.mo, "steer", move="pause", turn=str(first.state.turn)).status_code == 403
    assert meeting.post(old, "tables", move="next", at="1:0").status_code == 403


def test_a_table_has_no_door_and_no_attendance_of_its_own(cast: Cast) -> None:
    meeting = apart(cast)
    first = meeting.table(1)
    with cast.app.app_context():
        code = db.session.get_one(models.Meeting, first.id).code
    newcomer = meeting.client(meeting.gia).get(f"/j/{code}")
    assert newcomer.location == f"/meetings/{meeting.id}/phone"
    for page in ("presence", "handover", "members"):
        assert first.get(first.mo, page).location == f"/meetings/{meeting.id}/{page}"
    assert first.client(first.mo).post(f"/meetings/{first.id}/takeback").status_code in (400, 404)
    plain = meeting.get(meeting.gia, "phone?plain=1")
    assert plain.location == f"/meetings/{first.id}/phone?plain=1", "also without a script"


def test_own_notes_and_own_data_are_of_the_meeting_and_its_tables(cast: Cast) -> None:
    meeting = divided(cast, *SEVEN[:6])
    meeting.start()
    assert meeting.post(meeting.gia, "notebook", text="TURRON", op="1" * 32).status_code == 200
    meeting.next()
    first, second = meeting.table(1), meeting.table(2)
    assert "TURRON" in first.get(first.gia).text
    assert "TURRON" not in first.get(first.pete).text
    first.write(first.gia, "question", question="MARZIPAN?")
    second.write(second.bob, "question", question="NOUGAT?")
    data = meeting.get(meeting.gia, "mine/data.json").text
    assert "MARZIPAN" in data
    assert "TURRON" in data
    assert "NOUGAT" not in data


@pytest.mark.promise("tables-erased")
def test_what_is_erased_of_a_meeting_is_erased_of_its_tables(cast: Cast) -> None:
    meeting = apart(cast)
    first = meeting.table(1)
    first.write(first.gia, "question", question="MARZIPAN?")
    meeting.end()
    assert cast.user is not None
    organisation = cast.user.organisation_id
    with cast.app.app_context():
        assert sealing.keyring().holds(first.id)
        assert ERASE[Kind.MEETING](organisation, meeting.id)
        assert not sealing.keyring().holds(first.id)
        assert not db.session.scalars(
            select(models.Contribution).where(models.Contribution.meeting_id == first.id)
        ).all()


@pytest.mark.promise("tables-erased")
def test_a_meeting_goes_with_the_last_of_its_tables(cast: Cast) -> None:
    """Its own report was approved; one table has not said yes to theirs, and has its time for it."""
    meeting = apart(cast)
    for number in (1, 2):
        table = meeting.table(number)
        table.write(table[at(table)[0]], "question", question="MARZIPAN?")
    meeting.next()
    meeting.end()
    assert pages_of(meeting, meeting.mo).send("", "approve", do="finish").status_code == 303
    pass_days(cast.app, 45)
    assert [len(meeting.table(number).snapshot.items) for number in (1, 2)] == [1, 1]
    assert meeting.get(meeting.gia, "mine").status_code == 200
    pass_days(cast.app, 61)
    with cast.app.app_context():
        assert db.session.scalars(select(models.Meeting.erased_at)).all().count(None) == 0


def test_attendance_counts_everybody_once_however_the_tables_paused(cast: Cast) -> None:
    meeting = apart(cast)
    first = meeting.table(1)
    first.steer("pause")
    meeting.next()
    meeting.end()
    assert meeting.get(meeting.mo, "presence").status_code == 200
    with cast.app.app_context():
        counted = count(db.session(), db.session.get_one(models.Meeting, meeting.id), now())
    assert counted.held is not None
    assert counted.held.method == "Troika"
    assert len(counted.people) == 7
    assert len({person.stay.minutes for person in counted.people if person.stay}) == 1
    assert [person.name for person in counted.people if person.role is Role.CASE_GIVER] == ["Gia", "Bob"]
    assert "Troika" in meeting.get(meeting.mo, "report").text
    dutch = meeting.client(meeting.mo, "nl").get(f"/meetings/{meeting.id}/report").text
    assert "Troika" in dutch
    assert "Bedenk je vraag" in dutch, "its phases have the words of the reader, too"


def test_a_meeting_with_another_case_says_what_can_be_done_instead(cast: Cast) -> None:
    meeting = cast.meeting(*SEVEN, method="troika", case_giver=None, turns=3, cases=(FURTHER,))
    refused = meeting.post(meeting.mo, "tables", do="order")
    assert refused.status_code == 409
    assert "plan the other case as a meeting of its own" in refused.text


@pytest.mark.promise("seen-as")
def test_a_phone_is_seen_at_the_table_where_it_is(cast: Cast) -> None:
    meeting = apart(cast)
    second = meeting.table(2)
    second.write(second.bob, "question", question="NOUGAT?")
    found = meeting.get(meeting.mo, f"see?seat={meeting.bob.seat_id}")
    assert found.location == f"/meetings/{second.id}/see?seat={second.bob.seat_id}"
    seen = second.get(second.mo, f"see?seat={second.bob.seat_id}")
    assert "What the phone of Bob shows now" in seen.text
    assert "Gia" not in pages.read(seen.text).one("nav", **{"aria-label": "People"}).text, (
        "those of the other table are there"
    )
    meeting.next()
    back = second.get(second.mo, f"see?seat={second.bob.seat_id}")
    assert back.location == f"/meetings/{meeting.id}/see?seat={meeting.bob.seat_id}"


@pytest.mark.promise("tables")
def test_whoever_goes_to_another_table_hears_nothing_more_of_the_first(cast: Cast) -> None:
    meeting = apart(cast)
    first, second = meeting.table(1), meeting.table(2)
    meeting.post(meeting.mo, "tables", do="place", seat=meeting.pete.seat_id, to="2")
    first.write(first.gia, "question", question="MARZIPAN?")
    assert "MARZIPAN" in first.screen(first.ada)
    client = first.client(first.pete)
    for address in ("phone", "now?view=phone", "phone?plain=1", "report", "mine"):
        assert "MARZIPAN" not in client.get(f"/meetings/{first.id}/{address}").text, address
    answer = first.post(first.pete, "contribute", form="question", step=first.step.id, op="2" * 32, question="Mine?")
    assert answer.status_code in (403, 409)
    assert second.get(replace(first.pete, seat_id=f"{meeting.pete.seat_id}-2")).status_code == 200


def test_what_was_taken_on_at_a_table_stays_with_whoever_took_it_on(cast: Cast) -> None:
    commit = BASIS.phase("commit")
    assert commit is not None
    [action] = commit.forms
    plain = action.model_copy(update={"fields": tuple(f.model_copy(update={"starts_as": None}) for f in action.fields)})
    kept = commit.model_copy(update={"forms": (plain,)})
    own = TROIKA.model_copy(update={"phases": (*TROIKA.phases[:-1], kept, TROIKA.phases[-1])})
    meeting = cast.meeting(*SEVEN[:6], method=own, case_giver=None, turns=3)
    meeting.post(meeting.mo, "tables", do="order")
    meeting.advance_to("at_the_tables")
    second = meeting.table(2)
    second.advance_to("commit")
    second.write(second.bob, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    meeting.end()
    assert "I ask him" in second.get(second.bob, "mine").text
    later = cast.meeting(*SEVEN[:6], continues=meeting)
    assert later.actions == (), "the other table never heard of it"
