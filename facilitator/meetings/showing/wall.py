"""The meeting-room screen. Nothing private is ever on it: with one computer in the room it is enough for a whole meeting."""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.core.times import whole_minutes
from facilitator.meetings import moves, rules, seen, titles
from facilitator.meetings.machine import Status
from facilitator.meetings.seen import seen_by
from facilitator.meetings.showing.casting import RoleView, roles_given
from facilitator.meetings.showing.frame import Frame, frame_of
from facilitator.meetings.showing.planned import ActionView, planned_actions
from facilitator.meetings.showing.results import (
    ChoiceResult,
    ScaleResult,
    choice_results,
    facets_of_wall,
    scales_and_lines,
)
from facilitator.meetings.showing.tables import TableView, tables
from facilitator.meetings.showing.texts import (
    Column,
    EarlierTexts,
    Text,
    by_warmth,
    columns_of,
    earlier_texts,
    is_ranked,
    shown_texts,
    source_texts,
)
from facilitator.meetings.snapshot import Agreed, Seat, Snapshot
from facilitator.methods.vocabulary import Facet, Pace, Part


@dataclass(frozen=True, slots=True)
class Lobby:
    """How to come in, and under what names. `wifi_name` is empty where no network was entered."""

    code: str
    wifi_name: str
    wifi_password: str
    agreement: tuple[str, ...]
    agreed: Agreed | None
    method_key: str
    method_title: str
    minutes: int
    present: int
    uses_pseudonyms: bool
    hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Someone:
    """A person one can choose, by the name they gave."""

    seat_id: str
    name: str


@dataclass(frozen=True, slots=True)
class WallScreen:
    """`mode` says what fills the middle: planned, lobby, writing, item, list, actions, results, story, quiet, blank or
    ended. All texts are there; the page shows as many as have room and turns to the rest. `position` and `count` tell which of
    the revealed texts is on the table. `waiting` stand at the door; `may_give` is filled where the group is in a round and
    nobody gives the case. `page` of `pages` is what a wall said it shows, or what the console asks it for.
    """

    frame: Frame
    mode: str
    lobby: Lobby
    texts: tuple[Text, ...]
    earlier: tuple[EarlierTexts, ...]
    position: int
    count: int
    actions: tuple[ActionView, ...]
    results: tuple[ScaleResult, ...]
    chosen: tuple[ChoiceResult, ...]
    shared_out: tuple[RoleView, ...]
    lines: tuple[str, ...]
    is_almost_ready: bool
    is_withheld: bool
    shows_code: bool
    offers: moves.Offers
    next_move: moves.Offer | None
    next_title: str
    corner_code: str
    writing_minutes: float
    waiting: tuple[Someone, ...]
    may_give: tuple[Someone, ...]
    page: int
    pages: int
    is_ranked: bool
    columns: tuple[Column, ...]
    tables: tuple[TableView, ...]


def wall_screen(
    snapshot: Snapshot,
    seat: Seat,
    locale: str,
    agreement: tuple[str, ...],
    hosts: tuple[str, ...] = (),
) -> WallScreen:
    """The wall of a meeting at one moment."""
    me, phase = seen_by(snapshot, seat), snapshot.now.phase
    frame = frame_of(snapshot, seat, locale)
    again = source_texts(me)
    everything = again or shown_texts(me)
    now = tuple(text for text in everything if text.is_now)
    starred = tuple(text for text in everything if text.is_starred)
    # What was talked about leaves a list that is gone through, and none of what was said in turn or is chosen from.
    stays = phase.pace is Pace.ROUND or (bool(again) and phase.pace is not Pace.ITEMS)
    ordered = starred + tuple(t for t in everything if not t.is_starred and (stays or not t.is_done))
    if is_ranked(snapshot):
        ordered = by_warmth(ordered)
    actions = planned_actions(me)
    on_table = tuple(action for action in actions if action.is_now)
    scales, lines = scales_and_lines(me, locale)
    earlier = earlier_texts(me, locale)
    chosen = choice_results(me, locale)
    mode = _mode(snapshot, len(now), bool(ordered), bool(earlier), bool(actions), bool(scales or chosen))
    shown = now or ordered if mode in ("item", "list") else ()
    hides = mode == "blank"
    offers = moves.offers(snapshot, on_room_screen=True)
    return WallScreen(
        frame=frame,
        mode=mode,
        lobby=lobby(snapshot, agreement, locale, hosts),
        texts=() if hides else shown,
        earlier=earlier if mode == "list" else (),
        position=_position(snapshot, now),
        count=_revealed(snapshot),
        actions=() if hides else on_table or actions,
        results=() if hides else scales,
        chosen=() if hides else chosen,
        shared_out=roles_given(me, locale),
        lines=() if hides else lines,
        is_almost_ready=mode == "writing" and seen.ready_share(snapshot) >= rules.ALMOST_EVERYBODY,
        is_withheld=rules.is_withheld(snapshot),
        shows_code=snapshot.is_code_shown or snapshot.state.status is Status.LOBBY,
        offers=offers,
        next_move=offers.named(moves.next_move(snapshot)),
        next_title=frame.next_title,
        corner_code=snapshot.code if _is_opening(snapshot) else "",
        writing_minutes=snapshot.now.phase.writing_minutes,
        waiting=tuple(Someone(s.id, s.name) for s in snapshot.seats if _waits(s)),
        may_give=_may_give(snapshot),
        page=snapshot.wall_page,
        pages=snapshot.wall_pages,
        is_ranked=is_ranked(snapshot),
        columns=columns_of(shown) if mode == "list" and not hides else (),
        tables=tables(snapshot, locale),
    )


