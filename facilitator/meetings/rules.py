"""What holds for a whole meeting, now: who is here, whose case it is, what waits. Pure; what one seat may do is in `seen`."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable
from dataclasses import dataclass

from facilitator.core.text import name_key
from facilitator.meetings.machine import REOPEN_WITHIN, Step, may_have_turn_ahead, turn_after
from facilitator.meetings.snapshot import Action, Item, Round, Seat, Snapshot, once
from facilitator.methods.vocabulary import (
    Form,
    InputField,
    Kind,
    MarkKind,
    Only,
    OnTable,
    Order,
    Pace,
    Part,
    Role,
    Warmth,
    Who,
)

ANONYMOUS_FROM_SEATS = 4
TEXTS_TO_REVEAL = 3
SCALES_TO_REVEAL = 4
ALMOST_EVERYBODY = 0.75


@once
def participants(snapshot: Snapshot) -> tuple[Seat, ...]:
    """Everybody who takes part now, in table order."""
    seats = (seat for seat in snapshot.seats if seat.kind == "participant" and seat.is_present)
    return tuple(sorted(seats, key=lambda seat: (seat.position, seat.id)))


@once
def moderators(snapshot: Snapshot) -> tuple[Seat, ...]:
    """The seats that may steer."""
    return tuple(s for s in snapshot.seats if s.kind == "moderator" and not s.has_left and not s.is_expelled)


@once
def leading_accounts(snapshot: Snapshot) -> frozenset[str]:
    """The accounts of those who lead now."""
    return frozenset(seat.user_id for seat in moderators(snapshot) if seat.user_id)


def are_few_to_tell(snapshot: Snapshot) -> bool:
    """Whether so few could have given a sign that the moderator may guess whose it is."""
    could = [seat for seat in participants(snapshot) if seat.has_phone and not leads(snapshot, seat)]
    return len(could) < ANONYMOUS_FROM_SEATS


def leads(snapshot: Snapshot, seat: Seat) -> bool:
    """Whether somebody at the table leads the meeting too: known by their role, or by the account behind both seats."""
    return seat.role == "moderator" or seat.user_id in leading_accounts(snapshot)


def case_giver(snapshot: Snapshot, step: Step | None = None) -> Seat | None:
    """Whose case it is in a step, by default the one at hand. Before the story nobody is, unless chosen beforehand."""
    found = snapshot.round_of(step) if step else snapshot.now.round
    return snapshot.seat(found.case_giver_id) if found else None


def is_case_giver(snapshot: Snapshot, seat: Seat, step: Step | None = None) -> bool:
    """Whether a seat gives the case of a step."""
    giver = case_giver(snapshot, step)
    return giver is not None and giver.id == seat.id


def has_case_giver(snapshot: Snapshot) -> bool:
    """Whether somebody who is here gives the case of the step at hand."""
    giver = case_giver(snapshot)
    return giver is not None and giver.is_present


def lacks_case_giver(snapshot: Snapshot) -> bool:
    """Whether the group is in a round of a case that nobody here gives."""
    now = snapshot.now
    return now.is_running and now.phase.part is Part.ROUND and not has_case_giver(snapshot)


def tells_case(step: Step, form: Form) -> bool:
    """Whether what is written with a form of a step is the case giver's telling of a case."""
    is_private = all(field.is_private for field in form.fields)
    return step.round_id is not None and form.who is Who.CASE_GIVER and not is_private


def is_given_away(snapshot: Snapshot, item: Item) -> bool:
    """Whether a text told a case that its writer has given away since: whoever gives the next one does not get it."""
    step = snapshot.step_with(item.step_id)
    form = snapshot.phases[step.id].form(item.form) if step else None
    if step is None or form is None or not tells_case(step, form):
        return False
    found = snapshot.round_of(step)
    return found is not None and found.case_giver_id != item.seat_id


def belongs_to(snapshot: Snapshot, who: Who, seat: Seat, step: Step | None = None) -> bool:
    """Whether a seat is among the people a form, a mark or the floor belongs to in a step."""
    if seat.kind != "participant":
        return False
    if who is Who.EVERYONE:
        return True
    if who is Who.OWNER:
        return any(action.owner_id == seat.id for action in actions_to_answer(snapshot))
    if who is Who.CASE_GIVER:
        return is_case_giver(snapshot, seat, step)
    return who is Who.PEERS and not is_case_giver(snapshot, seat, step)


@once
def actions_to_answer(snapshot: Snapshot) -> tuple[Action, ...]:
    """The actions of earlier meetings this group looks back on."""
    return tuple(action for action in snapshot.actions if action.is_carried)


