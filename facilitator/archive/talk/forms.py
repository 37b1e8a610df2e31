"""The forms under a card."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from flask_babel import lazy_gettext as _
from wtforms import DateField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the stubs
from wtforms.validators import InputRequired, Length

from facilitator.archive.content import Outcome
from facilitator.archive.one_of_several import Form
from facilitator.archive.talk.said import Tried
from facilitator.core.forms import Filled

LONGEST = 2000
VERDICTS = [
    SelectChoice(Outcome.WORKED.value, _("It worked")),
    SelectChoice(Outcome.PARTLY.value, _("It worked partly")),
    SelectChoice(Outcome.NOT.value, _("It did not work")),
]


class RemarkForm(Form):
    """A question or an answer."""

    text = TextAreaField(
        _("Your question"),
        validators=[
            Filled(_("Write something first.")),
            Length(1, LONGEST, _("Keep it within 2,000 characters.")),
        ],
        render_kw={"maxlength": LONGEST},
    )

    @classmethod
    def empty(cls) -> RemarkForm:
        """Whatever was sent, this one was not."""
        return cls(None, is_sent=False)

    @classmethod
    def with_text(cls, text: str) -> RemarkForm:
        """To change what stands there."""
        return cls(SimpleNamespace(text=text))


class TrialForm(Form):
    """How it went for somebody who tried it."""

    verdict = RadioField(_("How did it go?"), choices=VERDICTS, validators=[InputRequired(_("Choose how it went."))])
    why = TextAreaField(
        _("What made it so?"),
        validators=[Length(0, LONGEST, _("Keep it within 2,000 characters."))],
        render_kw={"maxlength": LONGEST},
    )

    @classmethod
    def of(cls, tried: Tried) -> TrialForm:
        """With what somebody said before."""
        return cls(SimpleNamespace(verdict=tried.mine or None, why=tried.my_reason), is_sent=False)


class ReviewForm(Form):
    """When somebody looks at a card again."""

    review_on = DateField(_("Look again on"), validators=[InputRequired(_("Choose a day."))])

    @classmethod
    def on(cls, day: date) -> ReviewForm:
        """With a proposal."""
        return cls(SimpleNamespace(review_on=day), is_sent=False)
