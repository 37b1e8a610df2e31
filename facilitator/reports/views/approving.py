"""The addresses of approving: a case giver goes through their passages one by one, on their phone, and says yes at the end.

Promises: doing nothing is fine and approves nothing; a reload or a second press changes nothing; an approval is for the words
that were on the screen. Somebody without a phone approves beside the moderator, with their personal code.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from facilitator.core.refusals import Refused
from facilitator.reports import actions
from facilitator.reports.drafts import Draft, needed, words_asked
from facilitator.reports.passages import Shape
from facilitator.reports.pieces import Piece
from facilitator.reports.reading import Reading, reading
from facilitator.reports.refusals import sentence
from facilitator.reports.states import state_of
from facilitator.reports.views import blueprint
from facilitator.reports.views.completing import (
    case_number,
    common,
    drafted,
    own_pieces,
    refused_to_report,
    report_path,
)

# What nobody writes during a meeting, and a case giver may want to add to it afterwards.
TO_ADD = ("title", "key_question", "context", "actions", "agreements")


@dataclass(frozen=True, slots=True)
class Round:
    """One case giver's way through their passages: `at` is the one at hand, None at the end."""

    number: int
    pieces: tuple[Piece, ...]
    empty: tuple[Piece, ...]
    at: Piece | None
    position: int
    seen: str
    is_done: bool

    @property
    def decided(self) -> int:
        """How many passages they have said something about."""
        return sum(piece.is_right for piece in self.pieces)


@blueprint.get("/meetings/<meeting_id>/report/approve")
def approve(meeting_id: str) -> Response:
    """The next passage to look at, or the end of the round."""
    found = reading(meeting_id)
    if not found.reader.is_case_giver or found.standing is None:
        if found.reader.is_moderator:
            return redirect(report_path(found.reader), 303)
        abort(404)
    if not found.standing.is_over:
        return redirect(report_path(found.reader), 303)
    if found.standing.draft is None:
        return _made(render_template("reports/approved.html", state=state_of(found), **common(found)))
    return _shown(found, found.standing.draft)


@blueprint.post("/meetings/<meeting_id>/report/approve")
def say(meeting_id: str) -> Response:
    """That's right, leave out, put back; and at the end yes to all of it."""
    found, _draft = drafted(meeting_id)
    verb = VERBS.get(request.form.get("do", ""))
    if verb is None:
        abort(404)
    try:
        return verb(found)
    except Refused as refused:
        if refused.code != "read_again":
            return refused_to_report(found, refused)
        flash(sentence(refused.code), "warning")
        found, draft = drafted(meeting_id)
        if found.reader.is_case_giver:
            return _shown(found, draft, request.form.get("part", ""), 409)
        return redirect(report_path(found.reader), 303)


def _say_right(found: Reading) -> Response:
    actions.say_right(found.reader, case_number(), request.form.get("part", ""), request.form.get("seen", ""))
    return _go_on(found)


def _leave_out(found: Reading) -> Response:
    actions.leave_out(found.reader, request.form.get("part", ""), True)
    return _go_on(found)


def _put_back(found: Reading) -> Response:
    actions.leave_out(found.reader, request.form.get("part", ""), False)
    return redirect(_here(found, request.form.get("part", "")), 303)


def _approve(found: Reading) -> Response:
    if actions.approve(found.reader, case_number(), request.form.get("seen", "")):
        flash(_("You approved the report. The group can read it now."))
    else:
        flash(_("You approved your part. The report waits for somebody else's approval of theirs."))
    return redirect(_here(found), 303)


def _approve_beside(found: Reading) -> Response:
    code = request.form.get("code", "")
    actions.approve_beside(found.reader, case_number(), request.form.get("seen", ""), code)
    return redirect(report_path(found.reader), 303)


def _finish(found: Reading) -> Response:
    actions.finish(found.reader, request.form.get("seen", ""))
    return redirect(report_path(found.reader), 303)


def _drop(found: Reading) -> Response:
    actions.drop_case(found.reader, case_number(), request.form.get("do") == "drop")
    return redirect(report_path(found.reader), 303)


VERBS: dict[str, Callable[[Reading], Response]] = {
    "right": _say_right,
    "out": _leave_out,
    "in": _put_back,
    "approve": _approve,
    "beside": _approve_beside,
    "finish": _finish,
    "drop": _drop,
    "take_in": _drop,
}


# -- The round ---------------------------------------------------------------------------------------------------------


def _shown(found: Reading, draft: Draft, part: str = "", status: int = 200) -> Response:
    made = _round(found, draft, part or request.args.get("part", ""))
    return _made(render_template("reports/approve.html", round=made, state=state_of(found), **common(found)), status)


def _round(found: Reading, draft: Draft, part: str) -> Round:
    """Where a case giver is in their case, by default the first one that waits for them."""
    assert found.standing is not None
    waits = [number for number in found.reader.cases if number in found.standing.waits_for]
    asked = case_number()
    own = [number for number in found.reader.cases if number in needed(draft)]
    number = asked if asked in own else next(iter([*waits, *own]), 0)
    if not number:
        abort(404)
    right = frozenset(key for case, key in found.standing.right if case == number)
    mine = tuple(p for p in own_pieces(found, draft, right) if p.case in (0, number) and p.shape != Shape.NEXT)
    full = tuple(piece for piece in mine if not piece.is_empty)
    at = next((piece for piece in full if piece.key == part), None)
    if at is None and part != "all":
        at = next((piece for piece in full if not piece.is_right), None)
    return Round(
        number=number,
        pieces=full,
        empty=tuple(piece for piece in mine if piece.is_empty and piece.key.partition(".")[2] in TO_ADD),
        at=at,
        position=full.index(at) + 1 if at else len(full),
        seen=words_asked(draft, number),
        is_done=number in found.standing.done,
    )


def _go_on(found: Reading) -> Response:
    """To the next passage; from a list back to it."""
    return redirect(_here(found, "all" if request.form.get("back") == "all" else ""), 303)


def _here(found: Reading, part: str = "") -> str:
    more = [f"case={case_number()}"] if case_number() else []
    more += [f"part={quote(part)}"] if part else []
    return report_path(found.reader, "/approve", "&".join(more))


def _made(page: str, status: int = 200) -> Response:
    return Response(page, status=status, mimetype="text/html")
