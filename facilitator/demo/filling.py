"""Fills an empty installation with the example of one language."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta

from flask_babel import force_locale
from sqlalchemy import delete, select, update

from facilitator.accounts.actions import anybody, create_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, MODERATOR, User
from facilitator.archive import actions as archive
from facilitator.archive import making, store
from facilitator.archive.content import CardContent, Form, Step
from facilitator.archive.models import Card
from facilitator.archive.talk import answer, ask, tell_how_it_went
from facilitator.archive.themes import add, choose, list_of
from facilitator.arrangements import actions as arranging
from facilitator.arrangements import offering
from facilitator.arrangements.actions import Proposal
from facilitator.arrangements.forms import WISH
from facilitator.arrangements.models import BUDDY, Arrangement, CheckIn
from facilitator.arrangements.store import Answers
from facilitator.calendar import actions as calendar
from facilitator.calendar import swaps, turns
from facilitator.calendar.members import follow_members
from facilitator.calendar.models import NO, YES, Appointment, Guest, Swap
from facilitator.calendar.series import Skipped, every
from facilitator.core.config import settings
from facilitator.core.db import db, now, random_id
from facilitator.demo.clock import move_back
from facilitator.demo.content import Example, ExampleCard, ExampleGroup, ExampleInstruction, ExampleMeeting
from facilitator.demo.playing import Played, play
from facilitator.groups import agreements
from facilitator.groups.actions import add_members, make
from facilitator.groups.addresses import Address
from facilitator.groups.forms import template
from facilitator.groups.models import Group, Member
from facilitator.meetings.actions.offering import offer as offer_case
from facilitator.meetings.models import Meeting, Seat
from facilitator.meetings.offered import WORDS, Case
from facilitator.methods.loader import load_catalogue
from facilitator.proof import actions
from facilitator.proof.access import Holder, Keeper
from facilitator.proof.content import Confirmed
from facilitator.proof.counting import count
from facilitator.proof.register_rules import Asked, keep
from facilitator.questions import actions as asking
from facilitator.questions.models import Answer, Question
from facilitator.questions.rules import Colleague, proof
from facilitator.questions.store import Words
from facilitator.reports import actions as reports
from facilitator.reports.access import Reader, Role
from facilitator.reports.drafts import words_asked
from facilitator.reports.store import standing
from facilitator.year import evaluation
from facilitator.year.models import Evaluation

DOMAIN = "example.org"


class NotEmpty(Exception):
    """There are people here already; the example never mixes with anybody's work."""


@dataclass(frozen=True)
class SignIn:
    """With which somebody looks around. All accounts of the example have the same password."""

    administrator: str
    moderator: str
    member: str
    password: str


def fill(example: Example, language: str, tell: Callable[[str], None] = lambda _what: None) -> SignIn:
    """Makes everything for people who read a language, and tells what it is at; needs an application context. Raises NotEmpty."""
    with db.reading() as session:
        if anybody(session):
            raise NotEmpty
    password = secrets.token_urlsafe(9)
    tell("people and groups")
    people = _people(example, language, password)
    for group in example.groups:
        _group(people[example.moderator], group, people)
    tell(f"{len(example.cards)} cards")
    cards = _cards(example, people)
    _talk(example, people, cards)
    _instruction(example.instruction, people[example.groups[0].members[0]])
    _questions(example, people)
    _pair(example, people)
    _register(example, people[example.administrator])
    played: list[Played] = []
    for number, script in enumerate(example.meetings):
        tell(f"meeting {number + 1} of {len(example.meetings)}")
        played.append(_meeting(example, people, script, number, played))
    tell("the year ahead")
    for group in example.groups:
        _year(people[example.moderator], group, people, language)
        _looks(group, people)
    member = example.groups[0].members[0]
    return SignIn(_email(example.administrator), _email(example.moderator), _email(member), password)


def _people(example: Example, language: str, password: str) -> dict[str, User]:
    roles = {example.administrator: ADMINISTRATOR, example.moderator: MODERATOR}
    names = [*roles, *(name for group in example.groups for name in group.members)]
    return {
        name: create_user(name, _email(name), password, example.organisation, roles.get(name, MEMBER), language)
        for name in names
    }