@once
def speakers(snapshot: Snapshot) -> tuple[str, ...]:
    """Who may have the floor in the step at hand, in table order."""
    speaks = snapshot.now.phase.speaks
    return tuple(seat.id for seat in participants(snapshot) if belongs_to(snapshot, speaks, seat))


def gives_floor(snapshot: Snapshot) -> bool:
    """Whether it is known who has the floor in the step at hand: people speak in turn, or they only talk and whoever leads may say
    who does. Beside what people write together there is no floor to give.
    """
    now = snapshot.now
    only_talk = now.step.pace is Pace.TOGETHER and not any(form.has_text for form in now.phase.forms)
    return now.is_running and len(speakers(snapshot)) > 1 and (now.step.pace is Pace.ROUND or only_talk)


def writers(snapshot: Snapshot, step: Step, form: Form) -> tuple[Seat, ...]:
    """Who is asked to fill in a form of a step."""
    return tuple(seat for seat in participants(snapshot) if belongs_to(snapshot, form.who, seat, step))


def is_offered(snapshot: Snapshot, step: Step, form: Form) -> bool:
    """An anonymous form is offered where enough people may write that nobody can be guessed from it."""
    if not form.is_anonymous:
        return True
    key = offer_of(step, form)
    if key in snapshot.facts:
        return bool(snapshot.facts[key])
    if key not in snapshot.worked_out:
        may_write = [s for s in snapshot.seats if belongs_to(snapshot, form.who, s, step) and is_asked(s, form)]
        snapshot.worked_out[key] = len(may_write) >= ANONYMOUS_FROM_SEATS or _was_used(snapshot, step, form)
    return bool(snapshot.worked_out[key])


def is_withheld(snapshot: Snapshot) -> bool:
    """Whether an anonymous form of the step at hand is not offered to anybody, because too few people are there."""
    now = snapshot.now
    return now.is_running and not all(is_offered(snapshot, now.step, form) for form in now.phase.forms)


def offer_of(step: Step, form: Form) -> Hashable:
    """Under what it is known whether a form is offered."""
    return (is_offered, step.id, form.key)


def may_note(snapshot: Snapshot, action: Action) -> bool:
    """Whether the moderator notes how an action of an earlier meeting went: where its owner is not here or has no phone."""
    owner = snapshot.seat(action.owner_id)
    return action.is_carried and (owner is None or not (owner.is_present and owner.has_phone))


@once
def texts_written(snapshot: Snapshot) -> Counter[tuple[bool, str, str, str]]:
    """How many texts there are by whether only their count is known, step, form and seat."""
    found = Counter[tuple[bool, str, str, str]]()
    for item in snapshot.items:
        if item.seat_id is not None and item.brought_by is None and not item.is_removed:
            found[False, item.step_id, item.form, item.seat_id] += 1
    for tally in snapshot.tallies:
        found[True, tally.step_id, tally.form, tally.seat_id] += tally.count
    return found


@once
def said_by(snapshot: Snapshot) -> dict[tuple[str, str], str]:
    """What was chosen instead of writing, by step and seat."""
    return {(tally.step_id, tally.seat_id): tally.instead for tally in reversed(snapshot.tallies) if tally.instead}


@once
def hidden_items(snapshot: Snapshot) -> tuple[Item, ...]:
    """What waits to be revealed: in the step at hand, and in the earlier one whose texts it puts on the table. Forms
    with private fields only never wait.
    """
    return tuple(item for _, items in _hidden_by_form(snapshot) for item in items)


def needed_to_reveal(snapshot: Snapshot) -> int:
    """How many texts of one form there must be before a reveal cannot give an anonymous writer away. What comes after a
    reveal waits for as many again: one text more would be its writer's, whoever that is.
    """
    return max((_least(form) for form, _ in _hidden_by_form(snapshot)), default=1)


def may_reveal(snapshot: Snapshot) -> bool:
    """Whether something waits to be revealed, and enough of it."""
    waiting = _hidden_by_form(snapshot)
    return bool(waiting) and all(len(items) >= _least(form) for form, items in waiting)


def is_sealed(snapshot: Snapshot, step: Step, form: Form) -> bool:
    """Whether what is written with a form stays closed whatever is pressed: the group has not come to the phase it is sealed until,
    or has gone back before it.
    """
    if form.sealed_until is None:
        return False
    opens = snapshot.step_of(form.sealed_until, step)
    return opens is None or snapshot.state.here < snapshot.state.steps.index(opens)


