"""The pages of a report as people use them: forms are sent with the token and the fingerprint that stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from facilitator.meetings import moves
from tests.cast import Cast, Meeting, Person

QUESTION = "QUESTION of Gia"
ADVICE = "ADVICE of somebody"
LEARNED = "LEARNED by Ada"
INPUT = re.compile(r'<input(?![^>]*type="checkbox"(?![^>]*checked))[^>]*name="([^"]+)"[^>]*value="([^"]*)"')
AREA = re.compile(r'<textarea[^>]*name="([^"]+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)


@dataclass
class Pages:
    """One device on the report of one meeting."""

    client: FlaskClient
    meeting_id: str

    def get(self, rest: str = "") -> TestResponse:
        """Opens an address of the report: ``, `.md`, `/approve?case=1`."""
        return self.client.get(f"/meetings/{self.meeting_id}/report{rest}")

    def send(self, page: str, verb: str, **fields: str) -> TestResponse:
        """Sends the form of a page that has these fields filled in already, with others of one's own."""
        answer = self.get(page)
        assert answer.status_code == 200, (page, answer.status_code)
        wanted = {name: value for name, value in fields.items() if name in ("do", "part", "case")}.items()
        forms = (form for form in re.findall(r"(?s)<form.*?</form>", answer.text) if f"/report/{verb}" in form)
        form = next((form for form in forms if wanted <= hidden(form).items()), None)
        assert form is not None, f"{page} has a form for {verb} with {dict(wanted)}"
        return self.post(verb, **{**hidden(form), **fields})

    def post(self, verb: str, **fields: str) -> TestResponse:
        """Sends a form as it was filled in."""
        return self.client.post(f"/meetings/{self.meeting_id}/report/{verb}", data=fields)

    def token(self) -> str:
        """The token of a page this person has open."""
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.client.get("/j").text)
        assert found
        return found.group(1)

    def sent(self, verb: str, **fields: str) -> TestResponse:
        """Sends a form of one's own making."""
        return self.post(verb, csrf_token=self.token(), **fields)

    def approve_all(self, case: int = 1) -> TestResponse:
        """Says yes to everything, at the end of the round."""
        return self.send(f"/approve?case={case}&part=all", "approve", do="approve")


def seen_in(page: str) -> str:
    """The fingerprint in the first form of a page that has one."""
    found = re.search(r'name="seen"[^>]*value="([^"]*)"', page)
    assert found
    return found.group(1)


def pages_of(meeting: Meeting, person: Person) -> Pages:
    """The device that holds somebody's seat."""
    return Pages(meeting.client(person), meeting.id)


def hidden(form: str) -> dict[str, str]:
    """What stands in the fields of a form."""
    fields = {name: unescape(value) for name, value in INPUT.findall(form)}
    return fields | {name: unescape(text) for name, text in AREA.findall(form)}


def held(cast: Cast, *, group: str = "", case_giver: str = "Gia") -> Meeting:
    """A meeting that is over: a question, two pieces of advice, something learned, and a text that nobody revealed."""
    meeting = cast.meeting(group=group, case_giver=None)
    if case_giver not in meeting.people:
        meeting.add_without_phone(case_giver)
    meeting.name_case_giver(case_giver)
    tell_case(meeting, case_giver)
    meeting.advance_to("learn")
    meeting.write(meeting.ada, "learning", learning=f"{LEARNED} {meeting.id}")
    everybody_speaks(meeting)
    meeting.end()
    return meeting


def tell_case(meeting: Meeting, case_giver: str, mark: str = "") -> None:
    """One case: its question, two pieces of advice, and a hypothesis that is never revealed."""
    meeting.advance_to("story")
    giver = meeting[case_giver]
    if giver.token:
        meeting.write(
            giver, "question", question=f"{QUESTION}{mark} {meeting.id}", clarity=3, next_step=2, note="CANARY note"
        )
    meeting.advance_to("diagnose")
    meeting.write(meeting.pete, "hypothesis", hypothesis="CANARY hypothesis")
    meeting.advance_to("advise")
    for name in ("Bob", "Cleo"):
        meeting.write(meeting[name], "advice", advice=f"{ADVICE}{mark} {meeting.id}")
    everybody_speaks(meeting)


def everybody_speaks(meeting: Meeting) -> None:
    """The round of a phase to its end: each text comes out when it is its writer's turn."""
    while moves.next_move(meeting.snapshot) == "next_speaker":
        meeting.next_speaker()
