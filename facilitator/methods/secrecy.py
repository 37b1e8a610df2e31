"""Whether a method keeps what it promises: hidden texts stay hidden, anonymous ones lead back to nobody, whoever is
turned away is sent nothing, and what was shown stays shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from facilitator.methods.problem import Problem, gives_stars, has_anonymous, has_texts, is_hidden, listed
from facilitator.methods.vocabulary import Audience, CaseGiverState, Facet, FieldType, Form, Method, Pace, Phase, Who

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXTS = frozenset({Facet.ITEMS, Facet.CURRENT})
OF_HIDDEN_TEXTS = TEXTS | {Facet.NAMES, Facet.RESULTS, Facet.MARKS, Facet.ACTIONS}
ANSWERS = (FieldType.SCALE, FieldType.CHOICE)
TELLS_WHO = frozenset({Facet.NAMES, Facet.WRITTEN})
FOR_THE_TURNED_AWAY = frozenset({Facet.OWN, Facet.QUESTION})
SHARED = frozenset({Audience.WALL, Audience.MODERATOR})


def anonymity_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    """Ways in which an anonymous text could be led back to its writer."""
    for number, form in enumerate(phase.forms):
        if form.is_anonymous:
            yield from _of_anonymous_form(f"{place}.forms[{number}]", form)
    if phase.marks and has_anonymous(method.phase(phase.marks.on or phase.key)):
        yield Problem(f"{place}.marks", "an anonymous text takes no marks")
    if has_anonymous(phase) and phase.pace is Pace.ROUND:
        yield Problem(f"{place}.pace", "a round would tell whose anonymous text it is")
    if has_anonymous(phase) or (phase.shows and has_anonymous(method.phase(phase.shows.of))):
        for where, facets in _shown(place, phase):
            for facet in sorted(facets & TELLS_WHO):
                yield Problem(where, f"{facet} cannot go with an anonymous form")


def reveal_problems(place: str, method: Method, phase: Phase) -> Iterator[Problem]:
    """What a phase would show too early, to the wrong audience, or in vain."""
    if (phase.forms or phase.marks) and not any(facets for _, facets in _shown(place, phase)):
        yield Problem(f"{place}.reveals", "must show something to somebody")
    for audience, reveal in phase.reveals.items():
        where = f"{place}.reveals.{audience}"
        if lost := reveal.before - reveal.after:
            yield Problem(f"{where}.after", f"must still hold {listed(lost)}: what was shown stays shown")
        if audience in SHARED and Facet.OWN in reveal.before | reveal.after:
            yield Problem(where, "own is for those who write on a phone")
        if early := reveal.before & _hidden_facets(phase):
            yield Problem(f"{where}.before", f"{listed(early)} would show hidden texts before they are revealed")
    for where, facets in _shown(place, phase):
        for reason in _in_vain(method, phase, facets):
            yield Problem(where, reason)
    yield from _of_turned_away(place, phase)


def _of_anonymous_form(place: str, form: Form) -> Iterator[Problem]:
    if form.who not in {Who.EVERYONE, Who.PEERS}:
        yield Problem(f"{place}.who", "an anonymous form must be for everyone or peers")
    for word in ("is_open", "about_actions", "makes_action", "may_keep", "sets_question", "sets_key_question", "hints"):
        if getattr(form, word):
            yield Problem(f"{place}.{word}", "cannot go with is_anonymous")


def _of_turned_away(place: str, phase: Phase) -> Iterator[Problem]:
    reveal = phase.reveals.get(Audience.CASE_GIVER)
    if phase.case_giver is not CaseGiverState.TURNED_AWAY or reveal is None:
        return
    if seen := (reveal.before | reveal.after) - FOR_THE_TURNED_AWAY:
        yield Problem(f"{place}.reveals.case_giver", f"is turned away and cannot see {listed(seen)}")


def _hidden_facets(phase: Phase) -> frozenset[Facet]:
    """What must not be shown before the reveal. Of an earlier phase that is shown only what came out is on any screen, and what is
    sealed comes out elsewhere.
    """
    if phase.shows or not any(is_hidden(form) and form.sealed_until is None for form in phase.forms):
        return frozenset()
    # An action that is looked back on is no secret; what its owner now writes about it is.
    looks_back = any(form.about_actions for form in phase.forms)
    return OF_HIDDEN_TEXTS - {Facet.ACTIONS} if looks_back else OF_HIDDEN_TEXTS


def _in_vain(method: Method, phase: Phase, facets: frozenset[Facet]) -> Iterator[str]:
    forms = phase.forms
    fields = [field for form in forms for field in form.fields if not field.is_private]
    checks = (
        (facets & {Facet.NAMES} and not facets & TEXTS, "names has no meaning without items or current"),
        (facets & TEXTS and not has_texts(phase), "there are no texts to show"),
        (Facet.CURRENT in facets and phase.pace is Pace.TOGETHER, "current has no meaning at the pace together"),
        (Facet.CHOSEN in facets and not any(map(gives_stars, method.phases)), "no star is given, so nothing is chosen"),
        (Facet.MARKS in facets and not phase.marks, "there are no marks in this phase"),
        (Facet.WRITTEN in facets and not forms, "nobody writes in this phase"),
        (Facet.EARLIER in facets and not phase.on_table, "nothing lies on the table from earlier phases"),
        (
            Facet.RESULTS in facets and not any(field.type in ANSWERS for field in fields),
            "there is no scale or choice whose results could be shown",
        ),
        (
            Facet.ACTIONS in facets and not any(form.about_actions or form.makes_action for form in forms),
            "no form of this phase is about actions or makes one",
        ),
    )
    return (reason for is_wrong, reason in checks if is_wrong)


def _shown(place: str, phase: Phase) -> Iterator[tuple[str, frozenset[Facet]]]:
    for audience, reveal in phase.reveals.items():
        yield f"{place}.reveals.{audience}.before", reveal.before
        yield f"{place}.reveals.{audience}.after", reveal.after
