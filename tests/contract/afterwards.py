"""What comes after a meeting, played once: the report, proof, a card and what is said under it, an instruction with a picture,
a backup, and the erasing of all of it.

    story = Story(app, folder)
    play(story)
    story.words_of("hidden")        # what nobody but its writer may ever be sent
    story.heard("draft", "Pete")    # what his phone was sent at that stage
"""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import select, update

from facilitator.accounts.actions import add_user
from facilitator.accounts.models import MEMBER, Organisation, User
from facilitator.archive import store
from facilitator.archive.actions import publish_due
from facilitator.archive.exchange.exporting import export
from facilitator.archive.files.actions import tidy
from facilitator.archive.models import Card
from facilitator.archive.search.reindexing import reindex
from facilitator.core.db import db
from facilitator.groups.models import Group
from facilitator.meetings import models, moves
from facilitator.meetings.actions.notebooks import notes_of
from facilitator.meetings.snapshot import Value
from facilitator.methods.vocabulary import FieldType
from facilitator.operations.backups import back_up, put_back
from facilitator.reports.formats import FORMATS
from facilitator.retention.erasing import settle_after_restoring
from tests.cards import Deciding, accounts, ended_ago
from tests.cards import Pages as CardPages
from tests.cast import NO_PASSWORD, Cast, Meeting, Person, new_op, plausible
from tests.contract.ledger import found_in
from tests.contract.written_down import Story
from tests.days import last_look, pass_days
from tests.documents import unpacked
from tests.proof import confirm, send
from tests.reports_pages import Pages as ReportPages

TEXTS = (FieldType.LINE, FieldType.TEXT)
SEATED = ("Mo", "Wall", "Gia", "Pete", "Ada")
FOREVER = 8 * 365  # longer than proof is kept
IN_MEETING = (
    *("console", "phone", "screen", "mine", "mine/data.json", "members", "presence", "proof", "annex"),
    *("consent", "consent/1", "consent/1/share", "objection"),
)
REPORT = ("report", "report.json", "report/edit", "report/approve?part=all")
PAPERS = (*(f"report.{e}" for e in FORMATS if e != "json"), "proof.pdf", "attendance.pdf", "annex.pdf")
AROUND_IT = (
    *("/", "/mine", "/account/data.json", "/meetings", "/groups", "/archive", "/archive?q=quokka", "/archive?q=quoka"),
    *("/archive/review", "/archive/themes", "/organisation/log", "/proof", "/proof.csv", "/proof.xlsx"),
)


# -- The meeting -------------------------------------------------------------------------------------------------------


def play_meeting(story: Story, meeting: Meeting) -> None:
    """Everybody fills in everything; somebody is too late, keeps theirs, is taken off, writes after all came out."""
    goal = story.new("goal")
    with story.app.app_context(), db.writing() as session:
        session.execute(update(models.Meeting).where(models.Meeting.id == meeting.id).values(goal=goal.text))
    meeting.start()
    for person in meeting.participants:
        note = story.new("private", person.name).text
        assert meeting.post(person, "notebook", op=new_op(), base="", text=note).status_code == 200
    while True:
        if meeting.step.key == "story":
            meeting.tell_case(meeting.gia, story.new("out", "Gia").text, story.new("replaced", "Gia").text)
        for person in meeting.participants:
            if (person.name, meeting.step.key) != ("Cleo", "clarify"):
                write_all(story, meeting, person)
        while moves.next_move(meeting.snapshot) in ("reveal", "next_speaker", "next_item"):
            meeting.steer(moves.next_move(meeting.snapshot) or "")
        take_off(story, meeting)
        meeting._mark_all()
        write_once_more(story, meeting)
        if meeting.state.is_last:
            break
        meeting.next()
    late = story.new("late", "Cleo")
    meeting.write(meeting.cleo, "question", step=meeting.step_with("clarify"), question=late.text)
    meeting.end()
    story.stored = frozenset(found_in([str(meeting.snapshot.items), *notebooks(meeting)]))


def notebooks(meeting: Meeting) -> list[str]:
    """What everybody noted, as it is kept."""
    with meeting.app.app_context():
        return [notes_of(person.seat_id).text for person in meeting.participants]


def write_all(story: Story, meeting: Meeting, person: Person, state: str = "") -> list[str]:
    """Every form that is theirs once, with a new word in every text; the ids of what was stored."""
    done = []
    for form in meeting._forms(person):
        keeps = form.may_keep and person.name == "Bob"
        fields: dict[str, Value] = {}
        for found in form.fields:
            became = state or ("private" if found.is_private else "nameless" if form.is_anonymous else "out")
            word = story.new("kept" if keeps else became, person.name) if found.type in TEXTS else None
            fields[found.name] = word.text if word else plausible(person, form, found)
        done.append(meeting.send(person, meeting.sent(form.key, fields=fields, keep=keeps)).item_id)
    return done


