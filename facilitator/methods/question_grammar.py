"""The grammar of a question, as features: what kinds of words stand where, whatever the question is about.

Promises: the same text has the same features on every machine; capitals, kinds of apostrophes and frequent slips make no difference.
The words are in `questions.toml` of a language. Pure.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from facilitator.core import languages
from facilitator.core.text import straight

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST = 1000
LONGEST_RUN = 4
OPENING = 3
FRAME = 9
INVITES = "<invites>"
INVITING = frozenset({"tell", "wonder"})
ASKING = frozenset({"asks", "whether", "if"})
MANY = 3
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*|'[^\W_]+|[?.!,;:…–]")
STOPS = frozenset("?.!…")
MARKS = STOPS | frozenset(",;:–")
BLANK = "_"


@dataclass(frozen=True, slots=True)
class Words:
    """What a language knows its questions by: how a word is spelled, the class of a word, what joins clauses, and what
    only leads in to one.
    """

    spelled: dict[str, list[str]]
    classes: dict[str, str]
    joins: frozenset[str]
    leads: frozenset[str]
    alike: dict[str, str]
    frame: frozenset[str]


@cache
def words(code: str) -> Words:
    """Those of a language that has them."""
    given = tomllib.loads(languages.data("questions.toml")[code].read_text(encoding="utf-8"))
    return Words(
        spelled={written: meant.split() for written, meant in given["spelled"].items()},
        classes={word: name for name, listed in reversed(given["classes"].items()) for word in listed},
        joins=frozenset(given["clauses"]["joins"]),
        leads=frozenset(given["clauses"]["leads"]),
        alike={name: group for group, names in given["alike"].items() for name in names},
        frame=frozenset(given["clauses"]["frame"]),
    )


def features(text: str, code: str) -> frozenset[str]:
    """What is so about a text; nothing of one without a word."""
    known = words(code)
    tokens = _unframed([word for token in _tokens(text) for word in known.spelled.get(token, [token])], known)
    said = [token for token in tokens if token not in MARKS]
    if not said:
        return frozenset()
    return frozenset([*_runs(tokens, known), *_words(said), *_clauses(tokens, known), *_ending(tokens)])


def familiar(text: str, code: str) -> int:
    """How many words of a text are among those that a language knows its questions by."""
    known = words(code)
    return sum(token in known.classes or token in known.spelled for token in _tokens(text))


def _unframed(tokens: list[str], known: Words) -> list[str]:
    """Without "could you tell us" and "I wonder" before what is really asked; what somebody should tell others stays."""
    kinds = [known.classes.get(token, BLANK) for token in tokens]
    for place, kind in enumerate(kinds[:FRAME]):
        if kind in INVITING:
            rest = range(place + 1, min(place + FRAME, len(tokens)))
            begin = next((at for at in rest if kinds[at] in ASKING), place + 1)
            is_to_others = {"other", "not"} & set(kinds[place + 1 : min(place + 3, max(begin, place + 3))])
            return (
                tokens
                if kind == "tell" and kinds[place + 1 : place + 2] and kinds[place + 1] not in ASKING and is_to_others
                else [INVITES, *tokens[begin:]]
            )
        if kind not in known.frame and tokens[place] not in known.leads | MARKS and not (kind == "asks" and place > 1):
            return tokens
    return tokens


def _tokens(text: str) -> list[str]:
    return TOKEN.findall(straight(text[:MOST]).lower())


def _runs(tokens: list[str], known: Words) -> Iterator[str]:
    """What follows what, by classes, within a clause and from its beginning (`|`), and at the two ends of the text."""
    kinds = ["^", *(token if token in MARKS else known.classes.get(token, BLANK) for token in tokens), "$"]
    groups = [known.alike.get(kind, kind) for kind in kinds]
    for name, row in (("k", kinds), ("g", groups)):
        for length in range(1, LONGEST_RUN + 1):
            for start in range(len(row) - length + 1):
                yield f"{name}:" + " ".join(row[start : start + length])


def _words(said: list[str]) -> Iterator[str]:
    ends = ["^", *said, "$"]
    for word in said:
        yield f"w:{word}"
    yield from ("w:" + " ".join(pair) for pair in pairwise(ends))
    yield f"first ends:{said[0][-2:]}"
    yield f"first ends:{said[0][-1:]}"


def _clauses(tokens: list[str], known: Words) -> Iterator[str]:
    """How clauses begin, how many of them ask something, and what comes later in the text than its beginning."""
    clauses = _split(tokens, known)
    kinds = [[known.classes.get(word, BLANK) for word in clause] for clause in clauses]
    openings = [clause[:OPENING] for clause in kinds]
    asking = [place for place, opening in enumerate(openings) if "asks" in opening[:2]]
    for name, opening in (
        ("first", openings[0]),
        ("last", openings[-1]),
        ("asks", openings[asking[0] if asking else 0]),
    ):
        for length in range(1, len(opening) + 1):
            yield f"{name}:" + " ".join(opening[:length])
    for opening in openings[1:]:
        yield "later:" + " ".join(opening[:2])
    begins = [" ".join(openings[0][:length]) for length in (1, 2)]
    for kind in dict.fromkeys(kind for clause in kinds for kind in clause):
        for begin in begins:
            yield f"{begin} … {kind}"
    groups = [[known.alike.get(kind, kind) for kind in opening] for opening in openings]
    turned = sum(place not in asking and group[0] == "verb" and len(group) > 1 for place, group in enumerate(groups))
    yield f"turned:{min(turned, MANY)}"
    yield f"asking or turned:{min(turned + len(asking), MANY)}"
    for group in groups[1:]:
        yield "later:" + " ".join(group[:2])
    many, all_ = min(len(asking), MANY), min(len(openings), MANY)
    yield from (f"asking:{many}", f"clauses:{all_}", f"asking:{many} of {all_}")


def _split(tokens: list[str], known: Words) -> list[list[str]]:
    """The clauses of a text without what joins them; what only leads in is none."""
    found: list[list[str]] = [[]]
    for token in tokens:
        if token in MARKS or token in known.joins:
            found.append([])
        elif found[-1] or token not in known.leads:
            found[-1].append(token)
    return [clause for clause in found if clause] or [[tokens[0]]]


def _ending(tokens: list[str]) -> Iterator[str]:
    marks = min(tokens.count("?"), MANY)
    sentences = sum(
        token not in MARKS and (place == 0 or tokens[place - 1] in STOPS) for place, token in enumerate(tokens)
    )
    yield f"marks:{marks}"
    yield f"sentences:{min(sentences, MANY)}"
    yield f"long:{min(len(tokens) // 8, MANY)}"
