"""THE door: a snapshot and a seat go in, the HTML of that very seat's screen comes out. Nothing else sends anything of a
meeting to anybody. If building a screen fails, a neutral "one moment" goes out, never more.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Callable, Mapping
from dataclasses import InitVar, dataclass, field, fields, replace
from functools import cache, lru_cache
from operator import attrgetter
from pathlib import Path
from typing import TypedDict

from flask import current_app
from flask_babel import force_locale, get_locale
from markupsafe import Markup, escape

from facilitator.core import sealing
from facilitator.core.db import now, random_id
from facilitator.core.patches import Change
from facilitator.core.pictures import Person, Size, Stop, circle, line
from facilitator.core.qr import QrPicture, qr, wifi_qr
from facilitator.core.speaking import speaking
from facilitator.core.times import time_of_day
from facilitator.meetings import addresses, refusals, rules, snapshot_cache, table_ids
from facilitator.meetings.machine import Status
from facilitator.meetings.seats import KIND_OF_VIEW
from facilitator.meetings.showing import (
    Clock,
    ConsoleScreen,
    PhoneScreen,
    WallScreen,
    clock_of,
    console_screen,
    phone_screen,
    wall_screen,
)
from facilitator.meetings.showing.console import PersonRow
from facilitator.meetings.showing.console_lists import FIRST, Pages
from facilitator.meetings.showing.frame import Frame
from facilitator.meetings.showing.phone import Composer
from facilitator.meetings.snapshot import Seat, Snapshot, said_as
from facilitator.meetings.visible import (
    NONE,
    Own,
    by_hand,
    everybody,
    in_person,
    is_same,
    own_rows,
    with_own,
    without_own,
)
from facilitator.methods import choosing, timing
from facilitator.methods.choosing import Misfit
from facilitator.methods.roles import RoleNames

Screen = WallScreen | ConsoleScreen | PhoneScreen
PHASES = Path(__file__).parents[1] / "templates/meetings/phases"
SIZES: dict[str, Size] = {"wall": "wall", "console": "console", "phone": "phone"}
LINE_WIDTH = {"wall": 1776, "console": 1124, "phone": 150}
# Nobody can guess them, so no text can hold them.
NAME, DIGEST, AS = (f"{what}-{random_id()}" for what in ("name", "digest", "as"))
# A screen without what can be pressed: no form, no address, nothing that sends.
TO_LOOK_AT = (
    (re.compile(r"</?form\b[^>]*>|<input type=\"hidden\"[^>]*>"), ""),
    (re.compile(r"(<a\b[^>]*?)\shref=\"[^\"]*\""), r"\1"),
    (re.compile(r"<(button|input|textarea|select)\b"), r"<\1 disabled"),
    (re.compile(r"<(/?)main\b"), r"<\1div"),
)
log = logging.getLogger(__name__)


class ClockPayload(TypedDict):
    """The time as it goes out, in seconds."""

    left: float
    total: float
    running: bool
    ahead: float
    due: str | None
    now: float


class Payload(TypedDict):
    """What a live page gets: on a push, and as the answer to everything it sends."""

    turn: int
    at: float
    digest: str
    html: str
    clock: ClockPayload


class Patch(TypedDict):
    """The same for a page that has the screen with the digest `base`: the lines of it that changed."""

    turn: int
    at: float
    digest: str
    clock: ClockPayload
    base: str
    patch: list[Change]


@dataclass(frozen=True, slots=True)
class Shared:
    """A rendered screen that everybody whose screen is equal gets. Where the owner's name belongs stands `NAME`, and `AS`
    where a link says which of two seats on a phone is meant.
    """

    html: str
    digest: str
    is_named: bool

    def html_for(self, name: str, as_seat: int = 1) -> str:
        """The screen as its owner reads it."""
        return self.html.replace(NAME, str(escape(name))).replace(AS, as_query(as_seat)) if self.is_named else self.html

    def digest_for(self, name: str) -> str:
        """What tells this screen from another."""
        return hashlib.sha256(f"{self.digest}{name}".encode()).hexdigest()[:16] if self.is_named else self.digest


@dataclass(frozen=True, slots=True)
class Personal:
    """The screen of one phone, and what it was drawn from beside what is out for everybody."""

    seat: Seat
    own: Own
    shared: Shared


@dataclass
class Phones:
    """The screens of phones, for as long as nothing changes of what is out for everybody. Whoever has written nothing and is not
    spoken of has the same one as others in their place: it is drawn for somebody who is nobody.
    """

    everybody: Snapshot
    alike: dict[object, Shared] = field(default_factory=dict)
    personal: dict[str, Personal] = field(default_factory=dict)
    done: dict[object, Shared] = field(default_factory=dict)

    def shared(self, seat: Seat, own: Own) -> Shared:
        """The screen of a seat with these rows."""
        if own is NONE and seat.id not in in_person(self.everybody):
            return self._alike(seat)
        device = seat.hand_id or seat.id
        known = self.personal.get(device)
        if known is None or known.seat != seat or known.own != own:
            known = self.personal[device] = Personal(seat, own, self._drawn(with_own(self.everybody, own), seat))
        return known.shared

    def _alike(self, seat: Seat) -> Shared:
        place = _PLACE(seat)
        if place not in self.alike:
            nobody = replace(seat, id="", name=NAME, position=0, user_id=None)
            self.alike[place] = self._drawn(self.everybody, nobody)
        return self.alike[place]

    def _drawn(self, snapshot: Snapshot, seat: Seat) -> Shared:
        screen = build(snapshot, seat, "phone")
        assert isinstance(screen, PhoneScreen)
        key = _all_but_the_name(screen, seat.locale)
        if key not in self.done:
            self.done[key] = rendered(snapshot, replace(screen, name=NAME), seat.locale, "phone")
        return self.done[key]


@dataclass
class Renderer:
    """Renders the screens of one snapshot; what did not change since `before` is not rendered again."""

    snapshot: Snapshot
    connected: Callable[[], frozenset[str]] = frozenset
    before: InitVar[Renderer | None] = None
    done: dict[object, Shared] = field(default_factory=dict)
    phones: Phones = field(init=False)

    def __post_init__(self, before: Renderer | None) -> None:
        """Takes over what holds."""
        now = everybody(self.snapshot)
        self.phones = before.phones if before and is_same(now, before.phones.everybody) else Phones(now)

    def payload(self, seat: Seat, view: str, as_seat: int = 1, pages: Pages = FIRST) -> Payload:
        """The screen of a seat as it goes out. The clock is beside it, so that time alone changes no digest."""
        shared = self.shared(seat, view, pages)
        named = self.unnamed(shared, seat)
        named["digest"], named["html"] = shared.digest_for(seat.name), shared.html_for(seat.name, as_seat)
        return named

    def unnamed(self, shared: Shared, seat: Seat) -> Payload:
        """The same for many seats at once: where their names are in it, `NAME`, `DIGEST` and `AS` stand in."""
        return Payload(
            turn=self.snapshot.state.turn,
            at=self.snapshot.taken_at.timestamp(),
            digest=DIGEST if shared.is_named else shared.digest,
            html=shared.html,
            clock=self.clock(seat),
        )

    def html(self, seat: Seat, view: str) -> str:
        """The two parts of a live page, the stage and on phones the composer."""
        return self.shared(seat, view).html_for(seat.name)

    def clock(self, seat: Seat) -> ClockPayload:
        """The clock as this seat may see it, at this very moment."""
        return _clock(self.snapshot, is_inside=seat.is_inside)

    def shared(self, seat: Seat, view: str, pages: Pages = FIRST) -> Shared:
        """The screen of a seat. Only phones show what belongs to a seat; the wall and the console show the meeting."""
        try:
            if view == "phone":
                _require(seat, view)
                return self.phones.shared(seat, own_rows(self.snapshot).get(seat.id, NONE))
            # Only the console tells who has a page open, and that changes without the meeting.
            snapshot = replace(self.snapshot, connected=self.connected()) if view == "console" else self.snapshot
            if snapshot.is_apart:
                snapshot = replace(snapshot, tables=tables_of(self.snapshot))
            screen = build(snapshot, seat, view, pages)
            key = (seat.locale, screen)
            if key not in self.done:
                self.done[key] = rendered(self.snapshot, screen, seat.locale, view)
            return self.done[key]
        except Exception:  # whatever went wrong, nothing of the meeting may go out
            log.exception("a screen could not be built")
            return _shared(neutral(self.snapshot, seat))


def tables_of(snapshot: Snapshot) -> tuple[Snapshot, ...]:
    """The tables of a meeting whose people are there now, as they are at this moment."""
    numbers = range(1, snapshot.table_count + 1)
    return tuple(snapshot_cache.current(table_ids.table_id(snapshot.id, number)) for number in numbers)


def rendered(snapshot: Snapshot, screen: Screen, locale: str, view: str) -> Shared:
    """A picture as HTML, in its reader's language."""
    with speaking(locale):
        return _shared(_render(snapshot, screen, view))


