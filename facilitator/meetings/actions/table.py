"""What lies on the table: the moderator takes texts one by one, puts doubles together, takes something off, admits late
ones, and writes the case and its question.
"""

from __future__ import annotations

from sqlalchemy import delete

from facilitator.core.refusals import Refused
from facilitator.meetings import models, rules
from facilitator.meetings.actions.base import (
    Change,
    change,
    require_here,
    require_moderator,
    require_on,
    require_open,
    require_steering,
)
from facilitator.meetings.actions.claiming import account_of_seat
from facilitator.meetings.actions.setting_up import seal_line
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Item, Seat

LONGEST_LINE = 4000  # as long as a method may let a question be


def handle(meeting_id: str, moderator_id: str, item_id: str, verb: str, other_id: str = "") -> None:
    """Does one thing with a text: done, undone, remove, restore, join, apart, admit or drop."""
    with change(meeting_id) as found:
        require_open(found)
        require_moderator(found, moderator_id)
        row = found.item_row(item_id)
        if verb in ("done", "undone"):
            _require_revealed(row)
            tick_off(found, row, is_done=verb == "done")
        elif verb in ("remove", "restore"):
            _require_revealed(row)
            row.is_removed = verb == "remove"
        elif verb == "join":
            _join(found, row, other_id)
        elif verb == "apart":
            _require_revealed(row)
            row.joined_to_id = None
        elif verb in ("admit", "drop"):
            _admit(found, row, is_welcome=verb == "admit")
        else:
            raise Refused("bad_choice", 422)
        _clear_table(found, row)


def tick_off(found: Change, row: models.Contribution, *, is_done: bool = True) -> None:
    """Notes that a text had its turn, or has not yet: of an earlier phase that is gone through again, in the step at hand."""
    here = found.before.now.step
    item = found.before.item(row.id)
    step = found.session.get(models.Step, here.id)
    if step is None or item is None or row.step_id == here.id or item not in rules.gone_through(found.before):
        if row.is_done != is_done:
            row.is_done = is_done
    elif is_done != (row.id in step.done):
        step.done = [*step.done, row.id] if is_done else [one for one in step.done if one != row.id]


def tell_case(meeting_id: str, by_id: str, title: str | None, question: str | None, key_question: str | None) -> None:
    """Writes the case's title and questions; the moderator or the case giver. None leaves a text as it is."""
    if any(len(text) > LONGEST_LINE for text in (title, question, key_question) if text):
        raise Refused("too_long", 422)
    with change(meeting_id) as found:
        require_open(found)
        seat = found.seat(by_id)
        around = found.before.now.round
        if around is None:
            raise Refused("no_case")
        if not seen_by(found.before, seat).is_moderator:
            require_here(found, by_id)
            if around.case_giver_id != seat.id:
                raise Refused("not_yours", 403)
        row = found.session.get(models.Round, around.id)
        assert row is not None
        for name, text in (("title", title), ("question", question), ("key_question", key_question)):
            if text is not None:
                setattr(row, name, seal_line(meeting_id, f"round:{row.id}:{name}", text))


def name_case_giver(meeting_id: str, by_id: str, seat_id: str) -> None:
    """Says who gives the case, in the lobby or in the meeting; never somebody who leads it. Their own prepared case, if
    they wrote one, becomes the case. A room screen may do this where nobody gives it: then the meeting cannot go on.
    """
    with change(meeting_id) as found:
        require_on(found)
        by = require_steering(found, by_id)
        if by.kind == "wall" and not rules.lacks_case_giver(found.before):
            raise Refused("case_given")
        seat = found.seat(seat_id)
        if seat.kind != "participant" or seen_by(found.before, seat).leads:
            raise Refused("leads_already")
        if not seat.is_present:
            raise Refused("no_such_seat", 404)
        around = found.before.now.round
        row = found.session.get(models.Round, around.id) if around else None
        if row is None:
            raise Refused("no_case")
        if row.case_giver_id != seat.id and row.is_told:
            raise Refused("case_told")
        is_another = row.case_giver_id not in (None, seat.id) or _is_of_another(found, row, seat)
        row.case_giver_id, row.is_set = seat.id, True
        taken = {one.case_id for one in found.before.rounds if one.id != row.id}
        case = next((i for i in _cases(found) if seat.id == i.seat_id and i.id not in taken), None)
        if case is not None and case.id != row.case_id:
            take_case(found, row, case)
        elif is_another:  # the case of somebody else is not theirs
            drop_case(row)


