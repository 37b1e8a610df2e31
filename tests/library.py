"""An archive with people around it: Mo moderates, Ada administrates, Pete is a member, Gia is too and is in a group, and Ola
administrates another organisation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from facilitator.accounts.actions import add_organisation, add_user
from facilitator.accounts.models import ADMINISTRATOR, MEMBER, MODERATOR, Organisation, User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, CardTheme, Consent, Theme
from facilitator.core.db import db, now, random_id
from facilitator.groups.models import Group, Member
from tests.cast import NO_PASSWORD
from tests.contract.everybody import signed_in

ROLES = {"Mo": MODERATOR, "Ada": ADMINISTRATOR, "Pete": MEMBER, "Gia": MEMBER}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass
class Library:
    """One organisation's archive. Works with things of its own, so that tests may share an application."""

    app: Flask
    people: dict[str, User] = field(default_factory=dict)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    group_id: str = ""
    organisation_id: str = ""

    def __post_init__(self) -> None:
        name = random_id(8)
        with self.app.app_context(), db.writing() as session:
            here = add_organisation(session, f"Werkplaats {name}", "en")
            there = add_organisation(session, f"Elders {name}", "en")
            for who, role in ROLES.items():
                self.people[who] = _account(session, here, who, name, role)
            self.people["Ola"] = _account(session, there, "Ola", name, ADMINISTRATOR)
            group = Group(organisation_id=here.id, name="Ploeg", created_at=now())
            session.add(group)
            session.flush()
            session.add(Member(group_id=group.id, user_id=self.people["Gia"].id, added_at=now()))
            self.group_id, self.organisation_id = group.id, here.id

    def put(
        self,
        title: str,
        *,
        themes: Iterable[str] = (),
        only_group: bool = False,
        is_published: bool = True,
        owner: str = "",
        author: str = "",
        review_on: date | None = None,
        **words: object,
    ) -> str:
        """A card; its id. `words`: columns of the row where it has them, otherwise fields of the content."""
        columns = {
            key: str(words.pop(key)) for key in ("form", "period", "outcome", "locale", "method_key") if key in words
        }
        card = Card(
            id=random_id(),
            organisation_id=self.organisation_id,
            group_id=self.group_id if only_group else None,
            author_id=self.people[author].id if author else None,
            scope="group" if only_group else "organisation",
            made_on=now().date(),
            approved_at=now(),
            published_on=now().date() if is_published else None,
            review_on=review_on,
            **{"form": "consultation", "locale": "en", "period": "2026-Q4", "outcome": "", **columns},
        )
        content = CardContent(title, **words)  # type: ignore[arg-type]  # what a test names
        with self.app.app_context():
            store.make_key(card.id)
            with db.writing() as session:
                store.put(card, content)
                session.add(card)
                session.flush()
                names = tuple(themes)
                session.add_all(CardTheme(card_id=card.id, theme_id=self._theme(session, name)) for name in names)
                if owner:
                    session.add(Consent(card_id=card.id, user_id=self.people[owner].id))
                session.flush()
                if is_published:
                    search.put(session, card, content, names)
        return card.id

    def _theme(self, session: Session, name: str) -> str:
        known = select(Theme).where(Theme.organisation_id == self.organisation_id, Theme.name == name)
        theme = session.scalar(known)
        if theme is None:
            theme = Theme(organisation_id=self.organisation_id, name=name)
            session.add(theme)
            session.flush()
        return theme.id

    def theme_id(self, name: str) -> str:
        """The id of a theme on the list."""
        with self.app.app_context():
            found = select(Theme.id).where(Theme.organisation_id == self.organisation_id, Theme.name == name)
            return str(db.session.scalar(found) or "")

    def client(self, who: str) -> FlaskClient:
        """Somebody's browser, signed in."""
        if who not in self.clients:
            self.clients[who] = signed_in(self.app, self.people[who])
        return self.clients[who]

    def get(self, who: str, path: str) -> TestResponse:
        """Somebody opens a page."""
        return self.client(who).get(path)

    def post(self, who: str, path: str, send: Mapping[str, object] | None = None) -> TestResponse:
        """Somebody sends a form."""
        client = self.client(who)
        found = TOKEN.search(client.get("/j").text)
        assert found
        return client.post(path, data={"csrf_token": found.group(1), **(send or {})})

    def titles(self, who: str, path: str = "/archive") -> list[str]:
        """The titles somebody sees in a list, in order."""
        found = re.findall(r'class="card-link"[^>]*>(.*?)</a>', self.get(who, path).text, re.DOTALL)
        return [re.sub(r"<[^>]+>", "", title).strip() for title in found]


def _account(session: Session, organisation: Organisation, who: str, more: str, role: str) -> User:
    return add_user(session, organisation, who, f"{who.lower()}.{more}@example.org", NO_PASSWORD, role)