def _all_but_the_name(screen: PhoneScreen, locale: str) -> object:
    """What makes two phones equal. A frame is one object for everybody who shares it, and long to compare."""
    return (locale, id(screen.frame), *_PHONE_PARTS(screen))


_PHONE_PARTS = attrgetter(*(part.name for part in fields(PhoneScreen) if part.name not in ("frame", "name")))
_PLACE = attrgetter(*(part.name for part in fields(Seat) if part.name not in ("id", "name", "position", "user_id")))


def _shared(html: str) -> Shared:
    digest = hashlib.sha256(html.replace(NAME, "").replace(AS, "").encode()).hexdigest()[:16]  # equal in every process
    return Shared(html, digest, is_named=NAME in html or AS in html)


def as_query(as_seat: int) -> str:
    """What an address ends in that is for the second seat on a phone."""
    return "?as=2" if as_seat == 2 else ""


def build(snapshot: Snapshot, seat: Seat, view: str, pages: Pages = FIRST) -> Screen:
    """The picture of a seat's screen; a seat only has the view of its own kind."""
    _require(seat, view)
    if snapshot.is_damaged:
        with force_locale(seat.locale):
            snapshot = said_as(snapshot, str(sealing.UNREADABLE))
    texts = snapshot.method.text(seat.locale)
    is_open = snapshot.state.status in (Status.LOBBY, Status.RUNNING)
    hosts = addresses.hosts(snapshot) if view != "phone" and is_open else ()
    if view == "phone":
        snapshot = by_hand(snapshot, seat)
        return phone_screen(snapshot, seat, seat.locale, texts.agreement)
    if view == "wall":
        return wall_screen(snapshot, seat, seat.locale, texts.agreement, hosts)
    return console_screen(snapshot, seat, seat.locale, texts.agreement, hosts, pages, _misfits(snapshot))


