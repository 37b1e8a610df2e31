"""An organisation's own methods: kept, versioned, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from facilitator.accounts.models import User
from facilitator.core.db import db
from facilitator.core.refusals import Refused
from facilitator.meetings import loading
from facilitator.meetings.actions import setting_up
from facilitator.meetings.models import Meeting
from facilitator.methods.loader import load_catalogue
from facilitator.methods.shortening import document_of
from facilitator.methods.vocabulary import Method
from facilitator.repertoire import actions
from facilitator.repertoire.store import method_of, methods_for, own_method, versions_of
from tests.cast import Cast, account

BASIS = document_of(load_catalogue()["basis"])


@pytest.fixture
def mo(app: Flask) -> User:
    return account(app, "Mo")


@pytest.fixture
def ola(app: Flask) -> User:
    return account(app, "Ola", "Elders")


def titled(title: str) -> Any:
    return lambda draft: {**draft, "texts": {**draft["texts"], "en": {**draft["texts"]["en"], "title": title}}}


def whole(draft: dict[str, Any]) -> object:
    return draft["texts"]


def change(by: User, key: str, title: str, as_seen: str = "") -> None:
    row = own_method(by.organisation_id, key)
    assert row is not None
    actions.change(by, key, as_seen or actions.seen(whole(row.draft)), whole, titled(title))


def test_a_copy_is_worked_on_before_meetings_are_planned_with_it(app: Flask, mo: User) -> None:
    with app.app_context():
        key = actions.bring(mo, BASIS)
        assert key not in methods_for(mo.organisation_id), "nobody said yet that it is ready"
        change(mo, key, "Our way")
        assert actions.take_into_use(mo, key) == 1
        assert methods_for(mo.organisation_id)[key].text("en").title == "Our way"
        assert list(methods_for(mo.organisation_id))[:-1] == list(load_catalogue())


def test_another_organisation_never_gets_it_also_not_by_its_key(app: Flask, mo: User, ola: User) -> None:
    with app.app_context():
        key = actions.bring(mo, BASIS)
        actions.take_into_use(mo, key)
        assert method_of(mo.organisation_id, key) is not None, "there is one"
        assert method_of(ola.organisation_id, key) is None
        assert key not in methods_for(ola.organisation_id, key)
        verbs: tuple[Callable[[], object], ...] = (
            lambda: actions.take_into_use(ola, key),
            lambda: actions.put_away(ola, key, True),
            lambda: actions.erase(ola, key),
            lambda: actions.back_to(ola, key, 1, ""),
            lambda: actions.change(ola, key, "", whole, titled("Hers")),
        )
        for verb in verbs:
            with pytest.raises(LookupError):
                verb()


def test_an_earlier_version_can_be_taken_up_again(app: Flask, mo: User) -> None:
    with app.app_context():
        key = actions.bring(mo, BASIS)
        for title in ("First", "Second"):
            change(mo, key, title)
            actions.take_into_use(mo, key)
        row = own_method(mo.organisation_id, key)
        assert row is not None
        assert [(one.number, one.made_by) for one in versions_of(row)] == [(2, mo.id), (1, mo.id)]
        assert actions.back_to(mo, key, 1, actions.seen(row.draft)) is None, "the draft is a version already"
        assert methods_for(mo.organisation_id)[key].text("en").title == "Second", "until it is taken into use"
        actions.take_into_use(mo, key)
        assert methods_for(mo.organisation_id)[key].text("en").title == "First"


def test_a_draft_that_makes_place_for_a_version_is_kept_and_nobody_replaces_one_unseen(app: Flask, mo: User) -> None:
    ada = account(app, "Ada")
    with app.app_context():
        key = actions.bring(mo, BASIS)
        actions.take_into_use(mo, key)
        row = own_method(mo.organisation_id, key)
        assert row is not None
        as_mo_saw = actions.seen(row.draft)
        change(ada, key, "An hour of work")
        with pytest.raises(actions.Moved):
            actions.back_to(mo, key, 1, as_mo_saw)
        db.session.expire_all()
        assert row.draft["texts"]["en"]["title"] == "An hour of work"
        assert actions.back_to(mo, key, 1, actions.seen(row.draft)) == 2
        db.session.expire_all()
        assert row.draft["texts"]["en"]["title"] != "An hour of work"
        kept = versions_of(row)[0]
        assert (kept.number, kept.made_by, row.in_use) == (2, ada.id, 1)
        assert kept.document["texts"]["en"]["title"] == "An hour of work"
        assert actions.back_to(mo, key, 2, actions.seen(row.draft)) is None
        assert (actions.take_into_use(mo, key), len(versions_of(row))) == (3, 3)


def test_of_two_who_change_the_same_at_once_the_second_is_told_and_gets_both(app: Flask, mo: User) -> None:
    ada = account(app, "Ada")
    with app.app_context():
        key = actions.bring(mo, BASIS)
        row = own_method(mo.organisation_id, key)
        assert row is not None
        as_both_saw = actions.seen(whole(row.draft))
        change(ada, key, "Hers", as_both_saw)
        with pytest.raises(actions.Moved) as moved:
            change(mo, key, "His", as_both_saw)
        assert moved.value.now["en"]["title"] == "Hers"  # type: ignore[index]
        db.session.expire_all()
        assert row.draft["texts"]["en"]["title"] == "Hers"


def test_a_method_with_which_something_is_wrong_is_not_taken_into_use(app: Flask, mo: User) -> None:
    with app.app_context():
        key = actions.bring(mo, {**BASIS, "phases": [{**phase, "needs": "open_actions"} for phase in BASIS["phases"]]})
        with pytest.raises(actions.Unplayable) as refused:
            actions.take_into_use(mo, key)
        assert "phases" in [problem.path for problem in refused.value.problems]
        assert key not in methods_for(mo.organisation_id)


def plan(by: User, method: Method) -> str:
    return setting_up.create(
        setting_up.Plan(by.organisation_id, by.id, "Learn", method, tuple(one.minutes for one in method.phases), "en")
    )


def test_a_meeting_keeps_its_copy_when_the_method_changes_and_when_it_goes(app: Flask, mo: User) -> None:
    with app.app_context():
        key = actions.bring(mo, BASIS)
        change(mo, key, "As it was")
        actions.take_into_use(mo, key)
        meeting = plan(mo, methods_for(mo.organisation_id)[key])
        change(mo, key, "Changed since")
        actions.take_into_use(mo, key)
        assert loading.read(meeting).method.text("en").title == "As it was"
        with pytest.raises(Refused, match="in_use"):
            actions.erase(mo, key)
        actions.put_away(mo, key, True)
        assert (key in methods_for(mo.organisation_id), key in methods_for(mo.organisation_id, key)) == (False, True)
        actions.erase(mo, key)
        assert own_method(mo.organisation_id, key) is None
        assert loading.read(meeting).method.text("en").title == "As it was"
        assert loading.read(meeting).state.steps, "and its phases"


def test_no_method_that_comes_along_has_a_key_like_theirs() -> None:
    assert [key for key in load_catalogue() if key.startswith(actions.OWN)] == []


def test_a_meeting_from_before_its_method_was_kept_has_that_of_the_catalogue(app: Flask, mo: User) -> None:
    meeting = Cast(app, mo).meeting()
    with app.app_context(), db.writing() as session:
        session.execute(update(Meeting).values(method_head=None))
    assert "Basic consultation" in meeting.screen(meeting.wall)
    assert "Come in" in meeting.screen(meeting.mo)
