"""A moderator copies a method, changes it on its pages, takes it into use and plans a meeting with it; nothing typed is ever lost."""

from __future__ import annotations

import re
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, render_template
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from facilitator.accounts.models import User
from facilitator.core.db import db, now
from facilitator.core.extensions import limiter
from facilitator.editor import views
from facilitator.meetings import loading
from facilitator.meetings.models import Meeting
from facilitator.meetings.playing import problems_of_play
from facilitator.methods import limits
from facilitator.methods.loader import load_catalogue
from facilitator.repertoire import actions
from facilitator.repertoire.models import OwnMethod
from tests import pages
from tests.accounts_cast import english, make_member, make_moderator, make_outsider, sign_in
from tests.pages import Element


@dataclass
class Author:
    """Somebody who is signed in and works on a method."""

    client: FlaskClient
    key: str = ""

    def copy(self, key: str = "basis") -> str:
        page = pages.read(self.client.get("/methods/own").text)
        form = next(one for one in page.all("form") if one.get("action") == f"/methods/{key}/copy")
        answer = self.client.post(form["action"], data=pages.sent_by(form))
        self.key = answer.location.split("/")[2]
        return self.key

    def page(self, phase: str = "") -> Element:
        answer = self.client.get(self.address(phase))
        assert answer.status_code == 200, answer.text[:300]
        return pages.read(answer.text)

    def address(self, phase: str = "") -> str:
        return f"/methods/{self.key}/phases/{phase}" if phase else f"/methods/{self.key}/edit"

    def typed(self, phase: str = "", **changed: str) -> dict[str, Any]:
        form = next(one for one in self.page(phase).all("form") if one.get("action") == self.address(phase))
        fields: dict[str, Any] = dict(pages.sent_by(form))
        fields |= {box["name"]: _ticked(form, box["name"]) for box in form.all("input", name="aims")}
        assert {name.replace("__", "-") for name in changed} <= fields.keys() | {"is_shown_otherwise"}, sorted(fields)
        return {**fields, **{name.replace("__", "-"): value for name, value in changed.items()}}

    def press(self, do: str, phase: str = "", **changed: str) -> TestResponse:
        return self.client.post(self.address(phase), data={**self.typed(phase, **changed), "do": do})

    def state(self, do: str, **more: str) -> TestResponse:
        token = self.typed()["csrf_token"]
        return self.client.post(f"/methods/{self.key}/state", data={"csrf_token": token, "do": do, **more})

    def draft(self) -> dict[str, Any]:
        with self.client.application.app_context():
            row = db.session.scalar(select(OwnMethod).where(OwnMethod.key == self.key))
            assert row is not None
            return row.draft

    def phase(self, key: str) -> dict[str, Any]:
        return next(one for one in self.draft()["phases"] if one.get("key", one["kind"]) == key)


def _ticked(form: Element, name: str) -> list[str]:
    return [box["value"] for box in form.all("input", name=name) if "checked" in box.attributes]


@pytest.fixture
def mo(app: Flask) -> Author:
    make_moderator(app)
    return author(app, "mo")


def author(app: Flask, name: str) -> Author:
    client = english(app.test_client())
    sign_in(client, type("Account", (), {"email": f"{name}@example.org"})())
    return Author(client)


def test_a_copy_is_changed_taken_into_use_and_a_meeting_is_held_with_it(app: Flask, mo: Author) -> None:
    mo.copy()
    assert mo.press("save", phases__0__minutes="7", texts__en__title="Our hour").status_code == 302
    assert (
        mo.press("save", "clarify", texts__en__rule="Only questions we do not know the answer to.").status_code == 302
    )
    assert mo.state("use").status_code == 302
    form = next(
        one for one in pages.read(mo.client.get("/meetings/new").text).all("form") if "goal" in pages.sent_by(one)
    )
    sent = {**pages.sent_by(form), "goal": "Learn", "method": mo.key, "go": "now"}
    assert "/console" in mo.client.post("/meetings/new", data=sent).location
    with app.app_context():
        meeting = db.session.scalars(select(Meeting)).one()
        found = loading.read(meeting.id)
        assert found.method.text("en").title == "Our hour"
        phases = {phase.key: phase for phase in found.phases.values()}
        assert phases["follow_up"].minutes == 7
        assert phases["clarify"].text("en").rule == "Only questions we do not know the answer to."
        assert phases["clarify"].text("nl").rule, "the other language has the usual one"


