"""The forms of groups: a name, addresses, and what they agree on."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from wtforms import BooleanField, Field, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from facilitator.core import lengths
from facilitator.core.forms import Filled, Form
from facilitator.groups.addresses import MOST_AT_ONCE, Read, read

LONGEST_TEXT = 20_000


class GroupForm(Form):
    name = StringField(
        _l("Name of the group"),
        validators=[
            Filled(_l("Give the group a name.")),
            Length(1, lengths.GROUP, _l("Keep it within %(max)d characters.")),
        ],
        render_kw={"maxlength": lengths.GROUP, "autocomplete": "off"},
    )


class MembersForm(Form):
    addresses = TextAreaField(
        _l("E-mail addresses"),
        validators=[
            Filled(_l("Fill in one e-mail address or more.")),
            Length(max=LONGEST_TEXT, message=_l("That is too much at once. Add them in parts.")),
        ],
        render_kw={"rows": 4, "autocomplete": "off", "spellcheck": "false"},
    )

    is_peer = BooleanField(
        _l("None of them leads anybody in this group: no line manager is in it"),
        validators=[
            InputRequired(_l("Ask first: with a line manager in the group people hold back. Nobody was added yet."))
        ],
    )

    def validate_addresses(self, field: Field) -> None:
        """Names what is no address; what was typed stays in the field."""
        found = read(field.data or "")
        if found.wrong:
            sentence = lazy_ngettext(
                "This is not an e-mail address: %(wrong)s. Nobody was added yet.",
                "These are not e-mail addresses: %(wrong)s. Nobody was added yet.",
                len(found.wrong),
                wrong=", ".join(piece[:80] for piece in found.wrong[:10]),
            )
            raise ValidationError(str(sentence))
        if not found.addresses:
            raise ValidationError(str(_l("Fill in one e-mail address or more.")))
        if len(found.addresses) > MOST_AT_ONCE:
            raise ValidationError(str(_l("Add at most %(most)s people at once.", most=MOST_AT_ONCE)))

    def read(self) -> Read:
        return read(self.typed("addresses"))


class AgreementForm(Form):
    """A new version. `seen`: the number of the one it takes the place of, none where it is the first."""

    text = TextAreaField(
        _l("What we agree on"),
        validators=[
            Filled(_l("Write what you agree on.")),
            Length(max=lengths.AGREEMENT, message=_l("Keep it within %(max)d characters.")),
        ],
        render_kw={"rows": 16, "maxlength": lengths.AGREEMENT},
    )
    seen = IntegerField(validators=[Optional()])


def template() -> str:
    """Something to begin with, in the reader's language."""
    return "\n".join(str(line) for line in TEMPLATE)


TEMPLATE = (
    _l("What is said here stays here. What I learned myself I may tell; the stories of others I may not."),
    _l("We are equals here. Nobody leads anybody else in this group."),
    _l("Whoever works with, or is close to, somebody in a case says so before it is told."),
    _l("I am there on time. If I cannot come I say so as soon as I know, and I do not cancel for ordinary busyness."),
    _l("We listen, ask open questions and wait with our judgement."),
    _l("Everybody may pass, without a reason."),
    _l("I come prepared: I have thought of a case, and I tell what became of my action."),
    _l("We choose a method that fits the question, and keep to it until the end."),
    _l("Leading, giving a case, taking notes and watching the time go round."),
    _l("Whoever gave a case decides what the report says of it, and what leaves the group."),
    _l("Our goal for this year is: …"),
    _l("Twice a year we look at how we work together, and whether we go on."),
)
