"""What methods there are, what each is, and which of them suits. For everybody: it is about methods, and about nobody's meetings. Whoever
is signed in finds the methods of their organisation among them, and nobody else does."""

from __future__ import annotations

from flask import Response, abort, make_response, render_template, request

from facilitator.accounts.access import signed_in
from facilitator.accounts.languages import readers_language
from facilitator.core import languages
from facilitator.meetings.about_methods import described
from facilitator.meetings.choosing_form import ChoosingForm
from facilitator.meetings.guide import guide, language_of
from facilitator.meetings.views import blueprint
from facilitator.methods.choosing import passed_over, proposals
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Method
from facilitator.repertoire.store import methods_for


@blueprint.get("/methods")
def methods() -> str:
    """Every method, each with its figures drawn on one scale."""
    return render_template("meetings/methods.html", methods=described(_every().values()))


@blueprint.get("/methods/<key>")
def method(key: str) -> str:
    """One method, phase by phase."""
    found = _every().get(key) or abort(404)
    return render_template("meetings/method.html", method=described([found])[0])


@blueprint.get("/methods/<key>.pdf")
def method_on_paper(key: str) -> Response:
    """One method on paper, in the language that is asked for, if it has it, else in the reader's."""
    found = _every().get(key) or abort(404)
    asked = request.args.get("language", "")
    language = language_of(found, asked if asked in languages.spoken() and asked in found.texts else readers_language())
    answer = make_response(guide(found, language))
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{key}-{language}.pdf"'
    return answer


@blueprint.get("/methods/choose")
def choose_method() -> tuple[str, int]:
    """Asks what a group wants, and proposes. What is asked stands in the address, so it can be passed on."""
    form = ChoosingForm(request.args)
    was_asked = "aim" in request.args or "people" in request.args
    is_right = was_asked and form.validate()
    wish = form.wish if is_right else None
    every = _every().values()
    page = render_template(
        "meetings/choose.html",
        form=form,
        wish=wish,
        proposals=proposals(every, wish) if wish else (),
        passed_over=passed_over(every, wish) if wish else (),
    )
    return page, 422 if was_asked and not is_right else 200


def _every() -> dict[str, Method]:
    """The methods there are for whoever asks: with those of their organisation."""
    user = signed_in()
    return methods_for(user.organisation_id) if user else load_catalogue()
