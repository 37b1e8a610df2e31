"""The forms of planning a year, and of changing one meeting of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from flask_babel import lazy_gettext as _
from wtforms import DateField, Field, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, StopValidation, ValidationError

from facilitator.accounts.languages import language_choices
from facilitator.calendar import series
from facilitator.calendar.models import Appointment
from facilitator.calendar.moments import moment_of, zones
from facilitator.core import lengths
from facilitator.core.db import now
from facilitator.core.forms import Filled, Form, WholeNumber
from facilitator.meetings import offered
from facilitator.meetings.planning import LONGEST_MEETING

TOO_LONG = _("Use at most %(max)d characters.")
LONGEST_LIST = 2000
RHYTHM, DAYS = "rhythm", "days"
ALONE, FOLLOWING = "alone", "following"
A_YEAR = timedelta(days=365)


class OnlyWhere:
    """Asks for a field only where the days are said in its way; what stands in it otherwise is nobody's mistake."""

    def __init__(self, how: str) -> None:
        self.how = how

    def __call__(self, form: SeriesForm, field: Field) -> None:
        """Raises what ends the checks of a field."""
        if form.how.data != self.how:
            field.errors = []
            raise StopValidation


def zone_choices() -> list[SelectChoice]:
    return [SelectChoice(zone, zone.replace("_", " ")) for zone in zones()]


def _zone() -> SelectField:
    return SelectField(
        _("Whose clock"),
        choices=zone_choices,
        description=_("The time stays the same on this clock when summer time begins or ends."),
    )


def _minutes() -> WholeNumber:
    return WholeNumber(
        _("How long, in minutes"),
        validators=[
            InputRequired(_("Fill in a number of minutes.")),
            NumberRange(20, LONGEST_MEETING, message=_("Choose between %(min)s and %(max)s minutes.")),
        ],
    )


