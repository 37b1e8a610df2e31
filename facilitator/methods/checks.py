"""What the types alone cannot say: whether the pieces of a method fit together.

What this promises: no phase can show what it keeps hidden, no anonymous text can be led back to its writer, and no
screen lacks a word. Every problem is found at once, each with the path to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from facilitator.methods.vocabulary import (
    Audience,
    CaseGiverState,
    Facet,
    FieldType,
    Form,
    InputField,
    MarkKind,
    Method,
    Pace,
    Part,
    Phase,
    PhaseTexts,
    Who,
)

PARTS = tuple(Part)
STARTS = frozenset({"case_question", "starred"})
STATUSES = frozenset({"done", "partly", "not", "dropped"})
OF_HIDDEN_TEXTS = frozenset({Facet.ITEMS, Facet.CURRENT, Facet.NAMES, Facet.RESULTS, Facet.MARKS, Facet.ACTIONS})
FOR_THE_TURNED_AWAY = frozenset({Facet.OWN, Facet.QUESTION})


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that does not fit, and the path to it as in `phases[3].texts.nl.rule`."""

    path: str
    reason: str


def problems_of(method: Method) -> list[Problem]:
    """Everything in a method that does not fit together, in the order of the file."""
    return list(_method_problems(method))


def _method_problems(method: Method) -> Iterator[Problem]:
    if method.people_min > method.people_max:
        yield Problem("people_min", "must not be more than people_max")
    for index, phase in enumerate(method.phases):
        place = f"phases[{index}]"
        yield from _order_problems(place, method, index)
        yield from _time_problems(place, phase)
        for number, form in enumerate(phase.forms):
            yield from _form_problems(f"{place}.forms[{number}]", form, method.phases[: index + 1])
        yield from _anonymity_problems(place, method, phase)
        yield from _reveal_problems(place, method, phase)
        yield from _language_problems(place, method, phase)


# -- how phases refer to each other ------------------------------------------------------------------------------------


def _order_problems(place: str, method: Method, index: int) -> Iterator[Problem]:
    phase, earlier = method.phases[index], method.phases[:index]
    earlier_keys = {other.key for other in earlier}
    if phase.key in earlier_keys:
        yield Problem(f"{place}.key", f"{phase.key!r} is the key of an earlier phase")
    if earlier and PARTS.index(phase.part) < PARTS.index(earlier[-1].part):
        yield Problem(f"{place}.part", f"{phase.part} cannot come after {earlier[-1].part}")
    if phase.minutes_to is not None:
        yield from _minutes_to_problems(f"{place}.minutes_to", method, phase)
    if phase.marks and phase.marks.on not in {None, phase.key} | earlier_keys:
        yield Problem(f"{place}.marks.on", f"{phase.marks.on!r} is not this phase or an earlier one")
    if phase.shows is not None and phase.shows not in earlier_keys:
        yield Problem(f"{place}.shows", f"{phase.shows!r} is not an earlier phase")
    if phase.option_of is not None:
        yield from _option_problems(f"{place}.option_of", method, earlier, phase)


def _minutes_to_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    goal = method.phase(phase.minutes_to or "")
    if phase.needs is None:
        yield Problem(place, "has no meaning without needs")
    if goal is None:
        yield Problem(place, f"{phase.minutes_to!r} is not a phase of this method")
    elif goal.key == phase.key or goal.needs or goal.option_of:
        yield Problem(place, f"{goal.key!r} must be another phase that is always held")


def _option_problems(place: str, method: Method, earlier: tuple[Phase, ...], phase: Phase) -> Iterator[Problem]:
    chooser = next((other for other in earlier if other.key == phase.option_of), None)
    if chooser is None:
        yield Problem(place, f"{phase.option_of!r} is not an earlier phase")
        return
    options = {other.key for other in method.phases if other.option_of == phase.option_of}
    offered = [set(field.choices) for form in chooser.forms for field in form.fields if field.choices]
    if options not in offered:
        yield Problem(place, f"no field of {chooser.key!r} has exactly these choices: {_listed(options)}")


# -- time and pace -----------------------------------------------------------------------------------------------------


def _time_problems(place: str, phase: Phase) -> Iterator[Problem]:
    if phase.min_minutes > phase.minutes:
        yield Problem(f"{place}.min_minutes", "must not be more than minutes")
    if phase.writing_minutes >= phase.minutes:
        yield Problem(f"{place}.writing_minutes", "must be less than minutes")
    if phase.writing_minutes and not phase.forms:
        yield Problem(f"{place}.writing_minutes", "there is no form to write in")
    if phase.pace is Pace.ROUND and phase.speaks is Who.NOBODY:
        yield Problem(f"{place}.speaks", "must say who speaks in a round")
    if phase.pace is Pace.ITEMS and not _texts_on_the_table(phase):
        yield Problem(f"{place}.pace", "there are no texts to go through one by one")


