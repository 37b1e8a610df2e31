"""The moderator's private view: what to say, who is ready, and every control. Hidden text is not on it either."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

from facilitator.core.text import name_key
from facilitator.meetings import moves, rules, seen, titles
from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.machine import Status, Step
from facilitator.meetings.nudges import Nudge, is_due, not_heard, nudges
from facilitator.meetings.seen import Seen, seen_by
from facilitator.meetings.showing.casting import RoleView, roles_given
from facilitator.meetings.showing.console_lists import FIRST, Pages, Paging, page_of
from facilitator.meetings.showing.frame import Frame, frame_of
from facilitator.meetings.showing.phone import FieldView, form_fields
from facilitator.meetings.showing.planned import ActionView, planned_actions
from facilitator.meetings.showing.results import (
    ChoiceResult,
    ScaleResult,
    choice_result,
    choice_results,
    scales_and_lines,
)
from facilitator.meetings.showing.tables import Division, TableView, division, tables
from facilitator.meetings.showing.texts import (
    EarlierTexts,
    Text,
    earlier_texts,
    has_public_text,
    public_fields,
    shown_texts,
    source_texts,
)
from facilitator.meetings.showing.wall import Lobby, lobby
from facilitator.meetings.snapshot import Expected, Seat, Sign, Snapshot, ToldCase, hands_of
from facilitator.methods.choosing import Misfit
from facilitator.methods.vocabulary import Facet, MarkKind, Pace, Part

ADDED = re.compile(r" \d+$")  # to the name of somebody who came in again


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person as the moderator sees them. `wrote` counts named texts, and is 1 at most for anonymous ones, whose
    rows carry no name: there only `ready_count` of the screen tells how far people are. `place`: where they sit, from 1; 0 where
    they do not. `hands`: the seats that were joined to theirs, and their names. `was`: seat and name of somebody who came before them under the same
    name, and may be they.
    """

    seat_id: str
    name: str
    place: int
    role: str
    wrote: int
    instead: str
    is_case_giver: bool
    is_speaking: bool
    may_speak: bool
    is_connected: bool
    has_phone: bool
    is_waiting: bool
    has_left: bool
    is_expelled: bool
    hands: tuple[tuple[str, str], ...]
    was: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class LateText:
    """Something that came in for a step that was over: who wrote it and for which phase, not what."""

    id: str
    author: str
    phase: str


@dataclass(frozen=True, slots=True)
class ProxyForm:
    """A form the moderator may fill in for people without a phone, or for a case giver who dictates."""

    form: str
    seats: tuple[tuple[str, str], ...]
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class SignalView:
    """A sign from one phone or from several: how many, and in which order, nobody is told. `names` are of those who want it known;
    `is_unnamed`: somebody else gave it too. `sign` is empty where it cannot be read.
    """

    sign: str
    names: tuple[str, ...]
    is_unnamed: bool


@dataclass(frozen=True, slots=True)
class NudgeView:
    """Something to think of now, or as soon as only `from_left` seconds of the step are left; 0 where that does not matter."""

    about: str
    names: tuple[str, ...]
    phase: str
    from_left: int
    is_due: bool


@dataclass(frozen=True, slots=True)
class RoomScreen:
    """A big screen that shows this meeting; its number tells it from others."""

    seat_id: str
    number: int
    is_connected: bool


