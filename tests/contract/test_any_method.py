"""Whatever a method file says: it is refused in words, or a meeting goes through it by every verb without an error.

Files are made by chance from the words that a method file knows, close to those of the catalogue, so that many of them pass.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from facilitator.core.extensions import limiter
from facilitator.meetings.playing import problems_of_play
from facilitator.methods.checks import problems_of
from facilitator.methods.loader import load_catalogue
from facilitator.methods.vocabulary import (
    Audience,
    Facet,
    FieldType,
    InputField,
    Kind,
    MarkKind,
    Method,
    Needs,
    Part,
)
from facilitator.methods.vocabulary import Form as MethodForm
from tests.both_ways import both_ways
from tests.cast import Cast, Meeting, Person, new_op
from tests.phones import MOMENT, Device, devices

Document = dict[str, Any]  # a method file, as it is read

KEY = "by_chance"
NAMES = (
    "title",
    "question",
    "then",
    "when_if",
    "due",
    "status",
    "line",
    "score",
    "data",
    "errors",
    "validate",
    "meta",
    "note",
)
ODD_NAMES = ("step", "value", "op", "csrf_token")
STATUSES = ["done", "partly", "not", "dropped"]
RUNS = settings(
    max_examples=15,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
booleans = st.booleans()
seldom = st.sampled_from([False, False, False, False, True])


def one_of(kind: type[Any]) -> st.SearchStrategy[str]:
    """A word of the vocabulary."""
    return st.sampled_from([member.value for member in kind])


@st.composite
def fields(draw: st.DrawFn, name: str) -> Document:
    """A field, of the type its name asks for or of another one."""
    usual = {"due": "date", "status": "choice", "score": "scale"}.get(name, "text")
    kind = draw(st.sampled_from([usual, usual, usual, usual, *(member.value for member in FieldType)]))
    choices = STATUSES if kind == "choice" else []
    is_private = draw(seldom)
    is_required = not is_private and (draw(booleans) or name == "status")
    return {"name": name, "type": kind, "choices": choices, "is_private": is_private, "is_required": is_required}


@st.composite
def forms(draw: st.DrawFn, key: str, kind: str) -> Document:
    """A form that could stand in a phase of a kind."""
    usual = {"pick": ["title", "question"], "commit": ["when_if", "then", "due"], "follow_up": ["status", "line"]}.get(
        kind, []
    )
    others = draw(st.lists(st.sampled_from(NAMES * 4 + ODD_NAMES), min_size=0 if usual else 1, max_size=2, unique=True))
    names = list(dict.fromkeys([*(usual if draw(st.integers(0, 3)) else []), *others])) or ["line"]
    is_about = "status" in names and kind == "follow_up"
    is_anonymous = draw(seldom) and not is_about
    given = {flag: not is_anonymous and draw(seldom) for flag in ("is_open", "may_keep", "hints")}
    return {
        "key": key,
        "who": "owner"
        if is_about
        else draw(st.sampled_from(["everyone", "peers"] * 4 + ["case_giver"] * (not is_anonymous) * 4 + ["nobody"])),
        "fields": [draw(fields(name)) for name in names],
        "limit": draw(st.integers(1, 3)),
        "is_anonymous": is_anonymous,
        "also_left": draw(seldom),
        "sets_question": "question" in names and not is_anonymous and draw(seldom),
        "makes_action": "then" in names and not is_anonymous and draw(booleans),
        "about_actions": is_about,
        **given,
    }


@st.composite
def phases(draw: st.DrawFn, number: int, part: str, keys: list[str]) -> Document:
    """A phase after others."""
    kinds = [member.value for member in Kind if member is not Kind.PICK]
    if part == "opening" and not any(key.startswith("pick") for key in keys):
        kinds += ["pick"] * 5
    kind = draw(st.sampled_from([*kinds * 3, "pick"]))
    earlier = st.none() | st.sampled_from(keys) if keys else st.none()
    own = [draw(forms(f"form{n}", kind)) for n in range(draw(st.integers(0, 2)))]
    has_names = bool(own) and not any(form["is_anonymous"] for form in own)
    whose = st.sampled_from(["everyone", "peers", "case_giver"])
    marks = (
        {"kind": draw(one_of(MarkKind)), "who": draw(whose), "on": draw(earlier)}
        if has_names and draw(booleans)
        else None
    )
    paces = ["together", *(["items"] if own else []), *(["round"] if has_names or not own else [])]
    found: Document = {
        "key": f"{kind}{number}",
        "kind": kind,
        "part": part,
        "minutes": draw(st.sampled_from([1, 4, 5.5, 30])),
        "min_minutes": 1,
        "writing_minutes": 0,
        "needs": draw(one_of(Needs)) if draw(seldom) else None,
        "shows": draw(earlier) if draw(seldom) else None,
        "pace": (pace := draw(st.sampled_from(paces))),
        "laps": draw(st.integers(1, 3)) if pace == "round" else 1,
        "speaks": draw(st.sampled_from(["everyone", "peers", "case_giver"])),
        "case_giver": draw(st.sampled_from(["speaks", "listens", "turned_away"])),
        "forms": own,
        "marks": marks,
    }
    found["reveals"] = draw(reveals(found))
    found["texts"] = {"en": texts(found)}
    return found


@st.composite
def reveals(draw: st.DrawFn, phase: Document) -> Document:
    """What a phase shows, mostly what it may."""
    has_forms, has_names = bool(phase["forms"]), not any(form["is_anonymous"] for form in phase["forms"])
    sensible = ["question"]
    if has_forms or phase["shows"]:
        sensible += ["items", *(["names"] if has_names else []), *(["current"] if phase["pace"] != "together" else [])]
    if any(form["makes_action"] or form["about_actions"] for form in phase["forms"]):
        sensible.append("actions")
    if any(field["type"] == "scale" and not field["is_private"] for form in phase["forms"] for field in form["fields"]):
        sensible.append("results")
    after = draw(st.lists(st.sampled_from(sensible), min_size=1, unique=True))
    if "names" in after and not {"items", "current"} & set(after):
        after.remove("names")
    odd = [draw(one_of(Facet))] if draw(st.integers(0, 9)) == 0 else []
    after = list(dict.fromkeys([*after, *odd, "question"]))
    own = ["own"] if has_forms else []
    shown = {audience.value: {"before": ["question"], "after": list(after)} for audience in Audience}
    for audience in ("peer", "case_giver"):
        shown[audience] = {"before": ["question", *own], "after": [*after, *own]}
    if phase["case_giver"] == "turned_away":
        shown["case_giver"] = {"before": ["question"], "after": ["question"]}
    return shown


def texts(phase: Document) -> Document:
    """Every word that the screens of a phase need."""
    every = [(f"{form['key']}.{field['name']}", field) for form in phase["forms"] for field in form["fields"]]
    lines = dict.fromkeys(("title", "instruction", "rule", "say", "trap", "help", "case_giver"), "Some words.")
    return {
        **lines,
        "short": "Short",
        "fields": dict.fromkeys((name for name, _ in every), "Label"),
        "choices": {f"{name}.{choice}": "Choice" for name, field in every for choice in field["choices"]},
        "ends": {
            f"{name}.{end}": "End" for name, field in every if field["type"] == "scale" for end in ("low", "high")
        },
    }


@st.composite
def methods(draw: st.DrawFn) -> Document:
    """A method file."""
    parts = sorted(draw(st.lists(one_of(Part), min_size=1, max_size=5)), key=[member.value for member in Part].index)
    found: list[Document] = []
    for number, part in enumerate(parts):
        found.append(draw(phases(number, part, [phase["key"] for phase in found])))
    said = {"title": "By chance", "summary": "S.", "suits": "S.", "avoid": "S.", "agreement": ["We keep it."]}
    return {"key": KEY, "source": "Chance", "people_min": 2, "people_max": 8, "phases": found, "texts": {"en": said}}


def read(document: Document) -> Method:
    """A file as the loader reads it."""
    return Method.model_validate_json(json.dumps(document), strict=True)


@contextmanager
def in_the_catalogue(method: Method) -> Iterator[None]:
    """As if its file lay there."""
    load_catalogue()[KEY] = method
    try:
        yield
    finally:
        del load_catalogue()[KEY]


# -- Going through it --------------------------------------------------------------------------------------------------


def answered(answer: Any, what: str) -> None:  # Any: an answer of a page
    """Whatever it was, it is no error of ours."""
    assert answer.status_code < 500, (what, answer.status_code)


def everybody_sees_something(room: dict[str, Device], where: str) -> None:
    """Every screen can be built – one that cannot is a neutral moment, which nobody should see – and is what it would be alone."""
    meeting = room["Mo"].meeting
    with meeting.app.app_context():
        both_ways(meeting.known)
    for name, device in room.items():
        page = device.get(device.address)
        answered(page, f"{name}'s page in {where}")
        assert f'data-kind="{MOMENT}"' not in page.text, (name, where)


def value_for(field: InputField, odd: int) -> str:
    """Something for a field: what fits, or now and then what does not."""
    fitting = {
        FieldType.SCALE: str(field.high),
        FieldType.CHOICE: field.choices[0] if field.choices else "",
        FieldType.DATE: "2031-05-01",
    }
    return ("tomorrow", "")[odd] if odd < 2 else fitting.get(field.type, "Some words.")


def writes(room: dict[str, Device], meeting: Meeting, form: MethodForm, odd: int) -> None:
    """Everybody sends a form, and passes on it."""
    step = meeting.step.id
    about = next((action.id for action in meeting.actions if action.is_carried), "")
    for name, device in room.items():
        values = {field.name: value_for(field, odd) for field in form.fields}
        sent = {**values, "step": step, "form": form.key, "about": about}
        if device.person.view == "phone":
            answered(device.post("contribute", new_op(), **sent), f"{name} writes {form.key}")
            answered(device.post("instead", new_op(), step=step, form=form.key, value="passes"), f"{name} passes")
    for who in meeting.participants:
        answered(room["Mo"].post("proxy", new_op(), seat=who.seat_id, **sent), f"Mo takes {form.key} down")


def handles(room: dict[str, Device], meeting: Meeting) -> None:
    """Everything that can be done with texts, actions and people in a step."""
    mo, step = room["Mo"], meeting.step.id
    for item in [item.id for item in meeting.items()][:3]:
        for device in room.values():
            answered(device.post("mark", new_op(), step=step, item=item, value="on"), "mark")
        for do in ("done", "undone", "join", "apart", "remove", "restore", "admit"):
            other = meeting.items()[0].id if meeting.items() else ""
            answered(mo.post("item", new_op(), item=item, do=do, to=other), do)
    for action in [action.id for action in meeting.actions][:2]:
        answered(mo.post("action", new_op(), action=action, status="partly"), "status")
        for device in (room["Pete"], room["Ada"]):
            answered(device.post("confirm", new_op(), action=action), "confirm")
            answered(device.post("buddy", new_op(), action=action, value="on"), "buddy")
    answered(mo.post("case", new_op(), title="T", question="Q", key_question="K"), "case")
    for name in ("Gia", "Pete"):
        answered(mo.post("people", new_op(), do="case_giver", seat=meeting[name].seat_id), "case giver")
        answered(room[name].post("decline", new_op()), "decline")


def moves(room: dict[str, Device], meeting: Meeting, *names: str) -> None:
    """The moderator steers, whatever is answered."""
    for move in names:
        turn = str(meeting.state.turn)
        answered(
            room["Mo"].post("steer", new_op(), move=move, turn=turn, seconds="60", seat=meeting.pete.seat_id), move
        )


def goes_through(cast: Cast, method: Method, odd: int) -> None:
    """A meeting by this method from its lobby to its report, and another one that continues it."""
    earlier = cast.meeting(method="basis")
    earlier.play_to("learn")
    earlier.end()
    meeting = cast.meeting(method=KEY, case_giver="Gia" if odd % 2 else None, continues=earlier)
    person: Person = meeting.add_without_phone("Nel")
    room = devices(meeting)
    room.pop(person.name, None)
    everybody_sees_something(room, "lobby")
    answered(room["Gia"].post("decline", new_op()), "decline in the lobby")
    moves(room, meeting, "start")
    for _ in range(len(method.phases) * 2 + 2):
        if meeting.state.status != "running" or meeting.state.step is None:
            break
        phase = meeting.known.phases[meeting.step.id]
        everybody_sees_something(room, phase.key)
        for form in phase.forms:
            writes(room, meeting, form, odd)
        moves(
            room, meeting, "reveal", "next_item", "next_item", "next_speaker", "give_floor", "extend", "pause", "resume"
        )
        handles(room, meeting)
        everybody_sees_something(room, f"{phase.key} at its end")
        moves(room, meeting, "share_out")
        answered(room["Mo"].post("round", new_op(), turn=str(meeting.state.turn)), "another case") if odd == 3 else None
        last = meeting.state.is_last
        moves(room, meeting, *(("back", "next", "next") if odd == 4 else ("skip",) if odd == 5 else ("next",)))
        if last:
            break
    moves(room, meeting, "stop_case", "end")
    everybody_sees_something(room, "the end")
    for ending in ("", ".md", ".json", ".csv", ".docx", ".ics"):
        answered(room["Mo"].get(f"/meetings/{meeting.id}/report{ending}"), f"report{ending}")
    for path in ("attendance", "mine"):
        answered(room["Pete"].get(f"/meetings/{meeting.id}/{path}"), path)
    following = cast.meeting(method=KEY, case_giver=None, continues=meeting)
    again = devices(following)
    moves(again, following, "start", "next", "next")
    everybody_sees_something(again, "the meeting after")


@pytest.fixture
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is told to wait."""
    monkeypatch.setattr(limiter, "enabled", False)


