"""Searching an archive of a hundred thousand cards, on both databases, with counts for every filter; and, in the same run, the
simplest question a database can be asked, and what it takes to look through the titles without an index.

The cards are made of a vocabulary in which words are as common as in a language (Zipf), in four languages; a tenth of them are for
one of forty groups only, and the reader is in two of those. Queries are what people type: one to four words of any rarity, the
beginning of a word, phrases, filters, a slip of the finger, and nothing at all.

One chunk of the index (8,192 cards) is made by the product itself. The others are that chunk again, with cards and keys of their
own: to a search it makes no difference, and making them all takes a quarter of an hour.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import cast

import psycopg
from flask import Flask
from sqlalchemy import Select, insert, select, true
from sqlalchemy.orm import Session

from bench.figures import Figure
from facilitator import create_app
from facilitator.accounts.models import Organisation, User
from facilitator.archive import search
from facilitator.archive.content import CardContent, Form
from facilitator.archive.models import Card, Chunk, IndexedCard, Posting
from facilitator.archive.rules import readable
from facilitator.archive.search.bitsets import CHUNK_CARDS
from facilitator.archive.search.index import PLACE, Entry, put_all
from facilitator.archive.search.query import Query
from facilitator.archive.search.terms import fields_of
from facilitator.archive.search.tokens import version
from facilitator.core.config import Settings
from facilitator.core.db import begin_writing, db, now, random_id
from facilitator.core.sealing import Opened, _encrypt, forget_what_was_asked, keyring, meeting_keys, seal, unseal
from facilitator.groups.models import Group, Member
from facilitator.migrations import upgrade
from facilitator.migrations.tables import metadata
from tests.services import postgres_server

CHUNKS = 13
CARDS = CHUNKS * CHUNK_CARDS  # 106,496
GOAL_MS = 30.0
QUERIES = 400
WORDS = 40_000
WORDS_A_CARD = 70
LOCALES = ("nl",) * 6 + ("en", "en", "de", "fr")
# Filling may take its time, and what is copied was checked before.
UNHURRIED = "SELECT set_config('statement_timeout', '0', true), set_config('session_replication_role', 'replica', true)"
ORGANISATION, READER = "bench", "reader"


def figures() -> Iterator[Figure]:
    """Both databases with the same cards."""
    with tempfile.TemporaryDirectory() as folder, postgres_server() as server, server.database() as url:
        chance = random.Random(3)
        words = vocabulary(chance)
        data = Path(folder) / "data"
        sqlite = create_app(Settings.load(data, {}).kept())
        postgres = create_app(Settings.load(data, {"FACILITATOR_DATABASE_URL": url}).kept())
        each = filled(sqlite, words, chance)
        copy(sqlite, postgres)
        queries = some_queries(words, chance)
        for app, name in ((sqlite, "SQLite"), (postgres, "PostgreSQL")):
            with app.app_context():
                repeat()
            yield from figures_of(app, name, queries)
            yield phrase(app, name, words)
        name = f"a card put into the index, {CARDS:,} there, SQLite"
        yield Figure(name, put_ms(sqlite, words, chance), "ms", 150, f"one of many at once {each:.1f}")
        yield Figure(f"the archive's database, {CARDS:,} cards, a card", size_kb(data), "KB", 10)


def figures_of(app: Flask, name: str, queries: Sequence[Query]) -> Iterator[Figure]:
    """p95 of the queries, beside the two baselines."""
    with app.app_context():
        by_key = p95([timed(lambda: db.session.get(Card, "card7", populate_existing=True)) for _ in queries])
        for query in queries[:20]:
            one_search(query)
        before = time.process_time()
        times = sorted(timed(partial(one_search, query)) for query in queries)
        alone = (time.process_time() - before) * 1000 / len(queries)
        through = p95([timed(look_through) for _ in range(5)])
    remark = f"p50 {times[len(times) // 2]:.1f}, mean of this process's own time {alone:.1f}; p95 of a row by its key {by_key:.2f}, through all rows {through:.0f}"
    yield Figure(f"archive search p95, {CARDS:,} cards, {name}", p95(times), "ms", GOAL_MS, remark)


def phrase(app: Flask, name: str, words: Sequence[str]) -> Figure:
    """Two of the most common words beside each other: every card that has both is opened, in a process that opened none yet."""
    query = Query(f'"{words[0]} {words[1]}"')
    cold = []
    with app.app_context():
        for _ in range(5):
            keyring().opened = Opened(None)
            forget_what_was_asked()
            cold.append(timed(partial(one_search, query)))
        again = timed(partial(one_search, query))
        opened = len(keyring().opened.keys)
    remark = f"{opened:,} cards opened; {again:.0f} where their keys are"
    return Figure(f"archive search, a phrase, no key opened yet, {name}", sorted(cold)[2], "ms", 400, remark)


def one_search(query: Query) -> None:
    """As the archive's page does it."""
    with db.reading() as session:
        search.find(session, may_read(), query)