@once
def source_items(snapshot: Snapshot) -> tuple[Item, ...]:
    """What came out of the earlier phase whose texts the step at hand works on."""
    now = snapshot.now
    if now.source is None:
        return ()
    if now.phase.shows:
        return lying(snapshot, now.phase.shows)
    return tuple(item for item in snapshot.items_of(now.source) if item.is_shown)


def lying(snapshot: Snapshot, lies: OnTable) -> tuple[Item, ...]:
    """What came out of an earlier phase, as far as it is asked for, in the order that is asked for."""
    step = snapshot.step_of(lies.of, snapshot.now.step)
    if step is None:
        return ()
    found = [item for item in snapshot.items_of(step, lies.form) if item.is_shown]
    if lies.only:
        found = [item for item in found if not set(lies.only).isdisjoint(_marked_as(snapshot, item))]
    if lies.order is Order.WARMTH:
        order = (*Warmth, "")
        found.sort(key=lambda item: order.index(warmth(snapshot, item)))
    return tuple(found)


def warmth(snapshot: Snapshot, item: Item) -> str:
    """How warm the case giver found a text; empty where it was not ranked."""
    return warmths(snapshot).get(item.id, "")


@once
def warmths(snapshot: Snapshot) -> dict[str, str]:
    """The warmth of texts, as far as they have one."""
    return {mark.item_id: mark.value for mark in snapshot.marks if mark.kind == MarkKind.WARMTH}


@once
def starred(snapshot: Snapshot) -> frozenset[str]:
    """The texts that carry a star."""
    return frozenset(mark.item_id for mark in snapshot.marks if mark.kind == MarkKind.STAR)


def _marked_as(snapshot: Snapshot, item: Item) -> set[str]:
    return {warmth(snapshot, item), Only.CHOSEN if item.id in starred(snapshot) else ""}


def gone_through(snapshot: Snapshot) -> tuple[Item, ...]:
    """The texts that can be talked about one by one in the step at hand: those of the earlier phase that it shows, or its own."""
    now = snapshot.now
    if now.phase.shows and now.phase.pace is Pace.ITEMS:
        return source_items(snapshot)
    return tuple(item for item in snapshot.items_of(now.step) if item.is_shown)


def was_talked_about(snapshot: Snapshot, item: Item) -> bool:
    """Whether a text had its turn: in its own step, or in the one at hand where that goes through it again."""
    step = snapshot.now.step
    return item.is_done if item.step_id == step.id or step.pace is not Pace.ITEMS else item.id in step.done


def items_waiting(snapshot: Snapshot) -> tuple[Item, ...]:
    """Revealed texts that were not talked about yet, in order."""
    on_table = snapshot.now.step.item
    return tuple(i for i in gone_through(snapshot) if i.id != on_table and not was_talked_about(snapshot, i))


@once
def markable(snapshot: Snapshot) -> tuple[Item, ...]:
    """The texts that can be marked in the step at hand: its own, or those of the phase its marks point at."""
    now = snapshot.now
    if now.phase.marks is None:
        return ()
    on = now.phase.marks.on
    if now.phase.shows and now.phase.shows.of == on:
        return source_items(snapshot)
    source = snapshot.step_of(on, now.step) if on else now.step
    return tuple(item for item in snapshot.items_of(source) if item.is_shown) if source else ()


def winning_case(
    snapshot: Snapshot, step: Step, last_givers: tuple[str, ...] = (), taken: frozenset[str | None] = frozenset()
) -> Item | None:
    """The case that was chosen: most dots, then most urgent, then whoever's turn it is longest, then the stored order.
    Where some were revealed, what is still hidden is not chosen: nobody could give it a dot.

    `last_givers`: names of earlier case givers as `name_key` has them, the latest first; whoever is not in it has waited longest. `taken`: the
    cases of other rounds.
    """
    cases = [
        item
        for item in snapshot.items_of(step)
        if not (item.is_removed or item.is_late or item.is_kept or item.joined_to_id or item.id in taken)
        and _may_be_given(snapshot, item)
    ]
    cases = [item for item in cases if item.is_revealed] or cases
    if not cases:
        return None
    order = {"now": 0, "soon": 1}

    def key(item: Item) -> tuple[int, int, int, int, str]:
        dots = dots_on(snapshot, item)
        name = name_key(snapshot.name(item.seat_id) or item.brought_by or "")
        turn = -last_givers.index(name) if name in last_givers else -len(last_givers) - 1
        return (-dots, order.get(item.text("urgency"), 2), turn, item.rank, item.id)

    return min(cases, key=key)


def dots_on(snapshot: Snapshot, item: Item) -> int:
    """How many dots a text has. Of a case that is offered once more only the new ones count."""
    step = snapshot.step_with(item.step_id)
    is_case = step is not None and step.kind is Kind.PICK
    given = (mark for mark in snapshot.marks if mark.item_id == item.id and mark.kind == "dot")
    return sum(1 for mark in given if not is_case or mark.step_id == item.step_id)


