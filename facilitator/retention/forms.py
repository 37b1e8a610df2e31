"""The forms of an organisation: its settings, each figure within the bounds that `terms` sets, and what day it is."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, IntegerField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from facilitator.accounts.models import Organisation
from facilitator.core import lengths
from facilitator.core.clock import is_day_of
from facilitator.core.db import now
from facilitator.core.forms import Filled, Form
from facilitator.retention.terms import BOUNDS, Bounds

LABELS = {
    "raw_days_after_approval": _l("Days after the report was approved"),
    "raw_days_after_meeting": _l("Days after the meeting, at the latest"),
    "report_days": _l("Days after the group ended"),
    "proof_years": _l("Years after the meeting"),
    "review_months": _l("Months until a card is looked at again"),
    "cooling_off_days": _l("Days to think it over before a card is published"),
}


class Within:
    """Refuses what is out of bounds, however many digits it has; the library's own check breaks at 400 of them."""

    def __init__(self, bounds: Bounds, sentence: str) -> None:
        self.bounds, self.sentence = bounds, sentence

    def __call__(self, _form: object, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        if not isinstance(field.data, int) or not self.bounds.least <= field.data <= self.bounds.most:
            field.errors = []  # in our words instead of the library's
            raise ValidationError(self.sentence)


def _figure(name: str) -> IntegerField:
    bounds = BOUNDS[name]
    sentence = _l("Fill in a whole number from %(least)s to %(most)s.", least=bounds.least, most=bounds.most)
    return IntegerField(
        LABELS[name],
        validators=[InputRequired(sentence), Within(bounds, sentence)],
        description=_l(
            "From %(least)s to %(most)s; usually %(default)s.",
            least=bounds.least,
            most=bounds.most,
            default=bounds.default,
        ),
        render_kw={"min": bounds.least, "max": bounds.most, "inputmode": "numeric"},
    )


class OrganisationForm(Form):
    """The organisation's name, and how long what is kept."""

    name = StringField(
        _l("Organisation"),
        validators=[
            Filled(_l("Fill in the name of your organisation.")),
            Length(1, lengths.ORGANISATION, _l("Keep it within %(max)d characters.")),
        ],
    )
    raw_days_after_approval = _figure("raw_days_after_approval")
    raw_days_after_meeting = _figure("raw_days_after_meeting")
    report_days = _figure("report_days")
    proof_years = _figure("proof_years")
    review_months = _figure("review_months")
    cooling_off_days = _figure("cooling_off_days")

    def put_into(self, organisation: Organisation) -> None:
        """What was filled in, into the row."""
        organisation.name = self.typed("name")
        for name in LABELS:
            setattr(organisation, name, int(self[name].data or BOUNDS[name].default))


class Today:
    """Refuses a day that the clock of this server does not show: then it is the clock that is wrong."""

    def __call__(self, _form: object, field: Field) -> None:
        """Raises what WTForms shows beside the field."""
        if field.data and not is_day_of(field.data, now()):
            raise ValidationError(
                _l(
                    "The clock of the server shows another day. Whoever hosts it has to set the clock; nothing is erased until then."
                )
            )


class ClockForm(Form):
    """An administrator says what day it is, so that the clock is trusted again."""

    today = DateField(_l("What day is it today?"), validators=[InputRequired(_l("Choose a day.")), Today()])
