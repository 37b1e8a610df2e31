"""The parts that screens are made of, and how each is filled with what its audience may see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, TypedDict

from facilitator.core.pictures import Person, Stop
from facilitator.core.times import whole_minutes
from facilitator.meetings import rules, seen, titles
from facilitator.meetings.machine import Status, Step
from facilitator.meetings.seen import Seen, facets, is_on_table, seen_by
from facilitator.meetings.snapshot import Action, Item, Seat, Snapshot
from facilitator.methods.roles import RoleNames, heading
from facilitator.methods.vocabulary import (
    BY_FORM,
    Audience,
    Facet,
    FieldType,
    Form,
    InputField,
    MarkKind,
    OnTable,
    Order,
    Pace,
    Phase,
    PhaseTexts,
    Warmth,
)

SHOWS_CASE_GIVER = ("round",)


@dataclass(frozen=True, slots=True)
class Frame:
    """What every live screen has: where the meeting is, in the words of this audience. Where the meeting has several cases, `case_number` of
    `cases` by `method` tells which one this is; 0 around them, or where there is one only. `has`: what there is in the phase at hand, so that
    a sentence about it stands nowhere else: text, anonymous, keeping, turns, and the kind of its marks.
    """

    meeting_id: str
    audience: str
    locale: str
    turn: int
    status: str
    step_id: str
    kind: str
    goal: str
    case_number: int
    cases: int
    method: str
    method_key: str
    roles: RoleNames
    title: str
    short: str
    instruction: str
    rule: str
    number: int
    total: int
    next_title: str
    case_title: str
    question: str
    stops: tuple[Stop, ...]
    here: int
    people: tuple[Person, ...]
    speaker: str
    case_giver: str
    case_giver_state: str
    moderator: str
    is_paused: bool
    lap: int
    laps: int
    has: frozenset[str]
    is_closing: bool
    next_at: datetime | None


@dataclass(frozen=True, slots=True)
class Text:
    """A text that may be shown. `marks` is None where counts are not revealed; `author` is empty where names are not.
    `is_by_you`: the moderator who looks took it down. That somebody else did goes out to nobody: few have no phone, so
    it would tell whose it is.
    """

    id: str
    title: str
    detail: str = ""
    author: str = ""
    form: str = ""
    marks: int | None = None
    is_mine: bool = False
    is_now: bool = False
    is_done: bool = False
    is_starred: bool = False
    is_marked: bool = False
    is_brought: bool = False
    is_by_you: bool = False
    warmth: str = ""
    column: str = ""
    joined: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """Texts that belong together, under their label."""

    title: str
    texts: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class ActionView:
    """An action as an audience may see it; `status` and `effect` are empty until they are revealed. `may_note`: whoever leads
    notes how it went, because its owner cannot.
    """

    id: str
    item_id: str
    owner: str
    buddy: str
    when_if: str
    then: str
    due: date | None
    status: str = ""
    effect: str = ""
    is_mine: bool = False
    is_now: bool = False
    is_carried: bool = False
    may_note: bool = False
    owner_id: str = ""
    is_confirmed: bool = False
    may_confirm: bool = False
    may_be_buddy: bool = False
    is_buddy: bool = False


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """What lies on the table from one earlier phase, under the title of that phase."""

    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ScaleResult:
    """How a scale was answered: `counts` holds the number of answers from low to high. Never for fewer than four."""

    name: str
    label: str
    low: str
    high: str
    mean: float
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ChoiceCount:
    """How often one choice was made; `share` is of the one that was made most, 0 to 1. `is_held`: the phase that comes, as it stands."""

    value: str
    label: str
    count: int
    share: float
    is_most: bool
    is_held: bool = False


@dataclass(frozen=True, slots=True)
class ChoiceResult:
    """How a choice was made, in the order in which the choices stand."""

    label: str
    options: tuple[ChoiceCount, ...]


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that is given now: who has it, and whether this seat would take it. `offering` are seats and names, for the moderator alone."""

    role: str
    name: str
    holders: tuple[tuple[str, str], ...]
    offering: tuple[tuple[str, str], ...] = ()
    may_offer: bool = False
    is_offered: bool = False
    is_mine: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """The time as it stands at sending; not part of a screen's digest. Seconds; `left` is negative when over."""

    left: float
    total: float
    running: bool
    ahead: float
    due: str | None


