"""The forms of groups: a name, and addresses."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext
from wtforms import Field, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

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
