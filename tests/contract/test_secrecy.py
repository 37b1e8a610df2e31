"""The canary test: every method × phase × everybody who looks × before and after the reveal. Everything a device is sent –
pages, pushes, answers, headers, the report, what is logged – is searched for words that occur nowhere else, as they are
and in disguise. What may be there is read from the method's `reveals` alone (ledger.py), positively: what is not named
is hidden.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path

import pytest
from flask import Flask

from facilitator.core import sealing
from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.meetings import models, rules, seats
from facilitator.meetings.snapshot import Value
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import Audience, Facet, FieldType, Form, Pace, Phase, Warmth
from facilitator.reports.formats import FORMATS
from tests import pages
from tests.cast import Cast, Meeting, Person, method_before, new_op, plausible
from tests.contract.ledger import CARRIED, CORE, Ledger, Secret, carried_in, encodings, found_in
from tests.documents import everything_in
from tests.own_methods import in_the_catalogue, unlike_any
from tests.pages import Element
from tests.phones import Device, device, settle
from tests.reports_pages import Pages
from tests.scenes import scene

METHODS = tuple(load_catalogue())
NAMES = ("Gia", "Pete", "Ada", "Bob", "Cleo", "Dirk", "Eva")
ONLY_HEARD = ("Bob", "Cleo")  # peers like the others: what is pushed to them is searched, their pages are not loaded
REFUSED = {
    "console": ("item", {"item": "none", "do": "done"}),
    "wall": ("steer", {"move": "next", "turn": "-1"}),
    "phone": ("mark", {"step": "none", "item": "none", "value": "on"}),
}
SENDS_EVERY = 3  # phases for each device, others for the next one
TEXTS = (FieldType.LINE, FieldType.TEXT)
LISTED = re.compile(r"\b(quote|wall-item|star)\b")
REPORTS = ("", *(f".{ending}" for ending in FORMATS))
Moment = tuple[str, str]


@dataclass
class Watched:
    """A meeting in which everybody's device is listened in on."""

    meeting: Meeting
    ledger: Ledger
    devices: dict[str, Device]
    roles: dict[str, str]
    wifi: str
    seen: dict[tuple[str, str, str], set[str]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    cells: int = 0
    found_over_shoulders: set[str] = field(default_factory=set)

    def check(self, moment: str, *, in_full: bool = False) -> None:
        """What everybody was sent since the last time holds nothing but what they may see now."""
        assert self.ledger.phase is not None
        settle(self.meeting.app)
        for number, (name, one) in enumerate(self.devices.items()):
            is_looked_at = in_full and name not in ONLY_HEARD
            sends = moment == "before" and (number + len(steps_seen(self))) % SENDS_EVERY == 0
            page = self.look(one, sends=sends) if is_looked_at else ""
            role = self.roles[name]
            heard = one.hears()
            found, allowed = found_in(heard), self.ledger.allowed(name, role)
            place = f"{self.ledger.phase.key} {moment} {name} ({role})"
            self.problems += [f"{place}: {self.describe(core)}" for core in found - allowed]
            self.problems += [f"{place}: in disguise: {piece}" for piece in carried_in(heard)]
            self.problems += [f"{place}: id of {self.describe(s.core)}" for s in self.hidden_ids(name, role, heard)]
            self.problems += self.told(place, heard)
            audience = self.ledger.audience(name, role)
            key = (self.ledger.phase.key, moment, audience.value if audience else role)
            self.seen.setdefault(key, set()).update(found)
            if is_looked_at:
                self.problems += self.names_beside_texts(place, name, page)
                self.cells += 1
        if in_full:
            self.look_over_shoulders(moment)

    def look_over_shoulders(self, moment: str) -> None:
        """Whoever leads asks what the phones of two people show: nothing that their own screen would not."""
        assert self.ledger.phase is not None
        lead, there = self.devices["Mo"], [n for n in NAMES if self.roles[n] == "participant"]
        number = len(self.seen) % len(there)
        for name in {there[number], self.ledger.case_giver or there[0]} & set(there):
            answer = lead.get(f"/meetings/{self.meeting.id}/see?seat={self.meeting[name].seat_id}")
            heard, place = lead.hears(), f"{self.ledger.phase.key} {moment} Mo sees {name}"
            assert answer.status_code == 200, place
            found = found_in(heard)
            self.problems += [
                f"{place}: {self.describe(core)}" for core in found - self.ledger.allowed("Mo", "moderator")
            ]
            self.problems += [f"{place}: in disguise: {piece}" for piece in carried_in(heard)]
            self.problems += [
                f"{place}: id of {self.describe(s.core)}" for s in self.hidden_ids("Mo", "moderator", heard)
            ]
            self.found_over_shoulders |= found

    def look(self, one: Device, *, sends: bool) -> str:
        """Loads the page, and sends now and then something that is refused: the answer holds the screen as well."""
        answer = one.get(one.address)
        if sends:
            verb, fields = REFUSED[one.person.view]
            assert one.post(verb, **fields).status_code in (400, 403, 404, 409)
        return answer.text if answer.status_code == 200 else ""

    def hidden_ids(self, name: str, role: str, heard: list[str]) -> Iterator[Secret]:
        """Texts nobody but their writer knows of, whose very ids are told. Late ones are named to the moderator."""
        out = {
            s.item_id for s in self.ledger.secrets if s.is_revealed
        }  # a note for oneself may stand beside what is shown
        for secret in self.ledger.secrets:
            known = secret.item_id in out or secret.author == name or (secret.is_late and role == "moderator")
            if secret.item_id and not known and any(secret.item_id in text for text in heard):
                yield secret

    def told(self, place: str, heard: list[str]) -> Iterator[str]:
        """The password of the Wi-Fi and the addresses of people are no business of a meeting that runs."""
        for text in heard:
            for word in (self.wifi, "@example.org"):
                if word in text:
                    yield f"{place}: {word}"

    def names_beside_texts(self, place: str, name: str, html: str) -> Iterator[str]:
        """Whoever wrote a text is named beside it only where the phase says so."""
        phase, audience = self.ledger.phase, self.ledger.audience(name, self.roles[name])
        if audience is None or phase is None or phase.pace is Pace.ROUND:
            return
        if Facet.NAMES in self.ledger.facets(audience, is_revealed=True):
            return
        foreign = [s for s in self.ledger.secrets if s.author not in ("", name) and s.core in html]
        nameless = [s for s in foreign if not (s.is_question or is_of_action(s))]
        if not nameless:
            return
        page = pages.read(html)
        boxes = boxes_in(page)
        for secret in nameless:
            found = smallest_with(boxes, secret.core)
            if any(re.search(rf"\b{secret.author}\b", text) for text in found):
                yield f"{place}: {secret.author} is named beside {self.describe(secret.core)}"
            if found and secret.is_on_table and f"{secret.author} is speaking" in page.text:
                yield f"{place}: {secret.author} is said to speak"

    def describe(self, core: str) -> str:
        """Which word it was."""
        found = next((s for s in self.ledger.secrets if s.core == core), None)
        assert found is not None
        form = f"{found.form.key} " if found.form else ""
        states = [word for word in ("private", "kept", "late", "removed", "revealed") if getattr(found, f"is_{word}")]
        return f"{found.phase}.{form}of {found.author or 'nobody'} {' '.join(states)}"


def is_of_action(secret: Secret) -> bool:
    """An action is somebody's, and says whose."""
    return secret.is_carried or (secret.form is not None and (secret.form.about_actions or secret.form.makes_action))


def boxes_in(page: Element) -> list[tuple[str, list[str]]]:
    """The texts of a page's boxes – lines of lists, quotations, cards –, each with those of the boxes in it."""
    boxes = {id(e): e.text for e in page.all() if e.tag == "li" or LISTED.search(e.get("class"))}
    return [
        (boxes[id(e)], [boxes[id(inner)] for inner in e.all() if id(inner) in boxes])
        for e in page.all()
        if id(e) in boxes
    ]


def smallest_with(boxes: list[tuple[str, list[str]]], core: str) -> list[str]:
    """The texts of the smallest boxes in which a word stands."""
    return [text for text, inner in boxes if core in text and not any(core in other for other in inner)]


@pytest.fixture(autouse=True)
def nobody_is_slowed_down(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limiter, "enabled", False)


@pytest.mark.promise("revealed", "wifi")
@pytest.mark.parametrize("key", METHODS)
def test_nobody_is_sent_what_is_not_revealed_to_them(cast: Cast, caplog: pytest.LogCaptureFixture, key: str) -> None:
    listens_in(cast, caplog, key)


@pytest.mark.promise("revealed")
def test_nobody_is_by_a_method_unlike_any_of_ours(cast: Cast, caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with in_the_catalogue(unlike_any(tmp_path)) as key:
        listens_in(cast, caplog, key)


def listens_in(cast: Cast, caplog: pytest.LogCaptureFixture, key: str) -> None:
    """To a whole meeting by a method."""
    for logger in ("facilitator", "werkzeug", "socketio", "engineio"):
        caplog.set_level(logging.DEBUG, logger)
    watched = begun(cast, key)
    method = watched.ledger.method
    late: list[Secret] = []
    while True:
        phase = method.phase(watched.meeting.step.key)
        assert phase is not None
        play(watched, phase, late)
        late = absent(watched, phase)
        if watched.meeting.state.is_last:
            break
        go_on(watched, phase)
    end(watched)
    assert not watched.problems, "\n".join(sorted(set(watched.problems)))
    noted = {secret.core for secret in watched.ledger.secrets if secret.is_noted}
    assert noted & set().union(*watched.seen.values()), "whoever takes notes finds them on their own page"
    assert watched.cells >= 2 * len(steps_seen(watched)) * (len(watched.devices) - len(ONLY_HEARD))
    there_was_something_to_see(watched)
    assert watched.found_over_shoulders, "and on phones that whoever leads looks at"
    assert not CORE.findall(caplog.text)
    assert not CARRIED.search(caplog.text)
    assert "could not be built" not in caplog.text
    assert "a push failed" not in caplog.text


def steps_seen(watched: Watched) -> set[str]:
    return {phase for phase, _, _ in watched.seen}


# -- The meeting -------------------------------------------------------------------------------------------------------


def begun(cast: Cast, key: str) -> Watched:
    """A meeting that goes on from an earlier one, started, with somebody who waits, left, was taken out, and an outsider."""
    method = load_catalogue()[key]
    ledger = Ledger(method)
    meeting = cast.meeting(*NAMES, method=key, case_giver=None, continues=earlier(cast, key, ledger), group="Mentors")
    wifi = hide_wifi(meeting)
    meeting.join("Sam")
    devices = {name: device(meeting, person) for name, person in meeting.people.items()}
    with meeting.app.app_context():
        devices["Ada"].client.set_cookie(seats.cookie_name(meeting.id, "phone", 2), meeting["Sam"].token)
    devices["Sam"] = Device(meeting, meeting["Sam"], devices["Ada"].client, as_seat=2)
    lobby(devices, wifi, ledger)
    if not any(phase.kind == "pick" for phase in method.phases):
        meeting.name_case_giver("Gia")
        ledger.case_giver = "Gia"
    meeting.start()
    devices["Late"] = device(meeting, meeting.join("Late"))
    devices["Ola"] = Device(meeting, Person("Ola", "", "none"), meeting.app.test_client())
    for name, found in devices.items():
        if name != "Ola":
            found.listen()
        found.hears()
    meeting.leave(meeting["Dirk"])
    meeting.expel(meeting["Eva"])
    roles = dict.fromkeys(devices, "participant") | {"Mo": "moderator", "Wall": "wall"}
    roles |= {"Late": "waiting", "Dirk": "left", "Eva": "expelled", "Ola": "outsider"}
    ledger.phase = method.phases[0]
    return Watched(meeting, ledger, devices, roles, wifi)


def earlier(cast: Cast, key: str, ledger: Ledger) -> Meeting:
    """A meeting that ended: its open action and its cases that were not chosen come along, and nothing else."""
    method = method_before(key)
    meeting = cast.meeting("Gia", "Pete", "Ada", "Bob", method=method.key, case_giver=None, group="Mentors")
    meeting.start()
    for phase in method.phases:
        if phase.key not in {step.key for step in meeting.state.steps}:
            continue
        meeting.advance_to(phase.key)
        for person, form, fields in to_write(meeting, ledger, phase, skip=()):
            made = {name: secret for name, secret in fields.items() if isinstance(secret, Secret)}
            typed: dict[str, Value] = {n: v.text if isinstance(v, Secret) else v for n, v in fields.items()}
            meeting.send(person, meeting.sent(form.key, fields=typed))
            for secret in made.values():
                secret.is_carried = form.makes_action
                secret.phase = "earlier" if not comes_along(phase, person) else pick_of(ledger)
        if rules.may_reveal(meeting.snapshot) and phase.pace is not Pace.ROUND:
            meeting.reveal()
    meeting.end()
    settle_earlier(meeting, ledger)
    return meeting


def comes_along(phase: Phase, person: Person) -> bool:
    """Cases come along, those that were chosen excepted; which one that was is seen later."""
    return phase.kind == "pick"


def pick_of(ledger: Ledger) -> str:
    """The phase in which a case is chosen."""
    return next((phase.key for phase in ledger.method.phases if phase.kind == "pick"), "")


def settle_earlier(meeting: Meeting, ledger: Ledger) -> None:
    """The case that was chosen stays behind. A case that comes along is its writer's on the phone they had."""
    snapshot = meeting.snapshot
    chosen = {found.case_id for found in snapshot.rounds}
    stays = {str(value) for item in snapshot.items if item.id in chosen for value in item.fields.values()}
    for secret in ledger.secrets:
        if secret.text in stays:
            secret.phase = "earlier"
        if not secret.is_carried and secret.phase == "earlier":
            secret.author = ""


def hide_wifi(meeting: Meeting) -> str:
    """The Wi-Fi of the room, with a password."""
    password = "wifi-" + new_op()
    with meeting.app.app_context(), db.writing() as session:
        row = session.get_one(models.Meeting, meeting.id)
        row.wifi = sealing.seal(meeting.id, "wifi", {"name": "Room", "password": password})
    return password


def lobby(devices: dict[str, Device], wifi: str, ledger: Ledger) -> None:
    """Before the start the console and the wall tell the password, for whoever types it; phones do not. The console alone tells which
    actions are open.
    """
    is_open = found_in([secret.text for secret in ledger.secrets if secret.is_carried])
    for name, found in devices.items():
        found.open()
        heard = "".join(found.hears())
        assert (wifi in heard) == (name in {"Mo", "Wall"}), name
        assert found_in([heard]) <= (is_open if name == "Mo" else set())


def play(watched: Watched, phase: Phase, late: list[Secret]) -> None:
    """One phase: everybody writes, somebody comes too late for the last one, everything comes out bit by bit."""
    ledger = watched.ledger
    ledger.phase, ledger.is_step_revealed = phase, False
    watched.check("before")
    send_late(watched, late)
    write(watched, phase)
    take_notes(watched, phase)
    too_long(watched, phase)
    watched.check("before", in_full=True)
    come_out(watched, phase)
    take_off(watched, phase)
    star(watched, phase)
    watched.check("after", in_full=True)


def write(watched: Watched, phase: Phase) -> None:
    """Everybody but Pete, who is late, sends each form as often as they may; Bob keeps his text where he can."""
    meeting, ledger = watched.meeting, watched.ledger
    for person, form, fields in to_write(meeting, ledger, phase, skip=("Pete",)):
        keep = form.may_keep and person.name == "Bob"
        one = watched.devices[person.name]
        sent = {name: value.text if isinstance(value, Secret) else str(value) for name, value in fields.items()}
        more = {"keep": "1"} if keep else {}
        about = next((a.id for a in meeting.actions if a.is_carried and a.owner_id == person.seat_id), "")
        more |= {"about": about} if form.about_actions else {}
        answer = one.post("contribute", new_op(), step=meeting.step.id, form=form.key, **more, **sent)
        assert answer.status_code == 200, (person.name, form.key, answer.get_json())
        for secret in fields.values():
            if isinstance(secret, Secret):
                secret.item_id = answer.get_json()["item"]
                secret.is_kept = keep
                secret.is_revealed = form.is_open and not secret.is_private
                secret.author = "" if form.is_anonymous else person.name
                if form.is_anonymous:
                    allow_own_answer(secret, one)
        remember_question(ledger, form, fields)
        watched.check("before")


def take_notes(watched: Watched, phase: Phase) -> None:
    """Some go on in their own notes, in every phase; one of them shares a phone with Ada."""
    ledger = watched.ledger
    for name in ("Gia", "Ada", "Sam"):
        made = ledger.new(name, phase.key)
        made.is_noted = made.is_private = True
        noted = "\n".join(secret.text.strip() for secret in ledger.secrets if secret.is_noted and secret.author == name)
        answer = watched.devices[name].post("notebook", new_op(), text=noted, base="of nothing")
        assert answer.status_code == 200, answer.get_json()
        assert made.core not in answer.get_json()["html"], "it is in nothing that is pushed"
    watched.check("before")


def allow_own_answer(secret: Secret, one: Device) -> None:
    """Its writer's phone knows the id of what it sent without a name; the word itself it is not sent again."""
    heard = one.hears()
    assert secret.core not in "".join(heard)


def to_write(
    meeting: Meeting, ledger: Ledger, phase: Phase, skip: tuple[str, ...]
) -> Iterator[tuple[Person, Form, dict[str, Secret | Value]]]:
    """Who fills in what, with a new word in every text."""
    for person in meeting.participants:
        if person.name in skip and not any(form.about_actions for form in phase.forms):
            continue
        for form in meeting._forms(person):
            fields: dict[str, Secret | Value] = {}
            for found in form.fields:
                is_text = found.type in TEXTS
                fields[found.name] = (
                    ledger.new(person.name, phase.key, form, found) if is_text else plausible(person, form, found)
                )
            yield person, form, fields


def remember_question(ledger: Ledger, form: Form, fields: Mapping[str, object]) -> None:
    """A form may set the question of the case: the new one takes the place of the old."""
    if not (form.sets_question or form.sets_key_question):
        return
    asked = fields.get("question")
    assert isinstance(asked, Secret)
    asked.is_question = True


def too_long(watched: Watched, phase: Phase) -> None:
    """Ada's text is refused, and comes back to her and to nobody else."""
    meeting, ledger = watched.meeting, watched.ledger
    for form in meeting._forms(meeting.ada)[:1]:  # the one on her phone
        found = [f for f in form.fields if f.type in TEXTS]
        if found and not form.is_anonymous:
            typed = ledger.new("Ada", phase.key, form)
            typed.is_private = True
            fields = {found[0].name: typed.text + "x" * 5000}
            answer = watched.devices["Ada"].post("contribute", new_op(), step=meeting.step.id, form=form.key, **fields)
            assert answer.status_code == 422
            assert typed.core in answer.get_json()["form"], "the draft comes back"
            watched.devices["Ada"].hears()
            watched.check("before")


def come_out(watched: Watched, phase: Phase) -> None:
    """Reveals, gives turns and takes texts one by one, until nothing is left; after each, everybody is checked."""
    page = watched.devices["Mo"].open()
    for _ in range(60):
        move = next_press(page)
        if move is None:
            watched.check("after")
            return
        page = watched.devices["Mo"].press(move)
        note(watched, phase, pages.sent_by(move.around("form"))["move"])
        watched.check("after")


def next_press(page: Element) -> Element | None:
    """The button with which the moderator brings out more of this phase."""
    moves = ("next_speaker", "reveal", "next_item")
    found = {
        pages.sent_by(button.around("form")).get("move"): button
        for button in pages.buttons(page, in_dialogs=True)
        if button.is_in("form") and button.get("type") == "submit" and pages.is_enabled(button)
    }
    return next((found[move] for move in moves if move in found and not is_idle(page, move)), None)


def is_idle(page: Element, move: str) -> bool:
    """Reveal in the dialog of a phase in which nothing is hidden."""
    return move == "reveal" and not any(pages.is_enabled(b) for b in pages.named(page, "Reveal"))


def note(watched: Watched, phase: Phase, move: str) -> None:
    """Writes down what a move brought out, by what the method says of it."""
    ledger, step = watched.ledger, watched.meeting.step
    here = [s for s in ledger.secrets if s.phase == phase.key or (s.form and s.form.sealed_until == phase.key)]
    here = [s for s in here if not (s.is_private or s.is_kept or s.is_late or s.is_removed or is_sealed(s, phase))]
    if move == "reveal":
        ledger.is_step_revealed = True
    speaker = next((name for name, p in watched.meeting.people.items() if p.seat_id == step.speaker), None)
    for secret in here:
        has_turn = secret.author == speaker and (phase.laps == 1 or secret.item_id == step.item)
        secret.is_revealed |= move == "reveal" or (move == "next_speaker" and has_turn)
        secret.is_on_table = has_turn if step.speaker else secret.item_id == step.item


def is_sealed(secret: Secret, phase: Phase) -> bool:
    """Whether a text cannot come out in this phase, whatever is pressed."""
    return secret.form is not None and secret.form.sealed_until not in (None, phase.key)


def take_off(watched: Watched, phase: Phase) -> None:
    """Something that was shown goes off the screen, Cleo's if it can be: gone everywhere. Not what lies on the table: what would
    be said of it could no longer be looked at.
    """
    shown = [
        s
        for s in watched.ledger.of_phase(phase.key)
        if s.is_revealed and s.item_id and s.form and not (s.form.is_anonymous or s.form.is_open or s.is_question)
    ]
    aside = sorted((s for s in shown if not s.is_on_table), key=lambda s: s.author != "Cleo")
    if len({s.item_id for s in shown}) < 3 or not aside:
        return
    watched.meeting.handle(aside[0].item_id, "remove")
    for secret in watched.ledger.secrets:
        secret.is_removed |= secret.item_id == aside[0].item_id


def star(watched: Watched, phase: Phase) -> None:
    """Everybody marks what they may: dots go to Gia's text, stars to the first ones."""
    ledger, meeting = watched.ledger, watched.meeting
    if phase.marks is None or phase.marks.kind == "buddy":
        return
    source = phase.shows.of if phase.shows else phase.marks.on or phase.key
    shown = [s for s in ledger.of_phase(source) if s.is_revealed and not s.is_removed and s.item_id]
    if phase.marks.kind == "warmth":
        rank(watched, shown)
        return
    wanted = [s for s in shown if s.author == "Gia"] or shown
    for person in meeting.participants:
        if wanted and watched.roles[person.name] == "participant" and may_mark(ledger, phase, person.name):
            meeting.mark(person, wanted[0].item_id)
            for secret in ledger.secrets:
                secret.is_starred |= phase.marks.kind == "star" and secret.item_id == wanted[0].item_id


def rank(watched: Watched, shown: list[Secret]) -> None:
    """The case giver says how warm each text is."""
    meeting, ledger = watched.meeting, watched.ledger
    for value, item_id in zip(cycle(Warmth), dict.fromkeys(secret.item_id for secret in shown)):
        meeting.mark(meeting[ledger.case_giver], item_id, warmth=value)
        for secret in ledger.secrets:
            secret.warmth = value if secret.item_id == item_id else secret.warmth


def may_mark(ledger: Ledger, phase: Phase, name: str) -> bool:
    """Whether the marks of a phase are somebody's to set."""
    assert phase.marks is not None
    return phase.marks.who == "everyone" or (phase.marks.who == "case_giver") == (name == ledger.case_giver)


def absent(watched: Watched, phase: Phase) -> list[Secret]:
    """What Pete still wants to send for a phase in which he wrote nothing."""
    meeting, ledger = watched.meeting, watched.ledger
    found = []
    for form in meeting._forms(meeting.pete):
        texts = [f for f in form.fields if f.type in TEXTS]
        if texts and not (form.is_anonymous or form.makes_action or form.about_actions):
            made = ledger.new("Pete", phase.key, form, texts[0])
            made.is_late = True
            found.append(made)
    return found


def send_late(watched: Watched, late: list[Secret]) -> None:
    """Pete sends what he wrote for the phase before; the moderator hears that there is something, and whose."""
    for secret in late:
        step = watched.meeting.step_with(secret.phase)
        assert secret.form is not None
        pete = watched.meeting.pete
        typed = {f.name: str(plausible(pete, secret.form, f)) for f in secret.form.fields if f.type not in TEXTS}
        typed[next(f.name for f in secret.form.fields if f.type in TEXTS)] = secret.text
        answer = watched.devices["Pete"].post("contribute", new_op(), step=step.id, form=secret.form.key, **typed)
        assert answer.status_code == 200, answer.get_json()
        secret.item_id = answer.get_json()["item"]
        watched.check("before")


def go_on(watched: Watched, phase: Phase) -> None:
    """On to the next phase; choosing ends with the case that has most dots."""
    meeting, ledger = watched.meeting, watched.ledger
    for secret in ledger.secrets:
        secret.is_on_table = False
    meeting.next()
    ledger.phase = ledger.method.phase(meeting.step.key)
    ledger.is_step_revealed = False
    if phase.kind == "pick":
        ledger.case_giver = "Gia"
        for secret in ledger.of_phase(phase.key):
            secret.is_question = secret.author == "Gia"
    watched.check("before")


def end(watched: Watched) -> None:
    """The end: what is sent then, and the report, hold nothing that was kept, hidden, late or taken off."""
    watched.meeting.end()
    watched.check("after", in_full=True)
    answers = {e: watched.devices["Mo"].get(f"/meetings/{watched.meeting.id}/report{e}") for e in REPORTS}
    assert {answer.status_code for answer in answers.values()} == {200}
    heard = {ending: everything_in(answer.data) + str(answer.headers) for ending, answer in answers.items()}
    found = found_in(list(heard.values()))
    talks_of_texts = any(phase.kind in ("clarify", "diagnose", "advise") for phase in watched.ledger.method.phases)
    assert found or not talks_of_texts, "the report holds what came out"
    watched.problems += kept_back_in(watched, "report", found)
    assert not carried_in(list(heard.values()))
    whole = found_in([heard[".json"]])
    for ending in ("", ".pdf", ".docx", ".md"):
        assert found_in([heard[ending]]) == whole, f"report{ending} holds what came out"
    assert not found_in([heard[".ics"]]), "calendars are shared"
    the_report_in_every_state(watched, whole)


def kept_back_in(watched: Watched, place: str, found: set[str]) -> Iterator[str]:
    """Words in a report that were kept, hidden, late, private or taken off."""
    for secret in watched.ledger.secrets:
        is_out = (
            secret.is_revealed or secret.is_carried or secret.is_question or secret.phase == pick_of(watched.ledger)
        )
        kept_back = secret.is_private or secret.is_kept or secret.is_late or secret.is_removed or not is_out
        if kept_back and secret.core in found:
            yield f"{place}: {watched.describe(secret.core)}"


def the_report_in_every_state(watched: Watched, whole: set[str]) -> None:
    """The draft is the moderator's and, of their own case, the case giver's. With the case giver's yes, and as long as a
    correction waits for another one, whoever was there reads the same, and everybody else nothing.
    """
    giver = watched.devices[watched.ledger.case_giver]
    phone = Pages(giver.client, watched.meeting.id)
    giver.hears()
    reads(watched, giver.person.name, ("", ".md", ".json", "/edit", "/approve", "/approve?part=all"))
    found = found_in(giver.hears())
    assert found or not whole, "a case giver reads the draft"
    watched.problems += kept_back_in(watched, "draft of the case giver", found)
    # Who may read a report is asked before anything of its method is; what is in it is another thing in each.
    is_first = watched.ledger.method.key == METHODS[0]
    addresses = REPORTS if is_first else ("",)
    nobody_else_reads(watched, watched.devices.keys() - {"Mo", giver.person.name}, addresses)
    phone.approve_all()
    for state in ("approved", "open for correction"):
        for name in ("Pete", "Dirk", "Mo", giver.person.name):
            one = watched.devices[name]
            one.hears()
            is_read_in_full = is_first or (state, name) == ("approved", "Pete")
            assert reads(watched, name, REPORTS if is_read_in_full else ("",)) == {200}, (state, name)
            assert found_in(one.hears()) == whole, (state, name)
        nobody_else_reads(watched, ("Late", "Eva", "Ola", "Wall"), addresses)
        if state == "approved":
            assert phone.send("", "reopen").status_code == 303


def reads(watched: Watched, name: str, addresses: Iterable[str]) -> set[int]:
    """Opens addresses of the report, and gives what they answered."""
    one, report = watched.devices[name], f"/meetings/{watched.meeting.id}/report"
    return {one.get(report + rest).status_code for rest in addresses}


def nobody_else_reads(watched: Watched, names: Iterable[str], addresses: Iterable[str]) -> None:
    """At most that there is nothing to read yet."""
    shut = (*(e for e in addresses if e), "/edit", "/approve", "/versions/1")
    for name in names:
        watched.devices[name].hears()
        assert reads(watched, name, shut) == {404}, name
        assert reads(watched, name, ("",)) <= {200, 404}
        assert not found_in(watched.devices[name].hears()), name


def there_was_something_to_see(watched: Watched) -> None:
    """The console and the wall saw what came out, writers saw their own, and nobody outside saw anything. (Somebody who
    listens may be shown less than the phase would allow.)
    """
    ledger = watched.ledger
    chooses = any(phase.kind == "pick" for phase in ledger.method.phases)
    known_giver = "" if chooses else ledger.case_giver  # whose case it is in every phase, in the opening too
    for (phase_key, moment, audience), found in watched.seen.items():
        if audience in ("waiting", "left", "expelled", "outsider"):
            assert not found, (phase_key, moment, audience)
            continue
        phase = ledger.method.phase(phase_key)
        assert phase is not None
        reveal = phase.reveals.get(Audience(audience))
        texts = {
            s.core
            for s in ledger.secrets
            if (s.phase == phase_key or ledger.is_taken_up(s, phase))
            and s.is_revealed
            and not (s.form and s.form.is_anonymous)
        }
        shows = {Facet.ITEMS, Facet.CURRENT, Facet.ACTIONS} & (reveal.after if reveal else frozenset())
        if moment == "after" and shows and texts and audience in ("moderator", "wall"):
            assert found & texts, (phase_key, audience, "is shown what was revealed")
        mine = (s for s in ledger.of_phase(phase_key) if s.author and s.item_id and not s.is_late)
        own = {s.core for s in mine if audience != Audience.PEER or s.author != known_giver}
        if moment == "before" and reveal and Facet.OWN in reveal.before and own:
            assert found & own or audience == "case_giver", (phase_key, audience, "sees what it wrote")


def test_the_search_finds_what_is_hidden_in_disguise() -> None:
    secret = Ledger(load_catalogue()[METHODS[0]]).new("Ada", "pick")
    for shape in encodings(secret.text):
        assert carried_in([f"... {shape} ..."]), shape
    assert found_in([f"<p>{secret.text}</p>"]) == {secret.core}


# -- Neither length nor count ------------------------------------------------------------------------------------------


@pytest.mark.promise("revealed", "marks")
@pytest.mark.parametrize(("key", "phase"), [(key, p.key) for key in METHODS for p in load_catalogue()[key].phases])
def test_neither_length_nor_number_of_hidden_texts_can_be_told(cast: Cast, key: str, phase: str) -> None:
    found = load_catalogue()[key].phase(phase)
    assert found is not None
    form = next((f for f in found.forms if is_hidden(f)), None)
    if form is None:
        assert all(f.is_open or only_private(f) for f in found.forms), "there is nothing hidden in this phase"
        return
    meeting = scene(cast.app, begun_with_actions, key, giver_for(key, phase))
    while meeting.step.key != phase and not meeting.state.is_last:
        meeting.next()
    if meeting.step.key != phase:
        assert found.option_of is not None, "only what was not chosen is left out"
        return
    writer, other = writers(meeting, form)
    others = [device(meeting, p) for n, p in meeting.people.items() if p not in (writer, other)]
    for one in others:
        one.listen()
    first = send(meeting, writer, form, 3)
    listen_anew(others)
    send(meeting, writer, form, 300, item=first[0], capability=first[1])
    assert pushed(others) == {}, "whether three characters or three hundred: nobody is sent anything"
    screens = {one.person.name: screen(one) for one in others}
    if other is None:
        return  # one person writes here: that there is a text is all there is to count
    send(meeting, other, form, 40)
    heard = pushed(others)
    assert set(heard) <= {"Mo"}, "whether one text or two: only the moderator hears who has written"
    for one in others:
        if one.person.name != "Mo":
            assert screen(one) == screens[one.person.name]
    assert first[0] not in "".join(heard.get("Mo", []))


def is_hidden(form: Form) -> bool:
    """Whether texts of a form wait to be revealed."""
    return not form.is_open and not only_private(form)


def only_private(form: Form) -> bool:
    """Whether nobody but its writer ever sees anything of a form."""
    return all(f.is_private for f in form.fields)


def giver_for(key: str, phase: str) -> str | None:
    """Nobody gives a case beforehand where the phase is about choosing one."""
    found = load_catalogue()[key].phase(phase)
    return None if found and found.needs == "case_to_choose" else "Gia"


def begun_with_actions(app: Flask, key: str, giver: str | None) -> Meeting:
    """A meeting in its first phase, with actions to look back on."""
    cast = Cast(app)
    meeting = cast.meeting(*NAMES, method=key, continues=with_action(cast, key), case_giver=giver)
    meeting.start()
    return meeting


def with_action(cast: Cast, key: str) -> Meeting:
    """An earlier meeting with open actions of two people, one of them from the meeting before that."""
    found, method = None, method_before(key)
    for giver in ("Gia", "Pete"):
        found = cast.meeting(*NAMES, method=method.key, case_giver=giver, continues=found)
        found.start()
        for phase in method.phases:
            if any(form.makes_action for form in phase.forms):
                found.advance_to(phase.key)
                found.fill()
                break
        found.end()
    assert found is not None
    return found


def writers(meeting: Meeting, form: Form) -> tuple[Person, Person | None]:
    """Two who may write, if two may."""
    found = [person for person in meeting.participants if form in meeting._forms(person)]
    assert found, "somebody writes in secret"
    return found[-1], found[-2] if len(found) > 1 else None


def send(
    meeting: Meeting, person: Person, form: Form, length: int, item: str = "", capability: str = ""
) -> tuple[str, str]:
    """Sends a text of a length, or rewrites one."""
    texts = [f for f in form.fields if f.type in TEXTS]
    fields: dict[str, Value] = {f.name: plausible(person, form, f) for f in form.fields}
    fields |= {f.name: "y" * min(length, f.max_length) for f in texts}
    about = meeting._own_action(person) if form.about_actions else ""
    sent = meeting.sent(form.key, fields=fields, item=item, capability=capability, about=about)
    done = meeting.send(person, sent)
    settle(meeting.app)
    return done.item_id, done.capability


def listen_anew(devices: list[Device]) -> None:
    """Forgets what came until now."""
    for one in devices:
        one.hears()


def pushed(devices: list[Device]) -> dict[str, list[str]]:
    """Who was sent something, and what."""
    heard = {one.person.name: one.hears() for one in devices}
    return {name: texts for name, texts in heard.items() if texts}


def screen(one: Device) -> str:
    """The screen of a device, byte for byte."""
    stage = re.search(r"(?s)<main id=\"stage\".*</main>", one.get(one.address).text)
    assert stage
    one.hears()
    return stage.group(0)


@pytest.mark.promise("cookies")
def test_a_phone_that_is_passed_on_shows_nothing_of_the_other_seat(cast: Cast) -> None:
    meeting = cast.meeting()
    meeting.join("Sam")
    meeting.advance_to("clarify")
    ada = device(meeting, meeting.ada)
    with cast.app.app_context():
        ada.client.set_cookie(seats.cookie_name(meeting.id, "phone", 2), meeting["Sam"].token)
    sam = Device(meeting, meeting["Sam"], ada.client, as_seat=2)
    assert ada.post("contribute", new_op(), step=meeting.step.id, form="question", question="Of Ada").status_code == 200
    assert sam.post("contribute", new_op(), step=meeting.step.id, form="question", question="Of Sam").status_code == 200
    assert "Of Ada" in ada.get(ada.address).text
    assert "Of Sam" in sam.get(sam.address).text
    assert "Of Sam" not in ada.get(ada.address).text
    assert "Of Ada" not in sam.get(sam.address).text
    for number in ("1", "2"):
        cover = ada.get(f"/meetings/{meeting.id}/phone?as={number}&cover=1").text
        assert "Of " not in cover.replace("Of course", "")