def frame(snapshot: Snapshot, seat: Seat, locale: str) -> Frame:
    """The frame of a seat's screen. Whoever is of the same audience and may know the same speaker shares one."""
    me = seen_by(snapshot, seat)
    who, inside, speaking, shown = me.audience(), me.seat.is_inside, me.speaker, me.shown
    key = (Frame, who, inside, speaking, shown, locale)
    known = snapshot.frames.get(key)
    if not isinstance(known, Frame):
        known = snapshot.frames[key] = _frame(snapshot, who, inside, speaking, shown, locale)
    return known


def _frame(
    snapshot: Snapshot, who: Audience, inside: bool, speaking: str | None, shown: frozenset[Facet], locale: str
) -> Frame:
    state, step, phase = snapshot.state, snapshot.now.step, snapshot.now.phase
    texts = phase.text(locale)
    found = snapshot.now.round if Facet.QUESTION in shown else None
    giver = rules.case_giver(snapshot) if phase.part in SHOWS_CASE_GIVER else None
    is_closing = inside and (state.status is Status.ENDED or (state.status is Status.RUNNING and state.is_last))
    return Frame(
        meeting_id=snapshot.id,
        audience=who.value,
        locale=locale,
        turn=state.turn,
        status=state.status.value,
        step_id=step.id,
        kind=phase.kind.value if state.step else state.status.value,
        goal=snapshot.goal if inside else "",
        **_which_case(snapshot, inside, locale),
        method_key=snapshot.method_key,
        roles=titles.roles(snapshot, snapshot.now.round, locale),
        title=texts.title,
        short=texts.short,
        instruction=instruction(texts, who.value),
        rule=texts.rule,
        number=state.here + 1,
        total=len(state.steps),
        next_title=snapshot.phases[state.next_step.id].text(locale).short if state.next_step else "",
        case_title=found.title if found else "",
        question=(found.key_question or found.question) if found else "",
        stops=tuple(
            Stop(snapshot.phases[s.id].text(locale).short, max(1, whole_minutes(s.planned + s.added)))
            for s in state.steps
        ),
        here=state.here,
        people=_people(snapshot, speaking) if inside else (),
        speaker=snapshot.name(speaking) if inside else "",
        case_giver=giver.name if giver and inside else "",
        case_giver_state=phase.case_giver.value if giver and inside else "",
        moderator=next((m.name for m in rules.moderators(snapshot)), ""),
        is_paused=state.paused_at is not None,
        lap=step.lap if step.speaker and not step.has_gone_round else 0,
        laps=step.laps,
        has=_there_is(phase),
        is_closing=is_closing,
        next_at=snapshot.next_at if is_closing else None,
    )


def _there_is(phase: Phase) -> frozenset[str]:
    found = {
        "text": any(form.has_text for form in phase.forms),
        "anonymous": any(form.is_anonymous for form in phase.forms),
        "keeping": any(form.may_keep for form in phase.forms),
        "turns": phase.pace is Pace.ROUND,
        **({phase.marks.kind.value: True} if phase.marks else {}),
    }
    return frozenset(what for what, holds in found.items() if holds)


class WhichCase(TypedDict):
    """Which of several cases is at hand."""

    case_number: int
    cases: int
    method: str


def _which_case(snapshot: Snapshot, inside: bool, locale: str) -> WhichCase:
    held = {step.round_id for step in snapshot.state.steps}
    cases = [one for one in snapshot.rounds if one.id in held]
    around = snapshot.now.round if inside and snapshot.now.step.round_id else None
    if around is None or len(cases) == 1:
        return WhichCase(case_number=0, cases=0, method="")
    method = titles.title(around.method_key, around.method_titles, locale)
    return WhichCase(case_number=cases.index(around) + 1, cases=len(cases), method=method)


def instruction(texts: PhaseTexts, who: str) -> str:
    """The instruction for an audience: the case giver has one of their own."""
    return texts.case_giver or texts.instruction if who == "case_giver" else texts.instruction


def _people(snapshot: Snapshot, speaking: str | None) -> tuple[Person, ...]:
    """The people of a frame; every audience that may know the same speaker shares them."""
    known = snapshot.frames.get((people, speaking))
    if not isinstance(known, tuple):
        known = snapshot.frames[people, speaking] = people(snapshot, speaking)
    return known


