"""Finds what a pattern knows: mail, telephone, addresses on the web and of streets, numbers of things. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from facilitator.consent.redaction.findings import Finding, Kind
from facilitator.consent.redaction.wordlists import everywhere

REGIONS = ("NL", "BE", "DE", "FR")
START, END = r"(?<![^\W_])", r"(?![^\W_])"
TOP_LEVEL = "nl|be|de|fr|eu|com|org|net|info|io|nu|gov|edu|uk|ch|at|lu|app|dev|shop|online|cloud"

MAIL = re.compile(r"[^\s<>()\[\]{},;:\"'“”„]+@[^\s<>()\[\]{},;:\"'“”„@]+[^\W_]")
HANDLE = re.compile(r"(?<![\w@])@[^\W_][\w.]{1,30}")
URL = re.compile(
    rf"\b(?:https?://|ftp://|www\.)[^\s<>\"“”]+[^\W_]/?|{START}(?:[a-z0-9][a-z0-9-]*\.)+(?:{TOP_LEVEL})(?:/[^\s<>\"“”]*)?{END}",
    re.IGNORECASE,
)
CODES = (
    re.compile(rf"{START}[A-Z]{{2}}\d{{2}}(?:[ ]?[A-Z0-9]{{4}}){{2,7}}(?:[ ]?[A-Z0-9]{{1,4}})?{END}"),  # a bank account
    re.compile(rf"{START}\d(?:[ .-]?\d){{7,18}}{END}"),  # a citizen service number, a card, an order
    re.compile(
        rf"{START}(?=[A-Z0-9-]*[A-Z])(?=[A-Z0-9-]*\d)(?:[A-Z]{{1,3}}|\d{{1,3}})(?:-(?:[A-Z]{{1,3}}|\d{{1,4}})){{1,2}}{END}"
    ),
    re.compile(rf"{START}[A-ZÄÖÜ]{{1,3}}[- ][A-Z]{{1,2}} \d{{1,4}}[EH]?{END}"),  # a German licence plate
    re.compile(
        rf"{START}(?=[A-Z0-9/_-]*\d[A-Z0-9/_-]*\d[A-Z0-9/_-]*\d)(?=[A-Z0-9/_-]*[A-Z])[A-Z0-9][A-Z0-9/_-]{{4,}}[A-Z0-9]{END}"
    ),
)
POSTCODE = re.compile(rf"{START}[1-9]\d{{3}} ?[A-Z]{{2}}{END}")


def find_codes(text: str) -> Iterator[Finding]:
    """Addresses on the net, telephone numbers, and codes; without proposals."""
    for pattern, kind in ((MAIL, Kind.MAIL), (URL, Kind.URL), (HANDLE, Kind.URL), (POSTCODE, Kind.PLACE)):
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), kind)
    for pattern in CODES:
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), Kind.CODE)
    yield from _phones(text)


def _phones(text: str) -> Iterator[Finding]:
    """Numbers that can be dialled from one of our countries, or with a country's number in front."""
    if sum(letter.isdigit() for letter in text) < 7:
        return
    import phonenumbers  # many numbering plans: not loaded by a server that is only starting

    for region in REGIONS:
        for match in phonenumbers.PhoneNumberMatcher(text, region):
            yield Finding(match.start, match.end, Kind.PHONE)


def find_streets(text: str) -> Iterator[Finding]:
    """A street with the number of a house: `Dorpsstraat 12`, `Lange Gasse 3b`, `12 rue des Lilas`."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield Finding(match.start(), match.end(), Kind.PLACE)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    street = "|".join(sorted(everywhere("streets"), key=lambda word: (-len(word), word)))
    return (
        re.compile(rf"(?<![^\W_])[^\W\d_][\w’'-]{{0,30}}?\s?(?:{street})\s\d{{1,4}}\s?[a-z]?(?![^\W_])", re.IGNORECASE),
        re.compile(
            r"(?<![^\W_])\d{1,4},?\s(?:rue|avenue|boulevard|quai|place)\s(?:d[eu]s?\s(?:la\s)?)?[^\W\d_][\w’'-]*",
            re.IGNORECASE,
        ),
    )
