"""The one page on which a meeting is set up: a default for everything but its goal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import DateTimeLocalField, DecimalField, Field, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from facilitator.accounts.languages import language_choices
from facilitator.core import lengths, wifi
from facilitator.core.forms import Filled, Form, Verbatim, WholeNumber
from facilitator.meetings.actions.setting_up import PlannedCase
from facilitator.meetings.snapshot import PSEUDONYMS
from facilitator.methods import choosing, rounds, timing
from facilitator.methods.choosing import Misfit
from facilitator.methods.vocabulary import Method, Phase

LONGEST_MEETING = 480
TOO_LONG = _("Use at most %(max)d characters.")


MOST_CASES = 4
FURTHER = range(2, MOST_CASES + 1)


@dataclass(frozen=True)
class CaseFields:
    """A further case on the page: its method, and how long it takes."""

    method: Field
    minutes: Field

    @property
    def is_there(self) -> bool:
        """Whether a method was chosen."""
        return bool(self.method.data)


@dataclass(frozen=True)
class PhaseMinutes:
    """A phase on the page, and the field with its minutes."""

    key: str
    label: str
    minutes: Field


class Minutes(DecimalField):
    """Minutes, halves included. What is no number to count with – there are several kinds – is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Reads what was typed; raises ValueError."""
        super().process_formdata(valuelist)
        if self.data is not None and not self.data.is_finite():
            self.data = None
            raise ValueError(self.gettext("Not a valid decimal value."))


class PlanForm(Form):
    """What somebody fills in to set up a meeting."""

    goal = StringField(
        _("Goal"),
        validators=[
            Filled(_("Say in one line what this meeting is for.")),
            Length(max=lengths.GOAL, message=TOO_LONG),
        ],
    )
    method = SelectField(_("Method"))
    minutes = WholeNumber(
        _("How long you have, in minutes"),
        validators=[
            InputRequired(_("Fill in a number of minutes.")),
            NumberRange(20, LONGEST_MEETING, message=_("Choose between %(min)s and %(max)s minutes.")),
        ],
    )
    people = WholeNumber(
        _("How many people take part"),
        validators=[Optional(), NumberRange(2, 300, message=_("Choose between %(min)s and %(max)s people."))],
    )
    anyway = HiddenField()
    planned_phases = HiddenField()
    shown_method = HiddenField()
    shown_cases = HiddenField()
    shown_minutes = HiddenField()
    names = SelectField(
        _("Names on the screens"),
        choices=[SelectChoice("names", _("First names")), SelectChoice(PSEUDONYMS, _("Names people make up"))],
        default="names",
    )
    locale = SelectField(_("Language of the meeting"), choices=language_choices)
    group_id = SelectField(_("Group"), default="")
    group = StringField(_("Or a new group"), validators=[Length(max=lengths.GROUP, message=TOO_LONG)])
    continues = SelectField(_("Continues"), default="")
    place = StringField(_("Place"), validators=[Length(max=lengths.PLACE, message=TOO_LONG)])
    planned_for = DateTimeLocalField(_("When"), format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"], validators=[Optional()])
    capacity = WholeNumber(
        _("People at most"),
        default=14,
        validators=[
            InputRequired(_("Fill in a number.")),
            NumberRange(2, 300, message=_("Choose between %(min)s and %(max)s people.")),
        ],
    )
    wifi_name = StringField(_("Name of the Wi-Fi"), validators=[Length(max=wifi.NAME_BYTES, message=TOO_LONG)])
    wifi_password = Verbatim(_("Password of the Wi-Fi"))

    def validate_group(self, field: Field) -> None:
        """One group, or none."""
        if field.data and self.group_id.data:
            raise ValidationError(_("You chose a group above. Leave this empty, or choose no group there."))

    def validate_wifi_name(self, field: Field) -> None:
        """One that a Wi-Fi can have, however many bytes its letters are."""
        if not field.errors and not wifi.is_name(field.data or ""):
            raise ValidationError(_("That is too long for the name of a Wi-Fi. Look at how it is spelled."))

    def validate_wifi_password(self, field: Field) -> None:
        """One that a Wi-Fi can have, and of a Wi-Fi that is named."""
        if field.data and not self.wifi_name.data:
            raise ValidationError(_("Fill in the name of this Wi-Fi as well. Nobody joins it by its password alone."))
        if not wifi.is_password(field.data or ""):
            raise ValidationError(
                _("The password of a Wi-Fi has %(min)s to %(max)s characters. Look at how it is spelled.")
                % dict(zip(("min", "max"), wifi.PASSWORD, strict=True))
            )

    @property
    def phases(self) -> list[PhaseMinutes]:
        """The phases of the method in order, with their minutes."""
        return [
            PhaseMinutes(name.removeprefix("phase_"), str(field.label.text), field)
            for name, field in self._fields.items()
            if name.startswith("phase_")
        ]

    @property
    def cases(self) -> list[CaseFields]:
        """The further cases on the page: those that were chosen, and one more that may be."""
        every = [CaseFields(self[f"case_{n}_method"], self[f"case_{n}_minutes"]) for n in FURTHER]
        chosen = [case for case in every if case.is_there]
        return [*chosen, *[case for case in every if not case.is_there][:1]]

    def further_cases(self, first: Method, catalogue: Mapping[str, Method]) -> tuple[PlannedCase, ...]:
        """The further cases as they were planned, each with the minutes of its phases."""
        chosen = ((catalogue[case.method.data], case.minutes.data) for case in self.cases if case.is_there)
        return tuple(
            PlannedCase(method, rounds.in_minutes(rounds.further_case(first, method), float(total) if total else None))
            for method, total in chosen
        )

    def planned_minutes(self, method: Method, cases: Sequence[PlannedCase] = ()) -> tuple[float, ...]:
        """The minutes of every phase that takes time: as they were edited, else scaled to the time that further cases leave."""
        given, free = self._given_minutes(), self._left_by(cases) - method.lobby_minutes
        turns = timing.turns(method, self.people.data)
        fits = abs(timing.together(method, given, turns) - method.lobby_minutes - free) < 1
        return given if fits or self._was_edited(given) else timing.scaled_in_turn(method, max(1.0, free), turns)

    def misfits(self, method: Method, cases: Sequence[PlannedCase] = ()) -> tuple[Misfit, ...]:
        """What the method cannot be with the people and the time of this plan. Who comes is not known yet: only the number that
        somebody expects counts, and how many can come at most.
        """
        given = self._given_minutes()
        turns = timing.turns(method, self.people.data)
        total = timing.together(method, given, turns) if self._was_edited(given) else self._left_by(cases)
        most = self.capacity.data or 0
        return choosing.misfits(method, self.people.data or (most if most < method.people_min else None), total)

    def _left_by(self, cases: Sequence[PlannedCase]) -> float:
        """The minutes that further cases leave for the first one and what is around it."""
        return float(self.minutes.data or 0) - sum(sum(case.minutes) for case in cases)

    def _given_minutes(self) -> tuple[float, ...]:
        return tuple(float(phase.minutes.data) for phase in self.phases)

    def _was_edited(self, given: tuple[float, ...]) -> bool:
        return joined(given) != (self.planned_phases.data or "")


def plan_form_class(method: Method, language: str, minutes: Sequence[float]) -> type[PlanForm]:
    """The page's form for a method: one field more for each of its phases that take time, and two for each case there may be beside the first."""
    checks = [
        InputRequired(_("Fill in a number of minutes.")),
        NumberRange(0.5, 120, message=_("Choose between %(min)s and %(max)s minutes.")),
    ]
    fields: dict[str, Field] = {
        f"phase_{phase.key}": Minutes(
            _label(method, phase, language), default=Decimal(str(planned)), places=None, validators=checks
        )
        for phase, planned in zip(timing.counted(method.phases), minutes, strict=True)
    }
    for number in FURTHER:
        fields[f"case_{number}_method"] = SelectField(_("Method of this case"), default="")
        fields[f"case_{number}_minutes"] = Minutes(
            _("Minutes for this case"),
            places=None,
            validators=[Optional(), NumberRange(5, 240, message=_("Choose between %(min)s and %(max)s minutes."))],
        )
    return type("PlanFormOfMethod", (PlanForm,), fields)


def accepted(method: Method, misfits: Sequence[Misfit]) -> str:
    """What whoever plans sends along to go on anyway: these very misfits, and no others that may turn up later."""
    return " ".join([method.key, *(f"{one.reason}:{one.needed}:{one.found}" for one in misfits)])


def _label(method: Method, phase: Phase, language: str) -> str:
    options = [other for other in method.phases if other.option_of and other.option_of == phase.option_of]
    if not options:
        return phase.text(language).title
    return str(gettext("One of: %(phases)s", phases=", ".join(option.text(language).short for option in options)))


def joined(minutes: Sequence[float]) -> str:
    """Minutes as one text, to see later whether somebody edited them."""
    return " ".join(f"{m:g}" for m in minutes)
