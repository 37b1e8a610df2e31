"""A day's mails go out once each, however often a worker is killed in the middle: invitations, what was planned for the day, and the
questions under themes that people follow, by two workers, to a mail server.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import MEMBER, MODERATOR, User
from facilitator.accounts.once import CLAIMED_FOR
from facilitator.archive.models import Theme
from facilitator.core import sealing
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Group, Member
from facilitator.meetings.actions import setting_up
from facilitator.meetings.models import Action, Meeting, Seat
from facilitator.methods.loader import load_catalogue
from facilitator.questions import actions as questions
from facilitator.questions.models import Pace, ThemeFollow
from facilitator.questions.store import Words
from tests.cast import NO_PASSWORD
from tests.commands import Forked
from tests.faults.mailbox import ACTION, MEETING, QUESTIONS, Mailbox, Taken, findings, open_mailbox
from tests.faults.room import database_of
from tests.services import Postgres

pytestmark = [pytest.mark.faults]
WORKER = "tests.faults.mailer"
NOON = now().replace(hour=12, minute=0, second=0, microsecond=0)
SECONDS = 1200
LEADERS = 10  # groups for each of whoever leads some


@dataclass
class Day:
    """A house on the morning of a day: everybody is in one group, each of which meets in two weeks and took something on for today."""

    app: Flask
    groups: int
    members: int
    due: Counter[tuple[str, str]] = field(default_factory=Counter)

    def begin(self) -> None:
        with self.app.app_context():
            with db.writing() as session:
                people = self._people(session)
                members = list(self._groups(session, people))
                asker = add_user(session, people[0].organisation, "Ada", "ada@example.org", NO_PASSWORD, MEMBER)
            for group, leader, those in members:
                self._meetings(group, leader, those)
            self._questions(asker, people)

    def _people(self, session: Session) -> list[User]:
        here = add_organisation(session, "Werkplaats", "en")
        names = [f"Peer {number}" for number in range(self.members)]
        return [add_user(session, here, name, _address(name), NO_PASSWORD, MEMBER) for name in names]

    def _groups(self, session: Session, people: list[User]) -> Iterator[tuple[Group, User, list[User]]]:
        here = people[0].organisation
        for number in range(self.groups):
            if number % LEADERS == 0:
                name = f"Leader {number}"
                leader = add_user(session, here, name, _address(name), NO_PASSWORD, MODERATOR)
            group = Group(organisation_id=here.id, name=f"Group {number}", created_at=now())
            session.add(group)
            session.flush()
            those = people[number :: self.groups]
            session.add_all(Member(group_id=group.id, user_id=user.id, added_at=now()) for user in (leader, *those))
            yield group, leader, those

    def _meetings(self, group: Group, leader: User, members: list[User]) -> None:
        method = load_catalogue()["basis"]

        def plan(group_id: str | None, planned_for: datetime | None) -> setting_up.Plan:
            return setting_up.Plan(
                organisation_id=group.organisation_id,
                user_id=leader.id,
                goal="Learn",
                method=method,
                minutes=tuple(phase.minutes for phase in method.phases),
                locale="en",
                group_id=group_id,
                planned_for=planned_for,
            )

        setting_up.create(plan(group.id, NOON + timedelta(days=14)))
        self.due.update((user.email, MEETING) for user in (leader, *members))
        held = setting_up.create(plan(None, None))
        owner, buddy = members[:2]
        with db.writing() as session:
            session.get_one(Meeting, held).status = "ended"
            seats = [_seat(held, user) for user in (owner, buddy)]
            session.add_all(seats)
            session.flush()
            action = Action(id=random_id(), meeting_id=held, owner_id=seats[0].id, buddy_id=seats[1].id)
            action.body = sealing.seal(held, f"action:{action.id}", {"if": "he is silent", "then": "I ask him"})
            action.due, action.is_confirmed = NOON.date(), True
            session.add(action)
        self.due.update((user.email, ACTION) for user in (owner, buddy))

    def _questions(self, asker: User, people: list[User]) -> None:
        """Every fifth follows the theme, half of them once a day."""
        with db.writing() as session:
            theme = Theme(organisation_id=asker.organisation_id, name="Pumps")
            session.add(theme)
            session.flush()
            for number, user in enumerate(people[::5]):
                session.add(ThemeFollow(user_id=user.id, theme_id=theme.id))
                session.add(Pace(user_id=user.id, is_at_once=number % 2 == 0))
                self.due[user.email, QUESTIONS] += 1
        for title in ("Who lends me a tester?", "Who knows this pump?"):
            questions.ask(asker, Words(title), [theme.id], is_anonymous=False)


def _address(name: str) -> str:
    return f"{name.lower().replace(' ', '.')}@example.org"


def _seat(meeting_id: str, user: User) -> Seat:
    return Seat(
        meeting_id=meeting_id,
        kind="participant",
        name=user.name,
        user_id=user.id,
        locale="en",
        joined_at=now(),
        is_admitted=True,
    )


@contextmanager
def a_day(
    folder: Path, environ: Mapping[str, str], groups: int, members: int
) -> Iterator[tuple[Day, Mailbox, Workers]]:
    with open_mailbox() as box, database_of(folder, dict(environ)) as app:
        day = Day(app, groups, members)
        day.begin()
        settings = {**environ, "FACILITATOR_MAIL_URL": f"smtp://127.0.0.1:{box.port}"}
        workers = Workers(folder, settings)
        try:
            yield day, box, workers
        finally:
            for worker in workers.at_work:
                worker.kill()


@dataclass
class Workers:
    """Two at a time; of those who are killed there is another one in the same place."""

    data: Path
    environ: Mapping[str, str]
    at_work: list[Forked] = field(default_factory=list)
    kills: int = 0

    def begin(self, moment: datetime) -> None:
        self.moment = moment
        self.at_work = [self._one(), self._one()]

    def _one(self) -> Forked:
        return Forked(WORKER, [str(self.data), self.moment.isoformat()], {"PATH": "/usr/bin", **self.environ})

    def kill_one(self) -> None:
        """As a power cut would, whatever it is doing."""
        alive = [worker for worker in self.at_work if worker.poll() is None]
        if alive:
            random.choice(alive).kill()
            self.kills += 1

    def come_back(self) -> bool:
        """Another one for each that was killed; whether there was any."""
        gone = [place for place, worker in enumerate(self.at_work) if worker.wait(SECONDS) == -9]
        for place in gone:
            self.at_work[place] = self._one()
        return bool(gone)


def play(day: Day, box: Mailbox, workers: Workers, kills: int) -> None:
    """Kills happen between a mail that was taken and the server's yes, at mails of chance; then everybody has let go."""
    total = sum(day.due.values())
    at = set(random.sample(range(1, max(total - 5, kills + 1)), kills))
    box.then = lambda count: workers.kill_one() if count in at else None
    workers.begin(NOON)
    while workers.come_back():
        pass
    box.then = lambda _count: None
    workers.begin(NOON + CLAIMED_FOR + timedelta(minutes=1))
    assert not workers.come_back()
    assert [worker.returncode for worker in workers.at_work] == [0, 0]
    assert workers.kills >= kills // 2, "they were killed in the middle"
    assert findings(box.taken, day.due, workers.kills) == []


