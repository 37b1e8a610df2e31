"""What comes along to the meeting that continues another: open actions and cases nobody chose, over several meetings,
and nothing from another organisation or from a meeting whose key is gone.
"""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from facilitator.accounts.models import User
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions import accounts, outcomes, people
from facilitator.meetings.snapshot import Action
from tests.accounts_cast import make_member, make_moderator, post
from tests.cast import Cast, Meeting, Person
from tests.pages import read

pytestmark = pytest.mark.either


def with_cases(cast: Cast, continues: Meeting | None = None) -> Meeting:
    """A meeting that chooses between Gia's and Pete's case."""
    meeting = cast.meeting(case_giver=None, continues=continues)
    meeting.advance_to("pick")
    meeting.write(meeting.gia, "case", title="A starter who says nothing", urgency="now")
    meeting.write(meeting.pete, "case", title="Night shifts", question="How do I stay awake?")
    return meeting


def with_an_action(cast: Cast, continues: Meeting | None = None, group: str = "") -> Meeting:
    """A meeting in which Gia takes something on."""
    meeting = cast.meeting(continues=continues, group=group)
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    return meeting


def brought(meeting: Meeting) -> list[tuple[str, str | None]]:
    """The titles that came along, and who brought them."""
    return [(item.text("title"), item.brought_by) for item in meeting.snapshot.items if item.brought_by is not None]


def carried(meeting: Meeting) -> list[Action]:
    """The actions that came along."""
    return [action for action in meeting.actions if action.is_carried]


@pytest.mark.promise("carried-case")
def test_a_case_that_was_not_chosen_comes_along_with_its_owner_s_name(cast: Cast) -> None:
    first = with_cases(cast)
    first.reveal()
    first.next()
    assert first.snapshot.rounds[0].title == "A starter who says nothing"
    second = cast.meeting(case_giver=None, continues=first)
    assert brought(second) == [("Night shifts", "Pete")]
    assert "Night shifts" not in second.screen(second.ada), "it waits for the reveal like any other"
    second.start()
    second.reveal()
    case = next(e for e in read(second.screen(second.wall)).all("li") if "Night shifts" in e.text)
    assert "Pete" in case.text, "then everybody sees whose it is"


def test_it_comes_along_when_the_next_meeting_opens_also_where_that_was_planned_long_before(cast: Cast) -> None:
    first = with_an_action(cast)
    second = cast.meeting(continues=first, is_open=False)
    first.end()
    assert carried(second) == [], "nothing lies in a plan"
    second.steer("open", turn=0)
    assert [action.then for action in carried(second)] == ["I ask him"]


def test_a_meeting_planned_for_the_year_opens_with_what_its_group_held_last(cast: Cast) -> None:
    year = [cast.meeting(group="North", follows_group=True, is_open=False) for _ in range(3)]
    elsewhere = with_an_action(cast)
    elsewhere.end()
    year[2].steer("open", turn=0)
    assert carried(year[2]) == []
    first = with_an_action(cast, group="North")
    with_an_action(cast, group="North")  # is not over
    first.end()
    year[0].steer("open", turn=0)
    assert [action.from_seat_id for action in carried(year[0])] == [first.gia.seat_id]
    year[0].steer("start")
    year[0].end()
    year[1].steer("open", turn=0)
    assert len(carried(year[1])) == 1
    assert year[1].snapshot.continues_id == year[0].id, "from one to the next, in the order in which they are held"


def test_a_case_nobody_revealed_stays_where_it_was(cast: Cast) -> None:
    first = with_cases(cast)
    first.next()
    assert brought(cast.meeting(case_giver=None, continues=first)) == []


def test_a_case_comes_along_until_it_is_chosen(cast: Cast) -> None:
    first = with_cases(cast)
    first.reveal()
    first.next()
    chosen_before = cast.meeting(continues=first)
    chosen_before.start()
    assert "pick" not in [step.key for step in chosen_before.state.steps]
    not_revealed = cast.meeting(case_giver=None, continues=chosen_before)
    not_revealed.start()
    third = cast.meeting(case_giver=None, continues=not_revealed)
    assert brought(third) == [("Night shifts", "Pete")]
    third.advance_to("pick")
    third.reveal()
    third.next()
    assert third.snapshot.rounds[0].case_giver_id == third.pete.seat_id
    assert brought(cast.meeting(case_giver=None, continues=third)) == []


