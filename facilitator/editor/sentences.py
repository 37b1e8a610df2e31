"""What the checks of a method say, for whoever changes it on a page: sentences about what stands there, in their language.

Each line has what a check says of a file, with a place for every name in it, and what a person reads. What no line knows is told as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from flask_babel import lazy_gettext as _
from flask_babel.speaklater import LazyString

from facilitator.editor.words import STARTS, option
from facilitator.methods.vocabulary import Audience, Facet, Part

SENTENCES: Mapping[str, LazyString | str] = {
    # How much there is room for
    "%(a)s stand here, and there is room for %(b)s": _("%(a)s are more than there is room for here: at most %(b)s."),
    "%(a)s forms, fields and choices in all are more than a phase has room for: %(b)s": _(
        "%(a)s forms, fields and answers in all are more than a phase has room for: at most %(b)s."
    ),
    "%(a)s texts of one person are more than a meeting has room for: %(b)s": _(
        "One person could write %(a)s texts in this meeting. At most %(b)s have room. Let people write less often."
    ),
    # The order of phases, and what they say of each other
    "must not be more than people_max": _("This cannot be more than the people at most."),
    "must not be less than people_min: it is held at one table as well": _(
        "At each table there must be at least as many people as the method needs."
    ),
    "people_max is too small for two tables of so many": _("So many people do not make two tables of this size."),
    "there is no round that could be held at tables": _(
        "There is no phase that could be held at tables: put one in the round."
    ),
    "with table_size there is no %(a)s outside of the round": _(
        "Where people work at tables, this kind of phase cannot come before or after them: %(a)s."
    ),
    "with table_size no phase of the round works on texts from around it, nor the other way": _(
        "What is written at a table stays there. A phase there uses no texts from before, and one after it none from there."
    ),
    "the same aim occurs more than once": _("The same aim is chosen more than once."),
    "must not be more than the phases and the lobby take together": _("This is more than all phases take together."),
    "one of them at least must be held whatever there is: each of these needs something": _(
        "Every phase may be left out. At least one must always be held."
    ),
    "%(a)s is the key of an earlier phase": _("Two phases have the key %(a)s."),
    "%(a)s cannot come after %(b)s": _(
        "%(a)s: this cannot come after a phase of %(b)s. Move it up, or choose another part."
    ),
    "%(a)s is not an earlier phase": _(
        "%(a)s is not a phase before this one. Choose another, or move this phase down."
    ),
    "%(a)s has no form %(b)s": _("%(a)s has no form called %(b)s."),
    "nobody writes in %(a)s": _("Nobody writes in %(a)s."),
    "no star is given in an earlier phase": _("No star is given in a phase before this one."),
    "%(a)s is not this phase or an earlier one": _("%(a)s is not this phase or one before it."),
    "must be everyone, peers or case_giver": _("Choose everybody, the others or the case giver."),
    "has no meaning without needs": _("This only counts where the phase may be left out."),
    "%(a)s is not a phase of this method": _("%(a)s is not a phase of this method."),
    "%(a)s must be another phase that is always held": _("%(a)s must be another phase, and one that is always held."),
    "must be as long as %(a)s, in whose place it comes, and in the same part": _(
        "This must be as long as %(a)s, in whose place it comes, and in the same part."
    ),
    "must stand beside %(a)s, in whose place it comes": _("This must stand beside %(a)s, in whose place it comes."),
    "cannot go with needs: one of the options is always held": _(
        "A phase that is chosen cannot be left out as well: one of them is always held."
    ),
    "no field of %(a)s has exactly these choices: %(b)s": _("No field of %(a)s has exactly these answers: %(b)s."),
    "a case is chosen in the opening": _("A case is chosen in the opening."),
    "an earlier phase lets choose the case already": _("A phase before this one lets choose the case already."),
    "a case is offered with a form that has the writer's name, and a text named title": _(
        "A case is offered with a form that is not anonymous and has a field with the short name title."
    ),
    # Time and pace
    "must be in whole or half minutes": _("Use whole or half minutes."),
    "must not be more than minutes": _("This cannot be more than the minutes of the phase."),
    "must be less than minutes": _("This must be less than the minutes of the phase: somebody also has to talk."),
    "there is no form to write in": _("There is no form to write in."),
    "must say who speaks in a round": _("Say who has the floor: one person after the other speaks here."),
    "there are no texts to go through one by one": _("There are no texts to go through one after the other."),
    "more than one goes with the pace round": _(
        "Several times around the table goes with one person after the other only."
    ),
    "%(a)s may write %(b)s texts here, more than there are turns": _(
        "%(a)s: more texts may be written than there are turns."
    ),
    # Forms
    "nobody could ever write here": _("Nobody could ever write here. Choose who."),
    "only an action has an owner, so about_actions must be true": _(
        "Only an action has an owner. Tick that the form answers an action, or choose somebody else."
    ),
    "needs a field named question, a text that is not private": _(
        "This needs a field with the short name question, that others may see."
    ),
    "cannot go with about_actions": _("A form that answers an action cannot become one."),
    "needs a field named then, a text that is not private": _(
        "An action needs a field with the short name then, that others may see."
    ),
    "when_if must be a text that is not private": _("The field when_if must be a text that others may see."),
    "due must be a date that is not private": _("The field due must be a day that others may see."),
    "needs a required field named status with choices out of %(a)s": _(
        "This needs a field with the short name status that has to be filled in, with answers out of %(a)s."
    ),
    "%(a)s is a name that every form uses for itself": _(
        "The short name %(a)s is taken by every form. Choose another one."
    ),
    "what is private is never required": _("What is only for its writer is never required."),
    "must be at least two, and no two alike": _("Give at least two answers, and no two alike."),
    "a %(a)s has no choices": _("Only a field with answers to choose from has answers."),
    "must be less than high": _("This must be less than the highest number."),
    "must be one of %(a)s": _("Choose one of these: %(a)s."),
    "no star is given in this phase or an earlier one": _("No star is given in this phase or one before it."),
    "%(a)s occurs more than once in %(b)s": _("%(a)s is used twice here. Give one of them another name."),
    # What would leak
    "an anonymous text takes no marks": _("Taps beside a text without a name would lead back to its writer."),
    "a round would tell whose anonymous text it is": _(
        "One person after the other would tell whose text without a name it is."
    ),
    "%(a)s cannot go with an anonymous form": _(
        "“%(a)s” cannot be shown: there is a form without a name here, and it would lead back to its writer."
    ),
    "must show something to somebody": _("Nobody would see anything of what is written here."),
    "must still hold %(a)s: what was shown stays shown": _("What was shown stays shown: %(a)s."),
    "own is for those who write on a phone": _("“What they wrote themselves” is for those who write on a phone."),
    "%(a)s would show hidden texts before they are revealed": _(
        "This would show hidden texts before they are revealed: %(a)s."
    ),
    "an anonymous form must be for everyone or peers": _(
        "A form without a name must be for everybody or for the others."
    ),
    "cannot go with is_anonymous": _("This cannot go with a form without a name."),
    "is turned away and cannot see %(a)s": _("The case giver is turned away here and cannot see this: %(a)s."),
    "names has no meaning without items or current": _("Who wrote a text means nothing where no text is shown."),
    "there are no texts to show": _("There are no texts to show."),
    "current has no meaning at the pace together": _(
        "No single text lies on the table where all are talked about together."
    ),
    "no star is given, so nothing is chosen": _("No star is given in this method, so nothing is chosen."),
    "there are no marks in this phase": _("There are no taps in this phase."),
    "nobody writes in this phase": _("Nobody writes in this phase."),
    "nothing lies on the table from earlier phases": _("No texts of earlier phases lie beside this one."),
    "there is no scale or choice whose results could be shown": _(
        "There is no scale or choice whose results could be shown."
    ),
    "no form of this phase is about actions or makes one": _("No form of this phase is about actions."),
    # Texts of other phases
    "must not name anything twice": _("The same stands here twice."),
    "the texts of %(a)s are not ranked by warmth in an earlier phase": _(
        "In no phase before this one is it said how warm the texts of %(a)s are."
    ),
    "only the case giver says how warm a text is": _("Only the case giver says how warm a text is."),
    "there are no two forms with texts": _("There are no two forms with texts."),
    "each form with texts needs a required choice named %(a)s that is not private": _(
        "Each form with texts needs a field with the short name %(a)s: answers to choose from, that has to be filled in and others may see."
    ),
    "cannot go with %(a)s, which tells of it at once": _(
        "This cannot stay closed: something else in the form tells of it at once."
    ),
    "what is private is never revealed": _("What is only for its writer is never shown."),
    "%(a)s is not a later phase": _("%(a)s is not a phase after this one."),
    "both phases must belong to the round": _("Both phases must belong to the round."),
    "%(a)s must be a phase that is always held": _("%(a)s must be a phase that is always held."),
    "%(a)s does not show it: give it %(b)s": _("%(a)s does not show it."),
    "there is no scale whose mean could be shown": _("There is no scale or choice whose results could be shown."),
    "where everybody is client in turn, no phase chooses a case": _(
        "Where everybody gives a case in turn, no phase chooses one."
    ),
    "there is no round that could be held for each person": _("There is no round that could be held for each person."),
    # Words
    "is missing; the method speaks this language": _("This language is missing here; the method has it."),
    "is a language that the method itself lacks": _("The method does not have this language."),
    "is missing; the case giver must know what to do now": _("Say what the case giver does now."),
    "is missing": _("Fill this in."),
    "does not belong to anything in this phase": _("This text belongs to nothing in this phase."),
    "%(a)s stays as it stands; only texts of phases name roles so, in a language that has words for them: %(b)s": _(
        "%(a)s would stand on the screens as it is. Write the word itself, or in a text of a phase one of these in braces: %(b)s."
    ),
    # What comes of playing it
    "what is written here does not come out at this pace": _(
        "What is written here would never come out: another way to talk about it is needed."
    ),
    "nobody but its writer is ever shown what is written here; make it private, or show it": _(
        "Nobody but who writes this ever sees it. Say that it is only for who writes it, or show it to somebody."
    ),
    "of an action only when_if, then and due are shown: ask this with another form": _(
        "Of an action only the fields when_if, then and due are shown. Ask this with a form of its own."
    ),
    "shows what is written in %(a)s before it is revealed": _("This would show a hidden text before it is revealed."),
    "nobody who may set one has a text before them to set it on": _("Nobody who may tap has a text to tap on."),
    "what was marked is shown to nobody: name marks in reveals, in before where nothing is left to reveal": _(
        "Nobody is shown what was tapped. Let somebody see how many taps a text has."
    ),
    "asks to write something, and there is nothing to write in": _(
        "This asks people to write, and there is nothing to write in. Say it otherwise, or add a form."
    ),
}
PLACE = re.compile(r"%\\\((\w)\\\)s")


def in_words(reason: str, titles: Mapping[str, str]) -> str | None:
    """What a person reads instead of it, phases by their titles; None where no line knows it."""
    for pattern, sentence in _patterns():
        if match := pattern.fullmatch(reason):
            names = {name: _named(value, titles) for name, value in match.groupdict().items()}
            return str(sentence) % names if names else str(sentence)
    return None


@cache
def _patterns() -> list[tuple[re.Pattern[str], LazyString | str]]:
    return [
        (re.compile(PLACE.sub(r"(?P<\1>.+)", re.escape(reason))), sentence) for reason, sentence in SENTENCES.items()
    ]


def _named(value: str, titles: Mapping[str, str]) -> str:
    return ", ".join(_one(word.strip().strip("'\""), titles) for word in value.split(","))


def _one(word: str, titles: Mapping[str, str]) -> str:
    known = {member.value: option(member) for kind in (Facet, Audience, Part) for member in kind} | STARTS
    return titles.get(word) or str(known.get(word, word))