def test_a_small_day_s_mails_go_out_once_each_with_two_workers_one_of_which_is_killed(tmp_path: Path) -> None:
    with a_day(tmp_path / "served", {}, groups=4, members=12) as (day, box, workers):
        play(day, box, workers, kills=2)


@pytest.mark.long
@pytest.mark.parametrize("kind", ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def test_a_day_s_mails_for_2000_members_and_300_groups(
    tmp_path: Path, kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "sqlite":
        with a_day(tmp_path / "served", {}, groups=300, members=2000) as (day, box, workers):
            play(day, box, workers, kills=20)
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.house() as environ, a_day(tmp_path / "served", environ, groups=300, members=2000) as all_of_it:
        play(*all_of_it, kills=20)


def test_the_checker_finds_what_is_wrong_with_a_day() -> None:
    due = {("pete@example.org", MEETING): 1}
    mail = Taken("<1@here>", "pete@example.org", MEETING, "pete@example.org uid 0")
    assert findings([mail], due, kills=0) == []
    assert findings([mail, mail], due, kills=1) == [], "cut off after the server took it"
    for taken in (
        [],
        [mail, mail],
        [mail, replace(mail, id="<2@here>")],
        [replace(mail, to="ada@example.org")],
        [mail, replace(mail, entry="pete@example.org uid 1")],
    ):
        assert findings(taken, due, kills=0), taken