def look_through() -> None:
    """Without an index: every row of the organisation, looked at by the database."""
    with db.reading() as session:
        session.scalars(select(Card.id).where(Card.organisation_id == ORGANISATION, Card.period.like("%Q9%"))).all()


def may_read() -> Select[Card]:
    """What the reader of this bench may read."""
    user = db.session.get(User, READER)
    assert user is not None
    return readable(user)


def timed(work: Callable[[], object]) -> float:
    """How many milliseconds something takes."""
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def p95(times: Sequence[float]) -> float:
    """What nineteen of twenty stay under."""
    return sorted(times)[int(len(times) * 0.95)]


def vocabulary(chance: random.Random) -> list[str]:
    """Words of two to four syllables, the common ones first and short."""
    syllables = [
        a + b + c
        for a in "bdfghklmnprstvwz"
        for b in ("a", "e", "i", "o", "u", "ee", "oo", "ie")
        for c in ("", "n", "r", "s", "k")
    ]
    words: dict[str, None] = {}
    while len(words) < WORDS:
        count = 2 if len(words) < 3000 else chance.choice((2, 3, 3, 4))
        words["".join(chance.choices(syllables, k=count))] = None
    return list(words)


def a_text(words: Sequence[str], weights: Sequence[float], chance: random.Random, count: int) -> str:
    """Words as often as they are in a language."""
    return " ".join(chance.choices(words, cum_weights=weights, k=count))


def zipf(words: Sequence[str]) -> list[float]:
    """The second word comes half as often as the first, the third a third as often."""
    return list(accumulate(1 / (place + 20) for place in range(len(words))))


def filled(app: Flask, words: Sequence[str], chance: random.Random) -> float:
    """An organisation with all its cards; how many milliseconds each of the first chunk took."""
    weights = zipf(words)
    with app.app_context():
        upgrade(db.engine)
        with db.writing() as session:
            session.add(Organisation(id=ORGANISATION, name="Bench", locale="nl"))
            session.flush()
            session.add_all(
                Group(id=f"group{n}", organisation_id=ORGANISATION, name=f"{n}", created_at=now()) for n in range(40)
            )
            session.add(
                User(id=READER, organisation_id=ORGANISATION, name="R", email="r@example.org", password="", locale="nl")
            )
            session.flush()
            session.add_all(Member(group_id=f"group{n}", user_id=READER, added_at=now()) for n in range(2))
        make_keys(f"card{number}" for number in range(CARDS))
        entries = [an_entry(f"card{number}", words, weights, chance) for number in range(CHUNK_CARDS)]
        with db.writing() as session:
            session.add_all(entry.card for entry in entries)
            session.flush()
            took = timed(lambda: put_all(session, entries))
    return took / CHUNK_CARDS


def repeat() -> None:
    """The first chunk again and again, until there are enough cards."""
    chunks = range(1, CHUNKS)
    with db.writing() as session:
        if db.engine.dialect.name == "sqlite":
            session.connection().exec_driver_sql("PRAGMA cache_size=-1000000")
        else:
            session.connection().exec_driver_sql(UNHURRIED)
        first = first_chunk(session)
        for chunk in chunks:
            start = chunk * CHUNK_CARDS
            session.execute(insert(Card), [{**card, "id": f"card{start + number}"} for number, card, _ in first])
            session.execute(insert(IndexedCard), [row_of(start + number, body) for number, _, body in first])
        columns = session.scalars(select(Chunk.columns).where(Chunk.number == 0)).one()
        rows = [{"number": chunk, "revision": random_id(), "columns": columns} for chunk in chunks]
        session.execute(insert(Chunk), [{"organisation_id": ORGANISATION, **row} for row in rows])
        lists = select(Posting.organisation_id, Posting.term, Chunk.number, Posting.bits).join(Chunk, true())
        lists = lists.where(Posting.chunk == 0, Chunk.number > 0).order_by(Posting.term, Chunk.number)
        session.execute(insert(Posting).from_select(["organisation_id", "term", "chunk", "bits"], lists))
    with db.engine.connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            connection.exec_driver_sql(UNHURRIED)
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)" if is_sqlite else "ANALYZE")
        connection.commit()


def row_of(number: int, body: Mapping[str, str | int | bool | None]) -> dict[str, object]:
    """A card in the index that says what another one says."""
    card_id = f"card{number}"
    words = seal(card_id, PLACE, body)
    return {"card_id": card_id, "organisation_id": ORGANISATION, "number": number, "version": version(), "words": words}


