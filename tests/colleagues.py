"""Colleagues who ask and answer: the people of `tests.library`, by the forms of the pages of questions."""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.core.db import db, now
from facilitator.questions.models import Question
from tests.library import Library
from tests.pages import read


@dataclass
class Colleagues(Library):
    """Mo moderates, Ada administrates, Pete and Gia are members, Ola is elsewhere."""

    def ask(self, who: str, title: str = "Who lends me a tester?", **fields: object) -> str:
        """Somebody asks; the address of the question. `name="anonymous"` leaves their name out."""
        answer = self.post(who, "/questions/new", {"title": title, "name": "named", **fields})
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def ask_without_a_name(self, who: str, title: str = "How do I say no to a foreman?", **fields: object) -> str:
        """The same without a name, on the day after it opened."""
        where = self.ask(who, title, name="anonymous", **fields)
        self.open(where)
        return where

    def open(self, where: str) -> None:
        """The day comes on which colleagues see a question."""
        with self.app.app_context(), db.writing() as session:
            session.get_one(Question, where.rpartition("/")[2]).opens_on = now().date()

    def answer(self, who: str, where: str, text: str = "Ask at the gate") -> str:
        """Somebody answers; the address of the answer."""
        answer = self.post(who, f"{where}/answers", {"text": text})
        assert answer.status_code == 302, answer.text
        return f"{where}/answers/{str(answer.location).partition('#said-')[2]}"

    def text(self, who: str, path: str) -> str:
        """What somebody reads on a page."""
        answer = self.get(who, path)
        return " ".join(read(answer.text).text.split()) if answer.status_code == 200 else ""
