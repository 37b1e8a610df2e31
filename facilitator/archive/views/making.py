"""Adding other kinds of knowledge to the archive: begin, complete, publish, take back – and the files that belong to cards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO, TypeVar

from flask import Response, abort, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_, select
from werkzeug.datastructures import FileStorage

from facilitator.accounts.access import me, sign_in_required, signed_in
from facilitator.accounts.links import absolute
from facilitator.accounts.models import User
from facilitator.archive import making, store
from facilitator.archive.content import CardContent, Step
from facilitator.archive.content import Form as Kind
from facilitator.archive.files import serving, vault
from facilitator.archive.files.actions import attach, detach, files_of
from facilitator.archive.files.checking import MEGABYTE, MOST_BYTES
from facilitator.archive.files.forms import MOST_STEPS, BeginForm, KnowledgeForm, readable
from facilitator.archive.files.kinds import Unusable
from facilitator.archive.files.models import Attachment
from facilitator.archive.instruction import instruction
from facilitator.archive.models import Card
from facilitator.archive.rules import readable_card
from facilitator.archive.views import blueprint
from facilitator.archive.words import form_name
from facilitator.db import db
from facilitator.groups.models import Group
from facilitator.groups.rules import groups_of
from facilitator.meetings.sealing import KeyIsGone

STEPS_AT_FIRST = 3
LARGE = {"archive.edit": MOST_BYTES["video"] + 40 * MEGABYTE}
SINGLE = ("video", "captions", "paper")
LONGEST_STEP = 600
T = TypeVar("T")


@dataclass(frozen=True)
class TypedStep:
    """A step as it stands in the form: its words, the picture it has, and what is wrong with it."""

    text: str
    picture_id: str = ""
    alt: str = ""
    error: str = ""


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
    """Begins a card of one's own, or goes on with one."""
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
    is_right = _keep_files(form, card) and is_right
    steps = _steps(card)
    is_right = is_right and not any(step.error for step in steps)
    if not is_right:
        return _page(form, card, steps, 422)
    _or_404(lambda: making.save(card.id, me(), _content(form, steps), form.typed("group") or None))
    return _after(form, card, steps)


def _after(form: KnowledgeForm, card: Card, steps: list[TypedStep]) -> ResponseReturnValue:
    """Where the button that was pressed leads."""
    press = request.form.get("go", "save")
    if press == "step":
        return redirect(f"/archive/{card.id}/edit?steps={min(MOST_STEPS, len(steps) + 1)}#steps")
    if press != "publish":
        flash(_("Your changes are saved."), "success")
        return redirect(f"/archive/{card.id}" if card.published_at else f"/archive/{card.id}/edit")
    if problem := _lacks(card, _content(form, steps)):
        form.form_errors.append(problem)
        return _page(form, card, steps, 422)
    _or_404(lambda: making.publish(card.id, me()))
    flash(_("It is in the archive now."), "success")
    return redirect(f"/archive/{card.id}")


@blueprint.post("/archive/<card_id>/remove")
@sign_in_required
def take_away(card_id: str) -> ResponseReturnValue:
    """Takes a card of one's own back, with everything that belongs to it."""
    card = own_or_404(card_id)
    _or_404(lambda: making.remove(card.id, me()))
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
        pictures = {
            found.id: b"".join(vault.read(card.id, found.id, 0, found.size))
            for found in files_of(card.id)
            if found.kind == "picture"
        }
    except (KeyIsGone, FileNotFoundError):
        abort(404)
    address = absolute("archive.card", card_id=card.id)
    answer = make_response(instruction(content, pictures, locale=card.locale, address=address).content)
    answer.headers["Content-Type"] = "application/pdf"
    answer.headers["Content-Disposition"] = 'attachment; filename="instruction.pdf"'
    return answer


def own_or_404(card_id: str) -> Card:
    """A card the person may change."""
    return _or_404(lambda: making.own(db.session(), me(), card_id))


def _or_404(deed: Callable[[], T]) -> T:
    """What is theirs to do; it may have been taken back, or a membership ended, at this very moment."""
    try:
        return deed()
    except LookupError:
        abort(404)


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
    return form


def _keep_files(form: KnowledgeForm, card: Card) -> bool:
    """Keeps the single files that were chosen, each in place of the one before; answers whether all were right."""
    is_right = True
    for kind in SINGLE:
        chosen = _chosen(kind)
        if request.form.get(f"drop_{kind}") or chosen is not None:
            problem = _replace(card.id, kind, chosen)
            if problem:
                form[kind].errors = [problem]
                is_right = False
    return is_right


def _replace(card_id: str, kind: str, chosen: BinaryIO | None) -> str:
    earlier = [found.id for found in files_of(card_id) if found.kind == kind]
    if chosen is None:
        for file_id in earlier:
            detach(card_id, file_id)
        return ""
    try:
        attach(card_id, kind, chosen, instead_of=earlier)
    except Unusable as unusable:
        return str(unusable.sentence)
    return ""


def _steps(card: Card) -> list[TypedStep]:
    """The steps as they were sent, their new pictures kept; a step without words and picture is no step."""
    sent = min(MOST_STEPS, request.form.get("steps", 0, type=int))
    known = {found.id for found in files_of(card.id) if found.kind == "picture"}
    found = [_step(card, number, known) for number in range(sent)]
    return [step for step in found if step.text or step.picture_id or step.error]


def _step(card: Card, number: int, known: set[str]) -> TypedStep:
    text = (readable(request.form.get(f"step_{number}")) or "")[:LONGEST_STEP]
    alt = (readable(request.form.get(f"alt_{number}")) or "")[:200]
    picture_id = request.form.get(f"picture_id_{number}", "")
    picture_id = picture_id if picture_id in known and not request.form.get(f"drop_{number}") else ""
    chosen = _chosen(f"picture_{number}")
    if chosen is None:
        return TypedStep(text, picture_id, alt)
    try:
        return TypedStep(text, attach(card.id, "picture", chosen), alt)
    except Unusable as unusable:
        return TypedStep(text, picture_id, alt, str(unusable.sentence))


def _chosen(name: str) -> BinaryIO | None:
    """The file of a field, if one was chosen."""
    found = request.files.get(name)
    return found.stream if isinstance(found, FileStorage) and found.filename else None  # type: ignore[return-value]  # a file


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


def _lacks(card: Card, content: CardContent) -> str:
    """What a card needs before colleagues can use it; empty where nothing is missing."""
    kinds = {found.kind for found in files_of(card.id)}
    if card.form == Kind.INSTRUCTION and not content.steps:
        return str(_("Write at least one step."))
    if card.form == Kind.PRESENTATION and "paper" not in kinds:
        return str(_("Choose the presentation as PDF."))
    if card.form == Kind.VIDEO and not content.link and "video" not in kinds:
        return str(_("Choose a video, or fill in a link to one."))
    if card.form == Kind.VIDEO and "video" in kinds and "captions" not in kinds and not request.form.get("is_silent"):
        return str(_("Add captions for whoever cannot hear it, or say that nobody speaks in it."))
    return ""


def _page(form: KnowledgeForm, card: Card, steps: list[TypedStep], status: int = 200) -> ResponseReturnValue:
    count = max(STEPS_AT_FIRST, len(steps), min(MOST_STEPS, request.args.get("steps", 0, type=int)))
    rows = [*steps, *(TypedStep("") for _number in range(count - len(steps)))]
    kept = {found.kind: found for found in files_of(card.id)}
    page = render_template("archive/edit.html", form=form, card=card, steps=rows, kept=kept, most_steps=MOST_STEPS)
    return page, status
