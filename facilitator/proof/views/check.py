"""Whether a document is genuine: for anybody who has its number, and nothing more than that.

Promises: every answer looks the same but for one sentence; it says nothing of whom, what or how long, and a number that was
never given out is told apart from nothing else. Guessing is slow; who checks numbers that are right is never held up.
"""

from __future__ import annotations

from datetime import date

from flask import make_response, redirect, render_template
from sqlalchemy import select
from werkzeug.wrappers import Response

from facilitator.accounts.access import signed_in
from facilitator.core.codes import in_groups, plain_code
from facilitator.core.db import db
from facilitator.core.limits import wrong
from facilitator.proof.forms import NumberForm
from facilitator.proof.models import Certificate
from facilitator.proof.numbers import is_number
from facilitator.proof.views import blueprint
from facilitator.proof.views.overview import overview_page

CHECKS = "30 per minute; 300 per hour"


@blueprint.get("/proof")
def overview() -> Response:
    """The own overview of whoever is signed in; to everybody else the field for a number."""
    return overview_page() if signed_in() else _ask(NumberForm(formdata=None))


@blueprint.post("/proof")
def look_up() -> Response:
    """Leads from a number somebody typed to its address."""
    form = NumberForm()
    number = plain_code(form.number.data or "") if form.is_fine() else ""
    return redirect(f"/proof/{in_groups(number)}") if number else _ask(form, 422)


@blueprint.get("/proof/<number>")
def check(number: str) -> Response:
    """Genuine, replaced or not known."""
    wanted = plain_code(number)
    issued_on, is_replaced = _found(wanted)
    if issued_on is None:
        wrong(CHECKS, "document numbers")
    state = "unknown" if issued_on is None else "replaced" if is_replaced else "genuine"
    page = render_template(
        "proof/check.html", number=in_groups(wanted), state=state, issued_on=issued_on, form=NumberForm(formdata=None)
    )
    return make_response(page)


def _found(number: str) -> tuple[date | None, bool]:
    """When a document was given out, and whether it was replaced. One that cannot be right is looked up all the same: it takes as long."""
    query = select(Certificate.issued_on, Certificate.is_replaced).where(Certificate.number == number)
    row = db.session.execute(query).first()
    return (row.issued_on, row.is_replaced) if row and is_number(number) else (None, False)


def _ask(form: NumberForm, status: int = 200) -> Response:
    return make_response(render_template("proof/ask.html", form=form), status)
