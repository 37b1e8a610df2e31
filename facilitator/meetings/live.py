"""The live connection: who is listening, and what they are sent when a meeting changes.

Promises: a socket is sent nothing but the screen of its own seat, built from what the database holds at that moment; the
first change goes out at once, later ones within 50 ms together, or within as long as the last push took; one screen is rendered once, whoever shares it, and the
phones come first. Where a network lets no live connection through, a page asks for its screen itself, and counts as open like any other.
"""

from __future__ import annotations

import json
import logging
import time
from collections import defaultdict
from dataclasses import dataclass, field

import gevent
from engineio.packet import MESSAGE, Packet
from flask import Flask, current_app, request
from flask_babel import force_locale
from markupsafe import escape
from socketio.exceptions import ConnectionRefusedError as Refuse

from facilitator.core import network, sealing
from facilitator.core.db import Busy
from facilitator.core.extensions import socketio
from facilitator.core.patches import changes
from facilitator.core.websockets import Frames, put
from facilitator.meetings import bus, loading, models, refusals, snapshot_cache, table_ids
from facilitator.meetings.presence import REFRESH_SECONDS, Presence
from facilitator.meetings.screens import (
    AS,
    DIGEST,
    NAME,
    Patch,
    Payload,
    Renderer,
    Shared,
    as_query,
)
from facilitator.meetings.seats import KIND_OF_VIEW, held, number_of
from facilitator.meetings.seen import seen_by
from facilitator.meetings.showing.console_lists import FIRST, Pages
from facilitator.meetings.snapshot import Seat, Snapshot

EVERY_VIEW = frozenset(KIND_OF_VIEW)
IN_ORDER = ("phone", "wall", "console")
PATCHED = frozenset({"console", "wall"})  # theirs are long, and seldom change as a whole
CONNECTIONS = frozenset({"console"})  # nobody else is shown who has a page open
OVER_TABLES = frozenset({"console", "wall"})
WITH_ADDRESS = frozenset({"console", "wall"})
ASKED_SECONDS = 30.0  # a page that asks for its screen itself counts as open for so long
TOGETHER_SECONDS = 0.05
WATCH_SECONDS = 2.0
TRY_AGAIN_SECONDS = 0.5
log = logging.getLogger(__name__)


@dataclass
class Listener:
    """One open page: a socket and the engine's underneath, whose seat it shows – the first or the second on its phone – and what
    it was sent last. `heard` came over this very connection, so what follows may be told as changes to it. `as_of`: the count of
    changes up to which it was brought.
    """

    sid: str
    meeting_id: str
    seat_id: str
    view: str
    engine_id: str = ""
    digest: str = ""
    as_seat: int = 1
    pages: Pages = FIRST
    heard: Shared | None = None
    as_of: int = -1


