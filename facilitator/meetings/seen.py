"""A meeting as one seat has it: which audience it is, what it is shown, and what it may do now.

Pure. What a phase does not name is hidden: whatever is answered here starts from nothing. Every verb and every screen asks here what a
seat may do, and `rules` what holds for the whole meeting.
"""

from __future__ import annotations

from dataclasses import dataclass

from facilitator.meetings import rules
from facilitator.meetings.machine import Status, Step
from facilitator.meetings.snapshot import Action, Item, Seat, Snapshot, once
from facilitator.methods.vocabulary import (
    Audience,
    CaseGiverState,
    Facet,
    Form,
    Kind,
    MarkKind,
    Marks,
    Part,
    Phase,
    Role,
    Who,
)

NOTHING: frozenset[Facet] = frozenset()


def is_for_giver(phase: Phase) -> bool:
    """Whether the texts of a phase reach whoever gives the case, where somebody does."""
    shown = facets(phase, Audience.CASE_GIVER, is_revealed=True)
    return phase.part is not Part.ROUND or not shown.isdisjoint({Facet.ITEMS, Facet.CURRENT, Facet.ACTIONS})


def facets(phase: Phase, audience: Audience, is_revealed: bool) -> frozenset[Facet]:
    """What a phase shows an audience, before or after the reveal."""
    reveal = phase.reveals.get(audience)
    if reveal is None:
        return NOTHING
    return reveal.before | reveal.after if is_revealed else reveal.before


def is_on_table(step: Step, item: Item) -> bool:
    """Whether a text is the one that is talked about: put there, or its writer has the floor – for all they wrote, if that is once."""
    has_floor = step.speaker is not None and item.seat_id == step.speaker
    return item.id == step.item or (has_floor and step.laps == 1)


