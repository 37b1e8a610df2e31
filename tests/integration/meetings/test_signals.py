"""Signs from phones to whoever leads: on the console and nowhere else, without a name unless it is given, and gone when they were seen."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from sqlalchemy import func, select

from facilitator.core.db import db
from facilitator.core.extensions import limiter
from facilitator.core.refusals import Refused
from facilitator.meetings import models
from facilitator.meetings.actions import signals
from facilitator.meetings.snapshot import Sign
from tests import pages
from tests.cast import Cast, Meeting, Person
from tests.pages import without_tokens
from tests.phones import device, settle

SAID = {"fast": "This goes too fast for me", "break": "I need a break", "unsafe": "This does not feel safe"}
HEARD = {sign: f"<b>{words}</b>, says somebody." for sign, words in SAID.items()}
OTHERS = ("Ada", "Gia", "Cleo", "Wall")


def gives(meeting: Meeting, person: Person, sign: str, *, is_named: bool = False) -> None:
    meeting.act(signals.give, person.seat_id, sign, is_named=is_named)


def written(meeting: Meeting) -> str:
    """The report, its times aside."""
    return re.sub(r"[0-9.]+", "", meeting.get(meeting.mo, "report.json").text)


def console(meeting: Meeting) -> str:
    return " ".join(meeting.screen(meeting.mo).split())


def kept(meeting: Meeting) -> int:
    with meeting.app.app_context():
        return db.session.scalar(select(func.count()).select_from(models.Signal)) or 0


@pytest.fixture
def started(meeting: Meeting) -> Meeting:
    """Where it is known that Mo's device is no big screen."""
    meeting.post(meeting.mo, "show", what="screen", value="own")
    return meeting


@pytest.mark.promise("signals")
@pytest.mark.parametrize("sign", Sign)
def test_two_taps_tell_the_moderator_without_a_name_and_one_takes_it_back(started: Meeting, sign: str) -> None:
    phone = device(started, started.pete)
    page = phone.open()
    assert page.has("details", id="signal"), "it waits in the quiet part"
    phone.press(pages.named(page, SAID[sign])[0])
    assert HEARD[sign] in console(started)
    assert "Your name is not with it." in phone.open().text
    phone.press(pages.named(phone.open(), "Take it back")[0])
    assert "says somebody" not in console(started)
    assert kept(started) == 0


def test_without_a_script_the_same_taps_do_the_same(started: Meeting) -> None:
    phone = device(started, started.pete)

    def taps(name: str) -> None:
        page = pages.read(phone.get(f"{phone.address}?plain=1").text)
        form = pages.named(page, name)[0].around("form")
        answer = phone.client.post(form["action"], data=pages.sent_by(form))
        assert answer.status_code == 303

    taps(SAID["unsafe"])
    assert HEARD["unsafe"] in console(started)
    taps("Take it back")
    assert kept(started) == 0


@pytest.mark.promise("signals")
def test_in_no_phase_anything_of_it_reaches_another_page_or_a_report(cast: Cast) -> None:
    """Each page of everybody else is the very same with a sign and without, and nothing is pushed to it."""
    meeting = cast.meeting()
    meeting.start()
    meeting.post(meeting.mo, "show", what="screen", value="own")
    listening = {name: device(meeting, meeting[name]) for name in OTHERS}
    for one in listening.values():
        one.listen()
    gives(meeting, meeting.ada, "fast")
    settle(meeting.app)
    assert SAID["fast"] in "".join(listening["Ada"].hears()), "they are listened in on"
    meeting.act(signals.take_back, meeting.ada.seat_id)
    while True:
        before = {name: without_tokens(meeting.screen(meeting[name])) for name in OTHERS}
        report = written(meeting)
        settle(meeting.app)
        for one in listening.values():
            one.hears()
        for number, sign in enumerate(Sign):
            gives(meeting, meeting.pete, sign, is_named=number == 0)
            settle(meeting.app)
            assert "Pete" in console(meeting)
            assert SAID[sign] in console(meeting)
            assert {name: without_tokens(meeting.screen(meeting[name])) for name in OTHERS} == before, meeting.step.key
            assert [name for name, one in listening.items() if one.hears()] == [], meeting.step.key
            assert written(meeting) == report
        meeting.act(signals.take_back, meeting.pete.seat_id)
        if meeting.state.is_last:
            break
        meeting.next()