def seen_as(snapshot: Snapshot, seat: Seat, locale: str) -> Markup:
    """What a phone shows whose owner did nothing, in the language of whoever leads, to look at and not to use."""
    without, whoever = without_own(snapshot, replace(seat, locale=locale))
    screen = build(without, whoever, "phone")
    assert isinstance(screen, PhoneScreen)
    if screen.composer:  # some begin with what its writer said before
        empty = tuple(replace(field, value="") for field in screen.composer.fields)
        screen = replace(screen, composer=replace(screen.composer, fields=empty))
    html = rendered(without, screen, locale, "phone").html_for(seat.name)
    for found, instead in TO_LOOK_AT:
        html = found.sub(instead, html)
    return Markup(html)  # noqa: S704 – made by our own templates, which escape


def _misfits(snapshot: Snapshot) -> tuple[Misfit, ...]:
    """What the method cannot be with those who are in the lobby, as soon as somebody is, in the time that was planned without further cases."""
    method, here = snapshot.whole_method, rules.participants(snapshot)
    if snapshot.state.status is not Status.LOBBY or not here:
        return ()
    held = {phase.key for phase in timing.held(method)}
    of_method = {None, *(one.id for one in snapshot.rounds if one.number == 1 or one.is_in_turn)}
    of_first = (step for step in snapshot.state.steps if step.round_id in of_method)
    planned = sum(step.planned for step in of_first if step.key in held) / 60
    return choosing.misfits(method, len(here), method.lobby_minutes + planned)


def _require(seat: Seat, view: str) -> None:
    if KIND_OF_VIEW[view] != seat.kind:
        raise PermissionError("this seat does not have this view")


def composer_html(snapshot: Snapshot, seat: Seat, typed: Mapping[str, str], errors: Mapping[str, str]) -> str | None:
    """The composer of a seat with what was typed and what is wrong with it, for an answer of 422."""
    with force_locale(seat.locale):
        screen = build(snapshot, seat, "phone")
        assert isinstance(screen, PhoneScreen)
        found = _composer_for(screen, typed.get("form", ""), typed.get("item", ""))
        if found is None or found.step_id != typed.get("step"):
            return None
        given = tuple(replace(field, value=typed.get(field.name, "")) for field in found.fields)
        filled = replace(found, fields=given, is_kept=bool(typed.get("keep")))
        return render_composer(screen, filled, errors, typed.get("item", ""))


def _composer_for(screen: PhoneScreen, form: str, item_id: str) -> Composer | None:
    """The composer a text was typed in: for something new, or for the change of an earlier text."""
    if item_id:
        return next((own.composer for own in screen.own if own.id == item_id), None)
    return screen.composer if screen.composer and screen.composer.form == form else None


def render_composer(screen: PhoneScreen, composer: Composer, errors: Mapping[str, str], item: str = "") -> str:
    """The composer alone; `item` is the text that is changed in it."""
    template = current_app.jinja_env.get_template("meetings/composer.html")
    return template.render(screen=screen, composer=composer, errors=errors, item=item)