@dataclass(frozen=True, slots=True)
class Seen:
    """One seat's view of a meeting. Where a step can be given, the one at hand is meant without."""

    meeting: Snapshot
    seat: Seat

    # -- Who they are ------------------------------------------------------------------------------------------------

    def audience(self, step: Step | None = None) -> Audience:
        """Worked out anew at every sending."""
        if self.seat.kind == "moderator":
            return Audience.MODERATOR
        if self.seat.kind == "wall":
            return Audience.WALL
        return Audience.CASE_GIVER if self.is_case_giver(step) else Audience.PEER

    def is_case_giver(self, step: Step | None = None) -> bool:
        """Whether they give the case of a step."""
        return rules.is_case_giver(self.meeting, self.seat, step)

    @property
    def is_moderator(self) -> bool:
        """May steer this meeting and see its console."""
        return self.seat in rules.moderators(self.meeting)

    @property
    def leads(self) -> bool:
        """Whether they lead the meeting, though they sit at the table."""
        return rules.leads(self.meeting, self.seat)

    @property
    def takes_notes(self) -> bool:
        """Writes for people without a phone: the note-taker who is here. Not while it is their own case: what is said about it
        reaches them when it is revealed.
        """
        is_here = self.seat.role == "note_taker" and self.seat in rules.participants(self.meeting)
        return is_here and not self.is_case_giver()

    def belongs(self, who: Who, step: Step | None = None) -> bool:
        """Whether they are among the people a form, a mark or the floor belongs to in a step."""
        return rules.belongs_to(self.meeting, who, self.seat, step)

    @property
    def advises_later(self) -> bool:
        """Whether a step ahead asks them for advice on the case at hand; what they keep for it comes back there."""
        state = self.meeting.state
        here, ahead = state.step, state.steps[state.here + 1 :]
        return any(
            self.belongs(form.who, step)
            for step in ahead
            if step.kind is Kind.ADVISE and here is not None and step.round_id == here.round_id
            for form in self.meeting.phases[step.id].forms
        )

    # -- What is shown -----------------------------------------------------------------------------------------------

    @property
    def shown(self) -> frozenset[Facet]:
        """What the step at hand reveals to them; a reveal counts once the moderator pressed it."""
        if not self.seat.is_inside:
            return NOTHING
        return facets(self.meeting.now.phase, self.audience(), self.meeting.now.step.is_revealed)

    def sees(self, item: Item) -> bool:
        """Whether a text goes out to them in its own step: revealed to this audience, or written by this very seat."""
        step = self.meeting.step_with(item.step_id)
        if step is None or item.is_removed:
            return False
        shown = facets(self.meeting.phases[step.id], self.audience(step), item.is_revealed)
        if item.is_by(self.seat):
            return Facet.OWN in shown
        if not item.is_shown:
            return False
        return Facet.ITEMS in shown or (Facet.CURRENT in shown and is_on_table(step, item))

    def sees_author(self, item: Item) -> bool:
        """Whether the name under a text goes out to them."""
        step = self.meeting.step_with(item.step_id)
        if step is None or not item.is_revealed:
            return False
        return Facet.NAMES in facets(self.meeting.phases[step.id], self.audience(step), True)

    @property
    def speaker(self) -> str | None:
        """Who has the floor, as they may know it: the speaker of the round, the writer of the text on the table where the names
        of writers are revealed to them or the text is their own, or the case giver.
        """
        now = self.meeting.now
        if not now.is_running:
            return None
        if now.step.speaker:
            speaking = self.meeting.seat(now.step.speaker)
            return speaking.id if speaking and speaking.is_present else None
        item = self.meeting.item(now.step.item)
        is_own = item is not None and item.step_id == now.step.id  # of an earlier phase nobody is named
        if (
            item
            and is_own
            and item.is_shown
            and item.seat_id
            and (item.seat_id == self.seat.id or self.sees_author(item))
        ):
            return item.seat_id
        giver = rules.case_giver(self.meeting)
        return giver.id if giver and now.phase.speaks is Who.CASE_GIVER else None

    # -- What they may write -----------------------------------------------------------------------------------------

    @property
    def forms(self) -> tuple[Form, ...]:
        """The forms of the step at hand that are theirs to fill in, in the method's order."""
        now = self.meeting.now
        if not now.is_running:
            return ()
        return tuple(form for form in now.phase.forms if self._is_asked(form))

    def _is_asked(self, form: Form) -> bool:
        is_there = rules.is_asked(self.seat, form)
        return self.belongs(form.who) and is_there and rules.is_offered(self.meeting, self.meeting.now.step, form)

    @property
    def form_to_write(self) -> Form | None:
        """The first form they may still write something new with."""
        return next((form for form in self.forms if self.left(self.meeting.now.step, form) > 0), None)

    def left(self, step: Step, form: Form) -> int:
        """How many texts they may still send with a form."""
        limit = len(self.own_actions) if form.about_actions else form.limit
        return max(0, limit - self.written(step, form))

    def written(self, step: Step, form: Form) -> int:
        """How many texts of a form they have in a step, with those that wait to be admitted; for an anonymous form only the
        count is known.
        """
        return rules.texts_written(self.meeting)[form.is_anonymous, step.id, form.key, self.seat.id]

    @property
    def said_instead(self) -> str:
        """`says`, `passes`, or nothing: what they chose instead of writing in the step at hand."""
        return rules.said_by(self.meeting).get((self.meeting.now.step.id, self.seat.id), "")

    def may_edit(self, item: Item) -> bool:
        """Whether they may still change a text of their own: in the step at hand, until it is revealed; open forms and private
        notes as long as the step lasts.
        """
        now = self.meeting.now
        if not now.is_running or item.step_id != now.step.id or not item.is_by(self.seat):
            return False
        form = now.phase.form(item.form)
        if form is None or item.is_removed or item.is_late:
            return False
        is_own_matter = form.is_open or item.is_kept or all(field.is_private for field in form.fields)
        return self.seat.is_present and (not item.is_revealed or is_own_matter)

    def may_withdraw(self, item: Item) -> bool:
        """Whether they may take a case of their own away again: while the group chooses, as long as nobody has seen it."""
        return self.meeting.now.step.kind is Kind.PICK and item.is_hidden and self.may_edit(item)

    @property
    def notebook(self) -> str:
        """Whether their own notes are at hand: `open` where this is a moment to take them, `there`, or nothing. From the start they are
        there as long as the meeting is, unless the method takes them away for a phase.
        """
        now = self.meeting.now
        is_at_hand = bool(now.step.id) and now.phase.notebook
        if self.seat.kind != "participant" or not (self.seat.is_inside and is_at_hand):
            return ""
        is_told_to_listen = self.is_case_giver() and now.phase.case_giver is not CaseGiverState.SPEAKS
        is_asked = now.phase.kind is Kind.SILENCE or is_told_to_listen
        return "open" if now.is_running and is_asked and not self.forms else "there"

    @property
    def own_actions(self) -> tuple[Action, ...]:
        """The earlier actions they took on."""
        return tuple(action for action in rules.actions_to_answer(self.meeting) if action.owner_id == self.seat.id)

    # -- What is written for them ------------------------------------------------------------------------------------

    def may_proxy(self, step: Step, form: Form) -> bool:
        """Whether the moderator may take a form down for them: for people without a phone, and what the case giver says."""
        if not _may_be_dictated(form) or form not in self.forms:
            return False
        return self.left(step, form) > 0 and (not self.seat.has_phone or form.who is Who.CASE_GIVER)

    @property
    def dictated_forms(self) -> tuple[Form, ...]:
        """The forms of the step at hand that a note-taker may fill in for them. They do not depend on what was written: a form
        that goes away would tell how much there is.
        """
        return () if self.seat.has_phone else tuple(form for form in self.forms if _may_be_dictated(form))

    def may_take_down(self, person: Seat, step: Step, form: Form) -> bool:
        """Whether they, a moderator or a note-taker, may take down one more text of a form for somebody."""
        other = Seen(self.meeting, person)
        if self.is_moderator:
            return other.may_proxy(step, form)
        return self.takes_notes and form in other.dictated_forms and other.left(step, form) > 0

    # -- What they may tap -------------------------------------------------------------------------------------------

    @property
    def marks(self) -> Marks | None:
        """The marks they may set in the step at hand."""
        now, marks = self.meeting.now, self.meeting.now.phase.marks
        may = marks is not None and now.is_running and self.seat.is_present and self.belongs(marks.who)
        return marks if may else None

    @property
    def marks_left(self) -> int:
        """How many marks they may still set in the step at hand."""
        if self.marks is None:
            return 0
        texts = {item.id for item in rules.markable(self.meeting)}
        return len(texts - self.marked) if self.marks.kind is MarkKind.WARMTH else self.marks.limit - len(self.marked)

    @property
    def marked(self) -> frozenset[str]:
        """The texts they marked in the step at hand."""
        return rules.marked_by(self.meeting).get(self.seat.id, frozenset())

    @property
    def stars_wait(self) -> bool:
        """Whether they will choose, in a later step of this round, among what is said in the step at hand."""
        here, step = self.meeting.state.here, self.meeting.now.step
        if not self.meeting.now.is_running:
            return False
        later = (s for s in self.meeting.state.steps[here + 1 :] if s.round_id == step.round_id)
        marks = (self.meeting.phases[s.id].marks for s in later)
        return any(m and m.kind == "star" and m.on == step.key and self.belongs(m.who) for m in marks)

    @property
    def may_decline(self) -> bool:
        """Whether somebody who was chosen to give the case may still say that they would rather not: until the group has gone on
        from their story.
        """
        now, found = self.meeting.now, self.meeting.now.round
        if found is None or found.case_giver_id != self.seat.id or not self.seat.is_present:
            return False
        if self.meeting.state.status is Status.LOBBY:
            return True
        steps = self.meeting.state.steps
        first = next((step for step in steps if step.round_id == found.id and step.part is Part.ROUND), None)
        return now.is_running and (now.step.part is Part.OPENING or now.step == first)

    def may_offer(self, role: str) -> bool:
        """Whether they can say that they would take a role: while roles are given, and the case only who does not lead."""
        is_open = role in rules.shared_out(self.meeting) and self.seat.is_present
        return is_open and not (role == Role.CASE_GIVER and self.leads)

    @property
    def may_signal(self) -> bool:
        """Whether they can tell the moderator something beside the meeting, who is somebody else."""
        return self.meeting.now.is_running and self.seat.is_present and not self.leads

    @property
    def task(self) -> str:
        """The role in which they see something of their own while the meeting runs; empty where they have none, or lead."""
        is_here = self.meeting.now.is_running and self.seat.is_present
        is_theirs = self.seat.role in (Role.TIMEKEEPER, Role.OBSERVER) or self.takes_notes
        return self.seat.role if is_here and is_theirs else ""

    @property
    def growth(self) -> tuple[dict[str, int], dict[str, int]]:
        """A case giver's own scales by name, before (in the round) and after (in the closing)."""
        before: dict[str, int] = {}
        after: dict[str, int] = {}
        parts = {step.id: step.part for step in self.meeting.state.steps}
        for item in self.meeting.items:
            if not item.is_by(self.seat):
                continue
            target = after if parts.get(item.step_id) is Part.CLOSING else before
            target.update({name: value for name, value in item.fields.items() if type(value) is int})
        return before, after