def _place() -> StringField:
    return StringField(
        _("Place, or link to a video meeting"),
        validators=[Length(max=lengths.PLACE, message=TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )


def _at() -> TimeField:
    return TimeField(_("Time"), validators=[InputRequired(_("Fill in a time, such as 14:30."))])


class CaseForm(Form):
    """A case that somebody offers beforehand."""

    title = StringField(
        _("Title, without names"),
        validators=[Filled(_("Give your case a title.")), Length(max=lengths.CASE_TITLE, message=TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )
    question = StringField(
        _("Your question"),
        description=_("For example: How can I …"),
        validators=[Length(max=lengths.LINE, message=TOO_LONG)],
        render_kw={"autocomplete": "off"},
    )
    urgency = RadioField(
        _("How soon do you need to get on with this?"),
        choices=[
            SelectChoice("can_wait", _("It can wait")),
            SelectChoice("soon", _("Soon")),
            SelectChoice("now", _("Now")),
        ],
        default="can_wait",
    )
    tells = RadioField(
        _("What may whoever leads the meeting know beforehand?"),
        choices=[
            SelectChoice(offered.NOTHING, _("Nothing")),
            SelectChoice(offered.THAT, _("That I offer a case")),
            SelectChoice(offered.WORDS, _("That I offer a case, its title and question")),
        ],
        default=offered.NOTHING,
    )

    @classmethod
    def of(cls, found: offered.Offered | None) -> CaseForm:
        """Filled with what is offered."""
        if found is None or found.case is None:
            return cls(formdata=None)
        case = found.case
        return cls(formdata=None, title=case.title, question=case.question, urgency=case.urgency, tells=found.tells)

    @property
    def case(self) -> offered.Case:
        return offered.Case(self.typed("title"), self.typed("question"), self.typed("urgency"))


class SeriesForm(Form):
    """A series of meetings of a group, in one go. `op` names this attempt, so that it is planned once."""

    op = HiddenField()
    goal = StringField(
        _("Goal"),
        validators=[
            Filled(_("Say in one line what these meetings are for.")),
            Length(max=lengths.GOAL, message=TOO_LONG),
        ],
    )
    method = SelectField(_("Method"))
    locale = SelectField(_("Language of the meeting"), choices=language_choices)
    how = RadioField(
        _("Which days"),
        choices=[
            SelectChoice(RHYTHM, _("Every few weeks on the same weekday")),
            SelectChoice(DAYS, _("Days that I pick")),
        ],
        default=RHYTHM,
    )
    first = DateField(_("First meeting on"), validators=[OnlyWhere(RHYTHM)])
    weeks = WholeNumber(
        _("Every how many weeks"),
        default=6,
        validators=[
            OnlyWhere(RHYTHM),
            InputRequired(_("Fill in a number.")),
            NumberRange(1, 26, message=_("Choose between %(min)s and %(max)s weeks.")),
        ],
    )
    until = DateField(_("Until"), validators=[OnlyWhere(RHYTHM)])
    skip = TextAreaField(
        _("Weeks or days without a meeting"),
        validators=[OnlyWhere(RHYTHM), Length(max=LONGEST_LIST, message=TOO_LONG)],
        render_kw={"rows": 2},
    )
    days = TextAreaField(
        _("The days"), validators=[OnlyWhere(DAYS), Length(max=LONGEST_LIST, message=TOO_LONG)], render_kw={"rows": 4}
    )
    at = _at()
    minutes = _minutes()
    zone = _zone()
    place = _place()

    def validate_until(self, field: Field) -> None:
        first = self.first.data
        if not first or not field.data or self.first.errors or field.errors:
            return
        if field.data < first:
            raise ValidationError(_("Fill in a day after the first meeting."))
        if field.data > first + series.MOST_YEARS * A_YEAR:
            raise ValidationError(_("Plan at most %(years)s years at once.", years=series.MOST_YEARS))

    def validate_skip(self, field: Field) -> None:
        """What cannot be read is named: a week that was meant to be free would be planned."""
        if wrong := series.skipped(field.data or "").wrong:
            raise ValidationError(
                str(
                    _("This is neither a day nor a week: %(wrong)s. Write 2031-12-25, or week 52.", wrong=_named(wrong))
                )
            )

    def validate_days(self, field: Field) -> None:
        found, wrong = series.picked(field.data or "")
        if wrong:
            raise ValidationError(
                str(_("This is not a day: %(wrong)s. Write it like 2031-03-04.", wrong=_named(wrong)))
            )
        if not found:
            raise ValidationError(_("Fill in one day or more."))

    @property
    def chosen(self) -> list[date]:
        """The days of the series; none where they could not be read."""
        if self.how.data == DAYS:
            return series.picked(self.days.data or "")[0]
        if not (self.first.data and self.until.data and self.weeks.data):
            return []
        return series.every(self.weeks.data, self.first.data, self.until.data, series.skipped(self.skip.data or ""))

    @property
    def asked_days(self) -> Field:
        """The field that says which days."""
        field: Field = self.days if self.how.data == DAYS else self.first
        return field

    def is_possible(self) -> bool:
        """Whether there is a meeting to plan, each of them ahead, and not too many; says what is wrong beside the days."""
        found, at, wrong = self.chosen, self.at.data, None
        assert at is not None
        if not found:
            wrong = _("No day is left. Skip fewer weeks, or choose a later end.")
        elif len(found) > series.MOST:
            wrong = _(
                "These are %(count)s meetings. Plan at most %(most)s at once.", count=len(found), most=series.MOST
            )
        elif moment_of(datetime.combine(found[0], at), self.zone.data) <= now():
            wrong = _("The first meeting would be in the past.")
        if wrong is not None:
            self.asked_days.errors = [str(wrong)]
        return wrong is None


def _named(wrong: Sequence[str]) -> str:
    return ", ".join(piece[:40] for piece in wrong[:10])


class WhenForm(Form):
    """When and where one meeting is, alone or with those that follow."""

    day = DateField(_("Day"), validators=[InputRequired(_("Fill in a date, such as 2031-05-01."))])
    at = _at()
    minutes = _minutes()
    zone = _zone()
    place = _place()
    reach = RadioField(
        _("What changes"),
        choices=[
            SelectChoice(ALONE, _("Only this meeting")),
            SelectChoice(FOLLOWING, _("This one and those that follow")),
        ],
        default=ALONE,
    )

    @classmethod
    def of(cls, appointment: Appointment) -> WhenForm:
        begins = appointment.begins
        return cls(
            formdata=None,
            day=begins.date(),
            at=begins.time(),
            minutes=appointment.minutes,
            zone=appointment.zone,
            place=appointment.place,
        )

    @property
    def begins(self) -> datetime:
        day, at = self.day.data, self.at.data
        assert day is not None
        assert at is not None
        return datetime.combine(day, at)

    def is_possible(self) -> bool:
        """Whether that is ahead; says so beside the day."""
        if moment_of(self.begins, self.zone.data) > now():
            return True
        self.day.errors = [str(_("That is in the past. Choose another day or time."))]
        return False
