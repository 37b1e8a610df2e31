"""The forms of arrangements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from facilitator.accounts.models import User
from facilitator.archive.forms import ThemesField
from facilitator.archive.models import Theme
from facilitator.arrangements import actions, offering
from facilitator.arrangements.actions import Proposal
from facilitator.arrangements.saying import kinds_of_offers
from facilitator.arrangements.store import Answers
from facilitator.core import lengths
from facilitator.core.db import now
from facilitator.core.forms import Filled, Form, WholeNumber

LONGEST = 1000
LONGEST_PERIOD = timedelta(days=366)
USUAL_PERIOD = timedelta(weeks=26)
WISH = "wish"
LONGEST_MOMENT = 720  # minutes: a day along with somebody
TOO_LONG = _("Keep it within %(max)d characters.")


def _rhythms() -> list[SelectChoice]:
    every = [SelectChoice(str(weeks), gettext("Every %(num)s weeks", num=weeks)) for weeks in (2, 4)]
    return [SelectChoice("1", gettext("Every week")), *every, SelectChoice("0", gettext("When it suits us"))]


def _address(label: str) -> StringField:
    return StringField(
        label,
        validators=[Length(max=lengths.EMAIL, message=TOO_LONG)],
        render_kw={"autocomplete": "off", "inputmode": "email", "autocapitalize": "none"},
    )


class ProposeForm(Form):
    """What somebody asks one colleague, or two. Where an offer is answered, `known` is whoever made it."""

    known: User | None = None
    email = _address(_("E-mail address of your colleague"))
    third = _address(_("And of a third one"))
    goal = TextAreaField(
        _("What is it for?"),
        validators=[Filled(_("Say it in a few words.")), Length(max=LONGEST, message=TOO_LONG)],
        render_kw={"maxlength": LONGEST},
    )
    until = DateField(_("Until"), validators=[InputRequired(_("Fill in a date, such as 2031-05-01."))])
    weeks = RadioField(
        _("How often do you check in?"),
        choices=_rhythms,
        validators=[InputRequired(_("Choose one of the answers."))],
        default="2",
    )

    def validate_until(self, field: DateField) -> None:
        """Raises what WTForms shows beside the field."""
        today = now().date()
        if field.data is not None and not today < field.data <= today + LONGEST_PERIOD:
            raise ValidationError(_("Choose a day after today, within a year."))

    def others(self, by: User) -> list[User]:
        """Whom it goes to; what stands in the way is said beside the fields, and then there is nobody."""
        found = [self.known] if self.known is not None else []
        asked = [] if self.known is not None else [self.email]
        for field in (*asked, self.third) if self.typed("third") else asked:
            user = actions.colleague(by, self.typed(field.name))
            if user is None or user in found:
                field.errors = [_("No colleague of yours has this address here.")]
                return []
            found.append(user)
        return found

    def proposal(self, form: str) -> Proposal:
        until = self.until.data
        assert isinstance(until, date)
        return Proposal(form, self.typed("goal"), until, int(self.typed("weeks")))


class OfferForm(Form):
    """What somebody offers, or wishes for."""

    what = RadioField(
        _("What is it?"),
        choices=lambda: [SelectChoice(what, said) for what, said in kinds_of_offers().items()],
        validators=[InputRequired(_("Choose one of the answers."))],
    )
    text = TextAreaField(
        _("In a few words"),
        validators=[Filled(_("Say it in a few words.")), Length(max=lengths.LINE, message=TOO_LONG)],
        render_kw={"maxlength": lengths.LINE, "rows": 2},
    )
    themes = ThemesField(_("What is it about?"))
    most_themes = offering.MOST_THEMES

    def offer(self, themes: Iterable[Theme]) -> None:
        """The themes that can be chosen."""
        self.themes.choices = [SelectChoice(theme.id, theme.name) for theme in themes]

    @property
    def form_and_wish(self) -> tuple[str, bool]:
        form, _between, kind = self.typed("what").partition("-")
        return form, kind == WISH


class MomentForm(Form):
    """A moment to meet."""

    day = DateField(_("Day"), validators=[InputRequired(_("Fill in a date, such as 2031-05-01."))])
    at = TimeField(_("Time"), validators=[InputRequired(_("Fill in a time, such as 14:30."))])
    minutes = WholeNumber(
        _("How long, in minutes"),
        default=30,
        validators=[
            InputRequired(_("Fill in a number of minutes.")),
            NumberRange(5, LONGEST_MOMENT, message=_("Choose between %(min)s and %(max)s minutes.")),
        ],
    )
    place = StringField(
        _("Place, or link to a video meeting"),
        validators=[Length(max=lengths.PLACE, message=TOO_LONG)],
        render_kw={"autocomplete": "off", "maxlength": lengths.PLACE},
    )

    def validate_day(self, field: DateField) -> None:
        """Raises what WTForms shows beside the field."""
        today = now().date()
        if field.data is not None and not today <= field.data <= today + LONGEST_PERIOD:
            raise ValidationError(_("Choose a day from today on, within a year."))

    @property
    def begins(self) -> datetime:
        day, at = self.day.data, self.at.data
        assert day is not None
        assert at is not None
        return datetime.combine(day, at)


def _line(label: str) -> TextAreaField:
    return TextAreaField(label, validators=[Length(max=LONGEST, message=TOO_LONG)], render_kw={"maxlength": LONGEST})


class CheckInForm(Form):
    """The three questions of a check-in; one of them is enough."""

    well = _line(_("What went well?"))
    hard = _line(_("What was hard?"))
    need = _line(_("What would help you now?"))

    @property
    def answers(self) -> Answers:
        return Answers(self.typed("well"), self.typed("hard"), self.typed("need"))

    def validate_need(self, _field: TextAreaField) -> None:
        """Raises what WTForms shows beside the field."""
        if not any(self.typed(name) for name in ("well", "hard", "need")):
            raise ValidationError(_("Answer at least one of the three."))