def test_what_was_not_changed_is_not_written_down(mo: Author) -> None:
    mo.copy()
    before = mo.draft()
    for phase in before["phases"]:
        assert mo.press("save", phase["kind"]).status_code == 302, phase["kind"]
    assert mo.press("save").status_code == 302
    assert mo.draft() == before


def test_a_text_that_is_left_empty_is_the_usual_one_which_stands_in_it(mo: Author) -> None:
    mo.copy()
    [field] = [one for one in mo.page("story").all("textarea") if one["name"] == "texts-en-rule"]
    assert field["placeholder"] == "We listen and do not interrupt."
    mo.press("save", "story", texts__en__rule="We listen.")
    assert mo.phase("story")["texts"]["en"]["rule"] == "We listen."
    mo.press("save", "story", texts__en__rule="")
    assert "en" not in mo.phase("story")["texts"] or "rule" not in mo.phase("story")["texts"]["en"]


def test_phases_are_added_moved_and_taken_out_without_a_script_and_kept_when_saved(mo: Author) -> None:
    mo.copy()
    before = [phase["kind"] for phase in mo.draft()["phases"]]
    for do in ("add:phases", "up:phases-3", "down:phases-3", "remove:phases-3"):
        answer = mo.press(do)
        assert (answer.status_code, "not stored yet" in answer.text) == (200, True), do
    assert [phase["kind"] for phase in mo.draft()["phases"]] == before
    form = next(
        one for one in pages.read(mo.press("remove:phases-3").text).all("form") if one["action"] == mo.address()
    )
    assert mo.client.post(mo.address(), data={**pages.sent_by(form), "do": "save"}).status_code == 302
    assert [phase["kind"] for phase in mo.draft()["phases"]] == [*before[:3], *before[4:]]


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(mo: Author) -> None:
    mo.copy()
    answer = mo.press("save", "clarify", minutes="a while", texts__en__say="Take your time.")
    assert answer.status_code == 422
    assert "a while" in answer.text
    assert "Take your time." in answer.text
    again = mo.press("add:forms-0-fields", "clarify", minutes="a while", texts__en__say="Take your time.")
    assert again.status_code == 200
    assert "a while" in again.text
    assert "Take your time." in again.text


def test_two_who_change_the_same_at_once_lose_nothing(app: Flask, mo: Author) -> None:
    mo.copy()
    make_moderator(app, "Ada")
    ada = author(app, "ada")
    ada.key = mo.key
    his = mo.typed("story", texts__en__rule="His rule.")
    assert ada.press("save", "story", texts__en__rule="Her rule.").status_code == 302
    answer = mo.client.post(mo.address("story"), data={**his, "do": "save"})
    assert answer.status_code == 409
    assert "Her rule." in answer.text
    assert "His rule." in answer.text
    assert mo.phase("story")["texts"]["en"]["rule"] == "Her rule."
    form = next(one for one in pages.read(answer.text).all("form") if one.get("action") == mo.address("story"))
    assert mo.client.post(mo.address("story"), data={**pages.sent_by(form), "do": "save"}).status_code == 302
    assert mo.phase("story")["texts"]["en"]["rule"] == "His rule."


def _saved(mo: Author, answer: TestResponse) -> TestResponse:
    return _pressed(mo, answer, "save")


