"""Two people at the same moment: every race has one winner, and the other hears so. Real threads, both databases."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import event

from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings.actions import doors, outcomes, people, steering, writing
from tests.cast import Cast, Meeting, new_op
from tests.phones import device

Outcome = tuple[str, object]


def at_once(app: Flask, *acts: Callable[[], object]) -> list[Outcome]:
    """Does all of it at the same moment; gives `done` with the result, or `refused` with the code, in order."""
    barrier = threading.Barrier(len(acts))
    outcomes: list[Outcome] = [("", None)] * len(acts)

    def run(index: int, act: Callable[[], object]) -> None:
        with app.app_context():
            barrier.wait(timeout=10)
            try:
                outcomes[index] = ("done", act())
            except Refused as refused:
                outcomes[index] = ("refused", refused.code)

    threads = [threading.Thread(target=run, args=(i, act)) for i, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert all(how for how, _ in outcomes), "somebody got no answer"
    return outcomes


@pytest.fixture
def app(app_for_all_on: Flask) -> Flask:
    """An application on SQLite, and one on PostgreSQL."""
    return app_for_all_on


@pytest.fixture
def meeting(app: Flask) -> Meeting:
    found = Cast(app).meeting()
    found.advance_to("clarify")
    return found


def test_two_who_press_next_at_once_move_the_group_once_while_phones_write(app: Flask, meeting: Meeting) -> None:
    state, clarify = meeting.state, meeting.step
    for _ in range(100):
        turn, here = state.turn, state.here
        move = "next" if not state.is_last else "back"

        def press(move: str = move, turn: int = turn) -> object:
            return steering.steer(meeting.id, meeting.mo.seat_id, move, turn)

        def note(seat: str = meeting.pete.seat_id) -> object:
            sent = meeting.sent("question", fields={"question": "What then?"}, step=clarify)
            return writing.contribute(meeting.id, seat, sent)

        results = at_once(app, press, press, note)[:2]
        assert sorted(how for how, _ in results) == ["done", "refused"]
        assert ("refused", "moved_already") in results
        state = meeting.state
        assert abs(state.here - here) == 1
        assert state.turn == turn + 1


def test_a_double_tap_stores_one_text(app: Flask, meeting: Meeting) -> None:
    for number in range(2):
        sent = meeting.sent("question", op=new_op(), fields={"question": f"What happened then, {number}?"})
        results = at_once(app, *[lambda sent=sent: writing.contribute(meeting.id, meeting.pete.seat_id, sent)] * 3)
        assert [how for how, _ in results] == ["done"] * 3
        assert sum(item.text("question") == sent.fields["question"] for item in meeting.items()) == 1


def test_an_anonymous_double_tap_stores_one_text(app: Flask, meeting: Meeting) -> None:
    meeting.advance_to("evaluate")
    sent = meeting.sent("evaluation", op=new_op(), fields={"safe": 4, "line": "Fine"})
    results = at_once(app, *[lambda: writing.contribute(meeting.id, meeting.pete.seat_id, sent)] * 3)
    assert [how for how, _ in results] == ["done"] * 3
    assert len(meeting.items("evaluation")) == 1


def test_two_texts_at_once_keep_to_the_limit(app: Flask, meeting: Meeting) -> None:
    texts = [meeting.sent("question", fields={"question": f"Question {n}?"}) for n in range(4)]
    results = at_once(
        app, *[lambda sent=sent: writing.contribute(meeting.id, meeting.ada.seat_id, sent) for sent in texts]
    )
    assert sorted(how for how, _ in results) == ["done", "done", "refused", "refused"]
    assert sum(item.seat_id == meeting.ada.seat_id for item in meeting.items("question")) == 2


def test_two_who_want_the_last_seat_get_one_between_them(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia", "Pete", capacity=3)
    results = at_once(app, *[lambda n=n: people.join(meeting.id, n, "en", True) for n in ("Ada", "Ola")])
    assert sorted(how for how, _ in results) == ["done", "refused"]
    assert ("refused", "full") in results


def test_of_two_who_share_a_name_one_has_it(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia")
    results = at_once(app, *[lambda: people.join(meeting.id, "Ada", "en", True)] * 3)
    assert sorted(how for how, _ in results) == ["done", "refused", "refused"]
    assert ("refused", "name_taken") in results


def test_whoever_comes_in_again_is_told_apart(app: Flask) -> None:
    meeting = Cast(app).meeting("Gia")
    at_once(app, *[lambda: people.join(meeting.id, "Ada", "en", True, is_again=True)] * 3)
    names = [seat.name for seat in meeting.snapshot.seats if seat.name.startswith("Ada")]
    assert sorted(names) == ["Ada", "Ada 2", "Ada 3"]


def test_of_two_buddies_the_first_who_taps_it_is(app: Flask, meeting: Meeting) -> None:
    meeting.advance_to("commit")
    meeting.write(meeting.gia, "action", when_if="he is silent", then="I ask him")
    [action] = meeting.actions
    acts = [lambda p=p: outcomes.be_buddy(meeting.id, p.seat_id, action.id, True) for p in (meeting.pete, meeting.ada)]
    results = at_once(app, *acts)
    assert sorted(how for how, _ in results) == ["done", "refused"]
    assert meeting.actions[0].buddy_id in (meeting.pete.seat_id, meeting.ada.seat_id)


def test_the_lead_is_handed_over_to_one_person(app: Flask, meeting: Meeting) -> None:
    with app.app_context():
        token = doors.offer_handover(meeting.id, meeting.mo.seat_id).token
    acts = [
        lambda p=p: doors.take_over(meeting.id, token, p.name, "en", p.seat_id) for p in (meeting.pete, meeting.ada)
    ]
    results = at_once(app, *acts)
    assert sorted(how for how, _ in results) == ["done", "refused"]
    leading = [s for s in meeting.snapshot.seats if s.kind == "moderator" and not s.has_left]
    assert len(leading) == 1
    with pytest.raises(Refused):
        meeting.next()


def test_a_room_screen_is_paired_once(app: Flask, meeting: Meeting) -> None:
    with app.app_context():
        token, code = doors.offer_wall()
        doors.pair_wall(meeting.id, meeting.mo.seat_id, code)
    results = at_once(app, *[lambda: doors.take_wall(token, "en")] * 3)
    assert sum(seat is not None for _, seat in results) == 1


def test_of_two_meetings_that_confirm_one_room_screen_only_one_gets_it(app: Flask) -> None:
    cast = Cast(app)
    meetings = [cast.meeting("Gia"), cast.meeting("Pete")]
    for _ in range(10):
        with app.app_context():
            token, code = doors.offer_wall()
        acts = [lambda m=m, code=code: doors.pair_wall(m.id, m.mo.seat_id, code) for m in meetings]
        results = at_once(app, *acts)
        assert sorted(how for how, _ in results) == ["done", "refused"]
        with app.app_context():
            taken = doors.take_wall(token, "en")
        assert taken
        assert taken.meeting_id == meetings[[how for how, _ in results].index("done")].id


def test_two_who_confirm_the_same_room_screen_for_one_meeting_both_succeed(app: Flask, meeting: Meeting) -> None:
    with app.app_context():
        token, code = doors.offer_wall()
    acts = [lambda: doors.pair_wall(meeting.id, meeting.mo.seat_id, code)] * 2
    assert [how for how, _ in at_once(app, *acts)] == ["done", "done"]
    with app.app_context():
        assert doors.take_wall(token, "en") is not None


def test_two_meetings_may_start_the_same_group_at_once(app: Flask) -> None:
    cast = Cast(app)
    for number in range(5):
        acts = [lambda n=number: cast.meeting("Gia", group=f"Group {n}") for _ in range(3)]
        assert [how for how, _ in at_once(app, *acts)] == ["done"] * 3


def test_an_op_id_two_meetings_share_is_stored_in_one_of_them(app: Flask) -> None:
    cast = Cast(app)
    meetings = [cast.meeting(), cast.meeting()]
    for found in meetings:
        found.advance_to("evaluate")
    op = new_op()
    acts = [
        lambda m=m: m.send(m.pete, m.sent("evaluation", op=op, fields={"safe": 4, "line": "Fine"})) for m in meetings
    ]
    results = at_once(app, *acts)
    assert max(results, key=str) == ("refused", "op_reused")
    assert sum(len(found.items("evaluation")) for found in meetings) == 1


def test_no_request_of_a_live_page_holds_two_connections(cast: Cast) -> None:
    """Else, where everybody sends at the same moment, each would wait for a second one that the others hold."""
    meeting = cast.meeting()
    meeting.advance_to("clarify")
    held: list[int] = [0]
    with meeting.app.app_context():
        engine = db.engine
    event.listen(engine, "checkout", lambda *_: held.append(held[-1] + 1))
    event.listen(engine, "checkin", lambda *_: held.append(held[-1] - 1))
    ada, mo = device(meeting, meeting.ada, "nl"), device(meeting, meeting.mo)
    for one in (ada, mo):
        assert one.get(one.address).status_code == 200
    step = meeting.step.id
    assert ada.post("contribute", new_op(), step=step, form="question", question="What then?").status_code == 200
    assert mo.post("steer", new_op(), move="next", turn=str(meeting.state.turn)).status_code == 200
    assert max(held) == 1
