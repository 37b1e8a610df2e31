"""An organisation's archive, filled by a test: cards that are published, for everybody or for a group."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import Select

from facilitator.accounts.models import Organisation, User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card
from facilitator.archive.rules import readable
from facilitator.archive.search import Found, Query
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Group, Member


@dataclass
class Shelf:
    """The cards of one organisation. `reader` reads what everybody may read, `member` also what the group keeps to itself."""

    app: Flask
    organisation_id: str = field(default_factory=random_id)
    group_id: str = field(default_factory=random_id)
    reader: str = field(default_factory=random_id)
    member: str = field(default_factory=random_id)

    def __post_init__(self) -> None:
        with self.app.app_context(), db.writing() as session:
            session.add(Organisation(id=self.organisation_id, name="Werkplaats", locale="nl"))
            session.flush()
            session.add(Group(id=self.group_id, organisation_id=self.organisation_id, name="Ploeg", created_at=now()))
            session.add_all(self._user(user_id) for user_id in (self.reader, self.member))
            session.flush()
            session.add(Member(group_id=self.group_id, user_id=self.member, added_at=now()))

    def _user(self, user_id: str) -> User:
        return User(
            id=user_id,
            organisation_id=self.organisation_id,
            name="Pete",
            email=f"{user_id}@example.org",
            password="",
            locale="nl",
        )

    def put(
        self,
        title: str,
        *,
        locale: str = "nl",
        themes: Iterable[str] = (),
        only_group: bool = False,
        is_published: bool = True,
        content: CardContent | None = None,
        **columns: str,
    ) -> str:
        """A published card; its id."""
        card = Card(
            id=random_id(),
            organisation_id=self.organisation_id,
            group_id=self.group_id if only_group else None,
            scope="group" if only_group else "organisation",
            locale=locale,
            made_on=now().date(),
            published_on=now().date() if is_published else None,
            **{"form": "consultation", "outcome": "", **columns},
        )
        content = content or CardContent(title)
        with self.app.app_context():
            store.make_key(card.id)
            with db.writing() as session:
                store.put(card, content)
                session.add(card)
                search.put(session, card, content, themes)
        return card.id

    def take_out(self, card_id: str) -> None:
        """Out of the index, in a transaction of its own."""
        with self.app.app_context(), db.writing() as session:
            search.take_out(session, card_id)

    def find(self, text: str = "", who: str = "", **filters: object) -> Found:
        """What somebody finds."""
        with self.app.app_context(), db.reading() as session:
            return search.find(session, self.readable(who), Query(text, **filters))  # type: ignore[arg-type]

    def ids(self, text: str, who: str = "") -> list[str]:
        """The cards somebody finds, the best first."""
        return [hit.card_id for hit in self.find(text, who).hits]

    def related(self, card_id: str, n: int = 5, who: str = "") -> list[str]:
        """The related cards somebody sees."""
        with self.app.app_context(), db.reading() as session:
            return [hit.card_id for hit in search.related(session, self.readable(who), card_id, n)]

    def readable(self, who: str = "") -> Select[Card]:
        """What somebody may read."""
        user = db.session.get(User, who or self.reader)
        assert user is not None
        return readable(user)