# -- forms -------------------------------------------------------------------------------------------------------------


def _form_problems(place: str, form: Form, phases: tuple[Phase, ...]) -> Iterator[Problem]:
    yield from _doubles(f"{phases[-1].key} forms", [other.key for other in phases[-1].forms], form.key, f"{place}.key")
    names = [field.name for field in form.fields]
    if form.who is Who.NOBODY:
        yield Problem(f"{place}.who", "nobody could ever write here")
    if form.who is Who.OWNER and not form.about_actions:
        yield Problem(f"{place}.who", "only an action has an owner, so about_actions must be true")
    if form.sets_question and "question" not in names:
        yield Problem(f"{place}.sets_question", "needs a field named question")
    if form.makes_action and "then" not in names:
        yield Problem(f"{place}.makes_action", "needs a field named then")
    if form.about_actions and not any(f.name == "status" and STATUSES.issuperset(f.choices) for f in form.fields):
        yield Problem(f"{place}.about_actions", f"needs a field named status with choices out of {_listed(STATUSES)}")
    for index, field in enumerate(form.fields):
        yield from _doubles(f"form {form.key}", names, field.name, f"{place}.fields[{index}].name")
        yield from _field_problems(f"{place}.fields[{index}]", field, phases)


def _field_problems(place: str, field: InputField, phases: tuple[Phase, ...]) -> Iterator[Problem]:
    if field.is_private and field.is_required:
        yield Problem(f"{place}.is_required", "what is private is never required")
    if field.type is FieldType.CHOICE and len(set(field.choices)) < max(2, len(field.choices)):
        yield Problem(f"{place}.choices", "must be at least two, and no two alike")
    if field.type is not FieldType.CHOICE and field.choices:
        yield Problem(f"{place}.choices", f"a {field.type} has no choices")
    if field.type is FieldType.SCALE and field.low >= field.high:
        yield Problem(f"{place}.low", "must be less than high")
    if field.starts_as is not None and field.starts_as not in STARTS:
        yield Problem(f"{place}.starts_as", f"must be one of {_listed(STARTS)}")
    if field.starts_as == "starred" and not any(_stars(phase) for phase in phases):
        yield Problem(f"{place}.starts_as", "no star is given in this phase or an earlier one")


# -- anonymity ---------------------------------------------------------------------------------------------------------


def _anonymity_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    for number, form in enumerate(phase.forms):
        if form.is_anonymous:
            yield from _anonymous_form_problems(f"{place}.forms[{number}]", form)
    if phase.marks and phase.marks.who not in {Who.EVERYONE, Who.PEERS, Who.CASE_GIVER}:
        yield Problem(f"{place}.marks.who", "must be everyone, peers or case_giver")
    if phase.marks and _has_anonymous(method.phase(phase.marks.on or phase.key)):
        yield Problem(f"{place}.marks", "an anonymous text takes no marks")
    if _has_anonymous(phase) and phase.pace is Pace.ROUND:
        yield Problem(f"{place}.pace", "a round would tell whose anonymous text it is")
    if any(_has_anonymous(source) for source in (phase, method.phase(phase.shows or ""))):
        for where, facets in _shown(place, phase):
            for facet in sorted(facets & {Facet.NAMES, Facet.WRITTEN}):
                yield Problem(where, f"{facet} cannot go with an anonymous form")


def _anonymous_form_problems(place: str, form: Form) -> Iterator[Problem]:
    if form.who not in {Who.EVERYONE, Who.PEERS}:
        yield Problem(f"{place}.who", "an anonymous form must be for everyone or peers")
    for word in ("is_open", "about_actions", "makes_action", "may_keep", "sets_question", "hints"):
        if getattr(form, word):
            yield Problem(f"{place}.{word}", "cannot go with is_anonymous")


# -- what is revealed --------------------------------------------------------------------------------------------------


def _reveal_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    if not any(facets for _, facets in _shown(place, phase)):
        yield Problem(f"{place}.reveals", "must show something to somebody")
    for audience, reveal in phase.reveals.items():
        if lost := reveal.before - reveal.after:
            yield Problem(f"{place}.reveals.{audience}.after", f"must still hold {_listed(lost)}: shown stays shown")
        if audience in {Audience.WALL, Audience.MODERATOR} and Facet.OWN in reveal.after:
            yield Problem(f"{place}.reveals.{audience}", "own is for those who write on a phone")
        yield from _hidden_problems(f"{place}.reveals.{audience}.before", method, phase, reveal.before)
    for where, facets in _shown(place, phase):
        yield from _facet_problems(where, method, phase, facets)
    away = phase.reveals.get(Audience.CASE_GIVER)
    if phase.case_giver is CaseGiverState.TURNED_AWAY and away and (seen := away.after - FOR_THE_TURNED_AWAY):
        yield Problem(f"{place}.reveals.case_giver", f"is turned away and cannot see {_listed(seen)}")


