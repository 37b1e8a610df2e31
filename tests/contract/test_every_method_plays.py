"""Every method of the catalogue is played from the lobby to its end by pressing what is on the pages – six phones, a
console, a room screen – and at every stop the pages keep the contract that scripts, tests and hosts rely on. No method
is named here: a new file in the catalogue is covered by being there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from facilitator.meetings import rules
from facilitator.meetings.machine import Step
from facilitator.meetings.screens import Renderer
from facilitator.meetings.snapshot import Snapshot
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Form, Kind, Needs, Who
from tests import pages
from tests.both_ways import both_ways
from tests.cast import Cast, Meeting, method_before
from tests.own_methods import in_the_catalogue, unlike_any
from tests.pages import Element, buttons, is_enabled, named
from tests.phones import Device, composer_form, devices

STAGE = ("data-turn", "data-step", "data-kind", "data-audience")
NAMES = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk")
METHODS = tuple(load_catalogue())
MOST_PRESSES = 40


@dataclass
class Played:
    """A meeting while it is being played, and what was seen on the way."""

    meeting: Meeting
    devices: dict[str, Device]
    steps: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    texts: int = 0
    drawn: Renderer | None = None

    def look(self) -> None:
        """Everybody's screen is what it would be if it were drawn for them alone."""
        with self.meeting.app.app_context():
            self.drawn = both_ways(self.meeting.known, self.drawn)

    def screen(self, device: Device) -> Element:
        """What a device shows now, as it was drawn when everybody's was looked at."""
        snapshot = self.meeting.known
        if self.drawn is None or self.drawn.snapshot.revision != snapshot.revision:
            self.drawn = Renderer(snapshot, before=self.drawn)
        seat = snapshot.seat(device.person.seat_id)
        assert seat is not None
        with self.meeting.app.app_context():
            return pages.read(self.drawn.html(seat, device.person.view))

    @property
    def console(self) -> Device:
        """Mo's private view."""
        return self.devices["Mo"]

    @property
    def phones(self) -> list[Device]:
        """Those of everybody around the table."""
        return [d for d in self.devices.values() if d.person.view == "phone"]


@pytest.mark.parametrize("key", METHODS)
def test_a_whole_meeting(cast: Cast, key: str) -> None:
    plays(begun(cast, key, NAMES), key)


@pytest.mark.parametrize("key", METHODS)
def test_a_whole_meeting_of_as_few_as_it_is_for(cast: Cast, key: str) -> None:
    plays(begun(cast, key, NAMES[: load_catalogue()[key].people_min]), key)


def test_a_whole_meeting_by_a_method_unlike_any_of_ours(cast: Cast, tmp_path: Path) -> None:
    with in_the_catalogue(unlike_any(tmp_path)) as key:
        plays(begun(cast, key, NAMES), key)


def plays(played: Played, key: str) -> None:
    """From its first phase to its end."""
    phases = load_catalogue()[key].phases
    while True:
        played.look()
        arrive(played)
        write(played)
        played.look()
        talk(played)
        played.look()
        if len(played.steps) == len(played.meeting.state.steps):
            break
        played.console.press(named(played.console.open(), "Next phase")[0])
    held = {step.key for step in played.meeting.state.steps}
    assert [phase.kind.value for phase in phases if phase.key in held] == played.kinds, "in the order of the method"
    assert {phase.key for phase in phases if phase.option_of is None} <= held, "every phase had its turn"
    for choice in {phase.option_of for phase in phases} - {None}:
        assert len([phase for phase in phases if phase.option_of == choice and phase.key in held]) == 1, (
            "one of a choice"
        )
    assert len(set(played.steps)) == len(played.steps), "every step has a name of its own"
    assert played.texts > 0
    end(played)


def begun(cast: Cast, key: str, names: tuple[str, ...]) -> Played:
    """A meeting that goes on from an earlier one, so that no phase is left out, in its first phase."""
    meeting = cast.meeting(*names, method=key, case_giver=None, continues=earlier(cast, key, names), group="Mentors")
    if not any(phase.needs is Needs.CASE_TO_CHOOSE for phase in load_catalogue()[key].phases):
        meeting.name_case_giver("Gia")
    played = Played(meeting, devices(meeting))
    for device in played.devices.values():
        stage = stage_of(device, device.open())
        assert stage["data-step"] == ""
        assert stage["data-kind"] == "lobby"
    lobby = played.console.open()
    assert not named(lobby, "End meeting", in_dialogs=True)
    assert not named(lobby, "Next phase")
    played.console.press(named(lobby, "Start")[0])
    return played


