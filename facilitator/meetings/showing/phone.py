"""A participant's phone: their own move, or an invitation to look up and listen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from facilitator.meetings import rules, table_ids
from facilitator.meetings.machine import Status, Step
from facilitator.meetings.seen import Seen, is_for_giver, seen_by
from facilitator.meetings.showing.casting import RoleView, roles_given
from facilitator.meetings.showing.frame import Frame, frame_of
from facilitator.meetings.showing.planned import ActionView, planned_actions
from facilitator.meetings.showing.results import ChoiceResult, ScaleResult, choice_results, scales_and_lines
from facilitator.meetings.showing.texts import (
    EarlierTexts,
    Text,
    earlier_texts,
    public_fields,
    shown_texts,
    source_texts,
)
from facilitator.meetings.snapshot import Action, Agreed, Item, Seat, Snapshot, Value, hands_of
from facilitator.methods.vocabulary import Facet, FieldType, Form, InputField, Kind, Phase, Who

DAYS_OFFERED = (7, 14, 28)


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer that can be tapped."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldView:
    """A field as it stands on a screen, `value` being what it is filled with beforehand."""

    name: str
    type: str
    label: str
    is_required: bool
    is_private: bool
    max_length: int
    choices: tuple[Choice, ...] = ()
    low: str = ""
    high: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Composer:
    """What a seat may write now. `key` names the step, the form and what it is about: only when it changes is the
    composer on the phone replaced, and never by one's own text that arrives while the next is being typed.
    `seen_by`: private, anonymous, question (of the case, at once), at_once, without_giver (at once, but not by who gives the case),
    sealed – then `sealed_until` is what opens it – or after_reveal.
    """

    key: str
    step_id: str
    form: str
    kind: str
    about: str
    about_title: str
    fields: tuple[FieldView, ...]
    left: int
    seen_by: str
    is_anonymous: bool
    may_keep: bool
    may_pass: bool
    has_hints: bool
    is_kept: bool = False
    instruction: str = ""
    sealed_until: str = ""


@dataclass(frozen=True, slots=True)
class OwnText:
    """Something this seat wrote in the step at hand, and whether it can still be changed."""

    id: str
    form: str
    title: str
    fields: tuple[tuple[str, str], ...]
    may_edit: bool
    may_withdraw: bool
    is_late: bool
    is_kept: bool
    composer: Composer | None

    @property
    def typed(self) -> dict[str, str]:
        """What the form it was sent with holds, its mark "Only for me" included."""
        return {**dict(self.fields), **({"keep": "1"} if self.is_kept else {})}


@dataclass(frozen=True, slots=True)
class DictatedForm:
    """A form of somebody without a phone, on the note-taker's: whose it is, and nothing of what is in it already."""

    key: str
    step_id: str
    form: str
    seat_id: str
    name: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class SignalsView:
    """What can be told to the moderator alone: what this phone told, or nothing yet. `is_few`: who it was can be guessed from how few
    could be.
    """

    is_few: bool
    sign: str = ""
    is_named: bool = False


@dataclass(frozen=True, slots=True)
class PhoneScreen:
    """`mode`: planned, lobby, waiting, move, listen, evaluate, left, expelled, or ended. `joined`: whether the moderator said that
    somebody holds this seat from two devices, and which one this is, `first` or `again`. `hands`: the other seats, and under which
    names they came in. `go`: where this phone belongs now, if that is another page. `table`: where they sat or sit.
    """

    frame: Frame
    mode: str
    name: str
    composer: Composer | None
    own: tuple[OwnText, ...]
    anonymous_sent: tuple[str, ...]
    anonymous_composers: tuple[Composer, ...]
    texts: tuple[Text, ...]
    earlier: tuple[EarlierTexts, ...]
    may_mark: str
    marks_left: int
    marks_limit: int
    actions: tuple[ActionView, ...]
    results: tuple[ScaleResult, ...]
    chosen: tuple[ChoiceResult, ...]
    shared_out: tuple[RoleView, ...]
    task: str
    is_time_told: bool
    lines: tuple[str, ...]
    growth: tuple[tuple[str, int, int], ...]
    instead: str
    instead_form: str
    is_case_giver: bool
    is_speaking: bool
    signals: SignalsView | None
    may_decline: bool
    stars_wait: bool
    anonymous_withheld: bool
    agreement: tuple[str, ...]
    agreed: Agreed | None
    has_accepted: bool
    gave_a_case: bool
    joined: str
    hands: tuple[tuple[str, str], ...]
    dictation: tuple[DictatedForm, ...]
    notebook: str
    go: str
    table: int