def _pressed(mo: Author, answer: TestResponse, do: str) -> TestResponse:
    """A button pressed on the page of the method that this is."""
    form = next(one for one in pages.read(answer.text).all("form") if one.get("action") == mo.address())
    aims = {box["name"]: _ticked(form, box["name"]) for box in form.all("input", name="aims")}
    return mo.client.post(mo.address(), data={**pages.sent_by(form), **aims, "do": do})


def _kinds(mo: Author) -> list[str]:
    return [phase["kind"] for phase in mo.draft()["phases"]]


@pytest.mark.parametrize("do", ["save", "look", "add:forms"])
def test_what_was_typed_in_a_phase_that_somebody_took_out_meanwhile_is_given_back(
    app: Flask, mo: Author, do: str
) -> None:
    mo.copy()
    make_moderator(app, "Ada")
    ada = author(app, "ada")
    ada.key = mo.key
    his = mo.typed("clarify", texts__en__rule="A long sentence\nthat he typed.", minutes="11.5")
    assert _saved(ada, ada.press(f"remove:phases-{_kinds(mo).index('clarify')}")).status_code == 302
    assert "clarify" not in _kinds(mo)
    answer = mo.client.post(mo.address("clarify"), data={**his, "do": do})
    assert answer.status_code == 409
    for words in ("took this phase out", "A long sentence\nthat he typed.", "11.5", "Texts · English · The rule"):
        assert words in answer.text, [one.text for one in pages.read(answer.text).all("dt")]
    assert his["csrf_token"] not in "".join(one.text for one in pages.read(answer.text).all("dd"))
    assert mo.client.get(mo.address("clarify")).status_code == 404