def earlier(cast: Cast, key: str, names: tuple[str, ...]) -> Meeting:
    """A meeting that ended with an open action."""
    method = method_before(key)
    meeting = cast.meeting(*names, method=method.key, group="Mentors")
    meeting.start()
    meeting.advance_to(next(p.key for p in method.phases if any(form.makes_action for form in p.forms)))
    meeting.fill()
    meeting.end()
    return meeting


def arrive(played: Played) -> None:
    """What holds on every page of every step before anybody wrote."""
    snapshot = played.meeting.snapshot
    state = snapshot.state
    assert state.step is not None
    loads = (played.console, played.devices["Wall"], played.phones[len(played.steps) % len(played.phones)])
    shown = {name: d.open() if d in loads else played.screen(d) for name, d in played.devices.items()}
    for name, device in played.devices.items():
        stage = stage_of(device, shown[name])
        assert stage["data-turn"] == str(state.turn)
        assert stage["data-step"] == state.step.id
        assert stage["data-kind"] == state.step.kind
        assert stage["data-audience"] == audience(snapshot, device)
    played.steps.append(state.step.id)
    played.kinds.append(state.step.kind.value)
    check_steering(played, shown["Mo"], shown["Wall"])
    assert may_reveal(shown["Mo"]) == bool(hidden(played)), "nothing is hidden yet but what waited for this phase"


def write(played: Played) -> None:
    """Every phone sends what it is asked for until it is asked nothing more, exactly as often as the method says."""
    snapshot = played.meeting.snapshot
    for phone in played.phones:
        asked = forms_of(snapshot, phone)
        sent: dict[str, int] = {}
        page = played.screen(phone)
        for _ in range(MOST_PRESSES):
            form = composer_form(page)
            sends = named(page.one("section", id="composer"), "Send")
            assert len(sends) == (1 if form else 0), "Send is there if, and only if, something may be written"
            if form is None:
                break
            key = form.one("input", name="form")["value"]
            assert key in {f.key for f in asked}
            page = phone.send(page)
            sent[key] = sent.get(key, 0) + 1
        assert sent == {f.key: limit(snapshot, phone, f) for f in asked}, phone.person.name
        played.texts += sum(sent.values())


def talk(played: Played) -> None:
    """The moderator reveals, gives turns and takes texts one by one, until only the next phase is left; marks are set."""
    console = played.screen(played.console)
    for _ in range(MOST_PRESSES):
        assert may_reveal(console) == bool(hidden(played)), "Reveal is enabled while hidden input exists, not longer"
        pressed = next_button(console)
        if pressed is None:
            break
        console = played.console.press(pressed)
    assert not hidden(played), "everything came out"
    mark(played)


def mark(played: Played) -> None:
    """Everybody taps as many texts as they may, and no more."""
    snapshot = played.meeting.snapshot
    marks = snapshot.now.phase.marks
    for phone in played.phones:
        page = played.screen(phone)
        while free := [b for b in marks_on(page, "false") if is_enabled(b) and not is_ranked(b)]:
            page = phone.press(free[0])
        pressed = len(marks_on(page, "true"))
        assert pressed <= (marks.most if marks else 0)
        if marks and marks.kind != "buddy" and belongs(snapshot, phone, marks.who):
            assert pressed > 0, "whoever may mark finds something to mark"
    check_steering(played, *(played.screen(played.devices[name]) for name in ("Mo", "Wall")))


def marks_on(page: Element, is_pressed: str) -> list[Element]:
    """The taps beside texts that are set, or not."""
    found = page.all("button", aria_pressed=is_pressed)
    return [button for button in found if button.is_in("form") and button.around("form")["action"].endswith("/mark")]


def is_ranked(button: Element) -> bool:
    """Whether one of several values is chosen already."""
    return button.is_in("fieldset") and bool(button.around("fieldset").all("button", aria_pressed="true"))


def end(played: Played) -> None:
    """The last phase ends by asking once; the meeting can be opened again."""
    page = played.console.open()
    opener = named(page, "End meeting")[0]
    dialog = page.one("dialog", id=opener["data-opens"])
    played.console.press(named(dialog, "End meeting", in_dialogs=True)[0])
    for device in played.devices.values():
        stage = stage_of(device, device.open())
        assert not named(stage, "Next phase")
        assert not named(stage, "Send")
    assert played.meeting.state.status == "ended"


def check_steering(played: Played, console: Element, wall: Element) -> None:
    """The controls of the console and of the wall, whatever else is going on."""
    state = played.meeting.state
    for name, page in {"Mo": console, "Wall": wall}.items():
        nexts = named(page, "Next phase")
        assert len(nexts) == (0 if state.is_last else 1), f"Next phase is absent on the last step only ({name})"
        assert all(is_enabled(button) and "data-opens" not in button.attributes for button in nexts)
        assert named(page, "Pause")
        assert len(named(page, "Extend")) == 1
        assert len(named(page, "Previous phase")) == (1 if state.here else 0)
    ends = named(console, "End meeting")
    assert ends, "End meeting is there from Start on"
    dialog = console.one("dialog", id=ends[0]["data-opens"])
    assert named(dialog, "End meeting", in_dialogs=True)