def phone_screen(snapshot: Snapshot, seat: Seat, locale: str, agreement: tuple[str, ...]) -> PhoneScreen:
    """The phone of a seat at one moment. Somebody who is not let in, has left or was expelled sees no content."""
    me = seen_by(snapshot, seat)
    frame = frame_of(snapshot, seat, locale)
    mode = _mode(me)
    inside = mode in ("move", "listen", "lobby", "ended")
    composer = compose(me, locale) if mode in ("move", "left") else None
    marks = me.marks if inside else None
    scales, lines = scales_and_lines(me, locale) if inside else ((), ())
    return PhoneScreen(
        frame=frame,
        mode=mode,
        name=seat.name,
        composer=composer,
        own=own_texts(me, locale) if inside else (),
        anonymous_sent=_anonymous_sent(me),
        anonymous_composers=_anonymous_composers(me, locale),
        texts=(source_texts(me) or shown_texts(me)) if inside else (),
        earlier=earlier_texts(me, locale) if inside else (),
        may_mark=marks.kind.value if marks and marks.kind != "buddy" else "",
        marks_left=me.marks_left if marks else 0,
        marks_limit=marks.limit if marks else 0,
        actions=planned_actions(me) if inside else (),
        results=scales,
        chosen=choice_results(me, locale) if inside else (),
        shared_out=roles_given(me, locale) if inside else (),
        task=me.task,
        is_time_told=bool(me.task) and snapshot.now.step.is_time_told,
        lines=lines,
        growth=_growth(me, locale) if inside else (),
        instead=me.said_instead if inside else "",
        instead_form=composer.form if composer and composer.may_pass else "",
        is_case_giver=me.is_case_giver(),
        is_speaking=me.speaker == seat.id,
        signals=_signals(me),
        may_decline=me.may_decline,
        stars_wait=inside and me.stars_wait,
        anonymous_withheld=_is_withheld(me) if inside else False,
        agreement=agreement,
        agreed=snapshot.agreed if mode == "lobby" else None,
        has_accepted=seat.has_accepted,
        gave_a_case=mode == "ended" and any(found.case_giver_id == seat.id for found in snapshot.rounds),
        joined=_joined(me),
        hands=hands_of(me.meeting, seat.id) if _joined(me) == "first" else (),
        dictation=dictation(me, locale) if mode in ("move", "listen") else (),
        notebook=me.notebook,
        go=_where(me),
        table=seat.table,
    )


def _where(me: Seen) -> str:
    """The page where this phone belongs now, if that is another one: at a table while people are there, else with everybody."""
    meeting, number = me.meeting, me.seat.table
    if table_ids.number_of(meeting.id):
        return f"/meetings/{table_ids.plenary_of(meeting.id)}/phone" if meeting.state.status is Status.ENDED else ""
    is_there = meeting.is_apart and number and me.seat.is_present
    return f"/meetings/{table_ids.table_id(meeting.id, number)}/phone" if is_there else ""


def compose(me: Seen, locale: str) -> Composer | None:
    """What a seat may write now, or None."""
    step, phase = me.meeting.now.step, me.meeting.now.phase
    form = me.form_to_write
    if form is None:
        return None
    about = _first_unanswered(me, step, form) if form.about_actions else None
    return _composer(me, step, phase, form, locale, about.id if about else "", about.then if about else "")


def dictation(me: Seen, locale: str) -> tuple[DictatedForm, ...]:
    """What the note-taker may write for people without a phone, empty as it is: what a form starts with for its owner may
    be hidden from a peer.
    """
    step, phase = me.meeting.now.step, me.meeting.now.phase
    if not me.takes_notes:
        return ()
    return tuple(
        DictatedForm(
            key=f"{step.id}/{form.key}/{person.id}",
            step_id=step.id,
            form=form.key,
            seat_id=person.id,
            name=person.name,
            fields=tuple(f for f in form_fields(me.meeting, step, phase, form, locale, {}) if not f.is_private),
        )
        for person in rules.participants(me.meeting)
        for form in seen_by(me.meeting, person).dictated_forms
    )


