"""A method as a guide on paper, for a meeting without any network: one side, two for the longest.

Promises: every phase is in it with its minutes, a place for the time, the sentence to say, the rule, what the others and the case giver do,
and what helps against its trap; it holds nothing of any meeting. Its words are those of the method in one of its languages, those for the roles too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache

from flask_babel import force_locale, format_decimal, ngettext
from flask_babel import gettext as _

from facilitator.core import languages
from facilitator.core.pdf import typeset
from facilitator.methods import timing
from facilitator.methods.roles import heading, role_names, roles_of
from facilitator.methods.vocabulary import Method, Phase, PhaseTexts

MANY_ENOUGH = 128


def language_of(method: Method, wanted: str) -> str:
    """The language of a guide: the one that is wanted where the method and the interface have it, else one that both have."""
    return languages.nearest(wanted, (code for code in languages.spoken() if code in method.texts))


def guide(method: Method, wanted: str) -> bytes:
    """The PDF, in a language as near to the wanted one as there is."""
    language = language_of(method, wanted)
    with force_locale(language):
        return _typeset(json.dumps(_data(method, language)), language, method.text(language).title)


@lru_cache(MANY_ENOUGH)
def _typeset(data: str, language: str, title: str) -> bytes:
    # Anybody may ask for one, and it is the same for everybody: it is made once.
    return typeset("guide", json.loads(data), locale=language, title=title).content


def _data(method: Method, language: str) -> dict[str, object]:
    texts, roles = method.text(language), role_names(language, roles_of(method))
    case_giver, timekeeper = heading(roles.case_giver), heading(roles.timekeeper)
    return {
        "title": texts.title,
        "summary": texts.summary,
        "figures": _("%(minutes)s, %(people)s", minutes=_minutes(timing.usual_minutes(method)), people=_people(method)),
        "begins": _("We begin at"),
        "line": list(_line(method)),
        "in_words": ", ".join(f"{phase.text(language).title} {_minutes(phase.minutes)}" for phase in method.phases),
        "heads": ["", _("Phase, time"), _("You say; the rule"), _("What they do"), _("What to watch for")],
        "labels": {
            "say": _("Say:"),
            "others": _("Everybody:"),
            "giver": _("%(case_giver)s:", case_giver=case_giver),
            "trap": _("Trap:"),
            "help": _("Help:"),
        },
        "phases": [_phase(number, phase, phase.text(language)) for number, phase in enumerate(method.phases, 1)],
        "roles_title": _("Who does what"),
        "roles": [
            _("Moderator: reads out what stands under Say, guards the rule, and has no case and no advice."),
            _(
                "%(timekeeper)s: writes down when each phase begins, and says when half of it and when one minute is left.",
                timekeeper=timekeeper,
            ),
            _("%(case_giver)s: speaks and is silent where it says so. May always pass.", case_giver=case_giver),
            _(
                "Everybody else: writes on a sheet of paper where it says so or speaks of a phone, and shows it when it is asked for."
            ),
        ],
        "agreement_title": _("What we agree on"),
        "agreement": list(texts.agreement),
        "foot": _("%(title)s. Source: %(source)s", title=texts.title, source=method.source_in(language)),
    }


def _line(method: Method) -> Iterator[dict[str, object]]:
    """The phases that are held, as parts of the time from the first to the last."""
    held = timing.held(method)
    numbers = {phase.key: number for number, phase in enumerate(method.phases, 1)}
    whole, begins = sum(phase.minutes for phase in held), 0.0
    for phase in held:
        yield {
            "number": str(numbers[phase.key]),
            "begins": begins / whole,
            "share": phase.minutes / whole,
            "writing": phase.writing_minutes / whole,
        }
        begins += phase.minutes


def _phase(number: int, phase: Phase, texts: PhaseTexts) -> dict[str, object]:
    silence = _("%(minutes)s of it writing", minutes=format_decimal(phase.writing_minutes))
    remarks = [
        silence if phase.writing_minutes else "",
        _("one of these") if phase.option_of else "",
        _("if there is something") if phase.needs else "",
    ]
    return {
        "number": str(number),
        "title": texts.title,
        "minutes": _minutes(phase.minutes),
        "remark": ", ".join(remark for remark in remarks if remark),
        "say": texts.say,
        "rule": texts.rule,
        "others": texts.instruction,
        "giver": texts.case_giver or "",
        "trap": texts.trap,
        "help": texts.help,
    }


def _minutes(number: float) -> str:
    if number == int(number):
        return str(ngettext("%(num)s minute", "%(num)s minutes", int(number)))
    return str(_("%(minutes)s minutes", minutes=format_decimal(number)))


def _people(method: Method) -> str:
    least, most = method.people_min, method.people_max
    if least < most:
        return str(_("%(least)s to %(most)s people", least=least, most=most))
    return str(ngettext("%(num)s person", "%(num)s people", least))