@dataclass(frozen=True, slots=True)
class Choosing:
    """A choice among phases: in which step people choose, by which field of which form, and which phase is held as it stands."""

    chooser: Step
    form: Form
    field: InputField
    held: Step


@once
def choosing(snapshot: Snapshot) -> Choosing | None:
    """The choice among phases that is open: the group has come to it, and not to what it is about – nobody wrote there."""
    state = snapshot.state
    ahead = state.steps[state.here + 1 :] if snapshot.now.is_running else ()
    for held in ahead:
        of = snapshot.phases[held.id].option_of
        chooser = snapshot.step_of(of, held) if of else None
        if chooser is None or chooser in ahead or _is_begun(snapshot, held):
            continue
        fields = ((form, field) for form in snapshot.phases[chooser.id].forms for field in form.fields)
        found = next(((form, field) for form, field in fields if held.key in field.choices), None)
        return Choosing(chooser, *found, held) if found else None
    return None


def chosen(snapshot: Snapshot, step: Step, form: Form, field: InputField) -> Counter[str]:
    """How often each choice was made, as far as it was revealed; where no name goes with it, by as many as a reveal needs."""
    shown = [item for item in snapshot.items_of(step, form.key) if item.is_shown]
    return (
        Counter(item.text(field.name) for item in shown if item.text(field.name))
        if len(shown) >= _least(form)
        else Counter()
    )


def most_chosen(snapshot: Snapshot) -> str:
    """The key of the phase that most people chose; of several the one that is held as it stands, or else the first. Empty where
    nobody chose.
    """
    found = choosing(snapshot)
    counts = chosen(snapshot, found.chooser, found.form, found.field) if found else None
    if not found or not counts:
        return ""
    order = (found.held.key, *found.field.choices)
    return max(order, key=lambda key: counts[key])


def _is_begun(snapshot: Snapshot, step: Step) -> bool:
    tallies = any(tally.step_id == step.id for tally in snapshot.tallies)
    return bool(step.speakers or tallies or snapshot.items_of(step))


@once
def next_clients(snapshot: Snapshot) -> tuple[Seat, ...]:
    """Who has not been client yet where everybody is in turn, as they sit around the table; not whoever leads, nor would rather not."""
    begun = {step.round_id for step in snapshot.state.steps if step.has_begun}
    had = {one.case_giver_id for one in snapshot.rounds if one.is_told or one.id in begun}
    if not any(one.is_in_turn for one in snapshot.rounds):
        return ()
    people = participants(snapshot)
    return tuple(s for s in people if s.id not in had and not s.declines and not leads(snapshot, s))


def turns_ahead(snapshot: Snapshot) -> int:
    """How many rounds are still to come in which somebody is client in turn."""
    ahead = {step.round_id for step in snapshot.state.steps if not step.has_begun}
    begun = {step.round_id for step in snapshot.state.steps if step.has_begun}
    return sum(1 for one in snapshot.rounds if one.is_in_turn and one.id in ahead - begun)


def has_next_speaker(snapshot: Snapshot) -> bool:
    """Whether the floor can go on in the step at hand. In a further lap this does not depend on who has a text left: room screens
    do not tell that before it comes out.
    """
    step = snapshot.now.step
    is_round = step.pace is Pace.ROUND and snapshot.now.is_running
    return is_round and may_have_turn_ahead(step, speakers(snapshot))


def following_speaker(snapshot: Snapshot) -> str | None:
    """Who gets the floor next in the step at hand, or None. It is for the console alone, which knows how much everybody wrote."""
    if not has_next_speaker(snapshot):
        return None
    following = turn_after(snapshot.now.step, speakers(snapshot), speak_again(snapshot))
    return following[0] if following else None


def speak_again(snapshot: Snapshot) -> frozenset[str]:
    """Who has a turn in a further lap of the step at hand: who has a text left, and who says what they did not write."""
    step = snapshot.now.step
    if step.laps == 1:
        return frozenset()
    wrote = {item.seat_id for item in snapshot.items_of(step) if _is_said(snapshot, item)}
    left, said = next_texts(snapshot), said_by(snapshot)
    return frozenset(
        seat
        for seat in speakers(snapshot)
        if seat in left or (seat not in wrote and said.get((step.id, seat)) != "passes")
    )