def _is_of_another(found: Change, row: models.Round, seat: Seat) -> bool:
    """Whether the case of a round is known to be somebody else's: of one that was brought along, by their account."""
    case = found.before.item(row.case_id)
    if case is None or case.seat_id == seat.id:
        return False
    account = account_of_seat(found.session, case.from_seat_id)
    return case.seat_id is not None or account not in (None, seat.user_id)


def drop_case(row: models.Round) -> None:
    """Leaves a round without a case."""
    row.case_id = row.title = row.question = row.key_question = None


def take_case(found: Change, row: models.Round, item: Item) -> None:
    """Makes a chosen text the case of a round; choosing it puts it on the table."""
    row.case_id = item.id
    title = found.before.unreadable if item.is_damaged else item.text("title")
    row.title = seal_line(found.row.id, f"round:{row.id}:title", title)
    row.question = seal_line(found.row.id, f"round:{row.id}:question", item.text("question"))
    chosen = found.item_row(item.id)
    chosen.is_revealed = True


def _cases(found: Change) -> tuple[Item, ...]:
    steps = (step for step in found.before.state.steps if step.kind == "pick")
    return tuple(item for step in steps for item in found.before.items_of(step) if item.is_shown)


def _join(found: Change, row: models.Contribution, other_id: str) -> None:
    other = found.item_row(other_id)
    _require_revealed(row)
    _require_revealed(other)
    if other.id == row.id or other.step_id != row.step_id:
        raise Refused("bad_choice", 422)
    target = other.joined_to_id or other.id
    if target == row.id:
        raise Refused("bad_choice", 422)
    row.joined_to_id = target
    for item in found.before.items:
        if item.joined_to_id == row.id:
            found.item_row(item.id).joined_to_id = target


def _admit(found: Change, row: models.Contribution, is_welcome: bool) -> None:
    """A late text joins its step as if it had been in time: revealed if the others of its step are. What is only for
    its writer is not the moderator's to add.
    """
    if not row.is_late or row.is_kept or row.is_removed:
        raise Refused("no_such_item", 404)
    if not is_welcome:
        row.is_removed = True
        return
    others = [i for i in found.before.items if i.step_id == row.step_id and i.form == row.form and not i.is_late]
    row.is_late = False
    step = found.before.step_with(row.step_id)
    form = found.before.phases[row.step_id].form(row.form)
    is_sealed = step is None or form is None or rules.is_sealed(found.before, step, form)
    if (any(item.is_revealed for item in others) or not others) and not is_sealed:
        row.is_revealed = True


def _require_revealed(row: models.Contribution) -> None:
    """The moderator handles what everybody may see; hidden text is out of reach, by id as well."""
    if not row.is_revealed:
        raise Refused("no_such_item", 404)


def _clear_table(found: Change, row: models.Contribution) -> None:
    """Takes a text that is done, joined or off the screen from the table; one that is gone gives its marks back."""
    if row.is_removed or row.joined_to_id is not None:
        found.session.execute(delete(models.Mark).where(models.Mark.contribution_id == row.id))
    here = found.session.get(models.Step, found.before.now.step.id)
    own = found.session.get(models.Step, row.step_id)
    is_gone = row.is_removed or row.joined_to_id is not None
    for step in {one.id: one for one in (own, here) if one is not None}.values():
        is_done = row.is_done if step is own else row.id in step.done
        if step.item == row.id and (is_done or is_gone):
            step.item = None
