"""What a group is asked before a method is proposed to it: on a page of its own, whose address can be shared, and on that of a plan."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, NumberRange

from facilitator.core.forms import PlainForm, WholeNumber
from facilitator.meetings.methods_in_words import AIMS, EXPERIENCES
from facilitator.methods.choosing import Wish
from facilitator.methods.vocabulary import Aim, Experience

FEWEST, MOST = 2, 300
SHORTEST, LONGEST = 20, 480


class ChoosingForm(PlainForm):
    """Aim, people, minutes and experience."""

    aim = RadioField(
        _("What do you want?"),
        choices=[SelectChoice(aim.value, said) for aim, said in AIMS.items()],
        validators=[InputRequired(_("Choose one of the answers."))],
    )
    people = WholeNumber(
        _("How many people take part"),
        description=_("Whoever only leads the meeting does not count."),
        validators=[
            InputRequired(_("Fill in a number.")),
            NumberRange(FEWEST, MOST, message=_("Choose between %(min)s and %(max)s people.")),
        ],
    )
    minutes = WholeNumber(
        _("How long you have, in minutes"),
        validators=[
            InputRequired(_("Fill in a number of minutes.")),
            NumberRange(SHORTEST, LONGEST, message=_("Choose between %(min)s and %(max)s minutes.")),
        ],
    )
    experience = RadioField(
        _("Your group"),
        choices=[SelectChoice(experience.value, said) for experience, said in EXPERIENCES.items()],
        default=Experience.NEW.value,
        validators=[InputRequired(_("Choose one of the answers."))],
    )

    @property
    def wish(self) -> Wish:
        """What was filled in, once it was found right."""
        return Wish(
            aim=Aim(self.aim.data),
            people=int(self.people.data or 0),
            minutes=int(self.minutes.data or 0),
            experience=Experience(self.experience.data),
        )
