"""Adding other kinds of knowledge to the archive: begin, complete, publish, take back – and the files that belong to cards."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import BinaryIO

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage

from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.accounts.languages import readers_language
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.archive import making, store
from facilitator.archive.content import CardContent, Step
from facilitator.archive.content import Form as Kind
from facilitator.archive.files import serving, vault
from facilitator.archive.files.actions import attach, detach, files_of
from facilitator.archive.files.kinds import MOST_BYTES, Unusable
from facilitator.archive.forms import MOST_STEPS, BeginForm, KnowledgeForm
from facilitator.archive.instruction import instruction
from facilitator.archive.labels import form_name
from facilitator.archive.making import lacks
from facilitator.archive.models import Attachment, Card
from facilitator.archive.rules import readable_card
from facilitator.archive.views import blueprint, or_404
from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.sandboxed import MEGABYTE, FileRefused
from facilitator.core.text import one_line, tidy
from facilitator.groups.models import Group
from facilitator.groups.rules import groups_of

STEPS_AT_FIRST = 3
LARGE = {"archive.edit": MOST_BYTES["video"] + 40 * MEGABYTE}
SINGLE = ("video", "captions", "paper")
LONGEST_STEP, LONGEST_ALT = 600, 200


@blueprint.url_value_preprocessor
def take_large_files(endpoint: str | None, values: dict[str, object] | None) -> None:
    """Lets somebody send a film to a card that they may change; every other request stays small. It comes before anything
    reads the form.
    """
    if request.method == "POST" and endpoint in LARGE and values and _is_own(str(values["card_id"])):
        request.max_content_length = LARGE[endpoint]


def _is_own(card_id: str) -> bool:
    user = signed_in()
    try:
        return user is not None and bool(making.own(db.session(), user, card_id))
    except LookupError:
        return False


@blueprint.route("/archive/new", methods=["GET", "POST"])
@sign_in_required
def new() -> ResponseReturnValue:
    form = BeginForm()
    if form.is_fine():
        return redirect(f"/archive/{making.begin(me(), Kind(form.typed('kind')), form.typed('title'))}/edit")
    drafts = [(card, content.title, form_name(card.form)) for card, content in making.drafts_of(me())]
    return render_template("archive/new.html", form=form, drafts=drafts), 422 if form.errors else 200


@blueprint.route("/archive/<card_id>/edit", methods=["GET", "POST"])
@sign_in_required
def edit(card_id: str) -> ResponseReturnValue:
    """Completes a card. Whatever was typed and whatever file was right is kept, also while something else is not."""
    card = own_or_404(card_id)
    content = store.content_of(card)
    form = _form(card, content)
    if request.method == "GET":
        return _page(form, card, _typed(content))
    is_right = form.is_fine()
    if card.published_on and (problem := _would_lack(card, form)):
        form.form_errors.append(problem)
        return _page(form, card, typed_steps(card), 422)
    status = max(keep_files(form, card), 0 if is_right else 422)
    steps = kept_steps(card)
    status = max(status, *(step.status for step in steps), 0)
    if status:
        return _page(form, card, steps, status)
    or_404(lambda: making.save(card.id, me(), _content(form, steps), form.typed("group") or None))
    return _after(form, card, steps)


def _after(form: KnowledgeForm, card: Card, steps: list[TypedStep]) -> ResponseReturnValue:
    """Where the button that was pressed leads."""
    press = request.form.get("go", "save")
    if press == "step":
        return redirect(f"/archive/{card.id}/edit?steps={min(MOST_STEPS, len(steps) + 1)}#steps")
    if press != "publish":
        flash(_("Your changes are saved."), "success")
        return redirect(f"/archive/{card.id}" if card.published_on else f"/archive/{card.id}/edit")
    if problem := lacks(Kind(card.form), _kinds(card), bool(steps), form.typed("link"), form.is_silent.data):
        form.form_errors.append(problem)
        return _page(form, card, steps, 422)
    or_404(lambda: making.publish(card.id, me()))
    flash(_("It is in the archive now."), "success")
    return redirect(f"/archive/{card.id}")


@blueprint.post("/archive/<card_id>/remove")
@sign_in_required
def take_away(card_id: str) -> ResponseReturnValue:
    """Takes a card of one's own back, with everything that belongs to it."""
    card = own_or_404(card_id)
    or_404(lambda: making.remove(card.id, me()))
    flash(_("The card and its files are gone."), "success")
    return redirect("/archive")


