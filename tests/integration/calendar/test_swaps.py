"""Members swap turns among themselves, with one tap each; whatever happened meanwhile is asked again at the yes."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from facilitator.accounts.once import forget_old
from facilitator.calendar import swaps
from facilitator.calendar.models import Swap
from facilitator.core.db import db, now
from facilitator.core.refusals import Refused
from facilitator.groups.models import Group
from facilitator.meetings.models import Meeting
from facilitator.meetings.turns import CASE_GIVER, MODERATOR, NOTE_TAKER
from tests.accounts_cast import link_in, mails, make_member, post, words_in
from tests.contract.everybody import signed_in
from tests.integration.calendar.conftest import North
from tests.integration.calendar.test_rota import chosen, console, divide, held, page
from tests.pages import read

pytestmark = pytest.mark.either
NOT_POSSIBLE = "This swap is not possible any more"


@pytest.fixture
def year(north: North) -> North:
    """Three meetings: Mo, Pete and Ada moderate one each, in this order, and nobody does anything else."""
    north.comes_in(north.mo)
    north.plans()
    found = read(north.browsers["Mo"].get(f"/groups/{north.id}/rota/divide").text)
    nothing = {one["name"]: "" for one in found.all("select")}
    turns = [chosen(north, n, MODERATOR, user.id) for n, user in enumerate((north.mo, north.pete, north.ada))]
    assert divide(north, **{**nothing, **turns[0], **turns[1], **turns[2]}) == 302
    return north


def moderators(north: North) -> list[str]:
    return [held(north, number) for number in range(3)]


def asks(north: North, name: str, gives: int, wants: int, role: str = MODERATOR) -> str:
    """Somebody presses the button of a swap; answers what the page says then."""
    ids = [north.appointments[number].meeting_id for number in (gives, wants)]
    where = f"/groups/{north.id}/rota/swap"
    post(north.browsers[name], where, ask=f"{ids[0]}:{ids[1]}:{role}")
    return page(north, name)


def answers(north: North, name: str, says: str = "yes") -> str:
    """Somebody answers the swap that was asked last, whether it is theirs to answer or not."""
    with north.app.app_context():
        swap_id = db.session.scalars(select(Swap.id).where(Swap.answer == "")).first() or "none"
    post(north.browsers[name], f"/groups/{north.id}/rota/swap", swap=swap_id, says=says)
    return page(north, name)


def link(north: North) -> str:
    """The link of the mail that waits to go out."""
    with north.app.app_context():
        assert swaps.tell_due(now()) == 1
        assert swaps.tell_due(now()) == 0, "once"
    (mail,) = (mail for mail in mails(north.app) if "/swap/" in words_in(mail))
    assert mail["To"] == "ada@example.org"
    assert "Pete" not in words_in(mail)
    return link_in(mail)


def stranger(north: North) -> FlaskClient:
    found = north.app.test_client()
    found.set_cookie("lang", "en")
    return found


def test_one_tap_asks_and_one_tap_swaps(year: North) -> None:
    offered = read(year.browsers["Pete"].get(f"/groups/{year.id}/rota").text)
    assert [one.text.partition(":")[0] for one in offered.all("button", name="ask")] == ["Ask Mo", "Ask Ada"]
    assert "You asked Ada for a swap" in asks(year, "Pete", 1, 2)
    assert moderators(year) == ["Mo", "Pete", "Ada"], "asking changes nothing"
    assert "Pete asks for a swap" in page(year, "Ada")
    assert "Somebody would swap a turn with you." in year.browsers["Ada"].get("/").text
    assert "asks for a swap" not in page(year, "Mo")
    assert "You swapped." in answers(year, "Ada")
    assert moderators(year) == ["Mo", "Ada", "Pete"]
    assert "Pete has this turn by a swap." in page(year)
    assert divide(year) == 302
    assert moderators(year) == ["Mo", "Ada", "Pete"], "no proposal moves what was swapped"
    assert Counter(moderators(year)).most_common(1)[0][1] == 1


@pytest.mark.promise("swaps")
def test_the_link_of_the_mail_answers_without_signing_in_and_opening_it_changes_nothing(year: North) -> None:
    asks(year, "Pete", 1, 2)
    at, reader = link(year), stranger(year)
    for _scanner in range(2):
        assert "Pete asks to swap turns with you." in reader.get(at).text
    assert moderators(year) == ["Mo", "Pete", "Ada"]
    assert "You swapped." in post(reader, at, says="yes").text or "You swapped." in reader.get(at).text
    assert moderators(year) == ["Mo", "Ada", "Pete"]
    assert "You swapped." in reader.get(at).text, "it says so afterwards, too"
    with year.app.app_context():
        assert swaps.tell_due(now()) == 1, "whoever asked is told"
    assert reader.get("/swap/guessed").status_code == 404


def test_a_mail_about_a_swap_goes_out_once_also_years_before_the_meeting(year: North) -> None:
    """What remembers mails forgets them after two months."""
    asks(year, "Pete", 1, 2)
    for mails_of in ("the asking", "the answer"):
        with year.app.app_context():
            assert swaps.tell_due(now()) == 1, mails_of
            forget_old(now() + timedelta(days=61))
            assert swaps.tell_due(now()) == 0, mails_of
        answers(year, "Ada")


def test_no_is_fine_and_an_asking_is_taken_back(year: North) -> None:
    asks(year, "Pete", 1, 2)
    assert "You keep your turn. That is fine." in answers(year, "Ada", "no")
    assert "for a swap" not in page(year, "Pete")
    assert "You asked Ada for a swap" in asks(year, "Pete", 1, 2), "one may ask anew"
    with year.app.app_context():
        swap_id = db.session.scalars(select(Swap.id)).one()
    post(year.browsers["Pete"], f"/groups/{year.id}/rota/swap", back=swap_id)
    assert "asks for a swap" not in page(year, "Ada")
    assert moderators(year) == ["Mo", "Pete", "Ada"]


@pytest.mark.promise("swaps")
def test_nobody_answers_for_another_or_gives_what_is_not_theirs(year: North) -> None:
    asks(year, "Pete", 1, 2)
    for name in ("Pete", "Mo"):
        assert NOT_POSSIBLE in answers(year, name)
    assert NOT_POSSIBLE in asks(year, "Mo", 1, 2)
    assert NOT_POSSIBLE in asks(year, "Pete", 1, 1)
    bob = signed_in(year.app, make_member(year.app, "Bob"))
    assert post(bob, f"/groups/{year.id}/rota/swap", says="yes").status_code == 404
    assert moderators(year) == ["Mo", "Pete", "Ada"]


def declines(north: North, name: str, number: int) -> None:
    post(north.browsers[name], f"/meetings/{north.appointments[number].meeting_id}/when/answer", says="no")


def spares(north: North, name: str) -> None:
    post(north.browsers[name], f"/groups/{north.id}/rota/spared", role=MODERATOR)


def swaps_before(north: North) -> None:
    ids = [north.appointments[number].meeting_id or "" for number in (1, 0)]
    with north.app.app_context():
        swaps.ask(north.pete, swaps_group(north), swaps.Wish(MODERATOR, *ids))
        swap_id = db.session.scalars(select(Swap.id).where(Swap.wants_id == ids[1])).one()
        swaps.answer(swap_id, north.mo.id, "yes")


def swaps_group(north: North) -> Group:
    return db.session.get_one(Group, north.id)


def opens(north: North, number: int) -> None:
    with north.app.app_context(), db.writing() as session:
        session.execute(
            update(Meeting).where(Meeting.id == north.appointments[number].meeting_id).values(status="lobby")
        )


def brings_case(north: North) -> None:
    assert divide(north, **chosen(north, 1, CASE_GIVER, north.ada.id)) == 302


MEANWHILE: dict[str, tuple[Callable[[North], object], str | None]] = {
    "the other declined": (lambda north: declines(north, "Ada", 1), "Ada cannot come to this meeting."),
    "whoever asked declined": (lambda north: declines(north, "Pete", 1), NOT_POSSIBLE),
    "the other left": (lambda north: north.leaves(north.ada), None),
    "whoever asked left": (lambda north: north.leaves(north.pete), NOT_POSSIBLE),
    "a role is not theirs any more": (lambda north: spares(north, "Pete"), NOT_POSSIBLE),
    "somebody swapped before": (swaps_before, NOT_POSSIBLE),
    "the meeting opened": (lambda north: opens(north, 2), NOT_POSSIBLE),
    "the meeting was cancelled": (lambda north: north.cancels(1), NOT_POSSIBLE),
    "they bring the case there": (brings_case, "cannot moderate the meeting in which"),
}


@pytest.mark.parametrize("what", MEANWHILE)
def test_everything_is_asked_again_at_the_yes(year: North, what: str) -> None:
    asks(year, "Pete", 1, 2)
    at = link(year)
    happens, says = MEANWHILE[what]
    happens(year)
    before = [held(year, n) if year.appointments[n].meeting_id else "" for n in range(3)]
    answer = post(stranger(year), at, says="yes")
    assert answer.status_code in (409, 410)
    assert says is None or says in answer.text
    assert stranger(year).get(at).status_code in (409, 410)
    assert [held(year, n) if year.appointments[n].meeting_id else "" for n in range(3)] == before


def test_of_two_at_once_one_swaps_and_the_other_is_refused(year: North) -> None:
    asks(year, "Pete", 1, 2)
    asks(year, "Pete", 1, 0)
    with year.app.app_context():
        found = [(swap.id, swap.asked_of) for swap in db.session.scalars(select(Swap))]
    said: list[str] = []
    start = threading.Barrier(2)

    def says_yes(swap_id: str, user_id: str) -> None:
        with year.app.app_context():
            start.wait()
            try:
                swaps.answer(swap_id, user_id, "yes")
            except Refused as refused:
                said.append(refused.code)
            else:
                said.append("swapped")

    both = [threading.Thread(target=says_yes, args=one) for one in found]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(said) == ["swap_changed", "swapped"]
    assert sorted(moderators(year)) == ["Ada", "Mo", "Pete"]


def test_the_console_goes_with_the_turn(year: North) -> None:
    assert year.browsers["Pete"].get(console(year, 1), follow_redirects=True).status_code == 200
    asks(year, "Pete", 1, 2)
    answers(year, "Ada")
    assert year.browsers["Pete"].get(console(year, 1)).status_code == 404
    assert year.browsers["Ada"].get(console(year, 1), follow_redirects=True).status_code == 200
    assert year.browsers["Pete"].get(console(year, 2), follow_redirects=True).status_code == 200


def test_only_turns_of_one_role_are_swapped(year: North) -> None:
    assert divide(year, **chosen(year, 2, NOTE_TAKER, year.mo.id)) == 302
    assert NOT_POSSIBLE in asks(year, "Pete", 1, 2, NOTE_TAKER)