def first_chunk(session: Session) -> list[tuple[int, dict[str, object], Mapping[str, str | int | bool | None]]]:
    """Number, row and words of the cards that the product indexed."""
    table = Card.__table__
    found = select(IndexedCard.number, IndexedCard.words, *table.c).join(Card, Card.id == IndexedCard.card_id)
    rows = [dict(row) for row in session.execute(found.order_by(IndexedCard.number)).mappings()]
    return [(row.pop("number"), row, unseal(row["id"], PLACE, row.pop("words"))) for row in rows]


def make_keys(card_ids: Iterator[str]) -> None:
    """As `Keyring.make` does, in one transaction."""
    ring = keyring()
    rows = [
        {"meeting_id": card_id, "wrapped": _encrypt(ring.master, random.randbytes(32), f"key:{card_id}")}
        for card_id in card_ids
    ]
    with ring.engine.connect() as connection:
        begin_writing(connection)
        connection.execute(meeting_keys.insert(), rows)
        connection.commit()


def an_entry(card_id: str, words: Sequence[str], weights: Sequence[float], chance: random.Random) -> Entry:
    """A published card."""
    text = [a_text(words, weights, chance, count) for count in (6, 12, 12, WORDS_A_CARD - 30)]
    content = CardContent(text[0], question=text[1], insights=(text[2],), context=text[3])
    group = chance.randrange(40) if chance.random() < 0.1 else None
    card = Card(
        id=card_id,
        organisation_id=ORGANISATION,
        group_id=None if group is None else f"group{group}",
        scope="organisation" if group is None else "group",
        form=chance.choice(list(Form)).value,
        method_key=chance.choice(("basis", "balint", "tietze", "incident", "gossip", "five_step")),
        locale=chance.choice(LOCALES),
        period=f"20{chance.randrange(20, 27)}-Q{chance.randrange(1, 5)}",
        outcome=chance.choice(("", "", "worked", "partly", "not")),
        body=b"",
        made_on=now().date(),
        published_on=now().date(),
    )
    themes = tuple(chance.sample([f"thema {n}" for n in range(60)], 2))
    return Entry(card, fields_of(content, themes), themes)


def put_ms(app: Flask, words: Sequence[str], chance: random.Random) -> float:
    """One more card, published among all the others."""
    weights = zipf(words)
    times = []
    with app.app_context():
        for _ in range(20):
            entry = an_entry(random_id(), words, weights, chance)
            make_keys(iter([entry.card.id]))

            def publish(entry: Entry = entry) -> None:
                with db.writing() as session:
                    session.add(entry.card)
                    session.flush()
                    put_all(session, [entry])

            times.append(timed(publish))
    return sorted(times)[len(times) // 2]


def size_kb(data: Path) -> float:
    """How much room a card takes in the index and around it."""
    return sum(file.stat().st_size for file in data.glob("facilitator.sqlite*")) / 1024 / CARDS


def some_queries(words: Sequence[str], chance: random.Random) -> list[Query]:
    """What people type."""
    weights = zipf(words)

    def pick(count: int) -> str:
        return a_text(words, weights, chance, count)

    kinds: list[Callable[[], Query]] = [
        lambda: Query(pick(1) + " "),
        lambda: Query(pick(2) + " "),
        lambda: Query(pick(3)),
        lambda: Query(pick(4)),
        lambda: Query(pick(1)[:3]),
        lambda: Query(f"{pick(1)} {pick(1)[:2]}"),
        lambda: Query(pick(2), theme=("thema 3",), outcome=("worked", "partly")),
        lambda: Query(pick(1), page=3, locale=("nl",)),
        lambda: Query(f"{pick(1)[:-1]}q"),
        lambda: Query(theme=("thema 5",)),
        Query,
    ]
    # Few people know what quotation marks do.
    return [Query(f'"{pick(2)}"') if number % 30 == 29 else kinds[number % len(kinds)]() for number in range(QUERIES)]


def copy(source: Flask, target: Flask) -> None:
    """The same rows in the other database."""
    with target.app_context():
        upgrade(db.engine)
        new = db.engine.connect()
    with source.app_context(), db.engine.connect() as old, new:
        raw = cast("psycopg.Connection", new.connection.dbapi_connection)
        raw.execute(UNHURRIED)
        for table in metadata.sorted_tables:
            if table.name in {"roles", "audit_entries"}:
                continue
            names = ", ".join(f'"{column.name}"' for column in table.c)
            with raw.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as stream:
                for row in old.execute(select(table)):
                    stream.write_row(tuple(row))
        raw.commit()