@dataclass
class Hall:
    """All open pages of this process, by meeting, and which meetings have something new to tell. `asking`: the seats whose pages ask
    for their screens themselves, and until when they count as open.
    """

    app: Flask
    presence: Presence
    listeners: dict[str, Listener] = field(default_factory=dict)
    by_meeting: dict[str, dict[str, Listener]] = field(default_factory=lambda: defaultdict(dict))
    asking: dict[str, dict[str, float]] = field(default_factory=dict)
    waiting: dict[str, frozenset[str]] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)
    drawn: dict[str, Renderer] = field(default_factory=dict)
    is_watching: bool = False

    def enter(self, listener: Listener) -> None:
        """A page opened."""
        self.listeners[listener.sid] = listener
        self.by_meeting[listener.meeting_id][listener.sid] = listener
        snapshot_cache.readings().look(listener.meeting_id)
        self.presence.tell(listener.meeting_id, [listener.seat_id])
        self._begin_watching()

    def leave(self, sid: str) -> Listener | None:
        """A page closed."""
        listener = self.listeners.pop(sid, None)
        if listener is not None:
            self.by_meeting[listener.meeting_id].pop(sid, None)
            self._look_away(listener.meeting_id, [listener.seat_id])
        return listener

    def asks(self, meeting_id: str, seat_id: str) -> None:
        """A page that has no live connection asked for its screen."""
        was_there = seat_id in self.connected(meeting_id)
        is_first = meeting_id not in self.asking
        self.asking.setdefault(meeting_id, {})[seat_id] = time.monotonic() + ASKED_SECONDS
        snapshot_cache.readings().look(meeting_id)
        self._begin_watching()
        if is_first:
            gevent.spawn(self._until_nobody_asks, meeting_id)
        if not was_there:
            self.presence.tell(meeting_id, [seat_id])
            self.changed(meeting_id, CONNECTIONS)

    def _until_nobody_asks(self, meeting_id: str) -> None:
        room = self.asking[meeting_id]
        while room:
            gevent.sleep(max(min(room.values()) - time.monotonic(), TOGETHER_SECONDS))
            silent = [seat_id for seat_id, until in room.items() if until <= time.monotonic()]
            for seat_id in silent:
                del room[seat_id]
            if silent:
                self.changed(meeting_id, CONNECTIONS)
                with self.app.app_context():
                    self._look_away(meeting_id, silent)
        del self.asking[meeting_id]

    def _look_away(self, meeting_id: str, seat_ids: list[str]) -> None:
        """After pages were closed."""
        still = self._here(meeting_id)
        for seat_id in seat_ids:
            if seat_id not in still:
                self.presence.untell(meeting_id, seat_id)
        if not self.by_meeting.get(meeting_id):
            self.by_meeting.pop(meeting_id, None)
        if not still:
            self.drawn.pop(meeting_id, None)
            snapshot_cache.readings().look_away(meeting_id)

    def keep_telling(self) -> None:
        """Tells the other workers again and again which pages are open here."""
        while True:
            gevent.sleep(REFRESH_SECONDS)
            for meeting_id in {*self.by_meeting, *self.asking}:
                self.presence.tell(meeting_id, self._here(meeting_id))

    def _begin_watching(self) -> None:
        if not self.is_watching:
            self.is_watching = True
            gevent.spawn(self._watch_addresses)

    def _watch_addresses(self) -> None:
        """While pages are open: has those that show where to come to brought up to date when this machine is reached elsewhere."""
        known = network.addresses()
        while self.by_meeting or self.asking:
            gevent.sleep(WATCH_SECONDS)
            if (found := network.addresses()) != known:
                known = found
                for meeting_id in {*self.by_meeting, *self.asking}:
                    if meeting_id in self.drawn:
                        self.drawn[meeting_id].done.clear()
                    self.changed(meeting_id, WITH_ADDRESS)
        self.is_watching = False

    def connected(self, meeting_id: str) -> frozenset[str]:
        """The seats that have a page open, here or in another worker."""
        return self._here(meeting_id) | self.presence.elsewhere(meeting_id)

    def connected_with_tables(self, snapshot: Snapshot) -> frozenset[str]:
        """The seats of a meeting that have a page open there, or at one of its tables while people are there."""
        numbers = range(1, snapshot.table_count + 1) if snapshot.is_apart else ()
        tables = (self.connected(table_ids.table_id(snapshot.id, number)) for number in numbers)
        return self.connected(snapshot.id).union(*({table_ids.seat_of(seat) for seat in there} for there in tables))

    def _here(self, meeting_id: str) -> frozenset[str]:
        listening = (listener.seat_id for listener in self.by_meeting.get(meeting_id, {}).values())
        return frozenset((*listening, *self.asking.get(meeting_id, ())))

    def is_looked_at(self, meeting_id: str) -> bool:
        """Whether any page of a meeting is open here."""
        return meeting_id in self.by_meeting or meeting_id in self.asking

    def changed(self, meeting_id: str, views: frozenset[str] = EVERY_VIEW) -> None:
        """Has a meeting's pages brought up to date: at once, or together with what follows within 50 ms. `views`: only
        those, where nothing changed for the others. The screens of whoever leads show how it goes at the tables of a meeting.
        """
        if table_ids.number_of(meeting_id):
            self.changed(table_ids.plenary_of(meeting_id), OVER_TABLES)
        if meeting_id not in self.by_meeting:
            return
        self.waiting[meeting_id] = self.waiting.get(meeting_id, frozenset()) | views
        if meeting_id not in self.busy:
            self.busy.add(meeting_id)
            gevent.spawn(self._keep_up, meeting_id)
            # The others' phones come before the answer to whoever changed something: one turn to render, one to send.
            gevent.sleep(0)
            gevent.sleep(0)

    def _keep_up(self, meeting_id: str) -> None:
        try:
            while meeting_id in self.waiting:
                views = self.waiting.pop(meeting_id)
                began = time.monotonic()
                try:
                    with self.app.app_context():
                        push(self, meeting_id, views)
                    pause = max(TOGETHER_SECONDS, time.monotonic() - began)
                except Busy:
                    self.waiting[meeting_id] = self.waiting.get(meeting_id, frozenset()) | views
                    pause = TRY_AGAIN_SECONDS
                except Exception:  # one meeting's trouble must not silence the others
                    pause = TOGETHER_SECONDS
                    # The digest check of each page heals what was missed.
                    log.exception("a push failed")
                gevent.sleep(pause)
        finally:
            self.busy.discard(meeting_id)


def init_app(app: Flask) -> None:
    """Opens the hall of an application and listens for changes."""
    settings = app.extensions["settings"]
    hall = Hall(app, Presence(settings.redis_url))
    app.extensions["hall"] = hall
    if settings.redis_url:
        gevent.spawn(hall.keep_telling)
    bus.connect(app, settings.redis_url, hall.changed)


