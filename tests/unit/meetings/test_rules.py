"""Who may do what, now: one sentence per rule, on meetings made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from facilitator.meetings import moves, rules, seen
from facilitator.meetings.machine import Status
from facilitator.meetings.seen import seen_by
from facilitator.meetings.snapshot import Item, Snapshot
from facilitator.methods.vocabulary import Form, Kind, MarkKind, Marks, Pace, Part, Who
from tests.meetings_builder import (
    NOON,
    TABLE,
    but,
    carried_action,
    dot,
    form,
    on_table,
    phase,
    running,
    seat,
    text,
    wrote,
)

QUESTION = form("question", limit=2)
CLARIFY = phase("clarify", [QUESTION], pace=Pace.ITEMS, speaks=Who.PEERS)
ANONYMOUS = form("evaluation", Who.EVERYONE, scale=True, anonymous=True, also_left=True)
NAMELESS_LINE = form("line", Who.EVERYONE, anonymous=True)
EVALUATE = phase("evaluate", [ANONYMOUS], kind=Kind.EVALUATE, part=Part.CLOSING)
PICK = phase(
    "pick",
    [form("case", Who.EVERYONE)],
    kind=Kind.PICK,
    part=Part.OPENING,
    marks=Marks(kind=MarkKind.DOT, who=Who.EVERYONE, limit=2),
)


def names(meeting: Snapshot) -> list[str]:
    """Who is asked to write with the first form of the step at hand."""
    step = meeting.now.step
    return [found.id for found in rules.writers(meeting, step, meeting.phases[step.id].forms[0])]


def test_a_meeting_that_has_not_begun_asks_nobody_for_anything_and_shows_nothing() -> None:
    going_on = running(
        PICK.model_copy(update={"marks": Marks(kind=MarkKind.DOT, who=Who.EVERYONE)}), texts=[case("Noise", "pete")]
    )
    assert seen_by(going_on, seat(going_on, "ada")).forms
    assert rules.markable(going_on)
    waits = replace(going_on, state=replace(going_on.state, status=Status.LOBBY, here=-1))
    assert not waits.now.is_running
    assert waits.now.round == waits.rounds[0], "the case it begins with"
    for found in waits.seats:
        assert seen_by(waits, found).forms == ()
        assert seen_by(waits, found).marks is None
        assert seen_by(waits, found).shown == frozenset()
    assert (rules.markable(waits), rules.hidden_items(waits), rules.items_waiting(waits)) == ((), (), ())


def case(name: str, by: str | None = None, rank: int = 0, brought_by: str | None = None, urgency: str = "") -> Item:
    """A case somebody offers, out on the table."""
    found = text(name, by, step="pick", form="case", rank=rank, revealed=True, brought_by=brought_by)
    return replace(found, fields={"title": name, "urgency": urgency})


def chosen(meeting: Snapshot, last_givers: tuple[str, ...] = ()) -> str | None:
    """The case the rule takes."""
    step = meeting.now.step
    found = rules.winning_case(meeting, step, last_givers)
    return found.id if found else None


# -- Who is asked -----------------------------------------------------------------------------------------------------


def test_peers_are_everybody_but_the_case_giver() -> None:
    assert names(running(CLARIFY)) == ["pete", "ada", "bob", "cleo"]


def test_without_a_case_giver_everybody_is_a_peer() -> None:
    assert names(running(CLARIFY, case_giver=None)) == list(TABLE)


@pytest.mark.parametrize("how", [{"has_left": True}, {"is_expelled": True}, {"is_admitted": False}])
def test_whoever_is_not_in_the_room_is_not_asked(how: dict[str, bool]) -> None:
    meeting = but(running(CLARIFY), "pete", **how)
    assert "pete" not in names(meeting)
    assert seen_by(meeting, seat(meeting, "pete")).forms == ()


def test_whoever_left_may_still_evaluate_but_whoever_was_sent_out_may_not() -> None:
    meeting = but(but(running(EVALUATE), "pete", has_left=True), "ada", has_left=True, is_expelled=True)
    assert seen_by(meeting, seat(meeting, "pete")).forms == (ANONYMOUS,)
    assert seen_by(meeting, seat(meeting, "ada")).forms == ()


@pytest.mark.parametrize("who", ["mo", "wall"])
def test_mo_and_the_wall_write_nothing(who: str) -> None:
    meeting = running(CLARIFY, EVALUATE, here=1)
    assert seen_by(meeting, seat(meeting, who)).forms == ()


def test_nobody_writes_before_the_start_or_after_the_end() -> None:
    meeting = running(CLARIFY)
    for status in (Status.LOBBY, Status.ENDED):
        found = replace(meeting, state=replace(meeting.state, status=status))
        assert seen_by(found, seat(found, "pete")).forms == ()


def test_only_owners_of_earlier_actions_look_back() -> None:
    follow_up = phase("follow_up", [form("effect", Who.OWNER, limit=10, about_actions=True)], part=Part.OPENING)
    meeting = running(follow_up, actions=[carried_action("pete"), carried_action("pete")])
    assert names(meeting) == ["pete"]
    assert seen_by(meeting, seat(meeting, "pete")).left(meeting.state.steps[0], follow_up.forms[0]) == 2


def test_what_waits_to_be_admitted_takes_a_place_and_what_was_taken_off_gives_it_back() -> None:
    texts = [text("a", "pete", late=True), text("b", "pete", removed=True), text("c", "ada")]
    meeting = running(CLARIFY, texts=texts)
    step = meeting.state.steps[0]
    assert seen_by(meeting, seat(meeting, "pete")).left(step, QUESTION) == 1


# -- Without a name ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("people", "is_offered"), [(3, False), (4, True), (5, True)])
def test_nobody_is_asked_without_a_name_where_fewer_than_four_may_write(people: int, is_offered: bool) -> None:
    meeting = running(EVALUATE, names=TABLE[:people])
    assert bool(seen_by(meeting, seat(meeting, "gia")).forms) == is_offered


def test_whoever_left_counts_among_those_who_may_write() -> None:
    meeting = but(running(EVALUATE, names=TABLE[:4]), "pete", has_left=True)
    assert seen_by(meeting, seat(meeting, "ada")).forms == (ANONYMOUS,)
    gone = but(meeting, "pete", has_left=True, is_expelled=True)
    assert seen_by(gone, seat(gone, "ada")).forms == ()


def test_what_was_offered_stays_offered_when_somebody_leaves() -> None:
    meeting = running(EVALUATE, names=TABLE[:4], texts=[text("x", step="evaluate", form="evaluation")])
    meeting = but(meeting, "pete", is_expelled=True)
    assert seen_by(meeting, seat(meeting, "ada")).forms == (ANONYMOUS,)


def test_of_what_has_no_author_only_the_count_is_known() -> None:
    meeting = running(EVALUATE, tallies=[wrote("pete", "evaluation", step="evaluate")])
    step = meeting.state.steps[0]
    assert seen_by(meeting, seat(meeting, "pete")).left(step, ANONYMOUS) == 0
    assert seen_by(meeting, seat(meeting, "ada")).left(step, ANONYMOUS) == 1


@pytest.mark.parametrize(
    ("nameless", "count", "is_enough"),
    [(NAMELESS_LINE, 2, False), (NAMELESS_LINE, 3, True), (ANONYMOUS, 3, False), (ANONYMOUS, 4, True)],
)
def test_a_reveal_needs_three_nameless_texts_and_four_scales(nameless: Form, count: int, is_enough: bool) -> None:
    texts = [text(f"t{n}", step="evaluate", form=nameless.key) for n in range(count)]
    meeting = running(phase("evaluate", [nameless], part=Part.CLOSING), texts=texts)
    assert rules.may_reveal(meeting) == is_enough
    assert rules.needed_to_reveal(meeting) == (4 if nameless is ANONYMOUS else 3)


def test_named_texts_do_not_hide_a_nameless_one() -> None:
    texts = [text(f"n{n}", "pete", form="named") for n in range(5)]
    both = phase("clarify", [form("named"), NAMELESS_LINE])
    assert rules.may_reveal(running(both, texts=texts))
    assert not rules.may_reveal(running(both, texts=[*texts, text("x", form="line")]))


def test_one_nameless_text_after_a_reveal_stays_hidden() -> None:
    out = [text(f"t{n}", step="evaluate", form="evaluation", revealed=True) for n in range(4)]
    more = text("later", step="evaluate", form="evaluation")
    assert not rules.may_reveal(running(EVALUATE, texts=[*out, more]))


# -- What waits to come out -------------------------------------------------------------------------------------------


def test_hidden_is_what_is_neither_revealed_nor_taken_off_nor_late_nor_kept() -> None:
    texts = [
        text("hidden", "pete"),
        text("out", "pete", revealed=True),
        text("off", "pete", removed=True),
        text("late", "pete", late=True),
        text("kept", "pete", kept=True),
    ]
    assert [item.id for item in rules.hidden_items(running(CLARIFY, texts=texts))] == ["hidden"]


def test_private_notes_never_wait_for_a_reveal() -> None:
    notes = phase("clarify", [form("note", Who.CASE_GIVER, private=True)])
    meeting = running(notes, texts=[text("n", "gia", form="note")])
    assert not rules.may_reveal(meeting)


def test_a_phase_that_shows_an_earlier_one_reveals_what_is_still_hidden_of_it() -> None:
    ending = phase("story", [form("ending", Who.CASE_GIVER)])
    meeting = running(
        ending, phase("outcome", shows="story"), here=1, texts=[text("e", "gia", step="story", form="ending")]
    )
    assert [item.id for item in rules.hidden_items(meeting)] == ["e"]
    assert moves.next_move(meeting) == "reveal"


# -- The next move ----------------------------------------------------------------------------------------------------


def test_the_clicker_reveals_first_then_takes_texts_up_one_by_one_then_goes_on() -> None:
    then = phase("advise")
    assert moves.next_move(running(CLARIFY, then, texts=[text("a", "pete")])) == "reveal"
    out = [text("a", "pete", revealed=True), text("b", "ada", revealed=True)]
    meeting = running(CLARIFY, then, texts=out)
    assert moves.next_move(meeting) == "next_item"
    done = [replace(out[0], is_done=True), out[1]]
    assert moves.next_move(on_table(running(CLARIFY, then, texts=done), item="b")) == "next"


def test_the_clicker_gives_everybody_a_turn_before_it_goes_on() -> None:
    advise = phase("advise", [form("advice")], pace=Pace.ROUND, speaks=Who.PEERS)
    meeting = running(advise, phase("choose"), texts=[text("a", "pete", step="advise", form="advice")])
    assert moves.next_move(meeting) == "next_speaker"
    assert moves.next_move(on_table(meeting, speaker="cleo")) == "next"


def test_the_clicker_does_not_get_stuck_on_what_may_not_be_revealed() -> None:
    meeting = running(EVALUATE, texts=[text("x", step="evaluate", form="evaluation")])
    assert moves.next_move(meeting) == "end"


@pytest.mark.parametrize(("status", "move"), [("planned", "open"), ("lobby", "start"), ("ended", "")])
def test_the_clicker_opens_and_starts_a_meeting(status: str, move: str) -> None:
    meeting = running(CLARIFY)
    assert moves.next_move(replace(meeting, state=replace(meeting.state, status=Status(status)))) == move


# -- The case that is chosen ------------------------------------------------------------------------------------------


def test_the_case_with_most_dots_is_chosen() -> None:
    cases = [case("starter", "gia", urgency="now"), case("nights", "pete")]
    assert chosen(running(PICK, texts=cases, marks=[dot("ada", "nights")])) == "nights"


def test_of_cases_with_as_many_dots_the_most_urgent_is_chosen() -> None:
    cases = [
        case("a", "gia", 1, urgency="can_wait"),
        case("b", "pete", 2, urgency="now"),
        case("c", "ada", 3, urgency="soon"),
    ]
    assert chosen(running(PICK, texts=cases)) == "b"


def test_then_that_of_whoever_gave_a_case_longest_ago_or_never() -> None:
    cases = [case("a", "gia", 1), case("b", "pete", 2), case("c", "ada", 3)]
    meeting = running(PICK, texts=cases)
    assert chosen(meeting, ("gia", "pete")) == "c"
    assert chosen(meeting, ("gia", "ada", "pete")) == "b"
    assert chosen(meeting, ("gia", "pete", "ada", "gia")) == "c"


def test_then_the_stored_order_decides_which_is_random() -> None:
    assert chosen(running(PICK, texts=[case("a", "gia", 9), case("b", "pete", 3)])) == "b"


def test_what_is_off_the_table_is_not_chosen() -> None:
    off = [
        replace(case("removed", "gia"), is_removed=True),
        replace(case("late", "pete"), is_late=True),
        replace(case("kept", "ada"), is_kept=True),
        replace(case("joined", "bob"), joined_to_id="other"),
    ]
    assert chosen(running(PICK, texts=off)) is None


def test_a_hidden_case_is_chosen_only_where_none_was_revealed() -> None:
    hidden = replace(case("hidden", "gia", urgency="now"), is_revealed=False)
    assert chosen(running(PICK, texts=[hidden])) == "hidden"
    assert chosen(running(PICK, texts=[hidden, case("shown", "pete")])) == "shown"


@pytest.mark.parametrize("their_case", [case("theirs", "pete"), case("theirs", "pete", brought_by="Pete")])
def test_the_case_of_whoever_leads_is_not_chosen_also_not_one_that_came_along(their_case: Item) -> None:
    meeting = but(running(PICK, texts=[their_case, case("other", "ada", 5)]), "pete", role="moderator")
    assert chosen(meeting) == "other"


def test_votes_show_once_everybody_with_a_phone_has_used_what_they_can() -> None:
    cases = [case("a", "gia"), case("b", "pete"), case("c", "ada")]
    two_each = [dot(name, item) for name in TABLE for item in ("a", "b")]
    assert seen.is_everybody_voted(running(PICK, texts=cases, marks=two_each))
    assert not seen.is_everybody_voted(running(PICK, texts=cases, marks=two_each[1:]))
    without_phone = but(running(PICK, texts=cases, marks=two_each[2:]), "gia", has_phone=False)
    assert seen.is_everybody_voted(without_phone)


def test_a_single_case_needs_one_dot_from_each() -> None:
    meeting = running(PICK, texts=[case("a", "gia")], marks=[dot(name, "a") for name in TABLE])
    assert seen.is_everybody_voted(meeting)


# -- Changing, proxying, being ready -----------------------------------------------------------------------------------


def test_a_text_is_its_writer_s_until_it_is_revealed() -> None:
    meeting = running(
        CLARIFY, texts=[text("a", "pete"), text("b", "pete", revealed=True), text("c", "pete", late=True)]
    )
    pete, ada = seat(meeting, "pete"), seat(meeting, "ada")
    may = {item.id: seen_by(meeting, pete).may_edit(item) for item in meeting.items}
    assert may == {"a": True, "b": False, "c": False}
    assert not any(seen_by(meeting, ada).may_edit(item) for item in meeting.items)


def test_what_is_open_may_be_changed_as_long_as_its_step_lasts() -> None:
    story = phase("story", [form("question", Who.CASE_GIVER, is_open=True)])
    out = text("q", "gia", step="story", revealed=True)
    here, later = running(story, CLARIFY, texts=[out]), running(story, CLARIFY, here=1, texts=[out])
    assert seen_by(here, seat(here, "gia")).may_edit(out)
    assert not seen_by(later, seat(later, "gia")).may_edit(out)


def test_mo_may_write_for_whoever_has_no_phone_and_for_a_case_giver_who_dictates() -> None:
    commit = phase("clarify", [QUESTION, form("action", Who.CASE_GIVER), form("note", Who.CASE_GIVER, private=True)])
    meeting = but(running(commit), "ada", has_phone=False)
    step = meeting.state.steps[0]

    def may(name: str, key: str) -> bool:
        found = commit.form(key)
        assert found
        return seen_by(meeting, seat(meeting, name)).may_proxy(step, found)

    assert may("ada", "question")
    assert may("gia", "action")
    assert not may("pete", "question"), "Pete has a phone"
    assert not may("ada", "action"), "the action is not Ada's to take on"
    assert not may("gia", "note"), "notes are private"


def test_the_note_taker_may_write_for_whoever_has_no_phone_and_for_nobody_who_dictates() -> None:
    commit = phase(
        "clarify",
        [
            QUESTION,
            form("action", Who.CASE_GIVER),
            form("note", Who.PEERS, private=True),
            form("evaluation", Who.PEERS, anonymous=True),
        ],
    )
    meeting = but(but(running(commit), "ada", has_phone=False), "pete", role="note_taker")
    step = meeting.state.steps[0]

    def may(by: str, name: str, key: str) -> bool:
        found = commit.form(key)
        assert found
        return seen_by(meeting, seat(meeting, by)).may_take_down(seat(meeting, name), step, found)

    assert may("pete", "ada", "question")
    assert not may("gia", "ada", "question"), "Gia does not take notes"
    assert not may("pete", "pete", "question"), "Pete has a phone"
    assert not may("pete", "gia", "action"), "Gia writes herself, or Mo for her"
    assert not may("pete", "ada", "note"), "notes are private"
    assert not may("pete", "ada", "evaluation"), "it has no author"


def test_nobody_takes_notes_on_their_own_case_or_after_leaving() -> None:
    there = but(running(CLARIFY), "pete", role="note_taker")
    assert seen_by(there, seat(there, "pete")).takes_notes
    gone = but(there, "pete", has_left=True)
    assert not seen_by(gone, seat(gone, "pete")).takes_notes
    own = but(running(CLARIFY), "gia", role="note_taker")
    assert not seen_by(own, seat(own, "gia")).takes_notes


def test_the_forms_of_somebody_without_a_phone_do_not_tell_how_much_was_written_for_them() -> None:
    written = [text("a", "ada"), text("b", "ada")]
    before, after = (but(running(CLARIFY, texts=texts), "ada", has_phone=False) for texts in ([], written))
    assert seen_by(after, seat(after, "ada")).left(after.state.steps[0], QUESTION) == 0
    assert seen_by(before, seat(before, "ada")).dictated_forms == (QUESTION,)
    assert seen_by(after, seat(after, "ada")).dictated_forms == (QUESTION,)


def test_ready_is_whoever_wrote_says_it_or_passes() -> None:
    meeting = running(CLARIFY, texts=[text("a", "pete")], tallies=[wrote("ada", "question", 0, "says")])
    asked = {person.id: is_ready for person, is_ready in seen.readiness(meeting)}
    ready = {name for name in TABLE if asked.get(name, True)}
    assert ready == {"gia", "pete", "ada"}, "Gia is not asked anything"
    assert seen.ready_share(meeting) == 0.5


# -- The rest ---------------------------------------------------------------------------------------------------------


def test_a_meeting_can_be_reopened_for_an_hour() -> None:
    meeting = running(CLARIFY)
    state = replace(meeting.state, status=Status.ENDED, ended_at=NOON)
    for minutes, may in ((0, True), (60, True), (60.1, False)):
        assert rules.may_reopen(replace(meeting, state=state, taken_at=NOON + timedelta(minutes=minutes))) == may


def test_cases_that_were_not_chosen_are_kept() -> None:
    taken = case("taken", "gia")
    texts = [
        taken,
        case("open", "pete"),
        replace(case("hidden", "ada"), is_revealed=False),
        replace(case("came along", brought_by="Bob"), is_revealed=False),
        replace(case("off", "cleo"), is_removed=True),
    ]
    meeting = running(PICK, texts=texts)
    meeting = replace(meeting, rounds=(replace(meeting.rounds[0], case_id="taken"),))
    assert {item.id for item in rules.kept_for_later(meeting)} == {"open", "came along"}