def form_fields(
    snapshot: Snapshot, step: Step, phase: Phase, form: Form, locale: str, values: dict[str, Value] | None = None
) -> tuple[FieldView, ...]:
    """The fields of a form with their labels, filled with `values` or with what they start as."""
    texts = phase.text(locale)
    views = []
    for field in form.fields:
        name = f"{form.key}.{field.name}"
        given = values.get(field.name) if values is not None else _starts_as(snapshot, step, field.starts_as)
        views.append(
            FieldView(
                name=field.name,
                type=field.type.value,
                label=texts.fields.get(name, ""),
                is_required=field.is_required,
                is_private=field.is_private,
                max_length=field.max_length,
                choices=_choices(texts.choices, name, field, snapshot.taken_at),
                low=texts.ends.get(f"{name}.low", ""),
                high=texts.ends.get(f"{name}.high", ""),
                value="" if given is None else str(given),
            )
        )
    return tuple(views)


def own_texts(me: Seen, locale: str) -> tuple[OwnText, ...]:
    """What a seat wrote in the step at hand, private notes included: they are its own."""
    step, phase = me.meeting.now.step, me.meeting.now.phase
    if Facet.OWN not in me.shown:
        return ()
    found = []
    for item in me.meeting.items_of(step):
        form = phase.form(item.form)
        if not item.is_by(me.seat) or item.is_removed or form is None:
            continue
        may_edit = me.may_edit(item)
        editor = None
        if may_edit:
            editor = _composer(me, step, phase, form, locale, item.about_id or "", "", dict(item.fields), item.id)
            editor = replace(editor, is_kept=item.is_kept)
        found.append(
            OwnText(
                id=item.id,
                form=item.form,
                title=me.meeting.unreadable if item.is_damaged else _own_title(phase, form, item, locale),
                fields=tuple((name, str(value)) for name, value in item.fields.items() if value not in (None, "")),
                may_edit=may_edit,
                may_withdraw=me.may_withdraw(item),
                is_late=item.is_late,
                is_kept=item.is_kept,
                composer=editor,
            )
        )
    return tuple(found)


def _composer(
    me: Seen,
    step: Step,
    phase: Phase,
    form: Form,
    locale: str,
    about: str,
    about_title: str,
    values: dict[str, Value] | None = None,
    item_id: str = "",
) -> Composer:
    private = all(field.is_private for field in form.fields)
    opens = me.meeting.step_of(form.sealed_until, step) if form.sealed_until else None
    ways = {
        "private": private,
        "anonymous": form.is_anonymous,
        "question": form.is_open and form.sets_question,
        "at_once": form.is_open and (me.is_case_giver(step) or is_for_giver(phase)),
        "without_giver": form.is_open,
        "sealed": opens is not None,
    }
    seen_by = next((way for way, holds in ways.items() if holds), "after_reveal")
    return Composer(
        key="/".join(part for part in (step.id, form.key, item_id or about) if part),
        step_id=step.id,
        form=form.key,
        kind=phase.kind.value,
        about=about,
        about_title=about_title,
        fields=form_fields(me.meeting, step, phase, form, locale, values),
        left=me.left(step, form),
        seen_by=seen_by,
        is_anonymous=form.is_anonymous,
        may_keep=form.may_keep,
        may_pass=not private and form.who is not Who.CASE_GIVER and not form.is_anonymous and not form.about_actions,
        has_hints=form.hints,
        sealed_until=me.meeting.phases[opens.id].text(locale).title if opens else "",
    )


def _mode(me: Seen) -> str:
    status = me.meeting.state.status
    if me.seat.is_expelled:
        return "expelled"
    if me.seat.has_left:
        return "left"
    if status is Status.RUNNING and not me.seat.is_let_in:
        return "waiting"
    if status is not Status.RUNNING:
        return status.value
    marks = me.marks
    can_mark = marks is not None and marks.kind != "buddy" and bool(rules.markable(me.meeting))
    return "move" if me.forms or can_mark else "listen"


