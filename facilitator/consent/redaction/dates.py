"""Finds dates that say more than a quarter, and proposes the quarter. Pure.

Promises: whatever the language of the text, a day, a month or a week is found in Dutch, English, German and French, and
as digits; what cannot be a date (31-31-2026) is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from facilitator.consent.redaction.findings import Finding, Kind
from facilitator.consent.redaction.names import folded
from facilitator.consent.redaction.wordlists import Language, everywhere, words

MONTHS, WEEKS = 12, 53
LOOKAHEAD = r"(?![^\W_])"
YEAR = r"(?:[’']\d{2}|(?:19|20)\d{2})"
# Words that are a month and something else: they count only beside a day, a year, or with a capital after a preposition.
DOUBTFUL = frozenset({"may", "march", "mars", "mai", "mei", "mar", "jan", "august", "avril", "april", "june"})


def find_dates(text: str, language: Language) -> Iterator[Finding]:
    """Every date finer than a quarter, with the quarter it lies in as the proposal."""
    plain = folded(text)
    for pattern in _patterns():
        for match in pattern.finditer(plain.text):
            span = plain.span(match.start(), match.end())
            proposal = _proposal(match, text[span[0] : span[1]], language)
            if proposal:
                yield Finding(*span, Kind.DATE, proposal)


def _proposal(match: re.Match[str], found: str, language: Language) -> str:
    parts = match.groupdict()
    year = _year(parts.get("year") or "")
    if parts.get("week"):
        week = int(parts["week"])
        return quarter((week - 1) // 13 + 1, year, language) if 1 <= week <= WEEKS else ""
    month = _month(parts)
    if month is None:
        return ""
    if parts.get("alone") and parts["alone"] in DOUBTFUL and not re.search(r"\b[^\W\d_a-z]\w+$", found):
        return ""
    return quarter((month - 1) // 3 + 1, year, language)


def quarter(number: int, year: int | None, language: Language) -> str:
    """A quarter in words: "in het eerste kwartaal van 2026"."""
    words_of_it = language.quarters[min(max(number, 1), 4) - 1]
    return " ".join(part for part in (words_of_it, language.of_year if year else "", str(year or "")) if part)


def _month(parts: dict[str, str | None]) -> int | None:
    """The month, from its name or from digits; in digits the day may stand on either side of it."""
    if name := parts.get("name") or parts.get("alone"):
        return _month_names()[name]
    first, second = int(parts.get("day") or 1), int(parts.get("month") or 0)
    if not (1 <= first <= 31 and 1 <= second <= 31):
        return None
    if 1 <= second <= MONTHS:
        return second
    return first if first <= MONTHS else None


def _year(digits: str) -> int | None:
    bare = digits.strip("’'")
    if not bare:
        return None
    return 2000 + int(bare) if len(bare) == 2 else int(bare)


@cache
def _month_names() -> dict[str, int]:
    return {
        folded(name).text: number
        for language in words().languages.values()
        for number, names in enumerate(language.months, start=1)
        for name in names
    }


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """From the most to the least said."""
    name = rf"(?P<name>{_either(_month_names())})"
    alone = rf"(?P<alone>{_either(_month_names())})"
    weekday = rf"(?:(?:{_either(everywhere('weekdays'))})\.?,?\s+(?:(?:de|den|der|dem|the|le)\s+)?)?"
    before = rf"(?:(?:{_either(everywhere('before_date'))})\s+)?"
    day = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:\s?(?:st|nd|rd|th|ste|de|er|e)(?![^\W_])|\.)?"
    clock = r"(?:[t\s]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:z|[+-]\d{2}:?\d{2})?)?"
    start = r"(?<![^\W_])"
    return tuple(
        re.compile(start + body + LOOKAHEAD)
        for body in (
            rf"{before}{weekday}{day}\s+(?:of\s+|de\s+)?{name}\.?(?:,?\s+(?P<year>{YEAR}))?",
            rf"{before}{weekday}{name}\.?\s+{day}(?:,?\s+(?P<year>{YEAR}))?",
            rf"{before}{weekday}(?P<year>(?:19|20)\d{{2}})[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}}){clock}",
            rf"{before}{weekday}(?P<day>\d{{1,2}})\s?[-/.]\s?(?P<month>\d{{1,2}})\s?[-/.]\s?(?P<year>(?:19|20)?\d{{2}})(?![-.]?\d)",
            rf"{before}{weekday}(?P<day>\d{{1,2}})\.(?P<month>\d{{1,2}})\.(?=\s|$|[,;)])",
            rf"(?:(?:{_either(everywhere('before_month'))})\s+)?{name}\.?\s+(?P<year>(?:19|20)\d{{2}})",
            rf"(?:{_either(everywhere('before_month'))})\s+{alone}",
            rf"(?:(?:in|im|en|de|la|der)\s+)?(?:{_either(everywhere('week'))})\.?\s?(?P<week>\d{{1,2}})(?:\s+(?:van\s+|of\s+|de\s+)?(?P<year>(?:19|20)\d{{2}}))?",
        )
    )


def _either(known: frozenset[str] | dict[str, int]) -> str:
    return "|".join(re.escape(folded(word).text) for word in sorted(known, key=lambda word: (-len(word), word)))