def take_off(story: Story, meeting: Meeting) -> None:
    """A hypothesis of Cleo's goes off the screen."""
    for item in meeting.items("hypothesis") if meeting.step.key == "diagnose" else ():
        if item.seat_id == meeting.cleo.seat_id:
            meeting.handle(item.id, "remove")
            story.becomes("removed", found_in([item.text("hypothesis")]))


def write_once_more(story: Story, meeting: Meeting) -> None:
    """What Ada asks when everything has come out waits, and nobody brings it out."""
    if meeting.step.key == "clarify":
        (item_id,) = write_all(story, meeting, meeting.ada, "hidden")
        assert meeting.item(item_id).is_hidden


# -- What comes after it -----------------------------------------------------------------------------------------------


def play(story: Story) -> None:
    """From the first word to a backup that was restored after everything was erased."""
    meeting = Cast(story.app).meeting(group="Noord")
    play_meeting(story, meeting)
    ended_ago(meeting, timedelta(hours=2))
    story.users = {**accounts(meeting), "Pete": account_of(meeting, meeting.pete)}
    everybody_looks(story, meeting, "draft")
    leave_out_and_approve(story, meeting)
    prove(story, meeting)
    everybody_looks(story, meeting, "approved")
    decide(story, meeting)
    some_look(story, meeting, "decided")
    publish(story, meeting)
    some_look(story, meeting, "published")
    story.look_at_sealed()
    story.look_at_files("published")
    backup = copy_everything(story)
    take_back(story, meeting)
    some_look(story, meeting, "taken back")
    story.look_at_files("taken back")
    erase(story, meeting)
    some_look(story, meeting, "erased")
    story.look_at_files("erased")
    put_back(story.settings, backup)
    with story.app.app_context():
        settle_after_restoring(last_look())
        reindex()
        tidy(last_look() + timedelta(hours=2))
    some_look(story, meeting, "restored")
    story.look_at_files("restored")


def account_of(meeting: Meeting, person: Person) -> User:
    """Somebody who was there gets an account, and their seat belongs to it."""
    with meeting.app.app_context(), db.writing() as session:
        here = session.get_one(Organisation, meeting.snapshot.organisation_id)
        user = add_user(session, here, person.name, f"{person.name.lower()}@example.org", NO_PASSWORD, MEMBER)
        session.execute(update(models.Seat).where(models.Seat.id == person.seat_id).values(user_id=user.id))
    return user


def everybody_looks(story: Story, meeting: Meeting, stage: str) -> None:
    """Those who were there on their devices, everybody with an account, and somebody who has nothing."""
    for name in SEATED:
        looks(story, meeting, stage, name)
    for name in ("administrator", "visitor", "mate", "other_group", "ola"):
        looks(story, meeting, stage, name)


def some_look(story: Story, meeting: Meeting, stage: str) -> None:
    """One of each kind."""
    more = {"published": ("Gia", "administrator", "visitor", "ola"), "decided": ("Gia", "Ada", "ola")}
    for name in ("Pete", "mate", "other_group", *more.get(stage, ())):
        looks(story, meeting, stage, name)


def looks(story: Story, meeting: Meeting, stage: str, name: str) -> None:
    """Somebody opens all there is. What is typeset takes long: it is opened while it is new, by some who may and some who
    may not.
    """
    inside = [f"/meetings/{meeting.id}/{place}" for place in REPORT]
    if stage == "approved" and name in ("Mo", "Pete", "ola"):
        inside += [f"/meetings/{meeting.id}/{place}" for place in PAPERS]
    if name in SEATED:
        inside += [f"/meetings/{meeting.id}/{place}" for place in IN_MEETING]
        story.listen(stage, name, meeting.client(meeting[name]), inside)
    if name in story.users or name == "visitor":
        endings = ["", "/withdraw", "/edit", *([".pdf"] if name in ("other_group", "ola") else ())]
        around = [*AROUND_IT, *(f"/archive/{card}{end}" for card in story.cards.values() for end in endings)]
        around += [story.feed_of(name)] if name in story.users else []
        story.listen(stage, name, story.account(name), [*around, *(() if name in SEATED else inside)])


