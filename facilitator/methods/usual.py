"""What a phase of a kind usually is, so that a method says only what is its own.

What this promises: a word that a method says is never changed. What it leaves out comes from `usual.toml`, by the kind of the phase;
the labels of fields come along only as far as their fields do. A phase without `reveals` shows what a phase with its forms, its pace and
its marks usually shows; one with `reveals` shows that and nothing else.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from facilitator.methods.problem import is_hidden
from facilitator.methods.vocabulary import (
    Audience,
    CaseGiverState,
    Facet,
    FieldType,
    Form,
    MarkKind,
    Pace,
    Part,
    Phase,
    Reveal,
    Who,
)

LABELS = ("fields", "choices", "ends")
# A file is any JSON until it has been checked.
Document = dict[str, Any]
# Read with the module: where files of people are judged, no other file can be opened.
USUAL: Document = tomllib.loads(Path(__file__).with_name("usual.toml").read_text(encoding="utf-8"))
# What roles are called, by language.
ROLES: dict[str, dict[str, str]] = USUAL.pop("roles")

WRITES = {
    Audience.PEER: {Who.EVERYONE, Who.PEERS, Who.OWNER},
    Audience.CASE_GIVER: {Who.EVERYONE, Who.CASE_GIVER, Who.OWNER},
}
NOTHING: frozenset[Facet] = frozenset()


# -- Before a file is checked ----------------------------------------------------------------------------------------


def completed(document: Document) -> Document:
    """A method's file with what it leaves out. What does not have the shape of a method stays as it is: the checks name it."""
    phases, languages = document.get("phases"), document.get("texts")
    if not isinstance(phases, list) or not isinstance(languages, dict):
        return document
    known = Counter(_key(phase) for phase in phases)
    return {**document, "phases": [_completed(phase, languages, known) for phase in phases]}


def _key(phase: object) -> str:
    return str(phase.get("key", phase.get("kind"))) if isinstance(phase, dict) else ""


def _completed(phase: object, languages: Mapping[str, object], known: Mapping[str, int]) -> object:
    kind = phase.get("kind") if isinstance(phase, dict) else None
    if not isinstance(phase, dict) or not isinstance(kind, str):
        return phase
    usual = usual_of(kind, is_talk=phase.get("forms") == [])
    found = {"key": kind, "part": Part.ROUND.value, **usual, **phase}
    for word in [word for word in ("marks", "needs") if not found.get(word)]:
        found.pop(word, None)  # an empty one takes back what is usual
    if known["clarify"] == 1 and found.get("needs") and "minutes_to" not in found:
        found["minutes_to"] = "clarify"
    given = phase.get("texts", {})
    if isinstance(given, dict):
        found["texts"] = {
            language: _in_words(
                _with_usual_texts(usual.get("texts", {}).get(language, {}), given.get(language, {}), found),
                _roles(languages.get(language), language),
            )
            for language in {**languages, **given}
            if language in given or language in usual.get("texts", {})
        }
    return found


def usual_of(kind: str, is_talk: bool) -> Document:
    """What is usual for a kind; where nothing is written, in words for talking, and with no texts to mark or to take one by one."""
    usual = dict(USUAL.get(kind, {}))
    talking, texts = usual.pop("talking", {}), usual.get("texts", {})
    if not (is_talk and usual.get("forms")):
        return usual
    usual.pop("marks", None)
    if usual.get("pace") == Pace.ITEMS:
        usual.pop("pace")
    return {**usual, "texts": {language: {**said, **talking.get(language, {})} for language, said in texts.items()}}


def with_roles(language: str, own: Mapping[Any, str]) -> dict[str, str]:
    """The words for roles in a language, those that a method has itself in place of the usual ones."""
    return {role: own.get(role, word) for role, word in ROLES.get(language, {}).items()}


def _roles(texts: object, language: str) -> dict[str, str]:
    own = texts.get("roles") if isinstance(texts, dict) else None
    return with_roles(language, {role: str(word) for role, word in own.items()} if isinstance(own, dict) else {})


def _in_words(text: Any, roles: Mapping[str, str]) -> Any:
    """A text, or many, with the word for each role that it names in braces."""
    if isinstance(text, dict):
        return {name: _in_words(part, roles) for name, part in text.items()}
    if isinstance(text, str):
        for role, word in roles.items():
            text = text.replace(f"{{{role}}}", word)
    return text


def _with_usual_texts(usual: Mapping[str, Any], given: object, phase: Document) -> object:
    if not isinstance(given, dict):
        return given
    found = {**usual, **given}
    names = set(_names(phase))
    for labels in LABELS:
        own, known = given.get(labels, {}), usual.get(labels, {})
        if isinstance(own, dict):
            found[labels] = {name: text for name, text in known.items() if _of(name) in names} | own
    return found


def _of(label: str) -> str:
    return ".".join(label.split(".")[:2])


def _names(phase: Document) -> Iterator[str]:
    for form in _forms(phase):
        fields = form.get("fields")
        for field in fields if isinstance(fields, list) else ():
            if isinstance(field, dict):
                yield f"{form.get('key')}.{field.get('name')}"


def _forms(phase: Document) -> Iterator[Document]:
    forms = phase.get("forms")
    yield from (form for form in forms if isinstance(form, dict)) if isinstance(forms, list) else ()


# -- After its shape was checked -------------------------------------------------------------------------------------


def with_usual_reveals(phase: Phase) -> Phase:
    """A phase that shows what its method says, else what is usual."""
    if "reveals" in phase.model_fields_set:
        return phase
    return phase.model_copy(update={"reveals": usual_reveals(phase)})