def test_a_case_that_was_taken_off_the_screen_or_put_together_with_another_stays_behind(cast: Cast) -> None:
    first = with_cases(cast)
    first.write(first.ada, "case", title="Nights")
    first.reveal()
    titles = {item.text("title"): item.id for item in first.items("case")}
    first.handle(titles["Nights"], "join", titles["Night shifts"])
    first.next()
    assert brought(cast.meeting(case_giver=None, continues=first)) == [("Night shifts", "Pete")]
    first.handle(titles["Night shifts"], "remove")
    assert brought(cast.meeting(case_giver=None, continues=first)) == []


def test_the_case_of_whoever_leads_now_is_not_chosen(cast: Cast) -> None:
    first = with_cases(cast)
    first.reveal()
    first.next()
    second = cast.meeting("Gia", "Ada", case_giver=None, continues=first)
    second.join("Pete", leads=True)
    second.advance_to("pick")
    second.write(second.ada, "case", title="Too many meetings", urgency="can_wait")
    second.reveal()
    second.next()
    assert second.snapshot.rounds[0].title == "Too many meetings"


def test_whoever_gave_a_case_longest_ago_comes_first_when_cases_tie(cast: Cast) -> None:
    first = with_cases(cast)
    first.reveal()
    first.next()
    assert first.snapshot.rounds[0].case_giver_id == first.gia.seat_id
    second = cast.meeting(case_giver=None, continues=first)
    second.advance_to("pick")
    second.write(second.gia, "case", title="Gia again")
    second.write(second.ada, "case", title="Ada for once")
    second.reveal()
    second.handle(next(item.id for item in second.items("case") if item.brought_by), "remove")
    second.next()
    assert second.snapshot.rounds[0].title == "Ada for once"


def test_an_open_action_comes_along_and_is_its_owner_s_again(cast: Cast) -> None:
    second = cast.meeting(case_giver=None, continues=with_an_action(cast))
    [action] = carried(second)
    assert (action.then, action.owner_id, action.status) == ("I ask him", second.gia.seat_id, "open")
    second.start()
    assert second.step.key == "follow_up"
    assert "I ask him" in second.screen(second.gia)


def test_what_became_of_an_action_returns_to_every_meeting_it_came_from(cast: Cast) -> None:
    first = with_an_action(cast)
    second = cast.meeting(continues=first)
    second.start()
    [action] = carried(second)
    second.write(second.gia, "effect", about=action.id, status="partly", effect="He smiled")
    third = cast.meeting(continues=second)
    third.start()
    [again] = carried(third)
    third.write(third.gia, "effect", about=again.id, status="done")
    assert [found.actions[0].status for found in (first, second, third)] == ["done", "done", "done"]
    assert carried(cast.meeting(continues=third)) == []


def test_only_its_owner_says_how_an_action_went_and_only_once(cast: Cast) -> None:
    second = cast.meeting(continues=with_an_action(cast))
    second.start()
    [action] = carried(second)
    with pytest.raises(Refused):
        second.write(second.pete, "effect", about=action.id, status="done")
    second.write(second.gia, "effect", about=action.id, status="not")
    with pytest.raises(Refused):
        second.write(second.gia, "effect", about=action.id, status="done")
    assert carried(second)[0].status == "not"


def test_an_action_whose_owner_is_not_there_waits_for_mo_to_say_whose_it_is(cast: Cast) -> None:
    second = cast.meeting("Pete", "Ada", case_giver="Pete", continues=with_an_action(cast))
    [action] = carried(second)
    assert (action.owner_id, action.owner_name) == (None, "Gia")
    second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.ada.seat_id)
    assert carried(second)[0].owner_id == second.ada.seat_id