@dataclass(frozen=True, slots=True)
class ConsoleScreen:
    """Everything the moderator needs now. `came_along`: open actions, by whose they are. `folded`: the private panels stay closed until it is known whether this
    device is the big screen.
    """

    frame: Frame
    lobby: Lobby
    misfits: tuple[Misfit, ...]
    not_accepted: tuple[str, ...]
    expected: Expected | None
    told: tuple[ToldCase, ...]
    came_along: tuple[tuple[str, str], ...]
    is_folded: bool
    say: str
    trap: str
    help: str
    people: tuple[PersonRow, ...]
    people_paging: Paging
    walls: tuple[RoomScreen, ...]
    is_nobody_connected: bool
    wall_page: int
    wall_pages: int
    ready_count: int
    asked_count: int
    is_withheld: bool
    texts: tuple[Text, ...]
    texts_paging: Paging
    choices: tuple[Text, ...]
    earlier: tuple[EarlierTexts, ...]
    late: tuple[LateText, ...]
    actions: tuple[ActionView, ...]
    results: tuple[ScaleResult, ...]
    chosen: tuple[ChoiceResult, ...]
    shared_out: tuple[RoleView, ...]
    to_take: ChoiceResult | None
    is_time_told: bool
    lines: tuple[str, ...]
    proxies: tuple[ProxyForm, ...]
    offers: moves.Offers
    methods: tuple[tuple[str, str], ...]
    next_title: str
    next_speaker: str
    not_heard: tuple[str, ...]
    nudges: tuple[NudgeView, ...]
    is_put_away: bool
    next_clients: tuple[str, ...]
    without_turn: int
    is_locked: bool
    is_blanked: bool
    shows_code: bool
    signals: tuple[SignalView, ...]
    needs_case_giver: bool
    is_case_told: bool
    without_phone: Seat | None
    marks_limit: int
    ranks_for_another: bool
    needs_question: bool
    sees_question: bool
    question: str
    key_question: str
    tables: tuple[TableView, ...]
    division: Division | None
    table_count: int


def console_screen(
    snapshot: Snapshot,
    seat: Seat,
    locale: str,
    agreement: tuple[str, ...],
    hosts: tuple[str, ...] = (),
    pages: Pages = FIRST,
    misfits: tuple[Misfit, ...] = (),
) -> ConsoleScreen:
    """The console of a meeting at one moment, and of its long lists the pages that are looked at. `misfits`: what the method cannot be
    for those who are here.
    """
    me = seen_by(snapshot, seat)
    frame = frame_of(snapshot, seat, locale)
    now, texts = snapshot.now, snapshot.now.phase.text(locale)
    asked = seen.readiness(snapshot)
    scales, lines = scales_and_lines(me, locale)
    in_round = now.is_running and now.phase.part is Part.ROUND
    following = rules.following_speaker(snapshot)
    sees_question = Facet.QUESTION in me.shown
    clients = rules.next_clients(snapshot) if now.is_running else ()
    found, offers = now.round, moves.offers(snapshot)
    is_before = snapshot.state.status in (Status.PLANNED, Status.LOBBY)
    everybody, people_paging = page_of(seats(snapshot), pages, "people")
    is_gone_through = now.phase.shows is not None and now.phase.pace is Pace.ITEMS
    source = source_texts(me)
    shown, texts_paging = page_of(source if is_gone_through else shown_texts(me), pages, "texts")
    return ConsoleScreen(
        frame=frame,
        lobby=lobby(snapshot, agreement, locale, hosts),
        misfits=misfits,
        not_accepted=_not_accepted(snapshot),
        expected=snapshot.expected if is_before else None,
        told=snapshot.told if is_before else (),
        came_along=_came_along(snapshot) if is_before else (),
        is_folded=not snapshot.is_screen_chosen,
        say=texts.say,
        trap=texts.trap,
        help=texts.help,
        people=people(snapshot, seat, everybody),
        people_paging=people_paging,
        walls=walls(snapshot),
        is_nobody_connected=_is_nobody_connected(snapshot),
        wall_page=snapshot.wall_page,
        wall_pages=snapshot.wall_pages,
        ready_count=sum(is_done for _, is_done in asked),
        asked_count=len(asked),
        is_withheld=rules.is_withheld(snapshot),
        texts=shown,
        texts_paging=texts_paging,
        choices=source,
        earlier=earlier_texts(me, locale),
        late=late(snapshot, locale),
        actions=planned_actions(me),
        results=scales,
        chosen=choice_results(me, locale),
        shared_out=roles_given(me, locale),
        to_take=to_take(me, locale),
        is_time_told=now.step.is_time_told and now.is_running,
        lines=lines,
        proxies=proxies(snapshot, locale),
        offers=offers,
        methods=titles.of_further_cases(snapshot, locale)
        if any(moves.MOVES[o.name].asks_method for o in offers.every)
        else (),
        next_title=frame.next_title,
        next_speaker=snapshot.name(following),
        not_heard=tuple(s.name for s in not_heard(me)),
        nudges=tuple(_nudge(one, now.step, snapshot, locale) for one in nudges(me)),
        is_put_away=bool(now.step.put_away) and now.is_running,
        next_clients=tuple(s.name for s in clients),
        without_turn=max(0, len(clients) - rules.turns_ahead(snapshot)) if now.is_running else 0,
        is_locked=snapshot.is_locked,
        is_blanked=snapshot.is_blanked,
        shows_code=snapshot.is_code_shown or snapshot.state.status is Status.LOBBY,
        signals=signals(snapshot),
        needs_case_giver=rules.lacks_case_giver(snapshot),
        is_case_told=found is not None and found.is_told,
        without_phone=_giver_without_phone(snapshot),
        marks_limit=now.phase.marks.limit if now.phase.marks else 0,
        ranks_for_another=_is_ranking(snapshot) and _giver_without_phone(snapshot) is not None,
        needs_question=in_round and not frame.question and _asks_for_a_question(snapshot),
        sees_question=sees_question,
        question=found.question if found and sees_question else "",
        key_question=found.key_question if found and sees_question else "",
        tables=tables(snapshot, locale),
        division=division(snapshot),
        table_count=snapshot.table_count,
    )