def judged(cast: Cast, document: Document, odd: int) -> bool:
    """Refused in words, or gone through; tells which."""
    method = read(document)
    if problems := problems_of(method):
        assert all(problem.path and " " in problem.reason for problem in problems)
        return False
    with in_the_catalogue(method):
        goes_through(cast, method, odd)
    return True


def a_phase(number: int, kind: str, part: str, *fields: Document, **more: Any) -> Document:
    """A phase that shows no more than the question, with one form if it has fields."""
    form = {"key": "form", "who": "everyone", "fields": list(fields), **more.pop("form", {})}
    found = {
        "key": f"{kind}{number}",
        "kind": kind,
        "part": part,
        "minutes": 5,
        "forms": [form] if fields else [],
        **more,
    }
    shown = {audience.value: {"before": ["question"], "after": ["question"]} for audience in Audience}
    blank = {"is_anonymous": False, "makes_action": False, "about_actions": False, "hints": False}
    complete = [
        {**blank, **one, "fields": [{"choices": [], "type": "text", **f} for f in one["fields"]]}
        for one in found["forms"]
    ]
    return {**found, "forms": complete, "reveals": shown, "texts": {"en": texts({**found, "forms": complete})}}


def a_method(*found: Document) -> Document:
    """A method of these phases."""
    said = {"title": "T", "summary": "S.", "suits": "S.", "avoid": "S.", "agreement": ["We keep it."]}
    return {"key": KEY, "source": "S", "people_min": 2, "people_max": 8, "phases": list(found), "texts": {"en": said}}


