"""Who follows a theme is told of questions about it: at once or once a day, once each, and never by who is left out."""

from __future__ import annotations

from datetime import datetime, time, timedelta

import pytest
from flask import Flask

from facilitator.accounts import mail
from facilitator.archive.talk import token_to_stop
from facilitator.core import sealing
from facilitator.core.clock import clock
from facilitator.core.db import db, now
from facilitator.questions.models import Question
from facilitator.questions.telling import THEMES, tell_due
from facilitator.retention.announcing import warn_due
from facilitator.retention.erasing import erase_due
from tests.accounts_cast import mails
from tests.colleagues import Colleagues
from tests.days import pass_days

pytestmark = pytest.mark.either


@pytest.fixture
def colleagues(app_on: Flask) -> Colleagues:
    """A house of their own: what is due is told to everybody."""
    found = Colleagues(app_on)
    found.post("Mo", "/archive/themes", {"name": "Pumps"})
    found.post("Mo", "/archive/themes", {"name": "Grease"})
    return found


def follow(colleagues: Colleagues, who: str, pace: str = "at_once", *themes: str) -> None:
    """Somebody follows themes, of pumps if no others."""
    ids = [colleagues.theme_id(name) for name in themes or ("Pumps",)]
    assert colleagues.post(who, "/questions/following", {"themes": ids, "pace": pace}).status_code == 302


def about_pumps(colleagues: Colleagues, who: str, title: str = "Who knows the kwinkelier?", **fields: object) -> str:
    return colleagues.ask(who, title, themes=[colleagues.theme_id("Pumps")], **fields)


def tell(colleagues: Colleagues, days: int = 0, hour: int = 12) -> list[str]:
    """What is due some days from now; whom a mail went to in this round."""
    before = len(told(colleagues))
    with colleagues.app.app_context():
        tell_due(moment_of(days, hour))
    return sorted(told(colleagues)[before:])


def moment_of(days: int, hour: int) -> datetime:
    return datetime.combine(now().date() + timedelta(days=days), time(hour), now().tzinfo)


def told(colleagues: Colleagues) -> list[str]:
    """Whom mails went to, in the order in which they did."""
    names = {user.email: who for who, user in colleagues.people.items()}
    found = sorted(mails(colleagues.app), key=lambda one: (str(one["Date"]), str(one["Message-ID"])))
    return [names[one["To"]] for one in found if one["To"] in names]


@pytest.mark.promise("following-themes")
def test_whoever_follows_a_theme_is_told_once_and_not_of_their_own(colleagues: Colleagues) -> None:
    for who in ("Gia", "Pete", "Mo"):
        follow(colleagues, who)
    follow(colleagues, "Ada", "at_once", "Grease")
    where = about_pumps(colleagues, "Pete")
    assert tell(colleagues) == ["Gia", "Mo"]
    assert tell(colleagues) == []
    (mail_of_gia,) = [one for one in mails(colleagues.app) if one["To"] == colleagues.people["Gia"].email]
    assert where in mail_of_gia.get_content()
    assert "kwinkelier" not in str(mail_of_gia)
    assert "Pete" not in str(mail_of_gia)


@pytest.mark.promise("following-themes")
def test_a_daily_mail_holds_all_of_a_day_and_comes_once_a_day(colleagues: Colleagues) -> None:
    follow(colleagues, "Gia", "daily")
    one, other = about_pumps(colleagues, "Pete"), about_pumps(colleagues, "Mo", "And another?")
    assert tell(colleagues, hour=3) == [], "at night nobody is mailed a digest"
    assert tell(colleagues) == ["Gia"]
    (digest,) = mails(colleagues.app)
    assert one in digest.get_content()
    assert other in digest.get_content()
    third = about_pumps(colleagues, "Pete", "And a third?")
    assert tell(colleagues, hour=20) == []
    assert tell(colleagues, days=1) == ["Gia"]
    assert any(third in one.get_content() for one in mails(colleagues.app))


@pytest.mark.promise("question-without-a-name")
def test_of_a_question_without_a_name_everybody_who_follows_is_told_also_whoever_asked(colleagues: Colleagues) -> None:
    for who in ("Gia", "Pete"):
        follow(colleagues, who)
    where = about_pumps(colleagues, "Pete", name="anonymous")
    assert tell(colleagues) == [], "before it opens nobody is"
    colleagues.open(where)
    assert tell(colleagues) == ["Gia", "Pete"], "whoever is not told would have asked it"