def _asks_for_a_question(snapshot: Snapshot) -> bool:
    """Whether somebody can be asked for one anywhere in the case at hand."""
    steps = (step for step in snapshot.state.steps if step.round_id == snapshot.now.step.round_id)
    return any(form.sets_question for step in steps for form in snapshot.phases[step.id].forms)


def to_take(me: Seen, locale: str) -> ChoiceResult | None:
    """The phases of which one can be taken now."""
    found = rules.choosing(me.meeting)
    if found is None:
        return None
    return choice_result(me, found.chooser, found.form, found.field, locale, found.held.key)


def _is_ranking(snapshot: Snapshot) -> bool:
    marks = snapshot.now.phase.marks
    return snapshot.now.is_running and marks is not None and marks.kind is MarkKind.WARMTH


def _giver_without_phone(snapshot: Snapshot) -> Seat | None:
    """The case giver of the case at hand, as long as there is time to hand them their personal code."""
    giver = rules.case_giver(snapshot)
    is_on = snapshot.state.status in (Status.LOBBY, Status.RUNNING)
    return giver if giver is not None and is_on and giver.is_present and not giver.has_phone else None


def seats(snapshot: Snapshot) -> tuple[Seat, ...]:
    """Everybody who came, in table order: those who wait first, those who left last."""
    found = (s for s in snapshot.seats if s.kind == "participant")
    return tuple(sorted(found, key=lambda s: (s.is_let_in, s.has_left or s.is_expelled, s.position, s.id)))


def people(snapshot: Snapshot, seat: Seat, shown: tuple[Seat, ...]) -> tuple[PersonRow, ...]:
    """People as the moderator sees them."""
    speaking = seen_by(snapshot, seat).speaker
    can_speak, is_given = frozenset(rules.speakers(snapshot)), rules.gives_floor(snapshot)
    places = {s.id: place for place, s in enumerate(rules.participants(snapshot), start=1)}
    sees_writers = Facet.WRITTEN in seen_by(snapshot, seat).shown
    hands, by_name = {s.id: hands_of(snapshot, s.id) for s in shown}, _by_name(snapshot)
    return tuple(
        PersonRow(
            seat_id=s.id,
            name=s.name,
            place=places.get(s.id, 0),
            role="moderator" if seen_by(snapshot, s).leads else s.role,
            wrote=_wrote(snapshot, s) if sees_writers else 0,
            instead=seen_by(snapshot, s).said_instead if sees_writers else "",
            is_case_giver=seen_by(snapshot, s).is_case_giver(),
            is_speaking=s.id == speaking,
            may_speak=s.id in can_speak and is_given,
            is_connected=not s.has_phone or _is_connected(snapshot, s),
            has_phone=s.has_phone,
            is_waiting=s.is_waiting,
            has_left=s.has_left,
            is_expelled=s.is_expelled,
            hands=hands[s.id],
            was=_was(s, by_name.get(_bare(s.name), ())),
        )
        for s in shown
    )


def _by_name(snapshot: Snapshot) -> dict[str, list[Seat]]:
    """People by their names without what was added to tell them apart."""
    found: dict[str, list[Seat]] = {}
    for seat in seats(snapshot):
        if not seat.is_expelled:
            found.setdefault(_bare(seat.name), []).append(seat)
    return found


