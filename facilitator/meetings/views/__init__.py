"""The addresses of the live meeting: pages that people open, and the verbs their pages send."""

from flask import Blueprint, abort, request

from facilitator.meetings.demo_mark import is_demo
from facilitator.meetings.methods_in_words import against, speaking_for
from facilitator.meetings.moves import MOVES

blueprint = Blueprint("meetings", __name__)


def is_in_demo() -> bool:
    """Whether the page at hand is of a meeting with simulated people."""
    return is_demo((request.view_args or {}).get("meeting_id"))


blueprint.record_once(
    lambda setup: setup.app.jinja_env.globals.update(
        moves=MOVES, against=against, is_demo=is_demo, is_in_demo=is_in_demo, speaking_for=speaking_for
    )
)


@blueprint.app_url_value_preprocessor
def refuse_odd_addresses(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Ids in an address are letters and digits. Databases differ in what they make of NUL and the like, so it is not
    asked of them.
    """
    if any(not str(value).isprintable() for value in (values or {}).values()):
        abort(404)


from facilitator.meetings.views import choosing, doors, joining, live, members, planning, posts  # noqa: E402,F401 – they add their addresses