def people(snapshot: Snapshot, speaking: str | None) -> tuple[Person, ...]:
    """Everybody around the table as they sit, the moderator among them; never who wrote or lost connection."""
    phase = snapshot.now.phase
    state: Literal["speaks", "listens", "turned_away"] = phase.case_giver.value
    giver = rules.case_giver(snapshot) if phase.part in SHOWS_CASE_GIVER else None
    around = [
        Person(
            seat_id=seat.id,
            name=seat.name,
            is_speaking=speaking == seat.id,
            is_case_giver=giver is not None and giver.id == seat.id,
            case_giver_state=state,
            is_moderator=seat.role == "moderator",
        )
        for seat in rules.participants(snapshot)
    ]
    leading = rules.moderators(snapshot)
    if leading and leading[0].name and not any(p.is_moderator for p in around) and snapshot.state.step is not None:
        around.append(Person(seat_id=leading[0].id, name=leading[0].name, is_moderator=True))
    return tuple(around)


def text(me: Seen, item: Item) -> Text:
    """A text as a seat may see it; the caller has asked whether it may. Private fields are for their writer only."""
    step = next(step for step in me.meeting.state.steps if step.id == item.step_id)
    now = me.meeting.now.step
    fields = public_fields(me.meeting, item)
    shown = me.shown
    phase = me.meeting.now.phase
    has_dots = phase.marks is not None and phase.marks.kind is MarkKind.DOT
    counts = Facet.MARKS in shown and has_dots and seen.is_everybody_voted(me.meeting)
    by_you = me.seat.kind == "moderator" and item.taken_down_by == me.seat.id
    names = by_you or me.sees_author(item)
    stars = item.id in rules.starred(me.meeting)
    ranks = is_ranked(me.meeting) and (phase.marks is None or Facet.MARKS in shown or me.marks is not None)
    return Text(
        id=item.id,
        title=fields[0] if fields else _choices_of(me.meeting, item, me.seat.locale),
        detail=" ".join(fields[1:2]),
        author=(me.meeting.name(item.seat_id) or item.brought_by or "") if names else "",
        form=item.form,
        marks=rules.dots_on(me.meeting, item) if counts else None,
        is_mine=item.seat_id is not None and item.seat_id == me.seat.id,
        is_now=is_on_table(now, item) if now.id == step.id else item.id == now.item,
        is_done=rules.was_talked_about(me.meeting, item),
        is_starred=stars and Facet.CHOSEN in shown and now.key != step.key,
        is_marked=item.id in me.marked,
        is_brought=item.brought_by is not None,
        is_by_you=by_you,
        warmth=rules.warmth(me.meeting, item) if ranks else "",
        column=column_of(me.meeting, item, me.seat.locale)[1],
        joined=tuple(
            " ".join(public_fields(me.meeting, other)[:1])
            for other in me.meeting.items_of(step)
            if other.joined_to_id == item.id and other.is_revealed and not other.is_removed
        ),
    )


def _choices_of(snapshot: Snapshot, item: Item, locale: str) -> str:
    """What was chosen in a text that holds no more than that."""
    phase = snapshot.phases[item.step_id]
    form = phase.form(item.form)
    chosen = (
        [field.name for field in form.fields if field.type is FieldType.CHOICE and not field.is_private] if form else ()
    )
    words = (phase.text(locale).choices.get(f"{item.form}.{name}.{item.text(name)}", "") for name in chosen)
    return ", ".join(filter(None, words))


def column_of(snapshot: Snapshot, item: Item, locale: str) -> tuple[int, str]:
    """Which of the columns of its phase a text stands in, and what that is called; nothing where there are none."""
    phase = snapshot.phases[item.step_id]
    form = phase.form(item.form)
    if phase.columns is None or form is None:
        return (0, "")
    texts = phase.text(locale)
    if phase.columns == BY_FORM:
        named = next((field.name for field in form.fields if not field.is_private), "")
        return (phase.forms.index(form), texts.fields.get(f"{form.key}.{named}", ""))
    field, value = next((f for f in form.fields if f.name == phase.columns), None), item.text(phase.columns)
    place = field.choices.index(value) if field and value in field.choices else -1
    return (place, texts.choices.get(f"{form.key}.{phase.columns}.{value}", ""))