@blueprint.get("/archive/files/<file_id>")
@sign_in_required
def file(file_id: str) -> Response:
    """A file of a card, for whoever may read the card, and for its maker."""
    found = db.session.get(Attachment, file_id)
    if found is None or not _may_read(me(), found.card_id):
        abort(404)
    return serving.answer(found)


@blueprint.get("/archive/<card_id>.pdf")
@sign_in_required
def instruction_card(card_id: str) -> Response:
    """The card on one page, large, to hang beside the work."""
    card = readable_card(db.session(), me(), card_id)
    if card is None:
        abort(404)
    try:
        content = store.content_of(card)
    except sealing.KeyIsGone:
        abort(404)
    drawn = [found for found in files_of(card.id) if found.kind == "picture"]
    # A step whose picture is damaged has its words.
    pictures = dict(sealing.each(drawn, lambda one: (one.id, b"".join(vault.read(card.id, one.id, 0, one.size)))))
    address = absolute("archive.card", card_id=card.id)
    db.give_back()
    try:
        made = instruction(content, pictures, language=card.locale, locale=readers_language(), address=address)
    except FileRefused:
        abort(503)
    answer = make_response(made.content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="instruction.pdf"'
    return answer


def own_or_404(card_id: str) -> Card:
    return or_404(lambda: making.own(db.session(), me(), card_id))


def _may_read(user: User, card_id: str) -> bool:
    if readable_card(db.session(), user, card_id) is not None:
        return True
    try:
        making.own(db.session(), user, card_id)
    except LookupError:
        return False
    return True


def _form(card: Card, content: CardContent) -> KnowledgeForm:
    form = KnowledgeForm(obj=content)
    kept = card.group_id or "" if card.scope == "group" else ""
    # Whoever left the group a card is for must not make it everybody's by saving something else.
    offered = or_(Group.id.in_(groups_of(me().id)), Group.id == kept)
    form.offer_groups(db.session.scalars(select(Group).where(offered).order_by(Group.name)).all())
    if request.method == "GET":
        form.group.data = kept
        # Its maker said so when it was published; saving another word must not ask for it again.
        form.is_silent.data = card.published_on is not None and _kinds(card) == {"video"}
    return form


def _content(form: KnowledgeForm, steps: list[TypedStep]) -> CardContent:
    return CardContent(
        title=form.typed("title"),
        question=form.typed("question"),
        summary=form.typed("summary"),
        when_to_use=form.typed("when_to_use"),
        when_not=form.typed("when_not"),
        link=form.typed("link"),
        steps=tuple(Step(step.text, step.picture_id, step.alt) for step in steps),
    )


def _typed(content: CardContent) -> list[TypedStep]:
    return [TypedStep(step.text, step.picture_id, step.alt) for step in content.steps]


def _would_lack(card: Card, form: KnowledgeForm) -> str:
    """What colleagues would miss in a card that they use already, if what was sent were kept: asked before anything is."""
    chosen = {kind for kind in SINGLE if chosen_file(kind)}
    dropped = {kind for kind in SINGLE if request.form.get(f"drop_{kind}")}
    has_steps = bool(typed_steps(card)) or any(chosen_file(f"picture_{number}") for number in range(sent_steps()))
    kinds = (_kinds(card) - dropped) | chosen
    return lacks(Kind(card.form), kinds, has_steps, form.typed("link"), form.is_silent.data)


def _kinds(card: Card) -> set[str]:
    return {found.kind for found in files_of(card.id)}


def _page(form: KnowledgeForm, card: Card, steps: list[TypedStep], status: int = 200) -> ResponseReturnValue:
    count = max(STEPS_AT_FIRST, len(steps), min(MOST_STEPS, request.args.get("steps", 0, type=int)))
    rows = [*steps, *(TypedStep("") for _number in range(count - len(steps)))]
    kept = {found.kind: found for found in files_of(card.id)}
    page = render_template(
        "archive/edit.html",
        form=form,
        card=card,
        steps=rows,
        kept=kept,
        most_steps=MOST_STEPS,
        most_megabytes={kind: most // MEGABYTE for kind, most in MOST_BYTES.items()},
    )
    return page, status


@dataclass(frozen=True)
class TypedStep:
    """A step as it stands in the form: its words, the picture it has, and what is wrong with it, also as a status."""

    text: str
    picture_id: str = ""
    alt: str = ""
    error: str = ""
    status: int = 0


def keep_files(form: KnowledgeForm, card: Card) -> int:
    """Keeps the single files that were chosen, each in place of the one before; answers 0 or the status of what went wrong."""
    status = 0
    for kind in SINGLE:
        chosen = chosen_file(kind)
        if request.form.get(f"drop_{kind}") or chosen is not None:
            problem = _replace(card.id, kind, chosen)
            if problem:
                form[kind].errors = [str(problem)]
                status = max(status, problem.status)
    return status


def _replace(card_id: str, kind: str, chosen: BinaryIO | None) -> Unusable | None:
    earlier = [found.id for found in files_of(card_id) if found.kind == kind]
    if chosen is None:
        for file_id in earlier:
            detach(card_id, file_id)
        return None
    try:
        attach(card_id, kind, chosen, instead_of=earlier)
    except Unusable as unusable:
        return unusable
    return None


def typed_steps(card: Card) -> list[TypedStep]:
    """The steps as they were sent, without their new pictures; a step without words and picture is no step."""
    known = {found.id for found in files_of(card.id) if found.kind == "picture"}
    found = [_typed_step(number, known) for number in range(sent_steps())]
    return [step for step in found if step.text or step.picture_id]


def kept_steps(card: Card) -> list[TypedStep]:
    """The same, their new pictures kept."""
    known = {found.id for found in files_of(card.id) if found.kind == "picture"}
    found = [_with_new_picture(card, number, _typed_step(number, known)) for number in range(sent_steps())]
    return [step for step in found if step.text or step.picture_id or step.error]


def _typed_step(number: int, known: set[str]) -> TypedStep:
    text = tidy(request.form.get(f"step_{number}"))
    alt = one_line(request.form.get(f"alt_{number}"))
    picture_id = request.form.get(f"picture_id_{number}", "")
    is_kept = picture_id in known and not request.form.get(f"drop_{number}")
    problem = _too_long(text, LONGEST_STEP) or _too_long(alt, LONGEST_ALT)
    return TypedStep(text, picture_id if is_kept else "", alt, problem, 422 if problem else 0)


def _too_long(text: str, most: int) -> str:
    return str(_("Keep it within %(most)s characters.", most=most)) if len(text) > most else ""


def _with_new_picture(card: Card, number: int, step: TypedStep) -> TypedStep:
    chosen = chosen_file(f"picture_{number}")
    if chosen is None:
        return step
    try:
        return replace(step, picture_id=attach(card.id, "picture", chosen))
    except Unusable as unusable:
        return replace(step, error=str(unusable), status=unusable.status)


def sent_steps() -> int:
    return min(MOST_STEPS, request.form.get("steps", 0, type=int))


def chosen_file(name: str) -> BinaryIO | None:
    """The file of a field, if one was chosen."""
    found = request.files.get(name)
    return found.stream if isinstance(found, FileStorage) and found.filename else None  # type: ignore[return-value]  # a file
