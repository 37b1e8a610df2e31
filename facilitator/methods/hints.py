"""What kind of question a text reads like: a hint to its author, never a verdict and never a rejection.

Promises: nothing is kept or logged; the same text gets the same kind everywhere; in doubt a question counts as open. What
is known of a language is learned from questions sorted by hand (`scripts/train_hints.py`) and lies beside its words as `questions.tsv`,
whose first line tells what it was learned from.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from math import exp
from typing import TYPE_CHECKING

from facilitator.core import languages
from facilitator.methods.question_grammar import familiar, features

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCALE = 100
ENOUGH = 0.33  # how likely a question must be open to be left alone
FEWEST = 2  # words; of fewer nothing can be told


class Asked(StrEnum):
    """How a question is asked; each but `OPEN` has a hint of its own."""

    OPEN = "open"
    ADVICE = "advice"
    CLOSED = "closed"
    LEADING = "leading"
    STACKED = "stacked"


KINDS = tuple(Asked)
Weights = dict[str, tuple[int, ...]]  # of a feature, one for each kind, in hundredths


def spoken() -> tuple[str, ...]:
    """The codes of the languages in which questions are told apart."""
    return tuple(languages.data("questions.tsv"))


def asked(text: str, language: str) -> Asked:
    """The kind of a question in a language (`nl`, also `nl_BE` or `nl-BE`); open where that language is not known."""
    code = languages.code_of(language)
    if code not in spoken() or len(text.split()) < FEWEST:
        return Asked.OPEN
    return most_likely(chances(features(text, code), _weights(code)))


def most_likely(chance: Mapping[Asked, float]) -> Asked:
    """Open, unless it is likely enough that it is not; then the likeliest of the others."""
    if chance[Asked.OPEN] >= ENOUGH:
        return Asked.OPEN
    return max((kind for kind in KINDS if kind is not Asked.OPEN), key=chance.__getitem__)


def chances(found: Iterable[str], weights: Weights) -> dict[Asked, float]:
    """How likely each kind is; a text without features is open."""
    known = [weights[feature] for feature in found if feature in weights]
    if not known:
        return {kind: float(kind is Asked.OPEN) for kind in KINDS}
    sums = [sum(column) / SCALE for column in zip(*known, strict=True)]
    top = max(sums)
    powers = [exp(one - top) for one in sums]
    return {kind: power / sum(powers) for kind, power in zip(KINDS, powers, strict=True)}


def language_of(text: str, likely: str) -> str:
    """The language a text is in, of those in which questions are told apart: `likely`, unless another one explains far more of it."""
    known = {code: familiar(text, code) for code in spoken()}
    best = max(known, key=known.__getitem__)
    return best if known[best] > known.get(languages.code_of(likely), 0) + 1 else likely


@cache
def _weights(code: str) -> Weights:
    found: Weights = {}
    for line in languages.lines_of(languages.data("questions.tsv")[code])[1:]:
        feature, numbers = line.split("\t")
        found[feature] = tuple(int(number) for number in numbers.split(" "))
    return found