def test_an_action_that_was_not_confirmed_or_is_no_longer_needed_stays_behind(cast: Cast) -> None:
    first = cast.meeting()
    first.advance_to("commit")
    first.take_down(first.gia, "action", then="I ask him")
    assert carried(cast.meeting(continues=first)) == []
    first.confirm(first.gia, first.actions[0].id)
    second = cast.meeting(continues=first)
    second.leave(second.gia)
    second.act(outcomes.set_status, second.mo.seat_id, carried(second)[0].id, "dropped")
    assert carried(cast.meeting(continues=second)) == []


def test_nothing_comes_from_another_organisation(cast: Cast) -> None:
    first = with_an_action(cast)
    ola = Cast(cast.app, organisation="Elders")
    with pytest.raises(Refused) as refused:
        ola.meeting(continues=first)
    assert refused.value.code == "no_such_meeting"


def test_a_meeting_whose_key_is_gone_is_gone_for_everybody(cast: Cast) -> None:
    first = with_an_action(cast)
    assert "I ask him" in first.screen(first.gia)
    with cast.app.app_context():
        sealing.keyring().destroy(first.id)
    with pytest.raises(sealing.KeyIsGone):
        _ = first.snapshot
    with pytest.raises(Refused) as refused:
        first.act(outcomes.be_buddy, first.pete.seat_id, "any", True)
    assert (refused.value.code, refused.value.status) == ("erased", 410)
    with pytest.raises(Refused) as refused:
        cast.meeting(continues=first)
    assert refused.value.code == "no_such_meeting"
    answer = first.get(first.gia)
    assert answer.status_code == 410
    assert "I ask him" not in answer.text


# -- Whose it is ---------------------------------------------------------------------------------------------------------


def with_two_annas(app: Flask) -> tuple[Meeting, Meeting, User, User]:
    """A meeting in which Anna Acker took something on and kept a case, and the lobby of the one that continues it. There is
    another Anna in the organisation.
    """
    mo, anna, another = make_moderator(app), make_member(app, "Anna"), make_member(app, "Another")
    cast = Cast(app, mo)
    first = cast.meeting("Pete", "Ada", "Bob", "Cleo", case_giver=None)
    with app.app_context():
        held = people.join(first.id, "Anna", "en", has_agreed=True, user=anna)
    first.people["Anna"] = Person("Anna", held.seat_id, held.token)
    first.advance_to("pick")
    first.write(first["Anna"], "case", title="Case of Anna")
    first.write(first.pete, "case", title="Case of Pete", urgency="now")
    first.reveal()
    first.next()
    first.advance_to("commit")
    first.write(first.pete, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    first.end()
    with app.app_context(), db.writing() as session:  # the action is hers, too
        session.scalars(select(models.Action)).one().owner_id = held.seat_id
    return first, cast.meeting("Ada", "Bob", case_giver=None, continues=first), anna, another


def joins(meeting: Meeting, name: str, user: User | None = None, earlier: tuple[str, ...] = ()) -> str:
    """Somebody comes in on a device of their own; gives their seat."""
    held = meeting.act(people.join, name, "en", True, user=user, earlier_seats=earlier, is_again=True)
    return held.seat_id


def whose(meeting: Meeting) -> tuple[str | None, str | None]:
    """The seats that the action and the case of Anna belong to."""
    case = next(item for item in meeting.snapshot.items if item.text("title") == "Case of Anna")
    return carried(meeting)[0].owner_id, case.seat_id


@pytest.mark.promise("never-by-name")
def test_another_person_with_the_same_name_gets_nothing_of_anna_s(app: Flask) -> None:
    _first, second, anna, another = with_two_annas(app)
    joins(second, "Anna")
    joins(second, "ANNA", another)
    assert whose(second) == (None, None)
    seat_id = joins(second, "Annie", anna)
    assert whose(second) == (seat_id, seat_id), "her account is what she is known by, not her name"


@pytest.mark.promise("never-by-name")
def test_the_phone_that_held_her_seat_is_enough(app: Flask) -> None:
    first, second, _anna, _another = with_two_annas(app)
    phone = first.client(first["Anna"])
    post(phone, f"/j/{second.snapshot.code}", name="Anna", agrees="y")
    owner, writer = whose(second)
    assert owner is not None
    assert (second.snapshot.name(owner), writer) == ("Anna", owner)


def test_a_phone_that_says_whose_account_it_is_gets_it_then(app: Flask) -> None:
    _first, second, anna, _another = with_two_annas(app)
    seat_id = joins(second, "Anna")
    assert whose(second) == (None, None)
    second.act(accounts.connect, seat_id, anna)
    assert whose(second) == (seat_id, seat_id)


@pytest.mark.promise("never-by-name")
def test_under_pseudonyms_nothing_tells_who_was_who(app: Flask) -> None:
    first, _second, anna, _another = with_two_annas(app)
    hidden = Cast(app, first_user(app)).meeting("Ada", "Bob", case_giver=None, continues=first, uses_pseudonyms=True)
    joins(hidden, "Fox", anna)
    assert whose(hidden) == (None, None)
    seat_id = joins(hidden, "Anna", anna)
    assert whose(hidden) == (seat_id, seat_id), "under the name they had there, there is nothing left to tell"


@pytest.mark.promise("never-by-name")
def test_the_moderator_points_out_whose_action_it_is_until_its_owner_has_answered(app: Flask) -> None:
    _first, second, _anna, _another = with_two_annas(app)
    [action] = carried(second)
    second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.ada.seat_id)
    second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.bob.seat_id)
    second.start()
    second.write(second.bob, "effect", about=action.id, status="done", effect="It helped")
    with pytest.raises(Refused, match="says_it_themselves"):
        second.act(outcomes.set_owner, second.mo.seat_id, action.id, second.ada.seat_id)
    with pytest.raises(Refused, match="says_it_themselves"):
        second.act(outcomes.set_status, second.mo.seat_id, action.id, "dropped")