@pytest.mark.promise("following-themes")
def test_a_mail_that_no_server_took_is_sent_again_and_one_that_was_cut_off_is_the_very_same(
    colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(colleagues, "Gia")
    about_pumps(colleagues, "Pete")
    with monkeypatch.context() as away:
        away.setattr(mail.Folder, "deliver", broken)
        assert tell(colleagues) == []
    assert tell(colleagues) == [], "somebody may be about it"
    with monkeypatch.context() as cut_off:
        real = mail.Folder.deliver

        def deliver(self: mail.Folder, message: object) -> None:
            real(self, message)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        cut_off.setattr(mail.Folder, "deliver", deliver)
        with pytest.raises(KeyboardInterrupt):
            tell(colleagues, hour=13)
    with colleagues.app.app_context():
        assert [tell_due(moment_of(0, hour)) for hour in (14, 15)] == [1, 0]
    assert told(colleagues) == ["Gia"], "the very same mail, so there is one"


def broken(_self: mail.Folder, _message: object) -> None:
    raise OSError("the disk is full")


@pytest.mark.promise("following-themes")
def test_what_was_cut_off_goes_again_as_it_was_and_what_came_since_in_a_mail_of_its_own(
    colleagues: Colleagues, monkeypatch: pytest.MonkeyPatch
) -> None:
    follow(colleagues, "Gia")
    first = about_pumps(colleagues, "Pete")
    with monkeypatch.context() as cut_off:
        real = mail.Folder.deliver

        def deliver(self: mail.Folder, message: object) -> None:
            real(self, message)  # type: ignore[arg-type]
            raise KeyboardInterrupt

        cut_off.setattr(mail.Folder, "deliver", deliver)
        with pytest.raises(KeyboardInterrupt):
            tell(colleagues)
    second = about_pumps(colleagues, "Mo", "And another?")
    with colleagues.app.app_context():
        assert [tell_due(moment_of(0, hour)) for hour in (13, 14, 15)] == [1, 1, 0]
    found = [one.get_content() for one in mails(colleagues.app)]
    assert sorted((first in text, second in text) for text in found) == [(False, True), (True, False)]


@pytest.mark.promise("following-themes")
def test_the_link_stops_all_mails_about_themes_and_nobody_else_sees_what_somebody_follows(
    colleagues: Colleagues,
) -> None:
    follow(colleagues, "Gia")
    for who in ("Mo", "Ada"):
        assert "checked" not in colleagues.get(who, "/questions/following").text.split("pace")[0]
    about_pumps(colleagues, "Pete")
    with colleagues.app.app_context():
        token = token_to_stop(THEMES, colleagues.people["Gia"].id)
        card = token_to_stop("card", colleagues.people["Gia"].id)
    assert colleagues.get("Ola", f"/questions/quiet/{card}").status_code == 404, "a link for something else"
    assert colleagues.get("Ola", f"/questions/quiet/{token}").status_code == 200, "without her account"
    assert "No more mails about themes?" in colleagues.text("Ola", f"/questions/quiet/{token}")
    assert colleagues.post("Ola", f"/questions/quiet/{token}").status_code == 200
    assert tell(colleagues) == []


def test_whose_themes_are_merged_hears_of_the_one_they_became(colleagues: Colleagues) -> None:
    follow(colleagues, "Gia", "at_once", "Grease")
    follow(colleagues, "Mo", "at_once", "Grease", "Pumps")
    where = colleagues.ask("Pete", "Which one?", themes=[colleagues.theme_id("Grease"), colleagues.theme_id("Pumps")])
    grease, pumps = colleagues.theme_id("Grease"), colleagues.theme_id("Pumps")
    assert colleagues.post("Mo", f"/archive/themes/{grease}", {"do": "merge", "into": pumps}).status_code == 302
    page = colleagues.text("Pete", where)
    assert "Pumps" in page
    assert "Grease" not in page
    assert tell(colleagues) == ["Gia", "Mo"]


@pytest.mark.promise("questions-sealed")
def test_two_years_after_the_last_word_a_question_goes_and_administrators_are_told_before(
    colleagues: Colleagues,
) -> None:
    old, answered = about_pumps(colleagues, "Pete"), about_pumps(colleagues, "Pete", "And another?")
    with colleagues.app.app_context(), db.writing() as session:
        for where in (old, answered):
            session.get_one(Question, where.rpartition("/")[2]).opens_on = now().date() - timedelta(days=720)
    colleagues.answer("Gia", answered)
    with colleagues.app.app_context():
        clock().confirm(now())
        assert warn_due(now()) == 0
    pass_days(colleagues.app, 30, warn_due, erase_due)
    assert colleagues.get("Gia", old).status_code == 404
    assert colleagues.get("Gia", answered).status_code == 200, "somebody answered since"
    assert "Ada" in told(colleagues)


def test_a_question_that_an_old_copy_brings_back_goes_again(colleagues: Colleagues) -> None:
    where, other = colleagues.ask("Pete"), colleagues.ask("Gia", "Another one?")
    with colleagues.app.app_context():
        sealing.keyring().destroy(where.rpartition("/")[2])
        assert db.session.get(Question, where.rpartition("/")[2]) is not None
    assert colleagues.get("Gia", where).status_code == 404
    assert "Another one?" in colleagues.text("Pete", "/questions")
    with colleagues.app.app_context():
        assert erase_due(now()) == 1
        assert db.session.get(Question, where.rpartition("/")[2]) is None
    assert "Another one?" in colleagues.text("Pete", other)


def test_ones_own_page_has_what_one_asked_by_name(colleagues: Colleagues) -> None:
    where = colleagues.ask("Pete", "Who lends me a tester?")
    colleagues.ask_without_a_name("Pete", "How do I say no?")
    colleagues.answer("Gia", where)
    page = colleagues.text("Pete", "/mine")
    assert "Who lends me a tester?" in page
    assert "Did something work? Say so." in page
    assert "How do I say no?" not in page, "an account does not know that it asked"
    assert "Who lends me" not in colleagues.text("Gia", "/mine")