def in_columns(snapshot: Snapshot, items: Iterable[Item], locale: str) -> dict[str, list[Item]]:
    """Texts by the column they stand in, in the order of the columns."""
    placed = sorted(((column_of(snapshot, item, locale), item) for item in items), key=lambda found: found[0][0])
    found: dict[str, list[Item]] = {}
    for (_place, title), item in placed:
        found.setdefault(title, []).append(item)
    return found


def columns(texts: tuple[Text, ...]) -> tuple[Column, ...]:
    """Texts that stand in columns, which are in their order already."""
    titles = dict.fromkeys(text.column for text in texts)
    return tuple(Column(title, tuple(t for t in texts if t.column == title)) for title in titles if title)


def is_ranked(snapshot: Snapshot) -> bool:
    """Whether the texts of the step at hand are told apart by how warm they are: while that is said, or where they come in that order."""
    phase = snapshot.now.phase
    is_asked = phase.marks is not None and phase.marks.kind is MarkKind.WARMTH
    return is_asked or (phase.shows is not None and phase.shows.order is Order.WARMTH)


def by_warmth(texts: tuple[Text, ...]) -> tuple[Text, ...]:
    """Warm before neutral before cold; what was not ranked comes last."""
    order = (*Warmth, "")
    return tuple(sorted(texts, key=lambda text: order.index(text.warmth)))


def public_fields(snapshot: Snapshot, item: Item) -> tuple[str, ...]:
    """The texts of an item that are not private, in the order of its form; choices and scales are left out. Of one that is
    damaged, a sentence that says so.
    """
    phase = snapshot.phases.get(item.step_id)
    form = phase.form(item.form) if phase else None
    if form is None:
        return ()
    kinds = (FieldType.LINE, FieldType.TEXT)
    public = [field.name for field in form.fields if field.type in kinds and not field.is_private]
    if item.is_damaged:
        return (snapshot.unreadable,) if public else ()
    return tuple(item.text(name) for name in public if item.text(name))


def shown_texts(me: Seen, step: Step | None = None) -> tuple[Text, ...]:
    """The revealed texts of a step that a seat may see, in their stored order; texts about actions have their own place."""
    step = step or me.meeting.now.step
    forms = me.meeting.phases[step.id].forms if step.id else ()
    plain = {f.key for f in forms if not f.about_actions and not f.makes_action and has_public_text(f)}
    order = sorted(me.meeting.items_of(step), key=lambda item: item.brought_by is None)  # prepared ones on top
    by_column = in_columns(me.meeting, order, me.seat.locale)
    return tuple(
        text(me, item)
        for items in by_column.values()
        for item in items
        if item.is_shown and item.form in plain and me.sees(item)
    )


def source_texts(me: Seen) -> tuple[Text, ...]:
    """The texts of an earlier phase that the step at hand works on (choosing among advice), where it reveals items."""
    source, shown = me.meeting.now.source, me.shown
    if source is None or Facet.ITEMS not in shown:
        return ()
    names = Facet.NAMES in shown
    found = tuple(text(me, item) for item in rules.source_items(me.meeting) if public_fields(me.meeting, item))
    return tuple(_without_author(t) if not names else _with_author(me.meeting, t) for t in found)


def earlier(me: Seen, locale: str) -> tuple[EarlierTexts, ...]:
    """What lies on the table from earlier phases of this round, where that is shown: what was revealed there, without names."""
    if Facet.EARLIER not in me.shown:
        return ()
    found = (one for lies in me.meeting.now.phase.on_table for one in _lying(me.meeting, lies, locale))
    return tuple(one for one in found if one.texts)


def _lying(meeting: Snapshot, lies: OnTable, locale: str) -> Iterator[EarlierTexts]:
    step = meeting.step_of(lies.of, meeting.now.step)
    if step is None:
        return
    title = meeting.phases[step.id].text(locale).title
    for column, items in in_columns(meeting, rules.lying(meeting, lies), locale).items():
        texts = (" ".join(public_fields(meeting, item)) for item in items)
        yield EarlierTexts(f"{title}: {column}" if column else title, tuple(filter(None, texts)))


