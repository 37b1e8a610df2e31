"""Several e-mail addresses at once, as people paste them: one a line, or with commas, names before them or not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from facilitator.accounts.rules import email_address
from facilitator.core import lengths
from facilitator.core.refusals import Refused
from facilitator.core.text import tidy

MOST_AT_ONCE = 60
NAMED = re.compile(r"^\s*(?P<name>.*?)\s*<(?P<email>[^<>]*)>\s*$")


@dataclass(frozen=True, slots=True)
class Address:
    """An address as we keep it, and what its owner is called until they say it themselves."""

    email: str
    name: str


@dataclass(frozen=True, slots=True)
class Read:
    """What was in a text: the addresses, each once, and the pieces that are none."""

    addresses: tuple[Address, ...]
    wrong: tuple[str, ...]


def read(text: str) -> Read:
    """Reads `Pete <pete@example.org>, ada@example.org` and the like."""
    found: dict[str, Address] = {}
    wrong: list[str] = []
    for piece in _pieces(text):
        named = NAMED.match(piece)
        typed, name = (named["email"], named["name"].strip("\"' ")) if named else (piece, "")
        try:
            email = email_address(typed)
        except Refused:
            wrong.append(piece)
        else:
            found.setdefault(email, Address(email, (name or name_in(email))[: lengths.NAME]))
    return Read(tuple(found.values()), tuple(wrong))


def name_in(email: str) -> str:
    """A name to begin with: pete.jansen@example.org is Pete Jansen."""
    words = re.split(r"[._+-]+", email.partition("@")[0])
    return " ".join(word.capitalize() for word in words if word) or email


def _pieces(text: str) -> list[str]:
    pieces = (piece.strip() for piece in re.split(r"[,;\n]+", tidy(text)))
    # Without a name, blanks part addresses as well.
    return [word for piece in pieces for word in ([piece] if "<" in piece else piece.split()) if word]
