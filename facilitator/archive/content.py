"""What a card says, whatever kind of knowledge it is. Pure.

Promises: a card holds content and no names; a field that is not there is empty, never None.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """The forms of knowledge sharing that belong together (domain.md); a card comes from one of them."""

    CONSULTATION = "consultation"
    BUDDY = "buddy"
    COACHING = "coaching"
    PLATFORM = "platform"
    INSTRUCTION = "instruction"
    VIDEO = "video"
    SHADOWING = "shadowing"
    PRESENTATION = "presentation"


class Outcome(StrEnum):
    """How the action of a card went; empty while nobody knows."""

    UNKNOWN = ""
    WORKED = "worked"
    PARTLY = "partly"
    NOT = "not"


class State(StrEnum):
    """Where a card is on its way. `WITHDRAWN`: it was published, or about to be, and its owner took it back."""

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    OUTCOME_KNOWN = "outcome_known"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an instruction, with a picture (the id of an attachment) if there is one."""

    text: str
    picture_id: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class CardContent:
    """The words of a card. A card from a meeting fills question to when_not; other kinds fill summary, steps or link.
    `related_form` names the form of knowledge sharing with which this could go on.
    """

    title: str
    question: str = ""
    context: str = ""
    tried: str = ""
    insights: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    action: str = ""
    outcome: str = ""
    when_to_use: str = ""
    when_not: str = ""
    summary: str = ""
    steps: tuple[Step, ...] = ()
    link: str = ""
    related_form: str = ""