def actions(me: Seen) -> tuple[ActionView, ...]:
    """The actions of the step at hand that a seat may see: looked back on, or made now."""
    phase, step = me.meeting.now.phase, me.meeting.now.step
    shown = me.shown
    if any(form.about_actions for form in phase.forms):
        found = rules.actions_to_answer(me.meeting) if Facet.ACTIONS in shown else ()
        return tuple(_looked_back(me, action, step) for action in found)
    if any(form.makes_action for form in phase.forms):
        made = tuple(
            action for action in me.meeting.actions if not action.is_carried and _is_of(me.meeting, action, step)
        )
        return tuple(_made_now(me, action) for action in made if _sees_action(me, action))
    return ()


def results(me: Seen, locale: str) -> tuple[tuple[ScaleResult, ...], tuple[str, ...]]:
    """The scales and open lines of the step at hand, once they are revealed to this seat; nothing under four answers."""
    shown = me.shown
    if Facet.RESULTS not in shown:
        return (), ()
    scales, lines = scale_results(me.meeting, me.meeting.now.step, locale)
    return scales, lines if Facet.ITEMS in shown else ()


def scale_results(snapshot: Snapshot, step: Step, locale: str) -> tuple[tuple[ScaleResult, ...], tuple[str, ...]]:
    """The means and open lines of a step's anonymous forms that were revealed; nothing under four answers."""
    phase = snapshot.phases[step.id]
    texts = phase.text(locale)
    found: list[ScaleResult] = []
    lines: list[str] = []
    for form in phase.forms:
        answers = [i for i in snapshot.items_of(step, form.key) if i.is_shown]
        if not form.is_anonymous or len(answers) < rules.SCALES_TO_REVEAL:
            continue
        damaged = {i.id: snapshot.unreadable for i in answers if i.is_damaged}
        for field in form.fields:
            name = f"{form.key}.{field.name}"
            values = [v for i in answers if isinstance(v := i.fields.get(field.name), int)]
            if field.type is FieldType.SCALE and len(values) >= rules.SCALES_TO_REVEAL:
                counts = tuple(values.count(n) for n in range(field.low, field.high + 1))
                low, high = texts.ends.get(f"{name}.low", ""), texts.ends.get(f"{name}.high", "")
                mean = sum(values) / len(values)
                found.append(ScaleResult(field.name, texts.fields.get(name, ""), low, high, mean, counts))
            elif field.type in (FieldType.LINE, FieldType.TEXT):
                lines.extend(text for i in answers if (text := i.text(field.name) or damaged.pop(i.id, "")))
    return tuple(found), tuple(lines)


def choice_results(me: Seen, locale: str) -> tuple[ChoiceResult, ...]:
    """How the choices of the step at hand were made, where that is revealed to this seat."""
    now = me.meeting.now
    if Facet.RESULTS not in me.shown:
        return ()
    found = (
        choice_result(me, now.step, form, field, locale)
        for form in now.phase.forms
        for field in form.fields
        if field.type is FieldType.CHOICE and not field.is_private and not form.about_actions
    )
    return tuple(one for one in found if any(option.count for option in one.options))


def choice_result(me: Seen, step: Step, form: Form, field: InputField, locale: str, held: str = "") -> ChoiceResult:
    """How a choice was made in a step, without figures where those are not revealed to this seat."""
    phase = me.meeting.phases[step.id]
    is_shown = Facet.RESULTS in facets(phase, me.audience(step), step.is_revealed)
    counts = rules.chosen(me.meeting, step, form, field) if is_shown else Counter()
    most = max(counts.values(), default=0)
    texts, name = phase.text(locale), f"{form.key}.{field.name}"
    options = (
        ChoiceCount(
            value=choice,
            label=texts.choices.get(f"{name}.{choice}", choice),
            count=counts[choice],
            share=counts[choice] / most if most else 0.0,
            is_most=0 < counts[choice] == most,
            is_held=choice == held,
        )
        for choice in field.choices
    )
    return ChoiceResult(texts.fields.get(name, ""), tuple(options))


def shared_out(me: Seen, locale: str) -> tuple[RoleView, ...]:
    """The roles that are given in the step at hand, as a seat may see them."""
    names = titles.roles(me.meeting, me.meeting.now.round, locale)
    found = []
    for role in rules.shared_out(me.meeting):
        holders = rules.holders(me.meeting, role)
        others = (seat for seat in rules.participants(me.meeting) if role in seat.offers and seat not in holders)
        offering = tuple((seat.id, seat.name) for seat in others if seen_by(me.meeting, seat).may_offer(role))
        found.append(
            RoleView(
                role=role.value,
                name=heading(names.of(role)),
                holders=tuple((seat.id, seat.name) for seat in holders),
                offering=offering if me.is_moderator else (),
                may_offer=me.may_offer(role),
                is_offered=role in me.seat.offers,
                is_mine=any(seat.id == me.seat.id for seat in holders),
            )
        )
    return tuple(found)