@pytest.mark.promise("signals")
def test_who_gave_a_sign_how_many_did_and_in_which_order_is_told_to_nobody(cast: Cast) -> None:
    def seen(*given: tuple[str, str]) -> str:
        meeting = cast.meeting()
        meeting.start()
        meeting.post(meeting.mo, "show", what="screen", value="own")
        for name, sign in given:
            gives(meeting, meeting[name], sign)
        return console_part(meeting)

    one = seen(("Pete", "fast"), ("Ada", "break"))
    assert "says somebody" in one, "there was something to see"
    assert one == seen(("Ada", "fast"), ("Pete", "break"))
    assert one == seen(("Cleo", "break"), ("Bob", "fast"), ("Pete", "fast"), ("Ada", "break"))


def console_part(meeting: Meeting) -> str:
    return " ".join(e.text for e in pages.read(meeting.screen(meeting.mo)).all("div") if e.get("role") == "status")


@pytest.mark.promise("signals")
def test_a_name_is_told_by_its_owner_s_own_tap_alone(started: Meeting) -> None:
    phone = device(started, started.pete)
    phone.press(pages.named(phone.open(), SAID["unsafe"])[0])
    assert "says Pete" not in console(started)
    phone.press(pages.named(phone.open(), "Tell them that it is me")[0])
    assert "says Pete." in console(started)
    assert "They see your name with it." in phone.open().text
    gives(started, started.ada, "unsafe")
    assert "say Pete and somebody else." in console(started)
    assert kept(started) == 2, "one of each, however often they tapped"


@pytest.mark.promise("signals")
def test_the_moderator_puts_it_away_and_pauses_or_stops_the_case(started: Meeting) -> None:
    started.advance_to("story")
    gives(started, started.pete, "unsafe")
    gives(started, started.ada, "unsafe")
    gives(started, started.bob, "fast")
    notice = next(
        e for e in pages.read(started.screen(started.mo)).all("div", role="status") if SAID["unsafe"] in e.text
    )
    assert "Do not ask who it was." in notice.text
    assert [b.text for b in notice.all("button")] == ["Pause", "Stop this case", "Let it go away"]
    mo = device(started, started.mo)
    mo.press(pages.named(mo.open(), "Let it go away")[0])
    assert SAID["unsafe"] not in console(started)
    assert SAID["fast"] in console(started), "the other one stands"
    assert kept(started) == 1
    assert device(started, started.pete).open().has("details", id="signal"), "and can be given anew"


@pytest.mark.promise("signals")
@pytest.mark.parametrize("how", ["end", "leave", "expel"])
def test_it_is_kept_no_longer_than_the_meeting_and_does_not_go_with_whoever_gave_it(started: Meeting, how: str) -> None:
    gives(started, started.pete, "unsafe")
    assert kept(started) == 1
    if how == "end":
        started.end()
        assert kept(started) == 0
        assert "says somebody" not in console(started)
        return
    (started.leave if how == "leave" else started.expel)(started.pete)
    assert HEARD["unsafe"] in console(started), "one that went away with somebody would tell whose it was"