def next_texts(snapshot: Snapshot) -> dict[str, str | None]:
    """What each says next in the laps of the step at hand, by seat: the first of their texts that was not on the table yet."""
    step = snapshot.now.step
    left = (
        item
        for item in snapshot.items_of(step)
        if _is_said(snapshot, item)
        and not (item.is_removed or item.is_done or item.joined_to_id or item.id == step.item)
    )
    return {item.seat_id: item.id for item in reversed(list(left)) if item.seat_id}


def _is_said(snapshot: Snapshot, item: Item) -> bool:
    """Whether a text was written to be read out in turn."""
    form = snapshot.phases[item.step_id].form(item.form)
    return form is not None and form.has_text and not (item.is_late or item.is_kept)


def may_reopen(snapshot: Snapshot) -> bool:
    """Whether an ended meeting can still go on."""
    ended = snapshot.state.ended_at
    return ended is not None and snapshot.taken_at - ended <= REOPEN_WITHIN


def picking(snapshot: Snapshot, around: Round) -> Step | None:
    """The step in which a case was chosen, or in which the cases were offered, if this meeting has one."""
    steps = [step for step in snapshot.state.steps if step.kind is Kind.PICK and step.round_id in (around.id, None)]
    return steps[-1] if steps else None


@once
def shared_out(snapshot: Snapshot) -> tuple[Role, ...]:
    """The roles that are given in the step at hand; whose case it is, only where the group does not choose that."""
    if not snapshot.now.is_running or snapshot.now.step.kind is not Kind.CAST:
        return ()
    around = snapshot.now.round
    is_chosen = around is None or picking(snapshot, around) is not None
    return tuple(role for role in Role if role is not Role.CASE_GIVER or not is_chosen)


def holders(snapshot: Snapshot, role: Role) -> tuple[Seat, ...]:
    """Who of those at the table has a role."""
    if role is Role.CASE_GIVER:
        giver = case_giver(snapshot)
        return (giver,) if giver is not None and giver.is_present else ()
    return tuple(seat for seat in participants(snapshot) if seat.role == role)


def kept_for_later(snapshot: Snapshot) -> tuple[Item, ...]:
    """Cases that were not chosen: they come along to the meeting that continues this one. A case that was brought along
    before was revealed once, so it goes on whether or not this group came to choosing.
    """
    taken = {found.case_id for found in snapshot.rounds}
    picking = {step.id for step in snapshot.state.steps if step.kind is Kind.PICK}
    return tuple(
        item
        for item in snapshot.items
        if item.id not in taken
        and not (item.is_removed or item.joined_to_id or item.is_damaged)
        and (item.brought_by is not None or (item.step_id in picking and item.is_revealed))
    )


@once
def marked_by(snapshot: Snapshot) -> dict[str, frozenset[str]]:
    """The texts that were marked in the step at hand, by seat."""
    step = snapshot.now.step
    found: dict[str, set[str]] = defaultdict(set)
    for mark in snapshot.marks:
        if mark.step_id == step.id:
            found[mark.seat_id].add(mark.item_id)
    return {seat_id: frozenset(texts) for seat_id, texts in found.items()}


def is_asked(seat: Seat, form: Form) -> bool:
    """Whether somebody who was let in is there to fill in a form, or may from afar."""
    return seat.is_present or (form.also_left and seat.is_let_in and seat.has_left and not seat.is_expelled)


def _hidden_by_form(snapshot: Snapshot) -> list[tuple[Form, tuple[Item, ...]]]:
    """What waits to be revealed, by the form it was written with; forms of which nothing waits are left out."""
    now = snapshot.now
    places = [(now.step, now.phase.forms)]
    if now.source:
        only = now.phase.shows.form if now.phase.shows else None
        shown = (form for form in snapshot.phases[now.source.id].forms if only in (None, form.key))
        places.append((now.source, tuple(shown)))
    found = []
    for place, forms in places:
        for form in forms:
            if is_sealed(snapshot, place, form):
                continue
            items = tuple(item for item in snapshot.items_of(place, form.key) if item.is_hidden)
            if items and any(not field.is_private for field in form.fields):
                found.append((form, items))
    return found


def _least(form: Form) -> int:
    if not form.is_anonymous:
        return 1
    return SCALES_TO_REVEAL if any(field.type == "scale" for field in form.fields) else TEXTS_TO_REVEAL


def _was_used(snapshot: Snapshot, step: Step, form: Form) -> bool:
    return any(item.form == form.key for item in snapshot.items_of(step))


def _may_be_given(snapshot: Snapshot, item: Item) -> bool:
    """Whether the owner of a case can give it: not somebody who leads, nor somebody who would rather not."""
    seat = snapshot.seat(item.seat_id)
    return seat is None or not (leads(snapshot, seat) or seat.declines)
