"""Every refusal of a report as a sentence: what happened, what was kept, what to do."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

SENTENCES = {
    "not_over": _("The meeting is still going on. The report can be completed as soon as it is over."),
    "changed_meanwhile": _(
        "This part was changed meanwhile. Nothing is lost: read both texts, and save yours or leave it."
    ),
    "read_again": _("The text was changed meanwhile. Read it again before you approve it."),
    "is_approved": _("This version was approved. Open the report again to correct it."),
    "not_approved": _("This report is not approved yet, so it can still be changed."),
    "cannot_change": _("This part comes from the meeting as it is. It can only be left out."),
    "has_a_phone": _("This person has a phone of their own and approves on that."),
    "wrong_personal_code": _("This is not the personal code of this person. Nothing was approved."),
    "not_to_drop": _("Only a case that the group stopped can be left out as a whole."),
    "nothing_to_offer": _("Nobody but you has to approve this report."),
    "erased": _("This report was erased."),
}


def sentence(code: str) -> str:
    return str(SENTENCES.get(code, _("This cannot be done now.")))