# What once passed the check and then broke a meeting. A meeting that was planned before may still have a copy of it.
BROKEN = {
    "a choice of cases without a form": a_method(a_phase(0, "pick", "opening"), a_phase(1, "story", "round")),
    "a choice of cases without names": a_method(
        a_phase(0, "pick", "opening", {"name": "title"}, form={"is_anonymous": True}), a_phase(1, "story", "round")
    ),
    "a choice of cases in the round": a_method(
        a_phase(0, "story", "round"), a_phase(1, "pick", "round", {"name": "title"}), a_phase(2, "learn", "closing")
    ),
    "a day that is any text": a_method(
        a_phase(0, "commit", "round", {"name": "then"}, {"name": "due"}, form={"makes_action": True})
    ),
    "a status that may be left out": a_method(
        a_phase(0, "follow_up", "opening", {"name": "status"}, form={"about_actions": True, "who": "owner"})
    ),
    "nothing that is always held": a_method(a_phase(0, "follow_up", "opening", needs="open_actions")),
    "nothing but an opening": a_method(a_phase(0, "learn", "opening", {"name": "line"})),
    "fields that are called like a form's own": a_method(
        a_phase(0, "story", "round", *({"name": name} for name in ("data", "errors", "meta", "step", "op", "value")))
    ),
}