def _signals(me: Seen) -> SignalsView | None:
    if not me.may_signal:
        return None
    sent = next((one for one in me.meeting.signals if one.is_by(me.seat) and one.sign), None)
    is_few = rules.are_few_to_tell(me.meeting)
    return SignalsView(is_few, str(sent.sign), sent.is_named) if sent else SignalsView(is_few)


def _joined(me: Seen) -> str:
    if me.seat.is_expelled or me.seat.id not in me.meeting.hands.values():
        return ""
    return "first" if me.seat.hand_id is None else "again"


def _is_withheld(me: Seen) -> bool:
    """Whether an anonymous form is not offered because too few people are there."""
    now = me.meeting.now
    return now.is_running and any(
        form.is_anonymous and me.belongs(form.who) and not rules.is_offered(me.meeting, now.step, form)
        for form in now.phase.forms
    )


def _anonymous_sent(me: Seen) -> tuple[str, ...]:
    step = me.meeting.now.step
    forms = (form for form in me.meeting.now.phase.forms if form.is_anonymous and not step.is_revealed)
    return tuple(form.key for form in forms if me.written(step, form))


def _anonymous_composers(me: Seen, locale: str) -> tuple[Composer, ...]:
    """The forms to change what was sent without a name; only the phone itself knows what it sent."""
    step, phase = me.meeting.now.step, me.meeting.now.phase
    if not me.seat.is_present:
        return ()
    sent = _anonymous_sent(me)
    forms = (form for form in phase.forms if form.key in sent)
    return tuple(_composer(me, step, phase, form, locale, "", "", None, "change") for form in forms)


def _growth(me: Seen, locale: str) -> tuple[tuple[str, int, int], ...]:
    """The case giver's own scales before and after: (label, before, after), for their own eyes."""
    found: list[tuple[str, int, int]] = []
    if me.meeting.now.phase.kind is not Kind.EVALUATE or not me.is_case_giver():
        return ()
    before, after = me.growth
    texts = me.meeting.now.phase.text(locale)
    for name in before:
        if name in after:
            label = next((v for k, v in texts.fields.items() if k.endswith(f".{name}")), name)
            found.append((label, before[name], after[name]))
    return tuple(found)


def _first_unanswered(me: Seen, step: Step, form: Form) -> Action | None:
    answered = {item.about_id for item in me.meeting.items_of(step, form.key)}
    return next((a for a in me.own_actions if a.id not in answered), None)


def _starts_as(snapshot: Snapshot, step: Step, source: str | None) -> str | None:
    found = snapshot.round_of(step)
    if source == "case_question" and found and found.question != snapshot.unreadable:
        return found.question
    if source == "starred":
        of_round = {s.id for s in snapshot.state.steps if s.round_id == step.round_id}
        starred = {mark.item_id for mark in snapshot.marks if mark.kind == "star" and mark.step_id in of_round}
        item = next((i for i in snapshot.items if i.id in starred and i.is_shown), None)
        return " ".join(public_fields(snapshot, item)[:1]) if item and not item.is_damaged else None
    return None


def _choices(labels: dict[str, str], name: str, field: InputField, now: datetime) -> tuple[Choice, ...]:
    """What can be tapped; a day is offered by how many days it is from now."""
    if field.type is FieldType.SCALE:
        return tuple(Choice(str(n), str(n)) for n in range(field.low, field.high + 1))
    if field.type is FieldType.DATE:
        return tuple(Choice((now + timedelta(days=n)).date().isoformat(), str(n)) for n in DAYS_OFFERED)
    return tuple(Choice(value, labels.get(f"{name}.{value}", value)) for value in field.choices)


def _own_title(phase: Phase, form: Form, item: Item, locale: str) -> str:
    texts = phase.text(locale)
    for field in reversed(form.fields) if form.makes_action else form.fields:
        value = item.text(field.name)
        if value and field.type in (FieldType.LINE, FieldType.TEXT):
            return value
        if value and field.type is FieldType.CHOICE:
            return texts.choices.get(f"{form.key}.{field.name}.{value}", value)
    return texts.title
