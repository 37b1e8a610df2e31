"""Two people who agree to be buddies: from asking to ending, and who sees anything of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from time import monotonic

import pytest
from flask import Flask
from icalendar import Calendar
from sqlalchemy import select, update

from facilitator.accounts import once
from facilitator.accounts.models import User
from facilitator.accounts.once import CLAIMED_FOR
from facilitator.arrangements.erasing import erase_due
from facilitator.arrangements.models import Arrangement, CheckIn, MomentBetween
from facilitator.arrangements.telling import remind_due, tell_due
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.retention.announcing import warn_due
from tests.accounts_cast import mails, words_in
from tests.days import pass_days
from tests.integration.calendar.test_invitations import Post
from tests.pages import read
from tests.pairs import Pairs, in_days

pytestmark = pytest.mark.either


@pytest.fixture
def pairs(app_for_all_on: Flask) -> Pairs:
    return Pairs(app_for_all_on)


@pytest.fixture
def alone(app_on: Flask) -> Pairs:
    """A house of their own: what is due is told to everybody."""
    return Pairs(app_on)


def turn_off(pairs: Pairs, who: str) -> None:
    """Their account is not to be signed in with any more."""
    with pairs.app.app_context(), db.writing() as session:
        session.execute(update(User).where(User.id == pairs.people[who].id).values(active=False))


def feed(pairs: Pairs, who: str) -> list[dict[str, str]]:
    """What the calendar of somebody reads by itself."""
    pairs.post(who, "/calendar/address")
    (address,) = re.findall(r"(/calendar/feed\.ics\?key=[^\"<\s]+)", pairs.get(who, "/calendar").text)[:1]
    events = Calendar.from_ical(pairs.app.test_client().get(address).data).walk("VEVENT")
    return [{name: str(value) for name, value in event.items()} for event in events]


@pytest.mark.promise("between-two")
def test_gia_asks_pete_he_says_yes_they_check_in_and_he_ends_it_without_a_reason(pairs: Pairs) -> None:
    where = pairs.propose("Gia", "Pete", "Learn the lathes of hall 3")
    assert "Waits for an answer" in pairs.text("Gia", "/together")
    assert "You are asked" in pairs.text("Pete", "/mine")
    assert pairs.post("Gia", f"{where}/check-ins", {"well": "Too early"}).status_code == 302
    assert "Too early" not in pairs.text("Gia", where), "nothing begins before both said yes"
    assert pairs.post("Pete", f"{where}/accept").status_code == 302
    said = {"well": "The first part", "hard": "The drawings <b>of</b> Monday", "need": ""}
    assert pairs.post("Pete", f"{where}/check-ins", said).status_code == 302
    page = pairs.text("Gia", where)
    assert "The drawings <b>of</b> Monday" in page
    assert "Learn the lathes of hall 3" in page
    assert pairs.post("Pete", f"{where}/end").status_code == 302
    page = pairs.text("Gia", where)
    assert "This is over. Nobody is asked why." in page
    assert "The drawings" in page, "until its time has come"
    assert pairs.post("Gia", f"{where}/check-ins", {"well": "Too late"}).status_code == 302
    assert "Too late" not in pairs.text("Gia", where)


@pytest.mark.promise("between-two")
def test_whoever_is_not_in_it_finds_nothing_not_even_an_administrator(pairs: Pairs) -> None:
    where = pairs.agree("Gia", "Pete", "Learn the kwinkelier")
    pairs.post("Pete", f"{where}/check-ins", {"well": "The kwinkelier turns"})
    moment = pairs.moment("Gia", where, "Behind the kwinkelier")
    assert "The kwinkelier turns" in pairs.text("Gia", where)
    for who in ("Mo", "Ada", "Ola"):
        assert pairs.get(who, where).status_code == 404
        for verb in ("accept", "end", "moments", "check-ins"):
            assert pairs.post(who, f"{where}/{verb}", {"well": "Put in"}).status_code == 404
        assert pairs.post(who, f"{moment}/suits").status_code == 404
        assert pairs.post(who, f"{moment}/remove").status_code == 404
        for page in ("/together", "/mine", "/calendar", "/organisation", "/organisation/log"):
            assert "kwinkelier" not in pairs.get(who, page).text
            assert where not in pairs.get(who, page).text
    assert "Behind the kwinkelier" in pairs.text("Pete", where), "and nothing was changed"


def test_declining_is_one_tap_and_nothing_can_be_done_with_it_any_more(pairs: Pairs) -> None:
    where = pairs.propose("Gia", "Pete")
    assert read(pairs.get("Pete", where).text).has("form", action=f"{where}/end")
    pairs.post("Pete", f"{where}/end")
    for who in ("Gia", "Pete"):
        assert "It did not come to it. Nobody is asked why." in pairs.text(who, where)
    pairs.post("Pete", f"{where}/accept")
    assert "It did not come to it" in pairs.text("Gia", where)


def test_of_three_it_begins_with_the_last_yes(pairs: Pairs) -> None:
    where = pairs.propose("Gia", "Pete", third="Mo")
    pairs.post("Pete", f"{where}/accept")
    assert "It begins as soon as everybody has said yes." in pairs.text("Pete", where)
    pairs.post("Mo", f"{where}/accept")
    page = pairs.text("Gia", where)
    assert "How is it going?" in page
    assert "You and Mo, Pete" in page
    moment = pairs.moment("Gia", where)
    pairs.post("Pete", f"{moment}/suits")
    assert "Waits for a yes" in pairs.text("Gia", where)
    pairs.post("Mo", f"{moment}/suits")
    assert "Agreed" in pairs.text("Gia", where)


def test_what_was_typed_is_kept_where_something_is_wrong_and_an_address_elsewhere_is_nobody_s(pairs: Pairs) -> None:
    there, nowhere = pairs.people["Ola"].email, "nobody@example.org"
    right = {"goal": "kept words", "until": in_days(30).isoformat(), "weeks": "1"}
    pages = []
    for email in (there, nowhere, pairs.people["Gia"].email):
        answer = pairs.post("Gia", "/together/new", {**right, "email": email})
        assert answer.status_code == 422
        assert "kept words" in answer.text
        pages.append(read(answer.text.replace(email, "")).text)
    assert len(set(pages)) == 1, "who is elsewhere, nowhere and oneself are told apart by nothing"
    to_pete = {**right, "email": pairs.people["Pete"].email}
    wrong: tuple[dict[str, str], ...] = (
        {"goal": " "},
        {"goal": "x" * 1001},
        {"until": now().date().isoformat()},
        {"until": in_days(400).isoformat()},
        {"weeks": "9"},
        {"third": pairs.people["Pete"].email},
    )
    for change in wrong:
        assert pairs.post("Gia", "/together/new", {**to_pete, **change}).status_code == 422, change
    where = pairs.agree("Gia", "Pete")
    empty = pairs.post("Gia", f"{where}/check-ins", {"well": " "})
    assert empty.status_code == 422
    assert "Answer at least one of the three." in empty.text
    late = pairs.post("Gia", f"{where}/moments", {"day": "2020-01-01", "at": "10:00", "minutes": "30", "place": "Kept"})
    assert late.status_code == 422
    assert "Kept" in late.text


@pytest.mark.promise("between-two-in-calendars")
def test_a_moment_stands_in_both_calendars_and_tells_when_and_where_only(pairs: Pairs) -> None:
    where = pairs.agree("Gia", "Pete", "Learn the kwinkelier")
    moment = pairs.moment("Gia", where, "The yard")
    for who in ("Gia", "Pete"):
        (event,) = feed(pairs, who)
        assert event["SUMMARY"] == "Facilitator: a moment together"
        assert (event["LOCATION"], event["STATUS"]) == ("The yard", "TENTATIVE")
        assert not any("kwinkelier" in value or "Pete" in value or "Gia" in value for value in event.values())
        assert "The yard" in pairs.text(who, "/calendar")
    uid = event["UID"]
    assert feed(pairs, "Mo") == []
    pairs.post("Pete", f"{moment}/suits")
    (event,) = feed(pairs, "Gia")
    assert (event["UID"], event["STATUS"]) == (uid, "CONFIRMED")
    pairs.post("Pete", f"{moment}/remove")
    assert feed(pairs, "Gia") == []
    pairs.moment("Pete", where)
    assert len(feed(pairs, "Gia")) == 1
    pairs.post("Gia", f"{where}/end")
    assert feed(pairs, "Gia") == [], "what is over stands in no calendar"


def test_a_moment_waits_for_the_yes_of_those_who_can_give_it(pairs: Pairs) -> None:
    where = pairs.propose("Gia", "Pete", third="Mo")
    for who in ("Pete", "Mo"):
        pairs.post(who, f"{where}/accept")
    of_mo, of_gia = pairs.moment("Mo", where, days=3), pairs.moment("Gia", where, days=4)
    pairs.post("Mo", f"{of_gia}/suits")
    pairs.post("Pete", f"{of_mo}/suits")
    turn_off(pairs, "Mo")
    assert [event["STATUS"] for event in feed(pairs, "Pete")] == ["TENTATIVE", "TENTATIVE"]
    assert "Agreed" not in pairs.text("Pete", where)
    pairs.post("Gia", f"{of_mo}/suits")
    pairs.post("Pete", f"{of_gia}/suits")
    assert [event["STATUS"] for event in feed(pairs, "Pete")] == ["CONFIRMED", "CONFIRMED"]
    page = pairs.text("Pete", where)
    assert page.count("Agreed") == 2
    assert "Waits for a yes" not in page


def test_a_second_check_in_on_one_day_begins_with_the_first(pairs: Pairs) -> None:
    where = pairs.agree("Gia", "Pete")
    pairs.post("Gia", f"{where}/check-ins", {"well": "Of Gia", "hard": "The lathe"})
    fields = read(pairs.get("Gia", where).text).all("textarea")
    assert [field.text.strip() for field in fields] == ["Of Gia", "The lathe", ""]
    assert not any(field.text.strip() for field in read(pairs.get("Pete", where).text).all("textarea"))


@pytest.mark.promise("between-two")
def test_words_are_sealed_and_each_takes_back_their_own(pairs: Pairs) -> None:
    where = pairs.agree("Gia", "Pete", "Know the kwinkelier")
    pairs.post("Pete", f"{where}/check-ins", {"well": "The kwinkelier"})
    pairs.post("Gia", f"{where}/check-ins", {"hard": "No kwinkelier"})
    pairs.moment("Gia", where, "At the kwinkelier")
    with pairs.app.app_context():
        arrangement_id = where.rpartition("/")[2]
        bodies = [
            *db.session.scalars(select(Arrangement.body).where(Arrangement.id == arrangement_id)),
            *db.session.scalars(select(CheckIn.body).where(CheckIn.arrangement_id == arrangement_id)),
            *db.session.scalars(select(MomentBetween.body).where(MomentBetween.arrangement_id == arrangement_id)),
        ]
        assert len(bodies) == 4
        assert not any(b"kwinkelier" in body for body in bodies)
        of_pete = select(CheckIn.id).where(CheckIn.user_id == pairs.people["Pete"].id)
        check_in = db.session.scalars(of_pete.where(CheckIn.arrangement_id == arrangement_id)).one()
    remove = f"{where}/check-ins/{check_in}/remove"
    assert pairs.post("Gia", remove).status_code == 404
    assert pairs.post("Pete", remove).status_code == 302
    page = pairs.text("Gia", where)
    assert "The kwinkelier" not in page
    assert "No kwinkelier" in page


def told(pairs: Pairs, do: Callable[[datetime], int], days: int = 0, hour: int = 12) -> list[str]:
    """What is due some days from now; whom a mail went to in this round."""
    names = {user.email: who for who, user in pairs.people.items()}
    before = {mail["Message-ID"] for mail in mails(pairs.app)}
    with pairs.app.app_context():
        moment = datetime.combine(in_days(days), time(hour), now().tzinfo)
        clock().confirm(moment)
        do(moment)
    fresh = [mail for mail in mails(pairs.app) if mail["Message-ID"] not in before]
    assert not any("kwinkelier" in words_in(mail) for mail in fresh)
    return sorted(names[mail["To"]] for mail in fresh)


@pytest.mark.promise("between-two-mails")
def test_each_is_told_once_that_they_are_asked_that_it_is_on_and_when_to_check_in(alone: Pairs) -> None:
    where = alone.propose("Gia", "Pete", "Learn the kwinkelier")
    assert told(alone, tell_due) == ["Pete"]
    assert told(alone, tell_due) == []
    (mail,) = mails(alone.app)
    assert where in words_in(mail)
    assert "Gia" not in str(mail)
    alone.post("Pete", f"{where}/accept")
    assert told(alone, tell_due) == ["Gia"]
    assert told(alone, tell_due) == []
    assert told(alone, remind_due, days=13) == []
    assert told(alone, remind_due, days=14, hour=2) == [], "nobody is reminded at night"
    assert told(alone, remind_due, days=14) == ["Gia", "Pete"]
    assert told(alone, remind_due, days=15) == []
    assert told(alone, remind_due, days=28) == ["Gia", "Pete"]
    alone.post("Pete", f"{where}/end")
    assert told(alone, remind_due, days=42) == [], "what is over asks for nothing"


@contextmanager
def post_of(app: Flask) -> Iterator[Post]:
    """A mail server in place of the folder."""
    kept, post = app.extensions["post"], Post()
    app.extensions["post"] = post
    yield post
    app.extensions["post"] = kept


def sent_late(app: Flask, monkeypatch: pytest.MonkeyPatch, do: Callable[[datetime], int], moment: datetime) -> int:
    """How many mails a server takes where the first takes longer than one may be held, and another worker begins meanwhile."""
    later, others = CLAIMED_FOR + timedelta(minutes=1), list[int]()

    def another_worker(_message: EmailMessage) -> None:
        post.meanwhile = None
        others.append(do(moment + later))

    def works_for_long(_message: EmailMessage) -> None:
        began = monotonic()
        monkeypatch.setattr(once, "monotonic", lambda: began + later.total_seconds())
        post.meanwhile = another_worker

    with post_of(app) as post, app.app_context():
        clock().confirm(moment)
        post.meanwhile = works_for_long
        do(moment)
        assert others, "another worker was there"
        return len(post.taken)


def test_what_a_worker_begins_late_is_not_taken_for_left_behind(alone: Pairs, monkeypatch: pytest.MonkeyPatch) -> None:
    alone.agree("Gia", "Pete")
    moment = datetime.combine(in_days(14), time(12), now().tzinfo)
    assert sent_late(alone.app, monkeypatch, remind_due, moment) == 2


@pytest.mark.promise("between-two-mails")
def test_an_address_that_is_refused_is_asked_again_some_hours_later(alone: Pairs) -> None:
    alone.propose("Gia", "Pete")
    with post_of(alone.app) as post, alone.app.app_context():
        post.refused, moment = {alone.people["Pete"].email}, now()
        for minutes in (0, 1, 31, 300):
            assert tell_due(moment + timedelta(minutes=minutes)) == 0
        assert post.tries == 1
        post.refused = set()
        assert tell_due(moment + timedelta(hours=7)) == 1


def test_declining_sets_off_no_mail(alone: Pairs) -> None:
    where = alone.propose("Gia", "Pete")
    assert told(alone, tell_due) == ["Pete"]
    alone.post("Pete", f"{where}/end")
    assert told(alone, tell_due) == []


@pytest.mark.promise("between-two-goes")
def test_what_they_wrote_goes_sixty_days_after_the_end_and_no_administrator_hears_of_it(alone: Pairs) -> None:
    over, on = alone.agree("Gia", "Pete"), alone.agree("Gia", "Mo", until=in_days(300).isoformat())
    alone.post("Pete", f"{over}/end")
    goes = (now() + timedelta(days=60)).strftime("%Y")
    assert "All of this is erased on" in alone.text("Gia", over)
    assert goes in alone.text("Gia", over)
    assert pass_days(alone.app, 58, warn_due, erase_due) == 0
    assert alone.get("Gia", over).status_code == 200
    assert pass_days(alone.app, 62, erase_due) == 1
    with alone.app.app_context():
        assert db.session.get(Arrangement, over.rpartition("/")[2]) is None
        assert sealing.keyring().is_destroyed(over.rpartition("/")[2])
        assert db.session.get(Arrangement, on.rpartition("/")[2]) is not None
    assert mails(alone.app) == [], "how many arrangements there are is nobody's business"


def test_what_nobody_is_left_of_goes_at_once(alone: Pairs) -> None:
    where = alone.agree("Gia", "Pete")
    with alone.app.app_context():
        with db.writing() as session:
            for who in ("Gia", "Pete"):
                session.delete(session.merge(alone.people[who]))
        assert erase_due(now()) == 1
        assert sealing.keyring().is_destroyed(where.rpartition("/")[2])


@pytest.mark.promise("between-two")
def test_the_file_about_oneself_has_one_s_own_words_and_not_the_other_s(pairs: Pairs) -> None:
    where = pairs.agree("Gia", "Pete", "Gia wants this")
    pairs.post("Gia", f"{where}/check-ins", {"well": "Gia wrote this"})
    pairs.post("Pete", f"{where}/check-ins", {"well": "Pete wrote this"})
    of_gia, of_pete = (pairs.get(who, "/account/data.json").text for who in ("Gia", "Pete"))
    assert "Gia wants this" in of_gia
    assert "Gia wrote this" in of_gia
    assert "Pete wrote this" not in of_gia
    assert "Pete wrote this" in of_pete
    assert "Gia w" not in of_pete