@pytest.mark.promise("signals")
def test_what_is_kept_says_neither_what_nor_whose_without_the_key(started: Meeting) -> None:
    gives(started, started.pete, "unsafe", is_named=True)
    own = {p.name: started.get(p, "mine/data.json").get_json() for p in (started.pete, started.ada)}
    assert '"unsafe"' in json.dumps(own["Pete"]), "whoever gave it may take along that they did"
    assert '"unsafe"' not in json.dumps(own["Ada"])
    with started.app.app_context():
        row = db.session.scalars(select(models.Signal)).one()
        stored = b"".join(v if isinstance(v, bytes) else str(v).encode() for k, v in vars(row).items() if k[0] != "_")
    assert started.id.encode() in stored
    for word in (started.pete.seat_id, "unsafe", "Pete"):
        assert word.encode() not in stored


@pytest.mark.promise("signals")
def test_until_it_is_known_which_screen_the_console_is_on_it_lies_in_what_is_only_for_the_moderator(
    meeting: Meeting,
) -> None:
    gives(meeting, meeting.pete, "break")
    page = pages.read(meeting.screen(meeting.mo))
    assert any(SAID["break"] in e.text for e in page.all("details", id="private-main"))
    outside = [e for e in page.all("div", role="status") if SAID["break"] in e.text and not e.is_in("details")]
    assert outside == []


def test_where_few_could_have_given_it_the_phone_says_so(cast: Cast) -> None:
    few, more = cast.meeting("Gia", "Pete", "Ada"), cast.meeting()
    for meeting in (few, more):
        meeting.start()
    assert "so few that they may guess" in few.screen(few.pete)
    assert "so few that they may guess" not in more.screen(more.pete)
    assert "Whoever sees you tap may guess" in more.screen(more.pete)


def test_whoever_leads_has_nobody_to_tell(cast: Cast) -> None:
    meeting = cast.meeting()
    lead = meeting.join("Moniek", leads=True)
    meeting.start()
    assert 'id="signal"' in meeting.screen(meeting.pete)
    assert 'id="signal"' not in meeting.screen(lead)
    with pytest.raises(Refused) as refused:
        gives(meeting, lead, "fast")
    assert refused.value.code == "leads_to_themselves"


def test_late_twice_from_outside_and_made_up_it_is_refused_in_words(cast: Cast, started: Meeting) -> None:
    other = cast.meeting("Gia", "Pete", "Ada", "Bob")
    assert started.post(started.pete, "signal", sign="shout").status_code == 422
    for _ in range(2):
        assert started.post(started.pete, "signal", sign="fast").status_code == 200
    assert kept(started) == 1
    for _ in range(2):
        assert started.post(started.pete, "signal", value="off").status_code == 200
    with pytest.raises(Refused) as elsewhere:
        gives(started, other.pete, "fast")
    assert elsewhere.value.status == 404
    assert other.post(other.pete, "signal", sign="fast").status_code == 409, "it has not begun"
    waiting = started.join("Zoe")
    assert started.post(waiting, "signal", sign="fast").status_code == 403
    started.next()
    assert started.post(started.pete, "signal", sign="fast").status_code == 200, "a phase later it is as true"
    started.end()
    late = started.post(started.pete, "signal", sign="fast")
    assert late.status_code == 409
    assert late.get_json()["notice"] == "The meeting is not running now."
    assert kept(started) == 0


@pytest.fixture
def counted(started: Meeting, monkeypatch: pytest.MonkeyPatch) -> Iterator[Meeting]:
    """Where tries are counted."""
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    yield started
    limiter.reset()


def test_whoever_taps_on_and_on_is_told_kindly_and_nobody_else_is_stopped(counted: Meeting) -> None:
    given = [counted.post(counted.pete, "signal", sign=sign) for sign in ("fast", "break") * 6]
    assert [one.status_code for one in given] == [200] * 10 + [429] * 2
    assert given[-1].get_json()["notice"].startswith("The moderator has your sign.")
    assert counted.post(counted.pete, "signal", value="off").status_code == 200, "and can still take it back"
    assert counted.post(counted.ada, "signal", sign="unsafe").status_code == 200
    assert HEARD["unsafe"] in console(counted)
