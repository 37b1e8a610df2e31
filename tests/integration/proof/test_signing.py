"""Everybody who took part confirms it themselves: on their phone or by their account, never for somebody else."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask.testing import FlaskClient

from tests.cast import Cast, Meeting, Person, account
from tests.contract.everybody import signed_in
from tests.documents import pdf_text
from tests.integration.proof.test_overview import connect
from tests.integration.proof.test_registers import add
from tests.pages import read
from tests.proof import confirm, held, page
from tests.scenes import staged

ASKED = "Yes, I took part"
DONE = "You confirmed that you took part."


def sign(client: FlaskClient, meeting: Meeting) -> None:
    """Presses the button on one's own page, which leads back to it."""
    here = f"/meetings/{meeting.id}/proof"
    forms = read(client.get(here).text).one("main").all("form")
    (form,) = [one for one in forms if (one.get("action") or "").startswith(f"{here}/sign")]
    token = form.one("input", name="csrf_token")["value"]
    assert client.post(form["action"], data={"csrf_token": token}).status_code == 302


def all_sign(meeting: Meeting, but: Iterable[Person] = ()) -> None:
    for person in (meeting.gia, meeting.pete, meeting.ada, meeting.bob, meeting.cleo):
        if person not in but:
            sign(meeting.client(person), meeting)


def test_a_phone_without_an_account_confirms_for_its_own_seat_alone(meeting: Meeting) -> None:
    assert ASKED in page(meeting, meeting.pete, "proof").text
    sign(meeting.client(meeting.pete), meeting)
    assert DONE in page(meeting, meeting.pete, "proof").text
    assert ASKED not in page(meeting, meeting.pete, "proof").text
    assert ASKED in page(meeting, meeting.ada, "proof").text, "hers is still hers to say"
    attendance = page(meeting, meeting.mo, "presence").text
    assert attendance.count("Confirmed themselves that they took part") == 1


def test_the_phone_leads_there_when_the_meeting_is_over(meeting: Meeting) -> None:
    links = {link.text: link["href"] for link in page(meeting, meeting.pete, "phone").all("a")}
    assert links["Confirm that I took part"] == f"/meetings/{meeting.id}/proof"


@pytest.mark.promise("signing")
def test_nobody_confirms_for_somebody_else(cast: Cast) -> None:
    """Whom the moderator says Zoe is sees her hours, and signs nothing with them; nor does anybody outside."""
    meeting = staged(cast, held)
    outsider = signed_in(cast.app, account(cast.app, "Ola", f"Elders {cast.organisation}"))
    for client in (outsider, cast.app.test_client()):
        assert client.post(f"/meetings/{meeting.id}/proof/sign").status_code in (400, 404)
        assert client.get(f"/meetings/{meeting.id}/proof").status_code == 404
    user = account(cast.app, "Pete", cast.organisation)
    connect(meeting, "Pete", user)
    sign(signed_in(cast.app, user), meeting)
    assert DONE in page(meeting, meeting.pete, "proof").text, "by the account or by the phone it is one seat"
    for person in (meeting.ada, meeting.gia):
        assert DONE not in page(meeting, person, "proof").text


@pytest.mark.promise("signing")
def test_a_certificate_says_that_all_did_or_that_its_holder_did_and_nothing_of_others(meeting: Meeting) -> None:
    def paper(person: Person) -> str:
        return " ".join(pdf_text(meeting.client(person).get(f"/meetings/{meeting.id}/proof.pdf").data).split())

    all_sign(meeting, but=(meeting.ada,))
    confirm(meeting, **{f"paper_{meeting['Zoe'].seat_id}": "y"})
    assert "the participant confirmed it" in paper(meeting.pete)
    assert "confirmed it" not in paper(meeting.ada)
    sign(meeting.client(meeting.ada), meeting)
    assert "all 7 participants confirmed it" in paper(meeting.bob), "he gets his first one now"
    assert "more people confirmed" in page(meeting, meeting.pete, "proof").text
    listed = pdf_text(meeting.client(meeting.mo).get(f"/meetings/{meeting.id}/attendance.pdf").data)
    assert listed.split().count("confirmed") == 7, "whoever confirmed the attendance signed by that"


def test_who_is_not_on_the_list_is_not_asked_and_cannot(meeting: Meeting) -> None:
    token = read(meeting.client(meeting.pete).get(f"/meetings/{meeting.id}/proof").text).one("main")
    confirm(meeting, **{f"there_{meeting.pete.seat_id}": None})
    assert ASKED not in page(meeting, meeting.pete, "proof").text
    client = meeting.client(meeting.pete)
    sent = {"csrf_token": token.all("input", name="csrf_token")[0]["value"]}
    assert client.post(f"/meetings/{meeting.id}/proof/sign", data=sent).status_code in (302, 400)
    assert DONE not in page(meeting, meeting.pete, "proof").text


def test_a_register_that_wants_everybody_s_word_counts_a_session_once_it_has_that(cast: Cast) -> None:
    meeting, user = staged(cast, held), account(cast.app, "Pete", cast.organisation)
    connect(meeting, "Pete", user)
    confirm(meeting)
    client = signed_in(cast.app, user)
    here = add(client, hours="1", needs_all="y")
    assert "Not everybody who took part has confirmed it yet." in client.get(here).text
    all_sign(meeting)
    assert "Reached in this year 0 minutes" in read(client.get(here).text).one("main").text, "Zoe has not yet"
    confirm(meeting, **{f"paper_{meeting['Zoe'].seat_id}": "y"})
    assert "Reached in this year 50 minutes" in read(client.get(here).text).one("main").text