def _bare(name: str) -> str:
    return ADDED.sub("", name_key(name))


def _was(seat: Seat, alike: Sequence[Seat]) -> tuple[str, str] | None:
    """Who somebody may be that came in again: of those with the same name the one without anything added to it, or else the first."""
    others = [other for other in alike if other.id != seat.id and len(other.name) < len(seat.name)]
    first = min(others, key=lambda other: (len(other.name), other.position), default=None)
    return (first.id, first.name) if first is not None and not seat.is_expelled else None


def _nudge(nudge: Nudge, step: Step, snapshot: Snapshot, locale: str) -> NudgeView:
    phase = snapshot.phases[nudge.phase.id].text(locale).title if nudge.phase else ""
    from_left = round(nudge.from_left) if nudge.from_left != inf else 0
    return NudgeView(nudge.about, nudge.names, phase, from_left, is_due(nudge, step, snapshot.taken_at))


def signals(snapshot: Snapshot) -> tuple[SignalView, ...]:
    """What phones told the moderator, each sign once."""
    found = []
    for sign in (*Sign, None):
        given = [one for one in snapshot.signals if one.sign == sign]
        named = {one.seat_id for one in given if one.is_named}
        names = tuple(seat.name for seat in snapshot.seats if seat.id in named)
        if given:
            found.append(SignalView(str(sign or ""), names, any(not one.is_named for one in given)))
    return tuple(found)


def _is_connected(snapshot: Snapshot, seat: Seat) -> bool:
    devices = {seat.id, *(hand for hand, _ in hands_of(snapshot, seat.id))}
    return is_demo(snapshot.id) or not snapshot.connected.isdisjoint(devices)


def _is_nobody_connected(snapshot: Snapshot) -> bool:
    """Whether there are phones, and none of them is heard: then it is hardly the phones."""
    phones = [seat for seat in rules.participants(snapshot) if seat.has_phone]
    return len(phones) > 1 and not any(_is_connected(snapshot, seat) for seat in phones)


def walls(snapshot: Snapshot) -> tuple[RoomScreen, ...]:
    """The big screens of this meeting, in the order in which they came."""
    found = (s for s in snapshot.seats if s.kind == "wall" and not s.is_expelled)
    return tuple(RoomScreen(s.id, s.position, s.id in snapshot.connected) for s in found)


def late(snapshot: Snapshot, locale: str) -> tuple[LateText, ...]:
    """What waits to be admitted to a step that is over."""
    return tuple(
        LateText(item.id, snapshot.name(item.seat_id), snapshot.phases[item.step_id].text(locale).short)
        for item in snapshot.items
        if item.is_late and not (item.is_removed or item.is_kept) and public_fields(snapshot, item)
    )


def proxies(snapshot: Snapshot, locale: str) -> tuple[ProxyForm, ...]:
    """What the moderator may take down for others: never anything anonymous or private."""
    step, phase = snapshot.now.step, snapshot.now.phase
    found = []
    for form in phase.forms:
        seats = tuple(
            (s.id, s.name) for s in rules.writers(snapshot, step, form) if seen_by(snapshot, s).may_proxy(step, form)
        )
        fields = tuple(f for f in form_fields(snapshot, step, phase, form, locale) if not f.is_private)
        if seats and fields:
            found.append(ProxyForm(form.key, seats, fields))
    return tuple(found)


def _wrote(snapshot: Snapshot, seat: Seat) -> int:
    step = snapshot.now.step
    named = (form for form in snapshot.now.phase.forms if not form.is_anonymous and has_public_text(form))
    return sum(seen_by(snapshot, seat).written(step, form) for form in named)


def _came_along(snapshot: Snapshot) -> tuple[tuple[str, str], ...]:
    """The actions of earlier meetings that are open: whose, and what they would do."""
    return tuple(
        (snapshot.name(action.owner_id) or action.owner_name, action.then)
        for action in rules.actions_to_answer(snapshot)
        if action.status == "open"
    )


def _not_accepted(snapshot: Snapshot) -> tuple[str, ...]:
    """Who is here and has not accepted the agreement of the group yet."""
    if snapshot.agreed is None:
        return ()
    return tuple(seat.name for seat in rules.participants(snapshot) if not seat.has_accepted)