def has_public_text(form: Form) -> bool:
    """Whether anything of a form can ever be shown as a text."""
    return not form.is_anonymous and form.has_text


def clock_of(snapshot: Snapshot, now: datetime) -> Clock:
    """The clock of the step at hand at a moment."""
    state, step = snapshot.state, snapshot.now.step
    if not snapshot.now.is_running:
        return Clock(0.0, 0.0, False, 0.0, None)
    due = state.due_at
    if due and state.paused_at:
        due += now - state.paused_at
    return Clock(
        left=round(step.left(now), 1),
        total=step.planned + step.added,
        running=step.running_since is not None,
        ahead=state.ahead,
        due=due.isoformat() if due else None,
    )


def facets_of_wall(snapshot: Snapshot) -> frozenset[Facet]:
    """What the room screen shows of the step at hand once it is revealed."""
    return facets(snapshot.now.phase, Audience.WALL, True)


def _without_author(found: Text) -> Text:
    return replace(found, author="")


def _with_author(snapshot: Snapshot, found: Text) -> Text:
    item = snapshot.item(found.id)
    return replace(found, author=snapshot.name(item.seat_id) if item else "")


def _is_of(snapshot: Snapshot, action: Action, step: Step) -> bool:
    item = snapshot.item(action.item_id)
    return item is not None and item.step_id == step.id and not item.is_removed


def _sees_action(me: Seen, action: Action) -> bool:
    """Confirmed actions go to whom the phase reveals them; a draft only to its owner and, where it was taken down, to the
    moderator, who confirms it for somebody without a phone.
    """
    item = me.meeting.item(action.item_id)
    if not me.seat.is_inside:
        return False
    if action.owner_id == me.seat.id:
        return True
    if not action.is_confirmed:
        return me.seat.kind == "moderator" and item is not None and item.is_taken_down
    return Facet.ACTIONS in facets(me.meeting.now.phase, me.audience(), True)


def _looked_back(me: Seen, action: Action, step: Step) -> ActionView:
    item = next((i for i in me.meeting.items_of(step) if i.about_id == action.id and not i.is_removed), None)
    visible = item is not None and item.is_shown and _sees_answer(me, item)
    return ActionView(
        id=action.id,
        item_id=item.id if item and visible else "",
        owner=me.meeting.name(action.owner_id) or action.owner_name,
        buddy="",
        when_if=action.when_if,
        then=action.then,
        due=action.due,
        status=item.text("status") if item and visible else "",
        effect=item.text("effect") if item and visible else "",
        is_mine=action.owner_id == me.seat.id,
        is_now=step.item in (action.id, item.id if item else "-"),
        is_carried=True,
        may_note=rules.may_note(me.meeting, action),
        owner_id=action.owner_id or "",
        is_confirmed=True,
    )


def _sees_answer(me: Seen, item: Item) -> bool:
    phase = me.meeting.phases[item.step_id]
    who = me.audience()
    return Facet.ITEMS in facets(phase, who, item.is_revealed) or item.is_by(me.seat)


def _made_now(me: Seen, action: Action) -> ActionView:
    mine = action.owner_id == me.seat.id
    open_for_buddy = action.is_confirmed and action.buddy_id is None and not mine
    is_peer = me.seat.kind == "participant" and me.seat.is_present
    return ActionView(
        id=action.id,
        item_id=action.item_id or "",
        owner=me.meeting.name(action.owner_id) or action.owner_name,
        buddy=me.meeting.name(action.buddy_id),
        when_if=action.when_if,
        then=action.then,
        due=action.due,
        is_mine=mine,
        is_confirmed=action.is_confirmed,
        may_confirm=not action.is_confirmed and mine,
        may_be_buddy=open_for_buddy and is_peer and me.marks is not None and me.marks.kind is MarkKind.BUDDY,
        is_buddy=action.buddy_id == me.seat.id,
    )