@pytest.mark.usefixtures("patient")
@pytest.mark.parametrize("odd", [0, 3, 4, 7])
@pytest.mark.parametrize("name", BROKEN)
def test_what_once_broke_a_meeting_breaks_none(cast: Cast, name: str, odd: int) -> None:
    with in_the_catalogue(read(BROKEN[name])):
        goes_through(cast, read(BROKEN[name]), odd)


def test_a_meeting_starts_where_nothing_is_there_that_its_phases_need(cast: Cast) -> None:
    with in_the_catalogue(read(BROKEN["nothing that is always held"])):
        meeting = cast.meeting(method=KEY, case_giver=None)
        meeting.start()
        assert meeting.step.kind == "follow_up"


@pytest.mark.parametrize("name", [name for name in BROKEN if name != "nothing but an opening"])
def test_what_once_broke_a_meeting_is_refused_in_words(name: str) -> None:
    found = [problem for problem in problems_of(read(BROKEN[name])) if "hidden texts" not in problem.reason]
    assert found, "refused"
    assert all(" " in problem.reason for problem in found)


@pytest.mark.usefixtures("patient")
@RUNS
@given(document=methods(), odd=st.integers(0, 7))
def test_any_method_is_refused_or_can_be_played(cast: Cast, document: Document, odd: int) -> None:
    judged(cast, document, odd)


@settings(RUNS, max_examples=100, derandomize=True)
@given(document=methods())
def test_any_method_plays_in_memory_without_a_leak(document: Document) -> None:
    found = problems_of_play(read(document))
    assert not [problem for problem in found if "before it is revealed" in problem.reason], found
    assert all(problem.path and " " in problem.reason for problem in found)


@pytest.mark.long
@pytest.mark.usefixtures("patient")
@settings(RUNS, max_examples=400)
@given(document=methods(), odd=st.integers(0, 7))
def test_very_many_methods_are_refused_or_can_be_played(cast: Cast, document: Document, odd: int) -> None:
    judged(cast, document, odd)
