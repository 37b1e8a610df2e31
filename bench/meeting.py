"""A running meeting with as many seats as wanted, made straight in the database, and the cookies that hold them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from facilitator import create_app
from facilitator.accounts.actions import create_user
from facilitator.core.config import Settings
from facilitator.core.db import changing, db, now
from facilitator.meetings import loading, models, seats
from facilitator.meetings.actions import doors, people, setting_up, steering, table
from facilitator.methods.loader import load_catalogue
from facilitator.migrations import upgrade

NAMES = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Emma", "Finn")


@dataclass(frozen=True)
class Prepared:
    """What the phones need to know."""

    meeting_id: str
    code: str
    cookies: list[str]
    lead_cookie: str
    lead_token: str
    wall_cookie: str


def prepare(data: Path, phones: int, number: int = 0) -> Prepared:
    """A meeting in its round of questions; Gia gives the case. `number` tells several on one server apart."""
    app = create_app(Settings.load(data, {}).kept())
    method = load_catalogue()["basis"]
    with app.app_context():
        upgrade(db.engine)
        user = create_user("Mo", f"mo{number}@example.org", secrets.token_hex(8), f"Werkplaats {number}")
        plan = setting_up.Plan(
            organisation_id=user.organisation_id,
            user_id=user.id,
            goal="Learn to guide a starter",
            method=method,
            minutes=tuple(phase.minutes for phase in method.phases),
            locale="en",
            capacity=phones + 1,
        )
        meeting_id = setting_up.create(plan)
        lead = people.moderator_seat(meeting_id, "Mo", "en", user.id)
        wall = doors.wall_seat(meeting_id, "en")
        steering.steer(meeting_id, lead.seat_id, "open", 0)
        tokens = take_seats(meeting_id, phones)
        found = loading.read(meeting_id)
        giver = next(seat.id for seat in found.seats if seat.name.startswith("Gia"))
        table.name_case_giver(meeting_id, lead.seat_id, giver)
        for move in ("start", "next"):
            steering.steer(meeting_id, lead.seat_id, move, loading.read(meeting_id).state.turn)
        return Prepared(
            meeting_id=meeting_id,
            code=found.code,
            cookies=[f"{seats.cookie_name(meeting_id, 'phone')}={token}" for token in tokens],
            lead_cookie=f"{seats.cookie_name(meeting_id, 'console')}={lead.token}",
            lead_token=seats.csrf_of(lead.token),
            wall_cookie=f"{seats.cookie_name(meeting_id, 'wall')}={wall.token}",
        )


def take_seats(meeting_id: str, count: int) -> list[str]:
    """Seats as if so many had joined, in one transaction."""
    tokens = []
    with changing(meeting_id) as session:
        for number in range(count):
            name = f"{NAMES[number % 8]} {number // 8}" if number >= 8 else NAMES[number]
            seat = models.Seat(meeting_id=meeting_id, kind="participant", name=name, locale="en", position=number)
            seat.joined_at, seat.is_admitted, seat.has_agreed = now(), True, True
            session.add(seat)
            session.flush()
            tokens.append(people.give_token(session, seat.id))
    return tokens


def writing_of(data: Path, meeting: Prepared) -> list[tuple[str, dict[str, str], str]]:
    """What each phone may send now: the address, its headers and its body."""
    with create_app(Settings.load(data, {}).kept()).app_context():
        found = loading.read(meeting.meeting_id)
        step, phase = found.now.step, found.now.phase
        form = phase.forms[0]
        writes = []
        for cookie in meeting.cookies:
            token, op = cookie.partition("=")[2], secrets.token_hex(16)
            headers = {"Cookie": cookie, "X-View": "phone", "X-Seat-Token": seats.csrf_of(token), "X-Op": op}
            fields = {"step": step.id, "form": form.key, "op": op} | {
                field.name: "What did you do then?" for field in form.fields
            }
            writes.append((f"/meetings/{meeting.meeting_id}/contribute", headers, urlencode(fields)))
        return writes