def usual_reveals(phase: Phase) -> dict[Audience, Reveal]:
    """What a phase shows to whom where its method does not say. Hidden texts come after the reveal, at the pace of the phase; names to the
    moderator, and to the wall where a text is somebody's turn; nothing of the talk to whoever is turned away.
    """
    return {audience: _usual_reveal(phase, audience) for audience in Audience}


def _usual_reveal(phase: Phase, audience: Audience) -> Reveal:
    asked = NOTHING if phase.part is Part.OPENING else frozenset({Facet.QUESTION})
    own = frozenset({Facet.OWN}) if any(_is_by(form, audience) for form in phase.forms) else NOTHING
    if phase.case_giver is CaseGiverState.TURNED_AWAY and audience is Audience.CASE_GIVER:
        return Reveal(before=asked | own, after=asked | own)
    before, after = asked | own | _writers(phase, audience), _results(phase) | _marks(phase, audience)
    talk = _texts(phase, audience)
    if _is_out_at_once(phase):
        before |= talk
    if phase.on_table:
        before |= {Facet.EARLIER}
    if any(map(is_vote, phase.forms)) and not any(map(is_hidden, phase.forms)):
        before |= {Facet.RESULTS}
    if any(form.about_actions for form in phase.forms):
        before |= {Facet.ACTIONS}
    if any(form.makes_action for form in phase.forms):
        after |= {Facet.ACTIONS}
    before |= _marked_at_once(phase, audience)
    return Reveal(before=before, after=before | after | talk)


def _is_by(form: Form, audience: Audience) -> bool:
    return form.who in WRITES.get(audience, ()) and not form.is_anonymous


def _writers(phase: Phase, audience: Audience) -> frozenset[Facet]:
    shows = audience is Audience.MODERATOR and any(not form.is_anonymous for form in phase.forms)
    is_safe = not any(form.is_anonymous for form in phase.forms)
    return frozenset({Facet.WRITTEN}) if shows and is_safe else NOTHING


def _is_out_at_once(phase: Phase) -> bool:
    """Whether no text of a phase waits for its own reveal."""
    source = bool(phase.shows or (phase.marks and phase.marks.on and phase.marks.on != phase.key))
    own = (form for form in phase.forms if form.sealed_until is None)
    return (source and not phase.shows) or not any(map(is_hidden, own))


def _texts(phase: Phase, audience: Audience) -> frozenset[Facet]:
    source = bool(phase.shows or (phase.marks and phase.marks.on))
    elsewhere = ("makes_action", "sets_question", "sets_key_question", "sealed_until")
    named = [form for form in phase.forms if not any(getattr(form, word) for word in elsewhere)]
    if not source and not any(form.has_text for form in named):
        return NOTHING
    if source or phase.pace is Pace.TOGETHER:
        found = {Facet.ITEMS}
    else:
        looks_back = any(form.about_actions for form in phase.forms)
        everything = audience is Audience.MODERATOR or looks_back
        found = {Facet.ITEMS, Facet.CURRENT} if everything else {Facet.CURRENT}
    return frozenset(found) | (_names_under(phase, audience) if not source else NOTHING)


def _names_under(phase: Phase, audience: Audience) -> frozenset[Facet]:
    if any(form.is_anonymous for form in phase.forms):
        return NOTHING
    is_turn = phase.pace is not Pace.TOGETHER and not any(form.about_actions for form in phase.forms)
    offers = phase.marks is not None and phase.marks.kind is MarkKind.DOT
    is_named = audience is Audience.MODERATOR or offers or (audience is Audience.WALL and is_turn)
    return frozenset({Facet.NAMES}) if is_named else NOTHING


def is_vote(form: Form) -> bool:
    """Whether there is nothing in a form but what is chosen: how often, is for all to see once it is revealed."""
    chooses = any(field.type is FieldType.CHOICE and not field.is_private for field in form.fields)
    return chooses and not (form.has_text or form.about_actions)


def _results(phase: Phase) -> frozenset[Facet]:
    if any(map(is_vote, phase.forms)):
        return frozenset({Facet.RESULTS})
    scales = (
        form for form in phase.forms if form.is_anonymous for field in form.fields if field.type is FieldType.SCALE
    )
    return frozenset({Facet.RESULTS}) if any(scales) else NOTHING


def _marked_at_once(phase: Phase, audience: Audience) -> frozenset[Facet]:
    """Where a text is chosen or ranked nothing waits to be revealed, if the texts themselves do not."""
    if phase.marks is None:
        return NOTHING
    if phase.marks.kind is MarkKind.WARMTH:
        return _marks(phase, audience) if _is_out_at_once(phase) else NOTHING
    is_chosen = phase.marks.kind is MarkKind.STAR and audience is not Audience.PEER
    return frozenset({Facet.CHOSEN}) if is_chosen else NOTHING


def _marks(phase: Phase, audience: Audience) -> frozenset[Facet]:
    shown_to = {
        MarkKind.DOT: {Audience.MODERATOR, Audience.WALL},
        MarkKind.BUDDY: {Audience.MODERATOR, Audience.CASE_GIVER},
        MarkKind.WARMTH: {Audience.MODERATOR, Audience.WALL, Audience.CASE_GIVER},
    }
    found = phase.marks is not None and audience in shown_to.get(phase.marks.kind, ())
    return frozenset({Facet.MARKS}) if found else NOTHING
