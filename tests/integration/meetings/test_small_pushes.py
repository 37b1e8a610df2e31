"""What goes over the line stays small, however many people there are."""

from __future__ import annotations

import pytest
from flask import Flask

from facilitator.core.websockets import Frames
from facilitator.meetings import live
from facilitator.meetings.live import Listener
from facilitator.meetings.showing.console_lists import ON_A_PAGE
from tests.cast import Cast, Meeting
from tests.pages import read, sent_by
from tests.phones import device, settle

PEOPLE = 60
MOST_BYTES = 6 * 1024
A_FEW_HUNDRED = 700


@pytest.fixture
def crowd(app: Flask) -> Meeting:
    """A meeting that fills a hall."""
    return Cast(app).meeting("Gia", *(f"Peer {number}" for number in range(1, PEOPLE)), capacity=100)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """The view and the bytes of whatever is pushed from now on."""
    found: list[tuple[str, int]] = []
    send = live._send

    def counted(listener: Listener, frames: Frames) -> None:
        found.append((listener.view, len(frames.bytes(is_deflated=True))))
        send(listener, frames)

    monkeypatch.setattr(live, "_send", counted)
    return found


def everybody_listens(meeting: Meeting) -> None:
    """The console, the room screen and some phones have a page open, and have heard one screen."""
    for person in (meeting.mo, meeting.wall, meeting["Gia"], meeting["Peer 1"], meeting["Peer 2"]):
        device(meeting, person).listen()
    meeting.advance_to("clarify")
    settle(meeting.app)


def test_no_page_is_pushed_much_in_any_phase(crowd: Meeting, sent: list[tuple[str, int]]) -> None:
    everybody_listens(crowd)
    for key in ("clarify", "advise"):
        crowd.advance_to(key)
        settle(crowd.app)
    assert {view for view, _ in sent} == {"phone", "wall", "console"}
    assert max(size for _, size in sent) <= MOST_BYTES


def test_one_text_costs_its_writer_a_screen_the_console_a_few_lines_and_nobody_else_anything(
    crowd: Meeting, sent: list[tuple[str, int]]
) -> None:
    everybody_listens(crowd)
    crowd.write(crowd["Peer 1"], "question", question="What did you do then?")
    settle(crowd.app)
    sent.clear()
    crowd.write(crowd["Peer 2"], "question", question="What did you do then?")
    settle(crowd.app)
    assert sorted(view for view, _ in sent) == ["console", "phone"], "Peer 2's, and nobody else's"
    assert dict(sent)["console"] <= A_FEW_HUNDRED


def test_the_console_shows_people_a_page_at_a_time(crowd: Meeting) -> None:
    console = device(crowd, crowd.mo)
    crowd.advance_to("clarify")
    seen: list[str] = []
    sizes: list[int] = []
    page = console.open()
    for _ in range(10):
        names = [found.text for found in page.all("span", class_="person-name") if "Room screen" not in found.text]
        seen += names
        sizes.append(len(names))
        following = [link["href"] for link in page.all("a", rel="next")]
        if not following:
            break
        page = read(console.get(f"/meetings/{crowd.id}/console{following[0]}").text)
    assert len(seen) == len(set(seen)) == PEOPLE
    assert max(sizes) == ON_A_PAGE


def test_what_is_pushed_and_answered_stays_on_the_page_that_is_looked_at(crowd: Meeting) -> None:
    crowd.advance_to("clarify")
    console = device(crowd, crowd.mo)
    last = -(-PEOPLE // ON_A_PAGE)
    assert f"Peer {PEOPLE - 1}" not in console.open().text
    page = read(console.get(f"/meetings/{crowd.id}/console?page={last}.1").text)
    assert f"Peer {PEOPLE - 1}" in page.text
    headers = {"X-Page": f"{last}.1"}
    answer = console.post_with("people", {"do": "lock", "op": "0" * 32}, headers)
    assert f"Peer {PEOPLE - 1}" in read(answer.get_json()["html"]).text


@pytest.mark.parametrize("written", ["", "0.1", "9999.9999", "-1.1", "1", "x", "1.1.1", "٣.1", "1.1' OR 1"])
def test_whatever_page_is_asked_for_there_is_one(crowd: Meeting, written: str) -> None:
    answer = device(crowd, crowd.mo).get(f"/meetings/{crowd.id}/console?page={written}")
    assert answer.status_code == 200
    assert read(answer.text).all("li", id=f"seat-{crowd['Gia'].seat_id}") or written.startswith("9999")


def test_somebody_moves_up_and_down_at_the_table_across_pages(crowd: Meeting) -> None:
    console = device(crowd, crowd.mo)
    names = [seat.name for seat in crowd.known.seats if seat.kind == "participant"]
    at_the_edge = names[ON_A_PAGE - 1]
    console.post("order", "0" * 32, seat=crowd[at_the_edge].seat_id, by="1")
    after = [seat.name for seat in crowd.known.seats if seat.kind == "participant"]
    assert after.index(at_the_edge) == ON_A_PAGE
    assert sorted(after) == sorted(names)


def test_anybody_is_named_at_the_console_on_whatever_page_they_are(crowd: Meeting) -> None:
    mo = device(crowd, crowd.mo)
    again = crowd.join("Peer 57", is_again=True)
    page = mo.open()
    assert "Peer 57" not in page.text, "they are on another page"
    form = page.one("input", id="joined-seat").around("form")
    fields = sent_by(form) | {"seat": "peer 57 2", "to": "Nobody"}
    unknown = mo.post("people", **fields)
    assert unknown.status_code == 404
    assert "We cannot find this person" in unknown.get_json()["notice"]
    assert mo.post("people", **(fields | {"seat": "PEER 57 2", "to": "Peer 57"})).status_code == 200
    assert list(crowd.snapshot.hands) == [again.seat_id]


def test_an_action_of_last_time_is_given_to_somebody_on_another_page(app: Flask) -> None:
    cast = Cast(app)
    before = cast.meeting("Gia", "Pete")
    before.advance_to("commit")
    before.write(before.gia, "action", when_if="he is silent", then="I ask him", due="2031-05-01")
    before.end()
    names = [f"Peer {number}" for number in range(1, 31)]
    meeting = cast.meeting(*names, capacity=100, case_giver=None, continues=before)
    meeting.start()
    mo, action = device(meeting, meeting.mo), meeting.actions[0]
    page = mo.open()
    assert page.has("input", id=f"owner-{action.id}")
    assert mo.post("action", action=action.id, do="owner", seat="Peer 30").status_code == 200
    assert meeting.actions[0].owner_id == meeting["Peer 30"].seat_id


def test_whoever_was_not_heard_yet_is_named_from_every_page_and_nobody_who_was(app: Flask) -> None:
    names = [f"Peer {number}" for number in range(1, 21)]
    meeting = Cast(app).meeting("Gia", *names, capacity=100)
    meeting.advance_to("advise")
    for name in names[:18]:
        meeting.write(meeting[name], "advice", advice=f"Advice of {name}")
    for _name in names[:18]:
        meeting.next_speaker()
    quiet = [row.text for row in device(meeting, meeting.mo).open().all("p") if "Not heard yet" in row.text]
    order = meeting.step.speakers
    heard = order[: order.index(meeting.step.speaker or "") + 1]
    waiting = [name for name in names if meeting[name].seat_id not in heard]
    assert len(waiting) == 2, "whoever had the floor was heard, whether they had written or not"
    assert [{name.strip() for name in text.partition(":")[2].split(",")} for text in quiet] == [set(waiting)]