def hall() -> Hall:
    """The open pages of the current application."""
    found = current_app.extensions["hall"]
    assert isinstance(found, Hall)
    return found


def push(room: Hall, meeting_id: str, views: frozenset[str] = EVERY_VIEW) -> None:
    """Sends every open page of a meeting what changed for it, the phones first: people look at them and at the wall."""
    try:
        renderer = current(room, meeting_id)
    except (loading.NoSuchMeeting, sealing.Unreadable):
        return
    for view in IN_ORDER:
        listeners = [found for found in room.by_meeting.get(meeting_id, {}).values() if found.view == view]
        if view in views and listeners:
            _push_to(room, renderer, listeners)
            gevent.sleep(0)  # these go out before the next ones are rendered


def _push_to(room: Hall, renderer: Renderer, listeners: list[Listener]) -> None:
    together: dict[object, Encoded] = {}
    for listener in listeners:
        listener.as_of = renderer.snapshot.revision
        seat = seat_to_show(renderer.snapshot, listener.seat_id, listener.view)
        if seat is None or seat.is_expelled:
            dismiss(room, listener, seat, renderer.snapshot)
            continue
        shared, before = renderer.shared(seat, listener.view, listener.pages), listener.heard
        if shared is before:
            continue
        digest = shared.digest_for(seat.name)
        if digest == listener.digest:
            continue
        key = (id(shared), id(before) if listener.view in PATCHED else 0, seat.is_inside)
        if key not in together:
            together[key] = Encoded(
                renderer.unnamed(shared, seat), shared, before if listener.view in PATCHED else None
            )
        listener.digest, listener.heard = digest, shared
        _send(listener, together[key].frames(seat.name, digest, listener.as_seat))


def _send(listener: Listener, frames: Frames) -> None:
    server = socketio.server  # type: ignore[attr-defined]  # it is there once an application is bound
    if not put(server.eio.sockets.get(listener.engine_id), frames):
        packet = Packet(MESSAGE, frames.text[1:])  # type: ignore[no-untyped-call]  # the library has no types
        server._send_eio_packet(listener.engine_id, packet)  # noqa: SLF001 – what emit does for a room


class Encoded:
    """A screen as it goes over the line, encoded once for everybody who gets it: whole, or as what changed since `before` where
    that is shorter.
    """

    def __init__(self, payload: Payload, shared: Shared, before: Shared | None) -> None:
        sent = _patch(payload, before) if before is not None and not before.is_named else payload
        self.text = "42" + json.dumps(["screen", sent], separators=(",", ":"))
        self.whole = None if shared.is_named else Frames(self.text)

    def frames(self, name: str, digest: str, as_seat: int) -> Frames:
        """For one page; the very same for all where no name is in it."""
        return self.whole or Frames(self._for(name, digest, as_seat))

    def _for(self, name: str, digest: str, as_seat: int) -> str:
        written = json.dumps(str(escape(name)))[1:-1]
        return self.text.replace(NAME, written).replace(DIGEST, digest, 1).replace(AS, as_query(as_seat))


def _patch(payload: Payload, before: Shared) -> Payload | Patch:
    found = changes(before.html, payload["html"])
    if sum(len(line) + 1 for _, _, lines in found for line in lines) > len(payload["html"]) / 2:
        return payload
    return Patch(
        turn=payload["turn"],
        at=payload["at"],
        digest=payload["digest"],
        clock=payload["clock"],
        base=before.digest,
        patch=found,
    )


def current(room: Hall, meeting_id: str) -> Renderer:
    """A meeting as the database holds it now, with the screens that were drawn of it. Raises NoSuchMeeting and
    `sealing.Unreadable`.
    """
    snapshot, known = snapshot_cache.current(meeting_id), room.drawn.get(meeting_id)
    if known is not None and known.snapshot is snapshot:
        return known
    renderer = Renderer(snapshot, lambda: room.connected_with_tables(snapshot), known)
    if room.is_looked_at(meeting_id):
        room.drawn[meeting_id] = renderer
    return renderer


def seat_to_show(snapshot: Snapshot, seat_id: str, view: str) -> Seat | None:
    """The seat of a page, if it still has that view: a moderator who handed over has no console any more."""
    seat = snapshot.seat(seat_id)
    if seat is None or seat.kind != KIND_OF_VIEW.get(view):
        return None
    if view == "console" and not seen_by(snapshot, seat).is_moderator:
        return None
    return seat


def dismiss(room: Hall, listener: Listener, seat: Seat | None, snapshot: Snapshot) -> None:
    """Says goodbye to a page that has no seat here any more, in the language it had, and closes its socket."""
    known = snapshot.seat(listener.seat_id)
    with force_locale(known.locale if known else snapshot.locale):
        sentence = refusals.sentence(_goodbye(seat, listener.view))
    socketio.emit("gone", {"gone": sentence, "may_return": may_return(seat) or seat is None}, to=listener.sid)
    room.leave(listener.sid)
    gevent.spawn_later(0.2, _hang_up, listener.sid)