def _waits(seat: Seat) -> bool:
    return seat.kind == "participant" and seat.is_waiting


def _may_give(snapshot: Snapshot) -> tuple[Someone, ...]:
    if not rules.lacks_case_giver(snapshot):
        return ()
    people = (s for s in rules.participants(snapshot) if not seen_by(snapshot, s).leads)
    return tuple(Someone(s.id, s.name) for s in people)


def lobby(snapshot: Snapshot, agreement: tuple[str, ...], locale: str, hosts: tuple[str, ...]) -> Lobby:
    """What the lobby tells about coming in."""
    return Lobby(
        code=snapshot.code,
        wifi_name=str(snapshot.wifi.get("name") or ""),
        wifi_password=str(snapshot.wifi.get("password") or ""),
        agreement=agreement,
        agreed=snapshot.agreed,
        method_key=snapshot.method_key,
        method_title=titles.of_meeting(snapshot.rounds, snapshot.method, locale),
        minutes=whole_minutes(sum(step.planned + step.added for step in snapshot.state.steps)),
        present=len(rules.participants(snapshot)),
        uses_pseudonyms=snapshot.uses_pseudonyms,
        hosts=hosts,
    )


def _mode(
    snapshot: Snapshot, now: int, has_texts: bool, has_earlier: bool, has_actions: bool, has_results: bool
) -> str:
    phase, step = snapshot.now.phase, snapshot.now.step
    if not snapshot.now.is_running:
        return snapshot.state.status.value
    first = {"blank": snapshot.is_blanked, "actions": has_actions, "results": has_results, "item": now == 1}
    found = next((mode for mode, holds in first.items() if holds), None)
    if found or now:
        return found or "list"
    if has_texts and (phase.pace is Pace.TOGETHER or (step.has_gone_round and not step.speaker)):
        return "list"
    if has_texts and phase.pace is Pace.ITEMS and not rules.hidden_items(snapshot):
        return "list"
    if _has_writers(snapshot) and step.speaker is None and not (step.is_revealed or step.has_gone_round):
        return "writing"
    if has_earlier and phase.pace is not Pace.ROUND:
        return "list"
    return "story" if phase.speaks == "case_giver" or step.speaker else "quiet"


def _is_opening(snapshot: Snapshot) -> bool:
    """Until the story the code stays in a corner of the wall, for whoever comes late."""
    return snapshot.now.is_running and snapshot.now.phase.part is Part.OPENING


def _has_writers(snapshot: Snapshot) -> bool:
    """Whether several people are asked to write now; a single writer is somebody who talks and takes a note."""
    forms = [
        form for form in snapshot.now.phase.forms if any(not f.is_private for f in form.fields) and not form.is_open
    ]
    return any(len(rules.writers(snapshot, snapshot.now.step, form)) > 1 for form in forms)


def _position(snapshot: Snapshot, now: tuple[Text, ...]) -> int:
    """Which of the revealed texts is on the table, from 1; 0 where none is."""
    if not now or snapshot.now.phase.pace is not Pace.ITEMS:
        return 0
    others = (item for item in rules.gone_through(snapshot) if item.id != now[0].id)
    return 1 + sum(1 for item in others if rules.was_talked_about(snapshot, item))


def _revealed(snapshot: Snapshot) -> int:
    """How many texts are on the table or were: revealed ones only, hidden ones do not count."""
    if Facet.CURRENT not in facets_of_wall(snapshot) and snapshot.now.phase.shows is None:
        return 0
    return len(rules.gone_through(snapshot))
