"""Learns the kinds of questions from those sorted by hand in `tests/questions` and writes `questions.tsv` of each language.

    .venv/bin/python scripts/train_hints.py            learns from the training part and writes
    .venv/bin/python scripts/train_hints.py --check    learns from four fifths at a time and tells how the last fifth is judged

The part that is held out is never read here. Softmax regression, in the order of a fixed seed: the same questions give the same weights.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from hashlib import sha256
from math import exp
from pathlib import Path

from facilitator.core import languages
from facilitator.methods.hints import KINDS, SCALE, Asked, Weights, chances, most_likely
from facilitator.methods.question_grammar import features

QUESTIONS = Path(__file__).parent.parent / "tests" / "questions"
LEAST = 2  # what stands in fewer questions says nothing in general
ROUNDS = 30
RATE = 0.15
SHRINK = 1e-4
FOLDS = 5
Sorted = list[tuple[frozenset[str], Asked]]


def main() -> None:
    """Writes, or tells how well it would do."""
    for code in languages.complete():
        lessons = sorted_questions(code)
        if "--check" in sys.argv:
            tell(code, lessons)
        else:
            write(code, learned(lessons))


def sorted_questions(code: str) -> Sorted:
    """The features of each question of the training part, and its kind."""
    return [
        (features(line, code), kind)
        for kind in KINDS
        for line in languages.lines_of(QUESTIONS / code / "training" / f"{kind}.txt")
    ]


def fingerprint(code: str) -> str:
    """Of everything that the weights of a language are learned from: the first line of their file."""
    told = "\n".join(f"{kind} {' '.join(sorted(found))}" for found, kind in sorted_questions(code))
    return sha256(told.encode()).hexdigest()


def learned(lessons: Sorted) -> Weights:
    """The weights that tell the kinds of these questions apart."""
    counted = Counter(feature for found, _ in lessons for feature in found)
    weights = {feature: [0.0] * len(KINDS) for feature, count in counted.items() if count >= LEAST}
    known = [([weights[f] for f in sorted(found) if f in weights], KINDS.index(kind)) for found, kind in lessons]
    order = random.Random(1)  # noqa: S311 – an order, no secret
    for turn in range(ROUNDS):
        order.shuffle(known)
        rate = RATE / (1 + turn / 4)
        for rows, right in known:
            _step(rows, right, rate / len(rows) ** 0.5)
        for row in weights.values():
            for place in range(len(KINDS)):
                row[place] *= 1 - SHRINK * len(known) * rate
    whole = {feature: tuple(round(one * SCALE) for one in row) for feature, row in weights.items()}
    return {feature: row for feature, row in sorted(whole.items()) if any(row)}


def _step(rows: list[list[float]], right: int, rate: float) -> None:
    sums = [sum(column) for column in zip(*rows, strict=True)]
    top = max(sums)
    powers = [exp(one - top) for one in sums]
    total = sum(powers)
    changes = [rate * ((place == right) - power / total) for place, power in enumerate(powers)]
    for row in rows:
        for place, change in enumerate(changes):
            row[place] += change


def tell(code: str, lessons: Sorted) -> None:
    """How questions are judged that were not learned from."""
    random.Random(2).shuffle(lessons)  # noqa: S311 – an order, no secret
    judged = []
    for fold in range(FOLDS):
        weights = learned([one for place, one in enumerate(lessons) if place % FOLDS != fold])
        judged += [(kind, chances(found, weights)) for found, kind in lessons[fold::FOLDS]]
    print(code, shares(Counter((kind, most_likely(chance)) for kind, chance in judged)))


def shares(table: Counter[tuple[Asked, Asked]]) -> str:
    """Of each kind, how many were caught as not open, and how many by their name."""
    parts = []
    for kind in KINDS:
        total = sum(count for (right, _), count in table.items() if right is kind)
        caught = total - table[kind, Asked.OPEN]
        parts.append(f"{kind} {caught / total:.1%} ({table[kind, kind] / total:.1%})")
    return " · ".join(parts)


def write(code: str, weights: Weights) -> None:
    """The weights of a language, a feature on a line."""
    lines = [fingerprint(code), *(f"{feature}\t{' '.join(map(str, row))}" for feature, row in weights.items())]
    (languages.FOLDER / code / "questions.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