def seen_by(meeting: Snapshot, seat: Seat) -> Seen:
    """A meeting as a seat has it."""
    return Seen(meeting, seat)


def _may_be_dictated(form: Form) -> bool:
    """Never what is anonymous or private; how an earlier action went is noted at the action itself."""
    is_private = all(field.is_private for field in form.fields)
    return not (form.is_anonymous or is_private or form.about_actions)


# -- Of everybody ----------------------------------------------------------------------------------------------------


@once
def readiness(meeting: Snapshot) -> tuple[tuple[Seat, bool], ...]:
    """Everybody who is asked to write now, and whether they are ready."""
    everybody = (Seen(meeting, seat) for seat in rules.participants(meeting))
    return tuple((one.seat, _is_ready(one, one.forms)) for one in everybody if one.forms)


def _is_ready(one: Seen, forms: tuple[Form, ...]) -> bool:
    """Whether they have nothing left that the group waits for: they wrote, say it aloud, or pass."""
    waited_for = [form for form in forms if any(not field.is_private for field in form.fields)]
    return all(one.written(one.meeting.now.step, form) > 0 for form in waited_for) or bool(one.said_instead)


def ready_share(meeting: Snapshot) -> float:
    """The share of those asked to write on a phone who are ready, 0 to 1."""
    asked = [is_done for seat, is_done in readiness(meeting) if seat.has_phone]
    return sum(asked) / len(asked) if asked else 1.0


@once
def is_everybody_voted(meeting: Snapshot) -> bool:
    """Whether everybody with a phone has used all dots they can use; votes are shown only then."""
    everybody = (Seen(meeting, seat) for seat in rules.participants(meeting) if seat.has_phone)
    voters = [one for one in everybody if one.marks]
    texts = {item.id for item in rules.markable(meeting)}
    return bool(voters) and all(one.marks_left <= 0 or texts <= one.marked for one in voters)
