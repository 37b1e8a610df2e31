"""The archive in a real browser: searching while typing, filtering, reading, asking, answering, trying; on a phone and on a
large screen, in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from facilitator import create_app
from facilitator.accounts.actions import create_user
from facilitator.accounts.models import User
from facilitator.archive import search, store
from facilitator.archive.content import CardContent
from facilitator.archive.models import Card, CardTheme, Theme
from facilitator.core.config import Settings
from facilitator.core.db import db, now, random_id
from facilitator.migrations import upgrade
from tests.browser.people import BIG_SCREEN, PHONE, Place
from tests.browser.test_accessible import is_fine
from tests.running import Server, running_server

PASSWORD = "four words are enough"
CARDS = (
    ("How do you keep a starter who says nothing?", "Mentoring", "partly", "A starter nods and asks nothing."),
    ("Handing over between shifts", "Working together", "worked", "What matters most falls away."),
    ("A mentor who explains too much", "Mentoring", "", "He means well."),
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with a few cards, Mo who moderates and Pete who is a member."""
    folder = tmp_path_factory.mktemp("archive")
    app = create_app(Settings.load(folder, {}).kept())
    with app.app_context():
        upgrade(db.engine)
        for name, role in (("Mo", "administrator"), ("Pete", "member")):
            create_user(name, f"{name.lower()}@example.org", PASSWORD, "Workshop", role, "en")
        organisation_id = db.session.scalars(select(User)).first().organisation_id  # type: ignore[union-attr]  # Mo is there
        for title, theme, outcome, context in CARDS:
            put(organisation_id, title, theme, outcome, context)
        db.engine.dispose()
    with running_server(folder) as server:
        yield server


def put(organisation_id: str, title: str, name: str, outcome: str, context: str) -> None:
    content = CardContent(title, context=context, advice=("Ask one question.",))
    card = Card(
        id=random_id(),
        organisation_id=organisation_id,
        form="consultation",
        method_key="basis",
        locale="en",
        period="2026-Q4",
        outcome=outcome,
        made_on=now().date(),
        approved_at=now(),
        published_on=now().date(),
    )
    store.make_key(card.id)
    with db.writing() as session:
        store.put(card, content)
        theme = session.scalar(select(Theme).where(Theme.name == name)) or Theme(
            organisation_id=organisation_id, name=name
        )
        session.add_all([card, theme])
        session.flush()
        session.add(CardTheme(card_id=card.id, theme_id=theme.id))
        session.flush()
        search.put(session, card, content, [name])


@pytest.fixture
def place(browser: Browser, archive: Server) -> Iterator[Place]:
    """Devices that listen to what pages complain about."""
    place = Place(browser, archive.url)
    yield place
    place.empty()
    assert place.troubles == []


def signed_in(place: Place, who: str, size: tuple[int, int]) -> Page:
    page = place.device(size)
    page.goto(f"{place.url}/login")
    page.get_by_label("E-mail").fill(f"{who}@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button.is-primary").first.click()
    page.wait_for_url(lambda url: "/login" not in url)
    return page


def must_fit(page: Page) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize("size", [PHONE, BIG_SCREEN], ids=["phone", "large screen"])
def test_somebody_finds_reads_asks_and_tries(place: Place, size: tuple[int, int]) -> None:
    pete = signed_in(place, "pete", size)
    pete.goto(f"{place.url}/archive")
    expect(pete.get_by_role("heading", name="3 cards")).to_be_visible()
    must_fit(pete)
    field = pete.get_by_label("What are you looking for?")
    field.press_sequentially("ment")
    expect(pete.get_by_role("heading", name="2 cards found")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("ment")
    assert "q=ment" in pete.url
    field.fill("")
    expect(pete.get_by_role("heading", name="3 cards")).to_be_visible()
    if size == PHONE:
        pete.get_by_text("Filter", exact=True).click()
    pete.get_by_role("checkbox", name="Mentoring").check()
    expect(pete.get_by_role("heading", name="2 cards found")).to_be_visible()
    expect(pete.get_by_role("checkbox", name="Mentoring")).to_be_checked()
    must_fit(pete)
    pete.get_by_role("link", name="How do you keep a starter who says nothing?").click()
    expect(pete.get_by_role("heading", level=1)).to_have_text("How do you keep a starter who says nothing?")
    must_fit(pete)
    words = f"How long, on {size[0]}?"
    pete.get_by_label("Your question").fill(words)
    pete.get_by_role("button", name="Ask").click()
    expect(pete.get_by_text(words)).to_be_visible()
    pete.get_by_text("I tried this", exact=True).or_(pete.get_by_text("Change what I said")).click()
    pete.get_by_label("It worked partly").check()
    pete.get_by_label("What made it so?").fill("The group was large.")
    pete.get_by_role("button", name="Save").click()
    expect(pete.get_by_text("The group was large.").first).to_be_visible()
    mo = signed_in(place, "mo", size)
    mo.goto(pete.url)
    question = mo.locator(".talk-list > li").filter(has_text=words)
    question.get_by_text("Answer", exact=True).click()
    question.get_by_label("Your answer").fill("Three weeks.")
    question.get_by_role("button", name="Send").click()
    expect(mo.locator(".talk-list > li").filter(has_text=words).get_by_text("Three weeks.")).to_be_visible()
    must_fit(mo)


def test_every_page_is_for_everybody(browser: Browser, archive: Server) -> None:
    place = Place(browser, archive.url, bypass_csp=True)
    mo = signed_in(place, "mo", PHONE)
    for path in ("", "?q=starter&theme=Mentoring", "?q=zzzz", "/themes", "/feed", "/review"):
        mo.goto(f"{archive.url}/archive{path}")
        is_fine(mo, path)
    mo.goto(f"{archive.url}/archive")
    mo.get_by_role("link", name="Handing over between shifts").click()
    mo.get_by_label("Your question").fill("A question?")
    mo.get_by_role("button", name="Ask").click()
    expect(mo.get_by_text("A question?")).to_be_visible()
    mo.evaluate("document.querySelectorAll('main details').forEach((one) => (one.open = true))")
    is_fine(mo, "a card")
    place.empty()
