"""What the words of a method file are called on a page. A word that is not here is shown as the file has it, and can be edited all the
same.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString
from werkzeug.datastructures import MultiDict

from facilitator.core import languages
from facilitator.meetings.methods_in_words import AIMS, EXPERIENCES
from facilitator.methods import vocabulary
from facilitator.methods.vocabulary import (
    Aim,
    Audience,
    CaseGiverState,
    Clients,
    Experience,
    Facet,
    FieldType,
    Kind,
    MarkKind,
    Needs,
    Only,
    Order,
    Pace,
    Part,
    Role,
    Who,
)


class Said(NamedTuple):
    """A word as people read it, and what to know of it."""

    label: LazyString | str
    hint: LazyString | str = ""


WORDS: Mapping[str, Said] = {
    # A method
    "source": Said(_("Where it comes from"), _("Somebody or something to look it up with.")),
    "people_min": Said(_("People at least")),
    "people_max": Said(_("People at most")),
    "lobby_minutes": Said(_("Minutes for coming in")),
    "aims": Said(_("What it is good for")),
    "table_size": Said(_("People at each table, at several tables at once")),
    "minutes_least": Said(_("Minutes without which it cannot be held")),
    "experience": Said(_("What the group needs to know already")),
    "is_for_safe_groups": Said(_("Only where people know and trust each other")),
    # A phase
    "minutes": Said(_("Minutes")),
    "min_minutes": Said(_("Minutes at least"), _("No meeting makes it shorter than this.")),
    "writing_minutes": Said(_("Minutes of these to write in silence")),
    "part": Said(_("Where in the meeting")),
    "needs": Said(_("Left out when there is nothing to work on"), _("Its minutes go to another phase.")),
    "minutes_to": Said(_("Its minutes then go to")),
    "option_of": Said(_("Only held when chosen in")),
    "shows": Said(_("Puts the texts on the table of")),
    "pace": Said(_("How it is talked about")),
    "speaks": Said(_("Who has the floor")),
    "case_giver": Said(_("What the case giver does")),
    "forms": Said(_("What people write")),
    "marks": Said(_("Taps beside texts")),
    "columns": Said(_("In columns by"), _("The word form, or the short name of a field with answers to choose from.")),
    "notebook": Said(_("Everybody has their own notes at hand")),
    "laps": Said(_("Times around the table")),
    "clients": Said(_("Whose case it is about")),
    "on_table": Said(_("Texts of earlier phases that lie beside it")),
    # A form
    "who": Said(_("Who")),
    "limit": Said(_("How many at most")),
    "is_open": Said(_("Everybody sees it as soon as it is sent")),
    "is_anonymous": Said(_("Without a name: nobody can tell who wrote it, not even the moderator")),
    "about_actions": Said(_("It answers an action of an earlier meeting")),
    "makes_action": Said(_("It becomes an action"), _("Needs a field named then; when_if and due are known as well.")),
    "may_keep": Said(_("Its writer may keep it for themselves")),
    "sets_question": Said(_("It becomes the case question"), _("Needs a field named question.")),
    "sets_key_question": Said(_("It becomes the key question"), _("Needs a field named question.")),
    "hints": Said(_("Tells the writer when a question reads like advice or is not open")),
    "sealed_until": Said(_("Nobody can reveal it before"), _("That phase puts it on the table.")),
    "also_left": Said(_("Also for whoever left early")),
    # A field
    "label": Said(_("What people read")),
    "name": Said(_("Short name"), _("Small letters, digits and _. Cards, questions and actions know some of them.")),
    "type": Said(_("How it is filled in")),
    "is_required": Said(_("Has to be filled in")),
    "is_private": Said(_("Only for who writes it")),
    "max_length": Said(_("Characters at most")),
    "low": Said(_("Lowest number")),
    "high": Said(_("Highest number")),
    "choices": Said(_("Answers to choose from")),
    "starts_as": Said(_("Filled in beforehand with")),
    # Marks and earlier texts
    "kind": Said(_("Kind")),
    "on": Said(_("On the texts of")),
    "of": Said(_("Of which phase")),
    "form": Said(_("Of which form")),
    "only": Said(_("Only some of them")),
    "order": Said(_("In which order")),
    # Texts
    "title": Said(_("Title")),
    "short": Said(_("Short title, on the line")),
    "instruction": Said(_("For whoever writes or speaks")),
    "rule": Said(_("The rule, large on the wall")),
    "say": Said(_("What the moderator says")),
    "trap": Said(_("What to watch for")),
    "help": Said(_("What helps then")),
    "summary": Said(_("In short")),
    "suits": Said(_("When it suits")),
    "avoid": Said(_("When to take another one")),
    "agreement": Said(_("What the group agrees on"), _("One sentence on a line.")),
    "roles": Said(_("What people are called here")),
    "key": Said(_("Key")),
    "texts": Said(_("Texts")),
    "reveals": Said(_("Who sees what")),
    "phases": Said(_("Phases")),
    "fields": Said(_("What it asks")),
    "ends": Said(_("Ends of the scale")),
    "before": Said(_("at once")),
    "after": Said(_("when revealed")),
}
# The same word is two things: a state of the case giver, and a text for them.
TEXT_FOR_CASE_GIVER = Said(_("For the case giver"))
# By kind of word: the same letters are several words (a round is a part of a meeting and a pace), and members with equal letters are equal keys.
OPTIONS: Mapping[type[StrEnum], Mapping[StrEnum, LazyString | str]] = {
    Kind: {
        Kind.FOLLOW_UP: _("Follow-up"),
        Kind.PICK: _("Case selection"),
        Kind.STORY: _("Case story"),
        Kind.CLARIFY: _("Clarifying questions"),
        Kind.RANK: _("Rating questions"),
        Kind.PROBE: _("Probing questions"),
        Kind.DIAGNOSE: _("What is it about"),
        Kind.GOSSIP: _("Gossip"),
        Kind.RESONATE: _("Resonance"),
        Kind.REFRAME: _("Key question"),
        Kind.ADVISE: _("Advice"),
        Kind.CHOOSE: _("Reaction and choice"),
        Kind.COMMIT: _("Action"),
        Kind.LEARN: _("Learning points"),
        Kind.EVALUATE: _("Evaluation"),
        Kind.SILENCE: _("Silence"),
        Kind.PRESENT: _("Presentation"),
        Kind.TALK: _("Free talk"),
        Kind.CAST: _("Dividing roles"),
        Kind.INVENTORY: _("Inventory"),
    },
    Part: {
        Part.OPENING: _("In the opening, once"),
        Part.ROUND: _("In the round, for every case again"),
        Part.CLOSING: _("In the closing, once"),
    },
    Who: {
        Who.NOBODY: _("Nobody"),
        Who.EVERYONE: _("Everybody"),
        Who.PEERS: _("Everybody but the case giver"),
        Who.CASE_GIVER: _("The case giver"),
        Who.OWNER: _("Whoever took on the action"),
    },
    Pace: {
        Pace.TOGETHER: _("All together"),
        Pace.ITEMS: _("One text after the other"),
        Pace.ROUND: _("One person after the other"),
    },
    CaseGiverState: {
        CaseGiverState.SPEAKS: _("Speaks along"),
        CaseGiverState.LISTENS: _("Listens in silence"),
        CaseGiverState.TURNED_AWAY: _("Is turned away, and sees nothing of it"),
    },
    Needs: {
        Needs.OPEN_ACTIONS: _("when there are no open actions"),
        Needs.CASE_TO_CHOOSE: _("when the case is known already"),
    },
    FieldType: {
        FieldType.LINE: _("A line"),
        FieldType.TEXT: _("A few sentences"),
        FieldType.SCALE: _("A number on a scale"),
        FieldType.CHOICE: _("One of some answers"),
        FieldType.DATE: _("A day"),
    },
    MarkKind: {
        MarkKind.DOT: _("Dots, to choose a case"),
        MarkKind.STAR: _("Stars, for what helps"),
        MarkKind.WARMTH: _("Warm, neutral or cold"),
        MarkKind.BUDDY: _("I will be your buddy"),
    },
    Only: {
        Only.CHOSEN: _("Those with a star"),
        Only.WARM: _("Warm ones"),
        Only.NEUTRAL: _("Neutral ones"),
        Only.COLD: _("Cold ones"),
    },
    Order: {
        Order.AS_THERE: _("As they stand there"),
        Order.WARMTH: _("Warm before neutral before cold"),
    },
    Audience: {
        Audience.MODERATOR: _("Moderator"),
        Audience.WALL: _("Wall"),
        Audience.CASE_GIVER: _("Case giver"),
        Audience.PEER: _("The others"),
    },
    Facet: {
        Facet.OWN: _("What they wrote themselves"),
        Facet.ITEMS: _("All texts"),
        Facet.CURRENT: _("The text on the table"),
        Facet.NAMES: _("Who wrote a text"),
        Facet.CHOSEN: _("What got a star"),
        Facet.MARKS: _("How many taps a text has"),
        Facet.QUESTION: _("The case question"),
        Facet.EARLIER: _("Texts of earlier phases"),
        Facet.ACTIONS: _("Actions"),
        Facet.WRITTEN: _("Who has written"),
        Facet.RESULTS: _("Means of scales"),
    },
    Role: {
        Role.CASE_GIVER: _("Case giver"),
        Role.TIMEKEEPER: _("Timekeeper"),
        Role.NOTE_TAKER: _("Note-taker"),
        Role.OBSERVER: _("Observer"),
    },
    Clients: {
        Clients.ONE: _("One person's case"),
        Clients.EACH: _("Everybody's case in turn, with a round for each"),
    },
    Aim: dict(AIMS.items()),
    Experience: dict(EXPERIENCES.items()),
}
OF_THE_PAGE = {"csrf_token", "seen", "known", "do", "new_kind"}
STARTS = {"case_question": _("the case question"), "starred": _("the first text with a star")}


def said(word: str) -> Said:
    """A word as people read it."""
    return WORDS.get(word, Said(word.replace("_", " ").capitalize()))


def option(member: StrEnum) -> LazyString | str:
    """One of some as people read it."""
    return OPTIONS.get(type(member), {}).get(member, str(member).replace("_", " "))


def kind_name(kind: str) -> str:
    """A kind of phase as people read it."""
    return str(option(Kind(kind))) if kind in set(Kind) else kind


def option_name(enumeration: str, value: str) -> str:
    """A word of one of the enumerations by its name, as a template has it."""
    found: StrEnum = getattr(vocabulary, enumeration)(value)
    return str(option(found))


def in_words(typed: MultiDict[str, str]) -> Iterator[tuple[str, str]]:
    """What was typed in a form whose page is not there any more: where, and what. What was left empty or only serves the page is left out."""
    for name, value in typed.items(multi=True):
        if name not in OF_THE_PAGE and value.strip():
            yield " · ".join(_place(one) for one in name.split("-")), value


def _place(word: str) -> str:
    """A part of the name of a field; rows are counted from 1."""
    if word.isdecimal():
        return str(int(word) + 1)
    if word in languages.TABLE:
        return languages.name_of(word)
    stem, _sep, language = word.rpartition("_")
    if language in languages.TABLE:
        return f"{said(stem).label} ({languages.name_of(language)})"
    return str(said(word).label)
