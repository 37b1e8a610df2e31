"""Whether a text still is somebody's own words: so near to what they wrote that they would know it again. Pure.

Promises: put into new words it is not; a word or two in common are no reason, in whatever language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

from facilitator.archive.drafts import Draft
from facilitator.archive.redaction.names import folded
from facilitator.reports.voices import Voice

SHARE = 0.6  # of the shorter text's words, in the same order
FEWEST = 4  # words in common; of a text with fewer words all of them
TOGETHER = 2  # a word alone is nobody's; words that follow each other are
ROOM = 3  # words around a short text within which it is still that text


def own_words(draft: Draft, voices: Iterable[Voice], case_giver_id: str) -> dict[str, tuple[str, ...]]:
    """The keys of the pieces that would be published and hold somebody else's words, by the seat of whoever they are."""
    near: dict[str, dict[str, None]] = {}
    published = [piece for piece in draft.pieces if piece.is_published]
    for voice in voices:
        for piece in published if voice.seat_id != case_giver_id else ():
            if is_near(piece.text, voice.text):
                near.setdefault(voice.seat_id, {})[piece.key] = None
    return {seat_id: tuple(keys) for seat_id, keys in sorted(near.items())}


def is_near(text: str, said: str) -> bool:
    """Whether a text has most of the words of another one, in the same order."""
    ours, theirs = _words(text), _words(said)
    shorter = min(len(ours), len(theirs))
    if shorter == 0:
        return False
    blocks = SequenceMatcher(None, ours, theirs, autojunk=False).get_matching_blocks()
    if shorter < FEWEST:
        return sum(block.size for block in blocks) == shorter and abs(len(ours) - len(theirs)) <= ROOM
    shared = sum(block.size for block in blocks if block.size >= TOGETHER)
    return shared >= max(FEWEST, SHARE * shorter)


def _words(text: str) -> list[str]:
    return re.findall(r"[^\W_]+", folded(text).text)
