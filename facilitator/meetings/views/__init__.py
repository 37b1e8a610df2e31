"""The addresses of the live meeting: pages that people open, and the verbs their pages send."""

import re
from datetime import timedelta

from flask import Blueprint, abort, redirect, request
from werkzeug.wrappers import Response

from facilitator.meetings import table_ids
from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.machine import LAST_MINUTES, REOPEN_WITHIN
from facilitator.meetings.methods_in_words import against, speaking_for
from facilitator.meetings.moves import EXTENSION, MOVES
from facilitator.meetings.rules import ANONYMOUS_FROM_SEATS, SCALES_TO_REVEAL

blueprint = Blueprint("meetings", __name__)


# What a table of a meeting has no page of its own for: the plan, who came in and how, who leads, and proof of who was there.
OF_THE_WHOLE = re.compile(
    r"/meetings/[^/]+/(annex|attendance|delete|handover|members|open|people/.+/code|plan|presence|proof|second|takeback|takeover)\b"
)
AT_TABLE = re.compile(rf"{table_ids.MARK}\d+(?=/|$)")


def is_in_demo() -> bool:
    """Whether the page at hand is of a meeting with simulated people."""
    return is_demo((request.view_args or {}).get("meeting_id"))


blueprint.record_once(
    lambda setup: setup.app.jinja_env.globals.update(
        moves=MOVES,
        extension=timedelta(seconds=EXTENSION),
        last_minutes=timedelta(seconds=LAST_MINUTES),
        reopen_within=REOPEN_WITHIN,
        fewest_without_name=ANONYMOUS_FROM_SEATS,
        fewest_answers=SCALES_TO_REVEAL,
        against=against,
        is_demo=is_demo,
        is_in_demo=is_in_demo,
        speaking_for=speaking_for,
        table_number=table_ids.number_of,
        plenary_of=table_ids.plenary_of,
    )
)


@blueprint.app_url_value_preprocessor
def refuse_odd_addresses(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Ids in an address are letters and digits. Databases differ in what they make of NUL and the like, so it is not
    asked of them.
    """
    if any(not str(value).isprintable() for value in (values or {}).values()):
        abort(404)


@blueprint.before_app_request
def lead_to_the_whole() -> Response | None:
    """What is asked of a table and concerns the meeting it is a part of is asked there."""
    if not table_ids.number_of((request.view_args or {}).get("meeting_id")) or not OF_THE_WHOLE.match(request.path):
        return None
    return redirect(AT_TABLE.sub("", request.path)) if request.method == "GET" else abort(404)


from facilitator.meetings.views import choosing, doors, joining, live, members, planning, posts  # noqa: E402,F401 – they add their addresses