def may_return(seat: Seat | models.Seat | None) -> bool:
    """Whether a page that is sent away may be wanted again: the moderator can take somebody back in."""
    return seat is not None and seat.kind == "participant"


def _goodbye(seat: Seat | None, view: str) -> str:
    if seat is None:  # of a phone: its seat became one with another, and the page is loaded anew
        return "moment" if view == "phone" else "not_moderator"
    return "disconnected" if seat.kind == "wall" else "expelled"


def _hang_up(sid: str) -> None:
    # A moment later, so that the goodbye is out first.
    socketio.server.disconnect(sid)  # type: ignore[attr-defined]  # it is there once an application is bound


@socketio.on("connect")
def connect(auth: object = None) -> None:
    """A page opens its socket: it says meeting and view, its cookie proves the seat."""
    said = auth if isinstance(auth, dict) else {}
    meeting_id, view = str(said.get("meeting", "")), str(said.get("view", ""))
    if view not in KIND_OF_VIEW:
        raise Refuse("view")  # type: ignore[no-untyped-call]
    as_seat = number_of(said.get("as"))
    holds = held(meeting_id, view, as_seat)
    if holds is None or holds.seat.is_expelled:
        raise Refuse("seat")  # type: ignore[no-untyped-call]
    sid = request.sid  # type: ignore[attr-defined]  # Flask-SocketIO adds it
    engine_id = socketio.server.manager.eio_sid_from_sid(sid, "/")  # type: ignore[attr-defined]  # it is there once an application is bound
    pages = Pages.read(str(said.get("page", "")))
    listener = Listener(sid, meeting_id, holds.device_id, view, engine_id, as_seat=as_seat, pages=pages)
    was_there = holds.device_id in hall().connected(meeting_id)
    hall().enter(listener)
    _send_now(listener)
    if not was_there:
        hall().changed(meeting_id, CONNECTIONS)


@socketio.on("resync")
def resync(message: object = None) -> dict[str, bool]:
    """A page says what it shows; it gets the whole screen if that is not what it should show."""
    listener = hall().listeners.get(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it
    if listener is None:
        return {"same": False}
    shown = message.get("digest") if isinstance(message, dict) else None
    is_what_was_sent = bool(shown) and shown == listener.digest
    listener.digest = shown if isinstance(shown, str) else ""
    is_same = not _send_now(listener, is_what_was_sent)
    return {"same": is_same and listener.digest == shown}  # a push may have come in between


@socketio.on("disconnect")
def disconnect(_reason: object = None) -> None:
    """A page closed; the console hears it, the room does not."""
    listener = hall().leave(request.sid)  # type: ignore[attr-defined]  # Flask-SocketIO adds it
    if listener is not None:
        hall().changed(listener.meeting_id, CONNECTIONS)


@socketio.on_error_default
def failed(error: BaseException) -> None:
    """An error of our own: it is logged, and a page that wanted to connect tries again in a moment."""
    log.error("a live connection failed", exc_info=error)
    if request.event["message"] == "connect":  # type: ignore[attr-defined]  # Flask-SocketIO adds it
        raise Refuse("moment")  # type: ignore[no-untyped-call]


def _shows_it_alone(listener: Listener, renderer: Renderer) -> bool:
    """Whether nothing but a change of the meeting changes what a page shows."""
    return listener.view not in (OVER_TABLES if renderer.snapshot.is_apart else CONNECTIONS)


def _send_now(listener: Listener, is_what_was_sent: bool = False) -> bool:
    """Sends a page its screen if it shows another; says whether it did. Rights are read anew here as well. Where it shows what it was
    sent last and nothing has changed since, nothing is drawn.
    """
    room = hall()
    try:
        renderer = current(room, listener.meeting_id)
    except (loading.NoSuchMeeting, sealing.Unreadable):
        return False
    seat = seat_to_show(renderer.snapshot, listener.seat_id, listener.view)
    if seat is None or seat.is_expelled:
        dismiss(room, listener, seat, renderer.snapshot)
        return True
    if is_what_was_sent and listener.as_of == renderer.snapshot.revision and _shows_it_alone(listener, renderer):
        return False
    listener.as_of = renderer.snapshot.revision
    shared = renderer.shared(seat, listener.view, listener.pages)
    digest = shared.digest_for(seat.name)
    if digest == listener.digest:
        return False
    listener.digest, listener.heard = digest, shared
    payload = renderer.payload(seat, listener.view, listener.as_seat, listener.pages)
    socketio.emit("screen", payload, to=listener.sid)
    return True