def stage_of(device: Device, page: Element) -> Element:
    """The stage of what a device shows, with what the contract asks of it."""
    stage = page.one("main", id="stage")
    for name in STAGE:
        stage[name]
    assert re.fullmatch(r"\d+", stage["data-turn"])
    assert page.has("section", id="composer") == (device.person.view == "phone")
    ids = [element["id"] for element in page.all() if element.get("id")]
    assert sorted(ids) == sorted(set(ids)), "no id is there twice"
    for form in page.all("form"):
        assert form.get("method").lower() == "post"
    for button in buttons(page, in_dialogs=True):
        assert button.name or device.person.view == "phone", "every button says what it does"
    return stage


def may_reveal(console: Element) -> bool:
    """Whether Reveal can be pressed: at once, or in the dialog that asks first."""
    found = named(console, "Reveal")
    assert len(found) == 1, "Reveal is always there, once"
    return is_enabled(found[0])


def next_button(page: Element) -> Element | None:
    """What the moderator presses next within a phase."""
    turn = [b for b in buttons(page) if b.name.startswith("Next speaker") and b.is_in("form")]
    items = [b for b in buttons(page) if b.name in ("Next question", "Next one")]
    reveal = [b for b in named(page, "Reveal") if is_enabled(b)]
    if turn or not reveal:
        return next(iter(turn + items), None)
    if "data-opens" in reveal[0].attributes:
        return named(page.one("dialog", id=reveal[0]["data-opens"]), "Reveal", in_dialogs=True)[0]
    return reveal[0]


def audience(snapshot: Snapshot, device: Device) -> str:
    """The audience a page is for."""
    kind = {"console": "moderator", "wall": "wall"}.get(device.person.view)
    return kind or ("case_giver" if is_case_giver(snapshot, device) else "peer")


def is_case_giver(snapshot: Snapshot, device: Device) -> bool:
    """Whether somebody gives the case of the step at hand."""
    found = snapshot.now.round
    return found is not None and found.case_giver_id == device.person.seat_id


def own_actions(snapshot: Snapshot, device: Device) -> list[str]:
    """The actions of last time that are somebody's."""
    return [a.id for a in snapshot.actions if a.is_carried and a.owner_id == device.person.seat_id]


def belongs(snapshot: Snapshot, device: Device, who: Who) -> bool:
    """Whether something is for somebody, read from the method's words alone."""
    gives = is_case_giver(snapshot, device)
    of = {
        Who.EVERYONE: True,
        Who.OWNER: bool(own_actions(snapshot, device)),
        Who.CASE_GIVER: gives,
        Who.PEERS: not gives,
    }
    return of.get(who, False)


def forms_of(snapshot: Snapshot, device: Device) -> list[Form]:
    """The forms that are somebody's to fill in; what is sent without a name is asked of four or more."""
    assert snapshot.now.is_running
    found = [form for form in snapshot.now.phase.forms if belongs(snapshot, device, form.who)]
    return found if len(rules.participants(snapshot)) >= 4 else [form for form in found if not form.is_anonymous]


def limit(snapshot: Snapshot, device: Device, form: Form) -> int:
    """How often somebody may send a form: once for each action where it looks back on them."""
    return len(own_actions(snapshot, device)) if form.about_actions else form.limit


def hidden(played: Played) -> list[str]:
    """Texts of this step that somebody is meant to see, and nobody does yet."""
    snapshot = played.meeting.snapshot
    assert snapshot.now.is_running
    phase, lies = snapshot.now.phase, snapshot.now.phase.shows
    places: list[tuple[Step, str | None, tuple[str | None, ...]]] = [(snapshot.now.step, None, (None,))]
    if lies and (source := snapshot.step_of(lies.of, snapshot.now.step)):
        places.append((source, lies.form, (None, phase.key)))
    return [
        item.id
        for step, only, opened in places
        for form in snapshot.phases[step.id].forms
        if only in (None, form.key) and form.sealed_until in opened and not all(f.is_private for f in form.fields)
        for item in snapshot.items_of(step, form.key)
        if not (item.is_revealed or item.is_kept or item.is_late or item.is_removed)
    ]


def test_the_catalogue_holds_what_these_tests_play() -> None:
    assert METHODS
    assert all(isinstance(phase.kind, Kind) for key in METHODS for phase in load_catalogue()[key].phases)