def _email(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    letters = "".join(sign for sign in plain if sign.isascii() and (sign.isalpha() or sign == " "))
    return f"{'.'.join(letters.lower().split())}@{DOMAIN}"


def _group(lead: User, found: ExampleGroup, people: dict[str, User]) -> None:
    group_id = make(lead, found.name)
    add_members(lead, group_id, [Address(people[name].email, name) for name in found.members])
    with force_locale(lead.locale):
        agreements.write(lead, group_id, 0, template())
    for name in found.members[:-1]:
        agreements.accept(people[name], group_id, 1)


def _year(lead: User, found: ExampleGroup, people: dict[str, User], language: str) -> None:
    """Its meetings ahead; for the first of them most have said that they come. Nobody of the example is mailed."""
    first = now().date() + timedelta(days=7 + (1 - now().weekday()) % 7)
    group_id = db.session.scalars(select(Group.id).where(Group.name == found.name)).one()
    series = calendar.Series(
        op=group_id,
        group_id=group_id,
        days=every(found.weeks, first, first + timedelta(days=360), Skipped()),
        at=time(15),
        zone=settings().timezone,
        minutes=90,
        place=found.place,
        goal=found.goal,
        method=load_catalogue()["basis"],
        locale=language,
    )
    calendar.plan(lead, series)
    follow_members(now())
    with db.writing() as session:
        session.execute(update(Guest).values(told=Guest.due))
    soonest = db.session.scalars(
        select(Appointment).where(Appointment.group_id == group_id).order_by(Appointment.begins).limit(1)
    ).one()
    for name, says in zip(found.members, (YES, YES, YES, NO), strict=False):
        calendar.answer_as(people[name], soonest, says)
    title, question = found.offered
    if soonest.meeting_id is not None:
        offer_case(people[found.members[1]], soonest.meeting_id, Case(title, question, "soon"), WORDS)
    _rota(lead, group_id, people)


def _rota(lead: User, group_id: str, people: dict[str, User]) -> None:
    """Who does what, as it is proposed, and a swap that is agreed already. Nobody is mailed about it."""
    group = db.session.get_one(Group, group_id)
    proposed = turns.proposed(group, turns.rota_of(group, now()), lead)
    turns.settle(lead, group, {slot: one.user_id for slot, one in proposed.items()}, {})
    rota = turns.rota_of(group, now())
    holders = {slot: user for slot, user_id in rota.stands.items() for user in people.values() if user.id == user_id}
    wishes = ((user, wish) for slot, user in holders.items() for wish in swaps.possible(rota, user.id, slot))
    user, wish = next(wishes)
    swaps.ask(user, group, wish)
    asked = db.session.scalars(select(Swap)).one()
    swaps.answer(asked.id, asked.asked_of, YES)
    with db.writing() as session:
        session.execute(delete(Swap))


def _looks(found: ExampleGroup, people: dict[str, User]) -> None:
    """It looked at itself every half year for two years: once too few answered, and by and by it got better."""
    group_id = db.session.scalars(select(Group.id).where(Group.name == found.name)).one()
    members = [people[name] for name in found.members]
    came = now() - timedelta(days=720)
    with db.writing() as session:
        session.execute(update(Member).where(Member.group_id == group_id).values(added_at=came))
    for number, days in enumerate((700, 518, 336, 154)):
        today = now().date()
        with db.writing() as session:
            row = Evaluation(group_id=group_id, opens_on=today, closes_on=today + timedelta(days=evaluation.OPEN_FOR))
            session.add(row)
        evaluation.open_due(group_id, now())
        for at, member in enumerate(members[: 3 if number == 1 else len(members)]):
            evaluation.answer(member, group_id, _scores(number, at))
        evaluation.close_due(row.id, now() + timedelta(days=evaluation.OPEN_FOR))
        with db.writing() as session:
            kept = session.get_one(Evaluation, row.id)
            kept.opened_at = now() - timedelta(days=days)
            kept.opens_on = kept.opened_at.date()
            kept.closes_on = kept.opens_on + timedelta(days=evaluation.OPEN_FOR)


def _scores(number: int, at: int) -> evaluation.Scores:
    """What one of them answered at one time: a little more each time, and never the same as the others."""
    return {about: min(5, 2 + (number + at + place) % 3 + number // 2) for place, about in enumerate(evaluation.ABOUT)}


def _meeting(
    example: Example,
    people: dict[str, User],
    script: ExampleMeeting,
    number: int,
    earlier: list[Played],
) -> Played:
    lead, group = people[example.moderator], example.groups[script.group]
    turned = number % len(group.members)
    members = [people[name] for name in (*group.members[turned:], *group.members[:turned])]
    continues = earlier[script.continues].meeting_id if script.continues is not None else None
    played = play(lead, script, example.card(script.card), group.name, members, continues)
    move_back(played.meeting_id, _at_two(now() - timedelta(weeks=script.weeks_ago)))
    _report(played, lead, members[0], script.state)
    if script.state == "approved":
        _proof(played, lead)
    return played


def _at_two(moment: datetime) -> datetime:
    """The afternoon of a working day."""
    day = moment.date() - timedelta(days=max(0, moment.weekday() - 4))
    return datetime.combine(day, time(13), UTC)


def _report(played: Played, lead: User, giver: User, state: str) -> None:
    if state == "draft":
        return
    reader = Reader(Role.MODERATOR, played.meeting_id, lead.organisation_id, user_id=lead.id, lead_id=played.lead_id)
    reports.offer(reader)
    if state == "offered":
        return
    reader = replace(reader, role=Role.CASE_GIVER, user_id=giver.id, lead_id=None, seat_id=played.giver_id, cases=(1,))
    draft = standing(played.meeting_id).draft
    assert draft is not None
    reports.approve(reader, 1, words_asked(draft, 1))


def _register(example: Example, keeper: User) -> None:
    asked = Asked(name=example.professional_register, hours=2, month=9, day=1, along=1, smallest=4, needs_all=True)
    keep(keeper, asked, is_for_all=True)


def _proof(played: Played, lead: User) -> None:
    meeting = db.session.get_one(Meeting, played.meeting_id)
    counted = count(db.session(), meeting, now())
    assert counted.held is not None
    confirmed = {
        person.seat_id: Confirmed(
            name=person.name,
            was_there=True,
            role=person.role,
            has_agreed=person.has_agreed,
            came=person.stay.came,
            went=person.stay.went,
            minutes=person.stay.minutes,
            counted=person.stay.minutes,
        )
        for person in counted.people
        if person.stay is not None
    }
    actions.confirm(Keeper(meeting, None, lead), counted.held, confirmed, {})
    for seat_id in confirmed:
        actions.sign(Holder(meeting, db.session.get_one(Seat, seat_id), None, has_device=True))


def _cards(example: Example, people: dict[str, User]) -> dict[str, str]:
    keeper = people[example.administrator]
    themes = {name: add(keeper, name) for name in sorted({name for card in example.cards for name in card.themes})}
    ids = {}
    for card in example.cards:
        ids[card.title] = _card(card, keeper.organisation_id, example.language)
        choose(keeper, ids[card.title], [themes[name] for name in card.themes])
    return ids


def _card(found: ExampleCard, organisation_id: str, language: str) -> str:
    card_id, period = random_id(), _quarter(found.quarters_ago)
    made_on = now().date() - timedelta(days=90 * found.quarters_ago)
    store.make_key(card_id)
    card = Card(
        id=card_id,
        organisation_id=organisation_id,
        form=Form.CONSULTATION.value,
        method_key=found.method,
        locale=language,
        period=period,
        outcome=found.outcome_state,
        made_on=made_on,
    )
    store.put(card, _content(found))
    with db.writing() as session:
        session.add(card)
        session.flush()
        card.approved_at = now()
        archive.publish(session, card)
        card.published_on = made_on + timedelta(days=7)
        card.review_on = archive.months_later(card.published_on, 24)
    return card_id


def _quarter(ago: int) -> str:
    today = now()
    year, quarter = divmod(today.year * 4 + (today.month - 1) // 3 - ago, 4)
    return f"{year}-Q{quarter + 1}"


def _content(found: ExampleCard) -> CardContent:
    return CardContent(
        title=found.title,
        question=found.question,
        context=found.context,
        tried=found.tried,
        insights=found.insights,
        advice=found.advice,
        action=found.action,
        outcome=found.outcome,
        when_to_use=found.when_to_use,
        when_not=found.when_not,
        related_form=found.related_form,
    )


def _talk(example: Example, people: dict[str, User], cards: dict[str, str]) -> None:
    members = [people[name] for group in example.groups for name in group.members]
    for number, asked in enumerate(example.asked):
        question = ask(members[number], cards[asked.card], asked.question)
        answer(members[number + 3], cards[asked.card], question, asked.answer)
    for number, tried in enumerate(example.tried):
        tell_how_it_went(members[number + 5], cards[tried.card], tried.how, tried.why)


def _questions(example: Example, people: dict[str, User]) -> None:
    """Questions to colleagues, asked and answered some days ago."""
    members = [people[name] for group in example.groups for name in group.members]
    themes = {theme.name: theme.id for theme in list_of(db.session(), members[0].organisation_id)}
    for number, found in enumerate(example.questions):
        asker, day = members[number], now().date() - timedelta(days=found.days_ago)
        words = Words(found.title, found.text)
        question_id, token = asking.ask(asker, words, [themes[found.theme]], found.is_anonymous)
        with db.writing() as session:
            session.get_one(Question, question_id).opens_on = day
        by = Colleague(asker, frozenset({proof(token, asker.id)} if token else ()))
        for at, text in enumerate(found.answers, start=1):
            helper = members[(number + 2 * at) % len(members)]
            answer_id = asking.answer(Colleague(helper), question_id, text)
            with db.writing() as session:
                session.get_one(Answer, answer_id).written_on = min(now().date(), day + timedelta(days=at))
            if at == found.worked:
                asking.say_it_worked(by, question_id, answer_id, has_worked=True)
                for other in members[:3]:
                    if other is not helper:
                        asking.say_it_helped(Colleague(other), question_id, answer_id, has_helped=True)


def _pair(example: Example, people: dict[str, User]) -> None:
    """Two buddies of different groups, since three weeks; and somebody who asks the first of them, too."""
    one, other, asks = (people[name] for name in (example.groups[0].members[0], *example.groups[1].members[:2]))
    today, found = now().date(), example.pair
    until = today + timedelta(weeks=20)
    arrangement_id = arranging.propose(one, [other], Proposal(BUDDY, found.goal, until, weeks=2))
    arranging.accept(other, arrangement_id)
    for by, said in zip((one, other), found.check_ins, strict=True):
        arranging.check_in(by, arrangement_id, Answers(said.well, said.hard, said.need))
    noon = datetime.combine(today + timedelta(days=6), time(12))
    arranging.add_moment(other, arrangement_id, noon, settings().timezone, 30, found.place)
    with db.writing() as session:
        since = {"proposed_on": today - timedelta(weeks=3), "begins_on": today - timedelta(weeks=3)}
        session.execute(update(Arrangement).where(Arrangement.id == arrangement_id).values(since))
        written = update(CheckIn).where(CheckIn.arrangement_id == arrangement_id)
        session.execute(written.values(written_on=today - timedelta(days=8)))
    arranging.propose(asks, [one], Proposal(BUDDY, found.asked, until, weeks=4))
    members = (one, *(people[name] for name in example.groups[2].members))
    for by, offer in zip(members, found.offers, strict=False):
        form, _between, kind = offer.what.partition("-")
        offering.make(by, form, kind == WISH, offer.text, ())


def _instruction(found: ExampleInstruction, maker: User) -> None:
    card_id = making.begin(maker, Form.INSTRUCTION, found.title)
    content = CardContent(
        title=found.title,
        question=found.question,
        steps=tuple(Step(text) for text in found.steps),
        when_to_use=found.when_to_use,
        when_not=found.when_not,
    )
    making.save(card_id, maker, content, None)
    making.publish(card_id, maker)
