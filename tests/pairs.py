"""Two people and what they agree: the people of `tests.library`, by the forms of the pages of arrangements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from facilitator.core.db import now
from tests.library import Library
from tests.pages import read


def in_days(days: int) -> date:
    """A day some days from now."""
    return (now() + timedelta(days=days)).date()


@dataclass
class Pairs(Library):
    """Mo moderates, Ada administrates, Pete and Gia are members, Ola is elsewhere."""

    def propose(self, who: str, to: str, goal: str = "Find my way", third: str = "", **fields: str) -> str:
        """Somebody asks somebody; the address of the arrangement."""
        send = {
            "email": self.people[to].email,
            "third": self.people[third].email if third else "",
            "goal": goal,
            "until": in_days(180).isoformat(),
            "weeks": "2",
            **fields,
        }
        answer = self.post(who, "/together/new", send)
        assert answer.status_code == 302, answer.text
        return str(answer.location)

    def agree(self, who: str, to: str, goal: str = "Find my way", **fields: str) -> str:
        """The same, and the other says yes."""
        where = self.propose(who, to, goal, **fields)
        assert self.post(to, f"{where}/accept").status_code == 302
        return where

    def moment(self, who: str, where: str, place: str = "The yard", days: int = 3) -> str:
        """Somebody proposes a moment; its address."""
        send = {"day": in_days(days).isoformat(), "at": "14:30", "minutes": "45", "place": place}
        assert self.post(who, f"{where}/moments", send).status_code == 302
        actions = [form.get("action") for form in read(self.get(who, where).text).all("form")]
        return next(found for found in reversed(actions) if "/moments/" in found).removesuffix("/remove")

    def offer(self, who: str, what: str, text: str, themes: Sequence[str] = ()) -> str:
        """Somebody offers something or wishes for it; its id."""
        send = {"what": what, "text": text, "themes": list(themes)}
        assert self.post(who, "/together/offers/new", send).status_code == 302
        return self.own(who)

    def own(self, who: str) -> str:
        """The id of what somebody offers, where it is one thing."""
        actions = [form.get("action") for form in read(self.get(who, "/together").text).all("form")]
        return next(found.split("/")[3] for found in actions if found.startswith("/together/offers/"))

    def text(self, who: str, path: str) -> str:
        """What somebody reads on a page; nothing where there is none for them."""
        answer = self.get(who, path)
        return " ".join(read(answer.text).text.split()) if answer.status_code == 200 else ""
