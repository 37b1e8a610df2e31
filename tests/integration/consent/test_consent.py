"""A case giver decides about the card of their case: the words, for whom, when; and takes it back."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import ADMINISTRATOR, Organisation, User
from facilitator.archive import actions, store
from facilitator.archive.content import State
from facilitator.archive.models import Objection, Theme
from facilitator.archive.themes import names_of
from facilitator.consent import decisions
from facilitator.core import sealing
from facilitator.core.config import Settings
from facilitator.core.db import db, now, random_id
from facilitator.meetings.models import Meeting as MeetingRow
from facilitator.meetings.models import Seat
from tests import pages
from tests.accounts_cast import mails, make_member
from tests.cards import (
    ADVICE_OF_ADA,
    ADVICE_OF_PETE,
    IDEA_OF_ADA,
    NEW_WORDS,
    Deciding,
    Pages,
    approve,
    ended_ago,
    told_meeting,
)
from tests.cast import NO_PASSWORD, Cast, Meeting
from tests.contract.everybody import signed_in
from tests.days import pass_days
from tests.houses import empty_house
from tests.pages import without_tokens
from tests.scenes import HouseCopy


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Meeting, HouseCopy]]:
    """A meeting with an approved report, played once for all tests of this module."""
    with empty_house(Settings.load(tmp_path_factory.mktemp("consent"), {})) as app:
        told = told_meeting(Cast(app))
        yield told, HouseCopy.of(app)


@pytest.fixture
def told(world: tuple[Meeting, HouseCopy]) -> Meeting:
    """That meeting, as it was."""
    meeting, house = world
    house.put_back(meeting.app)
    return meeting


@pytest.fixture
def gia(told: Meeting) -> Deciding:
    return Deciding(told)


def account_of(told: Meeting) -> User:
    """Mo's account."""
    with told.app.app_context():
        asked = select(User).join(MeetingRow, MeetingRow.created_by == User.id).where(MeetingRow.id == told.id)
        return db.session.scalars(asked).one()


def asked(told: Meeting) -> int:
    """How many people a card asks about their words."""
    with told.app.app_context():
        return db.session.scalar(select(func.count()).select_from(Objection)) or 0


def due(told: Meeting, days: float) -> int:
    return pass_days(told.app, days, actions.publish_due)


def thinks_it_over_for(told: Meeting, days: int) -> None:
    """An administrator of the organisation chooses how long."""
    with told.app.app_context(), db.writing() as session:
        organisation = session.get_one(Organisation, told.snapshot.organisation_id)
        anna = add_user(session, organisation, "Anna", f"anna-{random_id(6)}@example.org", NO_PASSWORD, ADMINISTRATOR)
    browser = Pages(signed_in(told.app, anna))
    page = pages.read(browser.get("/organisation").text)
    [save] = [form for form in page.all("form") if form.has("input", name="cooling_off_days")]
    answer = browser.post(
        save.get("action") or "/organisation", **{**pages.sent_by(save), "cooling_off_days": str(days)}
    )
    assert pages.read(answer.text).one("input", name="cooling_off_days")["value"] == str(days)


@pytest.mark.promise("consent")
def test_the_draft_is_the_approved_report_in_new_words(gia: Deciding) -> None:
    page = gia.pages.get(f"/meetings/{gia.meeting.id}/consent")
    assert page.location == gia.address
    html = gia.pages.get(gia.address).text
    assert '<mark data-proposal="a company">Bosch</mark>' in html
    fields = gia.fields()
    assert fields["text_title"] == "A starter at a company"
    assert fields["text_action"] == "If the shift begins, then I let him read the plan aloud"
    assert {"use_title", f"use_{gia.key_of(ADVICE_OF_PETE)}", "use_insight_1"} <= fields.keys()
    assert f"use_{gia.key_of(ADVICE_OF_ADA)}" not in fields, "advice she did not choose waits to be chosen"