def leave_out_and_approve(story: Story, meeting: Meeting) -> None:
    """Gia leaves out what was asked to clarify, and says yes to the rest."""
    phone = ReportPages(meeting.client(meeting.gia), meeting.id)
    asked = found_in([item.text("question") for item in meeting.snapshot.items if item.form == "question"])
    assert phone.send("/approve?part=1.phase.clarify", "approve", do="out").status_code == 303
    story.becomes("left out", asked & story.words_of("out") - story.words_of("out", by="Gia"))
    assert phone.approve_all().status_code == 303


def prove(story: Story, meeting: Meeting) -> None:
    """Mo confirms who was there, Pete says how he is called on paper and keeps an annex for himself."""
    assert confirm(meeting).status_code == 302
    pete = meeting.client(meeting.pete)
    where = f"/meetings/{meeting.id}/annex"
    texts = {name: story.new("annex", "Pete").text for name in ("goal", "personal", "learned", "intended")}
    assert send(pete, where, **texts).status_code == 302


def decide(story: Story, meeting: Meeting) -> None:
    """Gia chooses what stands on the card, in part in new words, and agrees; Pete agrees, Ada would rather not."""
    gia = Deciding(meeting)
    title, when_not = story.new("card", "Gia"), story.new("card", "Gia")
    gia.edits({"text_title": f"{title.text} quokka", "text_when_not": when_not.text}, ("use_insight_1",), swaps=False)
    page = gia.shares("organisation")
    assert gia.state == "approved", page.text
    card = gia.card
    assert card is not None
    for name, answer in (("Pete", "agrees"), ("Ada", "objects")):
        asked = CardPages(meeting.client(meeting[name]))
        asked.post(f"/meetings/{meeting.id}/objection", do=answer, card=card.id)
    story.cards["card"] = card.id


def publish(story: Story, meeting: Meeting) -> None:
    """The card's time comes; colleagues ask and try, and one of them adds an instruction with a picture."""
    assert pass_days(story.app, 8, publish_due) == 1
    with story.app.app_context():
        card = db.session.get_one(Card, story.cards["card"])
        story.becomes("card", found_in([str(store.content_of(card))]))
    mate, other = CardPages(story.account("mate")), CardPages(story.account("other_group"))
    address = f"/archive/{card.id}"
    mate.post(f"{address}/follow")
    other.post(f"{address}/questions", text=story.new("talk", "other_group").text)
    other.post(f"{address}/tried", verdict="worked", why=story.new("talk", "other_group").text)
    begun = mate.post("/archive/new", kind="instruction", title="Venting")
    story.cards["instruction"] = begun.request.path.split("/")[2]
    answer = mate.client.post(
        f"/archive/{story.cards['instruction']}/edit",
        data={
            "csrf_token": mate.csrf,
            "title": story.new("instruction", "mate").text,
            "steps": "1",
            "step_0": story.new("instruction", "mate").text,
            "picture_0": (picture_with(story.new("unseen").text), f"{story.new('unseen').core}.png"),
            "go": "publish",
        },
    )
    assert answer.status_code == 302, answer.text


def picture_with(comment: str) -> io.BytesIO:
    """A picture whose file says more than can be seen."""
    target, about = io.BytesIO(), PngInfo()
    about.add_itxt("Comment", comment)
    Image.new("RGB", (60, 40), "teal").save(target, "PNG", pnginfo=about)
    target.seek(0)
    return target


def copy_everything(story: Story) -> Path:
    """A backup and an export, looked at as files of their own."""
    copy, exported = story.folder / "old.sqlite", story.folder / "archive.zip"
    back_up(story.settings, copy)
    with story.app.app_context():
        there = db.session.scalars(select(Organisation).where(Organisation.name == "Werkplaats")).one()
        export(there, exported)
    story.files["backup"] = {str(p): p.read_bytes() for p in story.folder.glob("old.sqlite*")}
    story.files["export"] = {str(exported): unpacked(exported.read_bytes())}
    return copy


def take_back(story: Story, meeting: Meeting) -> None:
    """Gia takes her card back, and the instruction goes as well."""
    gia = Deciding(meeting)
    assert gia.pages.post(f"/archive/{story.cards['card']}/withdraw").status_code == 200
    assert CardPages(story.account("mate")).post(f"/archive/{story.cards['instruction']}/remove").status_code == 200


def erase(story: Story, meeting: Meeting) -> None:
    """The raw input's time is over; then the group ends, and its reports' time is over; then that of proof."""
    assert pass_days(story.app, 61) >= 1
    some_look(story, meeting, "raw input erased")
    story.look_at_files("raw input erased")
    with story.app.app_context(), db.writing() as session:
        session.execute(update(Group).values(ended_at=last_look()))
    assert pass_days(story.app, FOREVER) >= 1