def test_what_was_typed_in_a_phase_that_is_taken_out_at_that_moment_is_given_back(
    app: Flask, mo: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    mo.copy()
    his = mo.typed("clarify", texts__en__rule="A sentence that he typed.")
    change = actions.change

    def too_late(by: User, key: str, *given: Any) -> None:
        def without(draft: dict[str, Any]) -> dict[str, Any]:
            return {**draft, "phases": [one for one in draft["phases"] if one["kind"] != "clarify"]}

        change(by, key, actions.seen(mo.draft()), lambda draft: draft, without)
        change(by, key, *given)

    monkeypatch.setattr(actions, "change", too_late)
    answer = mo.client.post(mo.address("clarify"), data={**his, "do": "save"})
    assert (answer.status_code, "A sentence that he typed." in answer.text) == (409, True)


@pytest.mark.parametrize("phase", ["", "clarify"])
def test_what_was_typed_in_a_method_that_was_erased_meanwhile_is_given_back(mo: Author, phase: str) -> None:
    mo.copy()
    his = mo.typed(phase, **({"texts__en__rule" if phase else "texts__en__summary": "A sentence that he typed."}))
    mo.state("put_away")
    mo.state("erase")
    answer = mo.client.post(mo.address(phase), data={**his, "do": "save"})
    assert answer.status_code == 404, "as if it had never been: nobody learns the keys of others"
    assert "This method is not there any more." in answer.text
    assert "A sentence that he typed." in answer.text


def test_a_phase_that_somebody_added_meanwhile_stays_where_it_stands_whoever_saves_an_older_list(
    app: Flask, mo: Author
) -> None:
    mo.copy()
    make_moderator(app, "Ada")
    ada = author(app, "ada")
    ada.key = mo.key
    his = mo.typed(phases__0__minutes="9")
    before = _kinds(mo)
    hers = ada.press("add:phases", new_kind="silence")
    for place in range(len(before), 2, -1):
        hers = _pressed(ada, hers, f"up:phases-{place}")
    assert _pressed(ada, hers, "save").status_code == 302
    assert ada.press("save", "silence", texts__en__rule="Her words.").status_code == 302
    with_hers = _kinds(mo)
    assert with_hers == [*before[:2], "silence", *before[2:]]
    conflict = mo.client.post(mo.address(), data={**his, "do": "save"})
    assert conflict.status_code == 409
    [facts] = [one for one in pages.read(conflict.text).all("dl") if one.attributes.get("class") == "facts"]
    assert len(facts.all("dt")) == 1, "nothing differs but the minutes that he typed"
    assert _saved(mo, conflict).status_code == 302
    assert _kinds(mo) == with_hers
    assert mo.phase("silence")["texts"]["en"]["rule"] == "Her words."
    assert mo.draft()["phases"][0]["minutes"] == 9
    assert _saved(mo, mo.press("remove:phases-2")).status_code == 302
    assert _kinds(mo) == before, "whoever saw it can take it out"


def test_a_phase_that_somebody_took_out_meanwhile_does_not_come_back_without_its_texts(app: Flask, mo: Author) -> None:
    mo.copy()
    make_moderator(app, "Ada")
    ada = author(app, "ada")
    ada.key = mo.key
    his, before = mo.typed(phases__0__minutes="9"), _kinds(mo)
    assert _saved(ada, ada.press(f"remove:phases-{len(before) - 1}")).status_code == 302
    conflict = mo.client.post(mo.address(), data={**his, "do": "save"})
    assert conflict.status_code == 409
    assert _saved(mo, conflict).status_code == 302
    assert (_kinds(mo), mo.draft()["phases"][0]["minutes"]) == (before[:-1], 9)


def test_an_earlier_version_takes_the_place_of_no_draft_that_nobody_saw_and_the_draft_is_kept(mo: Author) -> None:
    mo.copy()
    mo.state("use")
    before = mo.page()
    mo.press("save", "clarify", texts__en__rule="An hour of writing.")

    def back(page: Element, number: str) -> TestResponse:
        forms = [pages.sent_by(one) for one in page.all("form")]
        sent = next(one for one in forms if one.get("number") == number)
        return mo.client.post(f"/methods/{mo.key}/state", data={**sent, "do": "back"})

    refused = back(before, "1")
    assert (refused.status_code, "Somebody changed the draft meanwhile" in refused.text) == (409, True)
    assert "An hour of writing." in str(mo.draft())
    assert back(mo.page(), "1").status_code == 302
    assert "An hour of writing." not in str(mo.draft())
    assert "kept as version 2" in mo.client.get(mo.address()).text
    assert back(mo.page(), "2").status_code == 302
    assert "An hour of writing." in str(mo.draft())


def test_two_who_change_different_phases_do_not_meet(app: Flask, mo: Author) -> None:
    mo.copy()
    make_moderator(app, "Ada")
    ada = author(app, "ada")
    ada.key = mo.key
    his = mo.typed("story", texts__en__rule="His rule.")
    assert ada.press("save", "clarify", texts__en__rule="Her rule.").status_code == 302
    assert mo.client.post(mo.address("story"), data={**his, "do": "save"}).status_code == 302
    assert mo.phase("clarify")["texts"]["en"]["rule"] == "Her rule."


def test_what_would_leak_is_refused_beside_its_field_and_cannot_be_used(mo: Author) -> None:
    mo.copy()
    assert mo.press("save", "diagnose", is_shown_otherwise="y", reveals__wall__names="before").status_code == 302
    page = mo.client.get(mo.address("diagnose")).text
    assert "This would show hidden texts before they are revealed: Who wrote a text." in page
    answer = mo.state("use")
    assert answer.status_code == 422
    assert "would show hidden texts before they are revealed" in answer.text
    assert mo.press("save", "diagnose", reveals__wall__names="after").status_code == 302
    assert mo.state("use").status_code == 302


def test_what_nobody_would_ever_read_is_told_beside_it_and_cannot_be_used(mo: Author) -> None:
    mo.copy()
    everybody, text = ("moderator", "wall", "peer", "case_giver"), ("items", "current", "names")
    nobody = {f"reveals__{audience}__{facet}": "" for audience in everybody for facet in text}
    assert mo.press("save", "learn", is_shown_otherwise="y", **nobody).status_code == 302
    assert "Nobody but who writes this ever sees it." in mo.client.get(mo.address("learn")).text
    answer = mo.state("use")
    assert answer.status_code == 422
    assert "Nobody but who writes this ever sees it." in answer.text
    assert mo.press("save", "learn", reveals__wall__items="after").status_code == 302
    assert mo.state("use").status_code == 302


def test_another_organisation_and_who_leads_no_meetings_see_none_of_it(app: Flask, mo: Author) -> None:
    mo.copy()
    mo.press("save", texts__en__title="Only for us")
    assert "Only for us" in mo.client.get("/methods/own").text
    make_outsider(app)
    make_member(app)
    ola, pete = author(app, "ola"), author(app, "pete")
    ola.key = mo.key
    assert "Only for us" not in ola.client.get("/methods/own").text
    for address in (mo.address(), mo.address("story"), f"/methods/{mo.key}.toml"):
        assert ola.client.get(address).status_code == 404
        assert pete.client.get(address).status_code == 403
    token = re.search(r'name="csrf_token" value="([^"]+)"', ola.client.get("/methods/own").text)
    assert token
    for address in (mo.address(), mo.address("story"), f"/methods/{mo.key}/state", f"/methods/{mo.key}/copy"):
        assert ola.client.post(address, data={"csrf_token": token[1], "do": "use"}).status_code == 404


def brought(mo: Author, content: bytes) -> TestResponse:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', mo.client.get("/methods/import").text)
    assert token
    sent = {"csrf_token": token[1], "file": (BytesIO(content), "method.toml")}
    return mo.client.post("/methods/import", data=sent, content_type="multipart/form-data")


def test_a_method_goes_to_another_organisation_as_the_same_file(app: Flask, mo: Author) -> None:
    mo.copy()
    mo.press("save", "clarify", texts__en__rule="Only questions we do not know the answer to.")
    file = mo.client.get(f"/methods/{mo.key}.toml")
    assert f'filename="{mo.key}.toml"' in file.headers["Content-Disposition"]
    make_outsider(app)
    ola = author(app, "ola")
    answer = brought(ola, file.data)
    assert answer.location == f"/methods/{mo.key}/edit"
    assert ola.client.get(f"/methods/{mo.key}.toml").data == file.data
    assert brought(ola, file.data).location != answer.location, "a second time it is another method"


def test_a_file_that_is_no_method_is_refused_in_words_and_nothing_is_kept(mo: Author) -> None:
    mo.copy()
    file = mo.client.get(f"/methods/{mo.key}.toml").text
    for content, words in (
        (b"", "phases: Fill this in."),
        (b"\xff\xfe", "not text in UTF-8"),
        (b"key = ", "not valid TOML"),
        (b"a = " + b"[" * 100_000, "nested too deeply"),
        (file.replace("minutes = 12", 'minutes = "12"').encode(), "Phase 4, minutes"),
        (file.replace('kind = "learn"', 'kind = "commit"').encode(), "Phase 9, key"),
    ):
        answer = brought(mo, content)
        assert (answer.status_code, words in answer.text) == (422, True), (words, answer.text[-1500:])
    with mo.client.application.app_context():
        assert len(db.session.scalars(select(OwnMethod)).all()) == 1


def test_a_file_that_would_leak_comes_in_as_a_draft_that_says_so(mo: Author) -> None:
    mo.copy()
    file = mo.client.get(f"/methods/{mo.key}.toml").text
    leaking = file.replace('kind = "learn"', 'kind = "learn"\nreveals.wall = { before = ["items"], after = ["items"] }')
    assert leaking != file
    answer = brought(mo, leaking.encode())
    assert answer.status_code == 302
    page = mo.client.get(answer.location).text
    assert "would show hidden texts before they are revealed" in page


def previews(page: Element) -> dict[str, str]:
    return {frame["title"]: frame["srcdoc"] for frame in page.all("iframe")}


def test_a_preview_shows_every_screen_before_and_after_the_reveal(mo: Author) -> None:
    mo.copy()
    shown = previews(mo.page("diagnose"))
    text = "What happened just before he walked away?"
    assert text in shown["Once it is revealed: Wall"]
    assert text not in shown["Before it is revealed: Wall"]
    assert text not in shown["Before it is revealed: The others"]
    assert len(shown) == 8
    assert all(">One moment" not in page and 'data-kind="diagnose"' in page for page in shown.values())


@pytest.mark.parametrize("key", load_catalogue())
def test_every_phase_of_every_method_can_be_looked_at(mo: Author, key: str) -> None:
    mo.copy(key)
    for phase in mo.draft()["phases"]:
        page = mo.page(phase.get("key", phase["kind"]))
        assert len(previews(page)) in (4, 8), phase
        assert not page.all("p", class_="preview-wrong")


def test_a_preview_follows_what_is_typed_and_stores_nothing(mo: Author) -> None:
    mo.copy()
    before = mo.draft()
    answer = mo.press("look", "story", texts__en__rule="Only listen, nothing else.")
    assert answer.status_code == 200
    assert "Only listen, nothing else." in previews(pages.read(answer.text))["In this phase: Wall"]
    assert mo.draft() == before


# -- How much there is room for, and how often -------------------------------------------------------------------------


def test_a_draft_is_played_once_and_not_while_somebody_types(mo: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    played = []

    def counted(method: Any) -> Any:
        played.append(method.text("en").title)
        return problems_of_play(method)

    monkeypatch.setattr(views, "problems_of_play", counted)
    mo.copy()
    sent = mo.typed("story", texts__en__rule="Only listen, and this is played once.")
    assert mo.client.post(mo.address("story"), data={**sent, "do": "save"}).status_code == 302
    played.clear()
    sent = mo.typed("story")
    assert len(played) == 1, "it changed"
    for _time in range(2):
        for do in ("look", "add:forms"):
            typed = {**sent, "texts-en-rule": "Typed, and not kept.", "do": do}
            assert mo.client.post(mo.address("story"), data=typed).status_code == 200
        mo.page()
    assert mo.state("use").status_code == 302
    assert len(played) == 1


def test_where_no_more_rows_have_room_it_is_said_and_what_was_typed_stays(mo: Author) -> None:
    mo.copy()
    sent = {**mo.typed("story", texts__en__say="Take your time."), "do": "add:forms"}
    for _time in range(limits.most("forms") + 1):
        answer = mo.client.post(mo.address("story"), data=sent)
        assert answer.status_code == 200
        form = next(one for one in pages.read(answer.text).all("form") if one.get("action") == mo.address("story"))
        sent = {**pages.sent_by(form), "do": "add:forms"}
    rows = [name for name in sent if re.fullmatch("forms-[0-9]+-key", name)]
    assert len(rows) == limits.most("forms")
    assert "There is no room for more here." in answer.text
    assert "Take your time." in answer.text


@pytest.mark.parametrize("name", ["forms-{}-key", "on_table-{}-of", "forms-0-fields-{}-name", "forms_{}-key"])
@pytest.mark.parametrize("do", ["look", "save", "add:forms"])
def test_more_rows_than_a_page_could_have_are_not_drawn(
    mo: Author, monkeypatch: pytest.MonkeyPatch, name: str, do: str
) -> None:
    mo.copy()
    drawn = []

    def watched(template: str, **more: Any) -> str:
        drawn.extend(
            [row for word in ("forms", "on_table") for row in more["form"][word].entries] if "form" in more else []
        )
        return render_template(template, **more)

    sent = {**mo.typed("story"), **{name.format(n): "more" for n in range(3, 200)}, "do": do}
    before = mo.draft()
    monkeypatch.setattr(views, "render_template", watched)
    answer = mo.client.post(mo.address("story"), data=sent)
    assert answer.status_code == (413 if "-{}" in name else 302 if do == "save" else 200)
    assert len(drawn) < 20
    assert mo.draft() == before


def test_a_file_with_more_than_a_method_has_room_for_is_refused_in_words(mo: Author) -> None:
    mo.copy()
    file = mo.client.get(f"/methods/{mo.key}.toml").text
    form = "forms = [{}]\n".format(
        ", ".join(f'{{ key = "f{n}", who = "peers", fields = [{{ name = "text" }}] }}' for n in range(1500))
    )
    answer = brought(mo, file.replace('kind = "learn"\n', f'kind = "learn"\n{form}').encode())
    assert answer.status_code == 422
    assert "1500 are more than there is room for here: at most 12." in answer.text
    assert "Phase 9, forms" in answer.text


def test_an_organisation_has_room_for_so_many_methods_and_then_it_is_told(mo: Author) -> None:
    mo.copy()
    with mo.client.application.app_context(), db.writing() as session:
        row = session.scalars(select(OwnMethod)).one()
        more = {"organisation_id": row.organisation_id, "draft": row.draft, "changed_by": row.changed_by}
        for number in range(actions.MOST_METHODS - 1):
            session.add(OwnMethod(key=f"own_more_{number}", changed_at=now(), **more))
    file = mo.client.get(f"/methods/{mo.key}.toml").data
    token = mo.typed()["csrf_token"]
    answer = mo.client.post("/methods/basis/copy", data={"csrf_token": token})
    for said in (answer, brought(mo, file)):
        assert said.status_code == 409
        assert "Your organisation has 100 methods of its own, and there is no room for more." in said.text
    mo.state("put_away")
    assert mo.state("erase").status_code == 302
    assert mo.client.post("/methods/basis/copy", data={"csrf_token": token}).status_code == 302


def test_whoever_copies_or_sends_without_end_is_asked_to_wait(mo: Author, monkeypatch: pytest.MonkeyPatch) -> None:
    mo.copy()
    sent = {**mo.typed("story"), "do": "nothing", "minutes": ""}
    monkeypatch.setattr(limiter, "enabled", True)
    for address, rule in (
        ("/methods/none/copy", views.COPIES),
        (f"/methods/{mo.key}/phases/none", views.TYPING),
        ("/methods/none/edit", views.TYPING),
        ("/methods/none/state", views.TYPING),
    ):
        limiter.reset()
        often = int(rule.split()[0])
        answers = [mo.client.post(address, data=sent).status_code for _ in range(often + 1)]
        assert {*answers[:-1]} <= {404, 409}, address
        assert answers[-1] == 429, address
    limiter.reset()


def test_what_was_typed_is_on_the_page_that_says_to_wait_or_that_it_cannot_be_read(
    mo: Author, monkeypatch: pytest.MonkeyPatch
) -> None:
    mo.copy()
    words = "First one minute in silence, then the story."
    whole, phase = mo.typed(texts__en__summary=words), mo.typed("story", texts__en__say=words)
    expired = mo.client.post(mo.address("story"), data={**phase, "csrf_token": "old"})
    assert (expired.status_code, words in expired.text) == (400, True)
    monkeypatch.setattr(limiter, "enabled", True)
    limiter.reset()
    for _ in range(int(views.TYPING.split()[0])):
        mo.client.post(f"/methods/{mo.key}/phases/none", data=phase)
    too_often = mo.client.post(mo.address("story"), data=phase)
    assert too_often.status_code == 429
    assert words in pages.read(too_often.text).one("main").text
    assert phase["csrf_token"] not in pages.read(too_often.text).one("main").text
    limiter.reset()
    monkeypatch.setattr(limiter, "enabled", False)
    with mo.client.application.app_context(), db.writing() as session:
        session.scalars(select(OwnMethod)).one().draft = {"phases": []}
    for address, sent in ((mo.address("story"), phase), (mo.address(), whole)):
        unreadable = mo.client.post(address, data=sent)
        assert unreadable.status_code == 409
        assert words in pages.read(unreadable.text).one("main").text