def neutral(snapshot: Snapshot, seat: Seat) -> str:
    """What goes out when a screen cannot be built: a sentence, and nothing of the meeting."""
    with force_locale(seat.locale):
        sentence = escape(refusals.sentence("moment"))
    turn = snapshot.state.turn
    return (
        f'<main id="stage" data-turn="{turn}" data-step="" data-kind="moment" data-audience=""><p>{sentence}</p></main>'
        '<section id="composer" data-key=""></section>'
    )


def code_groups(code: str) -> tuple[str, str]:
    """A code as people read it: two groups of four."""
    return code[:4], code[4:]


def _render(snapshot: Snapshot, screen: Screen, view: str) -> str:
    frame = screen.frame
    lobby = screen.lobby if isinstance(screen, WallScreen | ConsoleScreen) else None
    base = addresses.join_base(snapshot)
    template = current_app.jinja_env.get_template(f"meetings/stage_{view}.html")
    locale = str(get_locale())
    return template.render(
        screen=screen,
        phase_file="meetings/phases/_tables.html" if snapshot.is_apart else phase_file(frame.kind),
        as_query=AS,
        line=_line(frame.stops, _place(frame), view, locale) if frame.stops and frame.here >= 0 else None,
        circle=_circle(frame.people, frame.roles, view, locale) if frame.people else None,
        person_row=lambda person: _person_row(frame, person, _is_case_told(screen), locale),
        qr=_qr(f"{base}/j/{snapshot.code}") if lobby and base else None,
        wifi_qr=lambda: wifi_qr(lobby.wifi_name, lobby.wifi_password) if lobby else None,
        join_host=base.partition("://")[2],
        code_groups=code_groups(snapshot.code) if lobby else (),
        planned_end=time_of_day(snapshot.state.due_at) if snapshot.state.due_at else "",
        errors={},
    )


@cache
def phase_file(kind: str) -> str:
    """The screens of a kind of phase: those in the file of its name, or those of any."""
    return f"meetings/phases/{kind if (PHASES / f'{kind}.html').exists() else '_any'}.html"


def _place(frame: Frame) -> int:
    """Where on the line the meeting is: past its end once it is over, but where it stopped if it ended before."""
    is_done = frame.status == "ended" and frame.here == len(frame.stops) - 1
    return len(frame.stops) if is_done else frame.here


# What is drawn anew for every screen and seldom changes; it depends on nothing but what is given.


@lru_cache(maxsize=512)
def _line(stops: tuple[Stop, ...], here: int, view: str, locale: str) -> Markup:  # noqa: ARG001 – it speaks that language
    return _macro("partials/line.html", "line", line(stops, here, LINE_WIDTH[view], SIZES[view]))


@lru_cache(maxsize=512)
def _circle(people: tuple[Person, ...], roles: RoleNames, view: str, locale: str) -> Markup:  # noqa: ARG001
    return _macro("partials/circle.html", "circle", circle(people, SIZES[view]), roles.case_giver)


def _person_row(frame: Frame, person: PersonRow, is_case_told: bool, locale: str) -> Markup:
    turn = frame.turn if person.may_speak else 0  # else no move stands in it
    return _row(frame.meeting_id, turn, frame.roles, person, is_case_told, locale)


@lru_cache(maxsize=2048)
def _row(
    meeting_id: str,
    turn: int,
    roles: RoleNames,
    person: PersonRow,
    is_case_told: bool,
    locale: str,  # noqa: ARG001
) -> Markup:
    frame = {"meeting_id": meeting_id, "turn": turn, "roles": roles}
    return _macro("meetings/console/person_row.html", "person_row", frame, person, is_case_told)


def _macro(file: str, name: str, *arguments: object) -> Markup:
    found: Markup = getattr(current_app.jinja_env.get_template(file).module, name)(*arguments)
    return found


def _is_case_told(screen: Screen) -> bool:
    return isinstance(screen, ConsoleScreen) and screen.is_case_told


@lru_cache(maxsize=512)
def _qr(text: str) -> QrPicture:
    return qr(text)


def _clock(snapshot: Snapshot, is_inside: bool) -> ClockPayload:
    """The clock at this moment; somebody outside the room only learns what time it is."""
    moment = now()
    found = clock_of(snapshot, moment) if is_inside else Clock(0.0, 0.0, False, 0.0, None)
    return ClockPayload(
        left=found.left,
        total=found.total,
        running=found.running,
        ahead=found.ahead,
        due=found.due,
        now=moment.timestamp(),
    )
