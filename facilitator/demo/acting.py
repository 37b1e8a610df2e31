"""Simulated people in a meeting: each does, by the verbs of phones, what their phone lets them do now.

Promises: there is no second engine – what a verb refuses is not done; nobody does anything that a person in their place could not; nothing
happens by itself: somebody who leads has the next thing done.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from functools import partial
from itertools import chain, cycle, repeat

from facilitator.core.refusals import Refused
from facilitator.demo.saying import Sayings, sayings
from facilitator.meetings import loading, rules, table_ids
from facilitator.meetings.actions import outcomes, people, table, writing
from facilitator.meetings.actions.writing import Sent
from facilitator.meetings.seen import Seen, seen_by
from facilitator.meetings.showing.planned import planned_actions
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.vocabulary import Form, Kind, MarkKind, Part, Role, Warmth

MOST_MARKS = 2
MOST_AT_ONCE = 400
Deed = Callable[[], object]


def act(meeting_id: str, at_most: int = 1) -> int:
    """Has simulated people do the next things, one after the other; answers how many those were."""
    done = 0
    while done < at_most and _next(loading.read(meeting_id)):
        done += 1
    return done


def act_all(meeting_id: str) -> int:
    """Everything they can do now."""
    return act(meeting_id, MOST_AT_ONCE)


def _next(meeting: Snapshot) -> bool:
    """Does the first thing that a verb accepts; answers whether there was one."""
    for deed in chain.from_iterable(map(_deeds, (meeting, *_tables(meeting)))):
        try:
            deed()
        except Refused:
            continue
        return True
    return False


def _tables(meeting: Snapshot) -> Iterator[Snapshot]:
    """The tables of a meeting whose people are there."""
    for number in range(1, meeting.table_count + 1) if meeting.is_apart else ():
        yield loading.read(table_ids.table_id(meeting.id, number))


def _deeds(meeting: Snapshot) -> Iterator[Deed]:
    """What the people around the table may do now. Whoever gives the case goes first: the others go on from there."""
    giver = rules.case_giver(meeting)
    everybody = sorted(
        enumerate(rules.participants(meeting)), key=lambda one: (giver is None or one[1].id != giver.id, one[0])
    )
    for number, seat in everybody:
        me, words = seen_by(meeting, seat), sayings(seat.locale)
        yield from _telling(me, words, number)
        yield from _offering(me, number)
        yield from _writing(me, words, number)
        yield from _marking(me)
        yield from _acting(me)


def _telling(me: Seen, words: Sayings, number: int) -> Iterator[Deed]:
    """A case that nobody chose by its title gets one."""
    now = me.meeting.now
    if not (now.is_running and now.round and me.is_case_giver() and now.phase.part is Part.ROUND):
        return
    if not now.round.title and not now.round.question:
        title, question = (words.line(Kind.PICK, name, number) for name in ("title", "question"))
        yield partial(table.tell_case, me.meeting.id, me.seat.id, title, question, None)


def _offering(me: Seen, number: int) -> Iterator[Deed]:
    """Where roles are given each would take another one, as far as there are any."""
    role = dict(enumerate(Role)).get(number)
    if role is not None and me.may_offer(role) and role not in me.seat.offers and not rules.holders(me.meeting, role):
        yield partial(people.offer, me.meeting.id, me.seat.id, role.value, is_on=True)


def _writing(me: Seen, words: Sayings, number: int) -> Iterator[Deed]:
    """One text with each form that is theirs; of earlier actions one for each."""
    if me.said_instead:
        return
    step = me.meeting.now.step
    for form in me.forms:
        written = me.written(step, form)
        if me.left(step, form) <= 0 or (written and not form.about_actions):
            continue
        yield partial(_write, me, form, words, number, written)


def _write(me: Seen, form: Form, words: Sayings, number: int, written: int) -> None:
    now = me.meeting.now
    question = now.round.question if now.round else ""
    fields = words.filled(now.phase.kind, form, number + written, me.meeting.taken_at.date(), question)
    answered = {item.about_id for item in me.meeting.items_of(now.step, form.key)}
    about = (
        next((action.id for action in me.own_actions if action.id not in answered), "") if form.about_actions else ""
    )
    sent = Sent(op=secrets.token_hex(16), step_id=now.step.id, form=form.key, fields=fields, about_id=about)
    writing.contribute(me.meeting.id, me.seat.id, sent)


def _marking(me: Seen) -> Iterator[Deed]:
    """A tap beside the first texts, for everybody the same ones: then it is clear what was chosen. A case has one tap of each, and it is
    the case that the others have something to say about. Where texts are ranked, each is: some are warm, some neutral, some cold.
    """
    marks, most = me.marks, 1 if me.meeting.now.phase.kind is Kind.PICK else MOST_MARKS
    if marks is None or marks.kind is MarkKind.BUDDY:
        return
    is_ranking = marks.kind is MarkKind.WARMTH
    if not is_ranking and len(me.marked) >= min(marks.limit, most):
        return
    places = {seat.id: number for number, seat in enumerate(rules.participants(me.meeting))}
    found = sorted(rules.markable(me.meeting), key=lambda item: places.get(item.seat_id or "", len(places)))
    for item, warmth in zip(found, cycle(Warmth) if is_ranking else repeat(""), strict=False):
        if item.id not in me.marked:
            yield partial(writing.mark, me.meeting.id, me.seat.id, me.meeting.now.step.id, item.id, True, warmth)


def _acting(me: Seen) -> Iterator[Deed]:
    """Says yes to an action of one's own, and stands by somebody who has nobody."""
    for action in planned_actions(me):
        if action.may_confirm and not action.is_confirmed:
            yield partial(outcomes.confirm, me.meeting.id, me.seat.id, action.id)
        if action.may_be_buddy and not action.buddy:
            yield partial(outcomes.be_buddy, me.meeting.id, me.seat.id, action.id, True)
