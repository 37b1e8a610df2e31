"""What stands on a card besides its own words, in the reader's language."""

from __future__ import annotations

from datetime import date

from flask_babel import format_date
from flask_babel import lazy_gettext as _

from facilitator.accounts.languages import readers_language
from facilitator.archive.content import Form, Outcome
from facilitator.repertoire.store import method_of

OUTCOMES = {
    Outcome.WORKED.value: _("It worked"),
    Outcome.PARTLY.value: _("It worked partly"),
    Outcome.NOT.value: _("It did not work"),
}
FORMS = {
    Form.CONSULTATION.value: _("Peer consultation"),
    Form.BUDDY.value: _("Buddy system"),
    Form.COACHING.value: _("Coaching on the job"),
    Form.PLATFORM.value: _("Digital platform"),
    Form.INSTRUCTION.value: _("Instruction card"),
    Form.VIDEO.value: _("Instruction video"),
    Form.SHADOWING.value: _("Shadowing"),
    Form.PRESENTATION.value: _("Presentation"),
}


def period_name(period: str) -> str:
    """A quarter (`2026-Q4`) in words; nothing finer is known of a card."""
    year, _dash, quarter = period.partition("-Q")
    if not (year.isdecimal() and quarter in ("1", "2", "3", "4")):
        return ""
    return str(format_date(date(int(year), int(quarter) * 3 - 2, 1), "QQQQ yyyy"))


def outcome_name(outcome: str) -> str:
    """How the action of a card went; empty while nobody knows."""
    return str(OUTCOMES.get(outcome, ""))


def form_name(form: str) -> str:
    """The form of knowledge sharing a card comes from or could go on with."""
    return str(FORMS.get(form, ""))


def method_name(key: str, organisation_id: str = "") -> str:
    """A method by its name, those of an organisation included."""
    method = method_of(organisation_id, key)
    return method.text(readers_language()).title if method else ""