def test_an_action_of_this_meeting_is_given_to_nobody_else(app: Flask) -> None:
    make_moderator(app)
    third = Cast(app, first_user(app)).meeting()
    third.advance_to("commit")
    third.write(third.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    [action] = third.actions
    with pytest.raises(Refused, match="says_it_themselves"):
        third.act(outcomes.set_owner, third.mo.seat_id, action.id, third.pete.seat_id)


def test_whoever_is_named_case_giver_does_not_get_the_case_of_another_account(app: Flask) -> None:
    _first, second, _anna, _another = with_two_annas(app)
    second.advance_to("pick")
    second.reveal()
    second.next()
    assert second.snapshot.rounds[0].title == "Case of Anna"
    assert second.snapshot.rounds[0].case_giver_id is None
    second.name_case_giver("Ada")
    assert second.snapshot.rounds[0].title == ""


def test_who_was_taken_out_gives_back_what_they_had_claimed(app: Flask) -> None:
    _first, second, anna, _another = with_two_annas(app)
    seat_id = joins(second, "Anna", anna)
    assert whose(second) == (seat_id, seat_id)
    second.expel(Person("Anna", seat_id))
    assert whose(second) == (None, None)


def test_who_is_taken_back_in_has_it_again_unless_somebody_proved_that_it_is_theirs(app: Flask) -> None:
    first, second, anna, _another = with_two_annas(app)
    phone = first["Anna"].seat_id
    seat_id = joins(second, "Anna", earlier=(phone,))
    assert whose(second) == (seat_id, seat_id)
    second.expel(Person("Anna", seat_id))
    second.take_back_in(Person("Anna", seat_id))
    assert whose(second) == (seat_id, seat_id)
    second.expel(Person("Anna", seat_id))
    hers = joins(second, "Anna", anna)
    second.take_back_in(Person("Anna", seat_id))
    assert whose(second) == (hers, hers)


def first_user(app: Flask) -> User:
    """Mo's account."""
    with app.app_context():
        return db.session.scalars(select(User).where(User.name == "Mo")).one()


@pytest.mark.promise("stays-in-the-group")
def test_what_a_group_took_on_goes_to_no_other_group(cast: Cast) -> None:
    first = cast.meeting(group="North")
    first.advance_to("commit")
    first.write(first.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    first.end()
    with pytest.raises(Refused, match="another_group"):
        cast.meeting(group="South", continues=first)
    assert len(carried(cast.meeting(group="North", continues=first))) == 1