def test_opening_the_pages_stores_nothing(gia: Deciding) -> None:
    assert gia.pages.get(gia.address).status_code == 200
    assert gia.pages.get(f"{gia.address}/share").status_code == 200
    assert gia.card is None


@pytest.mark.promise("consent")
def test_what_is_left_out_or_rewritten_is_what_would_be_published(gia: Deciding) -> None:
    page = gia.edits(
        {f"text_{gia.key_of(ADVICE_OF_PETE)}": NEW_WORDS, "text_when_not": "Not in a crisis"}, ("use_insight_1",)
    )
    assert "Exactly this would be published" in page.text
    assert NEW_WORDS in page.text
    assert "Not in a crisis" in page.text
    assert IDEA_OF_ADA not in page.text
    assert "Bosch" not in page.text
    assert gia.state == State.DRAFT


@pytest.mark.promise("names-on-cards")
def test_a_proposal_that_is_not_taken_leaves_the_word_and_is_said_once_more(gia: Deciding) -> None:
    page = gia.edits(swaps=False)
    assert "This still stands on it" in page.text
    assert "A starter at Bosch" in page.text


@pytest.mark.promise("cooling-off")
def test_after_the_cooling_off_time_it_is_published(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    page = gia.shares("organisation")
    assert "You agreed to share this" in page.text
    assert gia.state == State.APPROVED
    assert due(told, 6.9) == 0
    assert due(told, 7.1) == 1
    assert gia.state == State.PUBLISHED
    assert gia.card is not None
    assert gia.card.group_id is None, "for the organisation it does not tell which group it came from"
    assert due(told, 8) == 0


@pytest.mark.promise("cooling-off")
def test_the_cooling_off_time_is_what_the_organisation_chose(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    assert "After 7 days" in gia.pages.get(f"{gia.address}/share").text
    thinks_it_over_for(told, 3)
    page = gia.pages.get(f"{gia.address}/share").text
    assert "After 3 days" in page
    assert "After 7 days" not in page
    gia.shares("organisation")
    assert gia.state == State.APPROVED
    assert due(told, 2.9) == 0
    assert due(told, 3.1) == 1
    assert gia.state == State.PUBLISHED


def test_a_card_that_waits_keeps_the_time_it_was_agreed_to_with(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation")
    thinks_it_over_for(told, 3)
    assert due(told, 6.9) == 0
    assert due(told, 7.1) == 1


def test_whoever_s_words_are_used_has_three_days_however_short_the_time_is(gia: Deciding, told: Meeting) -> None:
    thinks_it_over_for(told, 1)
    gia.edits()
    assert "They have 3 days" in gia.pages.get(f"{gia.address}/share").text
    gia.shares("organisation")
    assert due(told, 2.9) == 0
    assert due(told, 3.1) == 1


def test_an_organisation_s_cooling_off_time_is_nobody_else_s(gia: Deciding, told: Meeting) -> None:
    with told.app.app_context(), db.writing() as session:
        add_organisation(session, "Elders", "en").cooling_off_days = 3
    gia.says_it_in_own_words()
    assert "After 7 days" in gia.pages.get(f"{gia.address}/share").text


@pytest.mark.promise("objections", "review")
def test_at_once_where_it_is_all_in_her_own_words(gia: Deciding) -> None:
    gia.says_it_in_own_words()
    page = gia.shares("group", when="now")
    assert "Your card is in the archive" in page.text
    assert gia.card
    assert asked(gia.meeting) == 0
    assert (gia.card.scope, bool(gia.card.group_id)) == ("group", True)
    assert gia.card.review_on
    assert 729 <= (gia.card.review_on - now().date()).days <= 731, "in two years"


@pytest.mark.promise("cooling-off")
def test_at_once_is_never_within_the_hour_in_which_the_meeting_may_be_reopened(told: Meeting) -> None:
    ended_ago(told, timedelta(minutes=10))
    gia = Deciding(told)
    gia.says_it_in_own_words()
    gia.shares("organisation", when="now")
    assert gia.state == State.APPROVED
    assert due(told, 0) == 0
    assert due(told, 1 / 24) == 1


def test_a_change_after_agreeing_has_to_be_agreed_to(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation")
    gia.edits({"text_title": "Speaking up"})
    assert gia.state == State.DRAFT
    assert due(told, 30) == 0


@pytest.mark.promise("no-leaves-no-trace")
def test_refusing_leaves_nothing_and_the_page_stays(gia: Deciding) -> None:
    gia.says_it_in_own_words()
    card = gia.card
    assert card
    page = gia.shares("nobody")
    assert "Nothing is shared. Nobody sees that." in page.text
    assert gia.card is None
    with gia.meeting.app.app_context():
        assert not sealing.keyring().holds(card.id)
    assert gia.pages.get(gia.address).status_code == 200


def test_taking_a_published_card_back_erases_its_words(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation", when="now")
    card = gia.card
    assert card
    page = gia.pages.post(f"/archive/{card.id}/withdraw")
    assert "The card was taken back" in page.text
    with told.app.app_context():
        row = db.session.get_one(type(card), card.id)
        assert (row.state, row.body, row.group_id) == (State.WITHDRAWN, b"", None)
        assert not sealing.keyring().holds(card.id)
        with pytest.raises(sealing.KeyIsGone):
            store.content_of(card)
    assert gia.pages.get(f"/archive/{card.id}/withdraw").status_code == 404
    gia.says_it_in_own_words()
    gia.shares("group", when="now")
    assert gia.card
    assert gia.card.id != card.id, "shared once more it is another card"


def test_a_link_of_its_own_takes_a_card_back_when_nothing_else_leads_to_it(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation", when="now")
    page = gia.does("link").text
    card = gia.card
    assert card
    address = next(word for word in page.split('"') if f"/archive/{card.id}/withdraw/" in word)
    address = address[address.index("/archive/") :]
    assert address not in gia.pages.get(f"{gia.address}/share").text, "it is shown once"
    with told.app.app_context():
        decisions.cut_from_meeting(told.id)
    stranger = Pages(told.app.test_client())
    stranger.client.set_cookie("lang", "en")
    assert gia.pages.get(f"/archive/{card.id}/withdraw").status_code == 404, "nothing leads from the meeting any more"
    assert stranger.get(address[:-3] + "xyz").status_code == 404
    assert "Your card" in stranger.get(address).text
    stranger.post(address)
    with told.app.app_context():
        assert db.session.get_one(type(card), card.id).state is State.WITHDRAWN


def test_the_owner_adds_how_it_went(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation", when="now")
    card = gia.card
    assert card
    assert gia.pages.post(f"/archive/{card.id}/outcome").status_code == 422
    page = gia.pages.post(f"/archive/{card.id}/outcome", outcome="partly", why="He asked his first question")
    assert "He asked his first question" in page.text
    assert gia.state == State.OUTCOME_KNOWN


def test_a_follow_up_in_a_later_meeting_suggests_how_it_went(gia: Deciding, told: Meeting) -> None:
    gia.says_it_in_own_words()
    gia.shares("organisation", when="now")
    mine = f"/meetings/{told.id}/mine"
    card = gia.card
    assert card
    assert "Would you add to your card how it went?" not in gia.pages.get(mine).text
    later = Cast(told.app, account_of(told)).meeting("Gia", "Pete", group="Noord", continues=told)
    later.advance_to("follow_up")
    carried = next(action for action in later.actions if action.is_carried)
    later.write(later.gia, "effect", about=carried.id, status="partly", effect="He read it aloud twice")
    assert "Would you add to your card how it went?" in gia.pages.get(mine).text
    page = gia.pages.get(f"/archive/{card.id}/withdraw").text
    assert re.search(r'checked[^>]*value="partly"', page)
    assert "He read it aloud twice" not in page, "in which words is theirs to say"


def test_a_card_comes_under_themes_of_the_list_that_its_words_propose(gia: Deciding, told: Meeting) -> None:
    with told.app.app_context(), db.writing() as session:
        organisation_id = told.snapshot.organisation_id
        session.add_all(Theme(organisation_id=organisation_id, name=name) for name in ("Starter", "Money"))
    gia.says_it_in_own_words()
    page = gia.pages.get(f"{gia.address}/share").text
    chosen = re.findall(r'name="theme"\s+value="(\w+)"\s+checked', page)
    assert len(chosen) == 1
    gia.pages.post(f"{gia.address}/share", do="organisation", when="now", theme=[*chosen, "guessed"])
    assert gia.card
    with told.app.app_context():
        assert names_of(db.session(), gia.card.id) == ["Starter"]


@pytest.mark.promise("consent-is-the-case-giver-s")
@pytest.mark.parametrize("name", ["Pete", "Mo", "Wall"])
def test_nobody_else_finds_the_pages_the_moderator_least_of_all(gia: Deciding, told: Meeting, name: str) -> None:
    gia.edits()
    other = Pages(told.client(told[name]))
    for address in (f"/meetings/{told.id}/consent", gia.address, f"{gia.address}/share"):
        assert gia.pages.get(address).status_code in (200, 302)
        assert other.get(address).status_code == 404
    assert other.post(gia.address, text_title="Mine").status_code == 404
    assert other.post(f"{gia.address}/share", do="organisation", when="now").status_code == 404
    assert gia.card
    assert other.get(f"/archive/{gia.card.id}/withdraw").status_code == 404
    assert other.post(f"/archive/{gia.card.id}/withdraw").status_code == 404


def test_without_an_approved_report_there_is_nothing_to_share(told: Meeting) -> None:
    meeting = Cast(told.app).meeting()
    meeting.play()
    gia = Deciding(meeting)
    assert "The report comes first" in gia.pages.get(f"/meetings/{meeting.id}/consent").text
    assert gia.pages.get(gia.address).status_code == 404


@pytest.mark.promise("objections")
def test_words_of_another_are_not_published_before_they_could_say_something(gia: Deciding, told: Meeting) -> None:
    gia.edits()
    page = gia.shares("organisation", when="now")
    assert gia.state == State.APPROVED, "not at once: Pete's advice is on it in his words"
    assert "people whose words are in it can say something" in page.text
    refused = gia.does("now")
    assert refused.status_code == 409
    assert asked(told) > 0
    assert due(told, 6.9) == 0
    assert due(told, 7.1) == 1
    assert asked(told) == 0, "who was asked, and what they said, goes when it is published"
    assert gia.card is not None
    assert ADVICE_OF_PETE in gia.pages.get(f"/archive/{gia.card.id}/withdraw").text


@pytest.mark.promise("objections")
def test_somebody_sees_only_their_own_words_and_takes_them_out(gia: Deciding, told: Meeting) -> None:
    gia.edits()
    gia.shares("organisation")
    pete, ada, bob = (Pages(told.client(told[name])) for name in ("Pete", "Ada", "Bob"))
    address = f"/meetings/{told.id}/objection"
    seen = pete.get(address).text
    assert ADVICE_OF_PETE in seen
    assert IDEA_OF_ADA not in seen
    assert "Nothing is asked of you" in bob.get(address).text
    card = gia.card
    assert card
    before = without_tokens(ada.get(address).text)
    assert IDEA_OF_ADA in before
    page = pete.post(address, do="objects", card=card.id)
    assert "Nobody hears that it was you" in page.text
    assert ADVICE_OF_PETE not in page.text
    assert without_tokens(ada.get(address).text) == before, "nothing tells Ada that Pete said something"
    page = gia.pages.get(f"{gia.address}/share")
    assert ADVICE_OF_PETE not in page.text
    assert "A line was taken out" in page.text
    assert "Pete" not in page.text
    assert due(told, 7.1) == 1
    assert ADVICE_OF_PETE not in gia.pages.get(f"/archive/{card.id}/withdraw").text


def test_whoever_has_an_account_gets_a_mail_that_says_nothing_of_what_it_is_about(gia: Deciding, told: Meeting) -> None:
    pete = make_member(told.app)
    with told.app.app_context(), db.writing() as session:
        session.execute(update(Seat).where(Seat.id == told.pete.seat_id).values(user_id=pete.id))
    gia.edits()
    gia.shares("organisation")
    sent = [mail for mail in mails(told.app) if mail["To"] == pete.email]
    assert [mail["Subject"] for mail in sent] == ["Facilitator: iets om te bekijken"]
    body = sent[0].get_content()
    assert f"/meetings/{told.id}/objection" in body
    assert not any(word in body for word in (ADVICE_OF_PETE, "Gia", "Bosch", "speak"))
    with told.app.app_context():
        waiting = Pages(signed_in(told.app, pete)).get("/mine").text
    assert "Words of yours" in waiting


def test_two_who_answer_at_the_same_moment_are_both_heard(app_on: Flask) -> None:
    told = told_meeting(Cast(app_on))
    gia = Deciding(told)
    gia.edits()
    gia.shares("organisation")
    card = gia.card
    assert card
    begin = Barrier(2)

    def objects(seat_id: str) -> None:
        with app_on.app_context():
            begin.wait()
            decisions.answer(told.id, card.id, frozenset({seat_id}), decisions.OBJECTS)

    with ThreadPoolExecutor() as both:
        list(both.map(objects, (told.pete.seat_id, told.ada.seat_id)))
    with app_on.app_context():
        content = store.content_of(db.session.get_one(type(card), card.id))
    assert (content.advice, content.insights) == ((), ())


def test_when_everybody_has_agreed_nobody_waits_any_longer(gia: Deciding, told: Meeting) -> None:
    gia.edits()
    gia.shares("organisation")
    card = gia.card
    assert card
    for name in ("Pete", "Ada"):
        Pages(told.client(told[name])).post(f"/meetings/{told.id}/objection", do="agrees", card=card.id)
    gia.does("now")
    assert gia.state == State.PUBLISHED


@pytest.mark.promise("objections")
def test_words_of_somebody_who_cannot_be_asked_are_not_published(told: Meeting) -> None:
    cast = Cast(told.app)
    meeting = cast.meeting("Gia", "Pete", "Ada", "Bob")
    zoe = meeting.add_without_phone("Zoe")
    meeting.advance_to("diagnose")
    meeting.take_down(zoe, "hypothesis", hypothesis=IDEA_OF_ADA)
    meeting.reveal()
    meeting.end()
    ended_ago(meeting, timedelta(hours=2))
    approve(meeting)
    gia = Deciding(meeting)
    gia.edits({"text_title": "Speaking up"})
    page = gia.shares("organisation")
    assert page.status_code == 422
    assert "somebody who cannot be asked" in page.text
    gia.edits({"text_title": "Speaking up", "text_insight_1": "It is about safety"})
    assert gia.shares("organisation").status_code == 200


def test_before_a_meeting_is_erased_words_of_whoever_has_not_answered_leave_the_card(
    gia: Deciding, told: Meeting
) -> None:
    gia.edits()
    gia.shares("organisation")
    card = gia.card
    assert card
    Pages(told.client(told.ada)).post(f"/meetings/{told.id}/objection", do="agrees", card=card.id)
    with told.app.app_context():
        decisions.cut_from_meeting(told.id)
    assert due(told, 8) == 1
    with told.app.app_context():
        content = store.content_of(db.session.get_one(type(card), card.id))
    assert content.insights == (IDEA_OF_ADA,)
    assert content.advice == ()