def _hidden_problems(where: str, method: Method, phase: Phase, facets: frozenset[Facet]) -> Iterator[Problem]:
    # An action that is looked back on is no secret; what its owner now writes about it is.
    asked = {Facet.ACTIONS} if any(form.about_actions for form in phase.forms) else set()
    early = (facets & OF_HIDDEN_TEXTS) - asked
    source = method.phase(phase.shows) if phase.shows else phase
    if early and source and any(_is_hidden(form) for form in source.forms):
        yield Problem(where, f"{_listed(early)} would show hidden texts before they are revealed")


def _facet_problems(where: str, method: Method, phase: Phase, facets: frozenset[Facet]) -> Iterator[Problem]:
    has_texts = _texts_on_the_table(phase)
    if Facet.NAMES in facets and not facets & {Facet.ITEMS, Facet.CURRENT}:
        yield Problem(where, "names has no meaning without items or current")
    if facets & {Facet.ITEMS, Facet.CURRENT} and not has_texts:
        yield Problem(where, "there are no texts to show")
    if Facet.CURRENT in facets and phase.pace is Pace.TOGETHER:
        yield Problem(where, "current has no meaning where the pace is together")
    if Facet.CHOSEN in facets and not any(_stars(other) for other in method.phases):
        yield Problem(where, "no star is given anywhere, so nothing is chosen")
    if Facet.MARKS in facets and not phase.marks:
        yield Problem(where, "there are no marks in this phase")
    if Facet.WRITTEN in facets and not phase.forms:
        yield Problem(where, "nobody writes in this phase")
    if Facet.RESULTS in facets and not _has_open_scale(phase):
        yield Problem(where, "there is no scale whose mean could be shown")
    if Facet.ACTIONS in facets and not any(form.about_actions or form.makes_action for form in phase.forms):
        yield Problem(where, "no form of this phase is about actions or makes one")


# -- words -------------------------------------------------------------------------------------------------------------


def _language_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    for language in sorted(method.texts.keys() - phase.texts.keys()):
        yield Problem(f"{place}.texts.{language}", "is missing; the method speaks this language")
    for language in sorted(phase.texts.keys() - method.texts.keys()):
        yield Problem(f"{place}.texts.{language}", "is a language that the method itself lacks")
    for language, texts in phase.texts.items():
        yield from _word_problems(f"{place}.texts.{language}", phase, texts)


def _word_problems(place: str, phase: Phase, texts: PhaseTexts) -> Iterator[Problem]:
    fields = [(f"{form.key}.{field.name}", field) for form in phase.forms for field in form.fields]
    choices = [f"{name}.{choice}" for name, field in fields for choice in field.choices]
    scales = [name for name, field in fields if field.type is FieldType.SCALE]
    ends = [f"{name}.{end}" for name in scales for end in ("low", "high")]
    yield from _label_problems(f"{place}.fields", [name for name, _ in fields], texts.fields)
    yield from _label_problems(f"{place}.choices", choices, texts.choices)
    yield from _label_problems(f"{place}.ends", ends, texts.ends)
    if any(form.hints for form in phase.forms) != (texts.hint is not None):
        yield Problem(f"{place}.hint", "belongs with a form that has hints, and only there")
    if phase.case_giver is not CaseGiverState.SPEAKS and texts.case_giver is None:
        yield Problem(f"{place}.case_giver", "is missing; the case giver must know what to do now")


def _label_problems(place: str, wanted: list[str], given: dict[str, str]) -> Iterator[Problem]:
    for name in wanted:
        if name not in given:
            yield Problem(f'{place}."{name}"', "is missing")
    for name in given:
        if name not in wanted:
            yield Problem(f'{place}."{name}"', "does not belong to anything in this phase")


# -- small questions ---------------------------------------------------------------------------------------------------


def _shown(place: str, phase: Phase) -> Iterator[tuple[str, frozenset[Facet]]]:
    for audience, reveal in phase.reveals.items():
        yield f"{place}.reveals.{audience}.before", reveal.before
        yield f"{place}.reveals.{audience}.after", reveal.after


def _doubles(of: str, names: list[str], name: str, place: str) -> Iterator[Problem]:
    if names.count(name) > 1:
        yield Problem(place, f"{name!r} occurs more than once in {of}")


def _texts_on_the_table(phase: Phase) -> bool:
    return bool(phase.forms or phase.shows or (phase.marks and phase.marks.on))


def _is_hidden(form: Form) -> bool:
    return not form.is_open and not all(field.is_private for field in form.fields)


def _has_anonymous(phase: Phase | None) -> bool:
    return phase is not None and any(form.is_anonymous for form in phase.forms)


def _has_open_scale(phase: Phase) -> bool:
    return any(f.type is FieldType.SCALE and not f.is_private for form in phase.forms for f in form.fields)


def _stars(phase: Phase) -> bool:
    return phase.marks is not None and phase.marks.kind is MarkKind.STAR


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
