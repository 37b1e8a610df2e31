"""The forms of a group's year: an answer, and when the next evaluation begins."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from wtforms import DateField, Field, IntegerField, RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, NumberRange, ValidationError

from facilitator.core.db import now
from facilitator.core.forms import Form
from facilitator.year.evaluation import ABOUT, HIGHEST, LOWEST, OPEN_AT_MOST, OPEN_FOR, PASSED, Scores

AHEAD_AT_MOST = timedelta(days=366)


def _sentence(about: str) -> RadioField:
    numbers = [SelectChoice(str(number), str(number)) for number in range(LOWEST, HIGHEST + 1)]
    return RadioField(
        ABOUT[about],
        choices=[*numbers, SelectChoice(str(PASSED), _l("Pass"))],
        validators=[InputRequired(_l("Choose a number, or pass."))],
    )


class EvaluationForm(Form):
    """Eight sentences, by the names they have in `ABOUT`."""

    goal = _sentence("goal")
    trust = _sentence("trust")
    depth = _sentence("depth")
    attendance = _sentence("attendance")
    roles = _sentence("roles")
    follow_up = _sentence("follow_up")
    effect = _sentence("effect")
    going_on = _sentence("going_on")

    @property
    def scores(self) -> Scores:
        """A number for each sentence."""
        return {about: int(self[about].data) for about in ABOUT}


class MomentForm(Form):
    opens_on = DateField(_l("It begins on"), validators=[InputRequired(_l("Choose a day."))])
    days = IntegerField(
        _l("Days it is open"),
        default=OPEN_FOR,
        validators=[
            InputRequired(_l("Fill in a number of days.")),
            NumberRange(1, OPEN_AT_MOST, _l("Between %(min)s and %(max)s days.")),
        ],
    )

    def validate_opens_on(self, field: Field) -> None:
        """Within a year, and not before today."""
        today: date = now().date()
        if field.data is not None and not today <= field.data <= today + AHEAD_AT_MOST:
            raise ValidationError(str(_l("Choose a day between today and a year from now.")))
