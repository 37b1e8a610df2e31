"""What has to hold before anything of an installation is used, by a server or by a command.

Promises: what it keeps is closed to others on this machine, or named where it cannot be closed; its secrets, its keys and its
texts belong together, and where they do not nothing is made in place of what is lost; its tables are those of this version; where it
cannot be written, that is said before anything is tried. No connection stays open: none may be shared with a worker.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import ColumnElement, Connection, Engine, func, inspect, make_url, select, update
from sqlalchemy.exc import DBAPIError

from facilitator.accounts.models import NO_PASSWORD, Organisation, User
from facilitator.core.config import Settings, SettingsError, keep
from facilitator.core.db import begin_writing, engine_for, looking_at
from facilitator.core.private import BESIDE, OURS, close_to_others, private_folder, writes_and_reads
from facilitator.core.sealing import Damaged, destroyed_keys, meeting_keys, proofs
from facilitator.core.sealing import metadata as keys_metadata
from facilitator.core.sealing import opened as unwrapped
from facilitator.migrations import upgrade
from facilitator.operations.failures import in_words
from facilitator.operations.sealed import owners

SOME = 200
MASTER, SALT, SIGNING = "master_key", "password_salt", "secret_key"
BEGUN = "begun"
WRITTEN = ("uploads", "mail")
BACK = "put it back from a copy of secrets/"


class DoNotBelongTogether(SettingsError):
    """Secrets, keys and texts of different installations, or one of them is lost; the text is one line that says what to do."""


def prepare(settings: Settings) -> Settings:
    """Makes an installation ready to be used, and gives its settings with secrets that are kept. Raises SettingsError, and
    OSError that names the place.
    """
    private_folder_of(settings)
    if any(database_files(settings)):
        try_folders(settings)
    for path in close_to_others(settings.data_dir, database_files(settings)):  # before a log is made beside one of them
        click.echo(f"Warning: others on this machine can get at {path}: {advice(path)}", err=True)
    settings = with_secrets(settings)
    with opened(settings.database_url) as texts, opened(settings.keys_url) as keys:
        with naming(settings.database_url):
            upgrade(texts)
        with naming(settings.keys_url):
            make_tables(keys)
            remember(settings, keys)
    note_begun(settings)
    return settings


def with_secrets(settings: Settings) -> Settings:
    """The settings with every secret in its place: what is missing is made, where nothing was made with it yet. Of two that
    start at once, the second finds what the first one kept. Raises DoNotBelongTogether.
    """
    return refuse_lost(settings).kept()


def refuse_lost(settings: Settings) -> Settings:
    """The settings with the secrets that are there by now; makes nothing. Raises DoNotBelongTogether."""
    found = held(settings)
    if settings.made:
        settings = settings.again()
    if problem := lost(settings, found) or problem_of(settings, found):
        raise DoNotBelongTogether(problem)
    return settings


@dataclass(frozen=True)
class Held:
    """What lies in the two databases, as far as it tells whether they and the secrets belong together. `wrapped` are some keys;
    `needed` are some owners of sealed texts, `known` those of them whose key is there or was destroyed.
    """

    proofs: dict[str, bytes]
    wrapped: dict[str, bytes]
    needed: frozenset[str] = frozenset()
    known: frozenset[str] = frozenset()
    people: int = 0
    passwords: int = 0
    has_texts: bool = False


def some_held(settings: Settings) -> Held:
    """The same for somebody who asks often: of each kind one."""
    return held(settings, 1)


def held(settings: Settings, at_most: int = SOME) -> Held:
    """Looks, and changes nothing. Raises SettingsError for a database that is none."""
    with looked_into(settings.database_url) as texts:
        needed = frozenset(owners(texts, at_most)) if texts else frozenset()
        has_texts = texts is not None and inspect(texts).has_table("alembic_version")
        people, passwords = _count(texts, Organisation), _count(texts, User, User.password != NO_PASSWORD)
    with looked_into(settings.keys_url) as keys:
        known = frozenset(_known(keys, needed))
        return Held(_proofs(keys), _wrapped(keys), needed, known, people, passwords, has_texts)


def lost(settings: Settings, found: Held) -> str | None:
    """Which secret is lost, if one is that something was made with."""
    folder = settings.data_dir / "secrets"
    if MASTER in settings.made and (found.proofs or found.wrapped or found.needed):
        return f"{folder / MASTER} is gone, and nothing else opens what was written so far: {BACK}"
    if SALT in settings.made and found.passwords:
        return f"{folder / SALT} is gone, and no password fits without it: {BACK}, or run `facilitator user forget-passwords`"
    return None


def problem_of(settings: Settings, found: Held) -> str | None:
    """Why secrets, keys and texts do not belong together, if so."""
    keys, texts = place_of(settings.keys_url), place_of(settings.database_url)
    if not opens(settings, found):
        return f"the master key does not open the keys in {keys}: {BACK}, or set FACILITATOR_MASTER_KEY as it was"
    if found.needed and not found.known:
        has = "has none of the keys" if found.wrapped else "is empty or gone, and with it the keys"
        return f"{keys} {has} of what is in {texts}: put it back, or restore a backup together with its .keys"
    if found.wrapped and not found.people:
        return (
            f"{texts} is empty, but there are keys in {keys}: put the database back with `facilitator restore`, or move the"
            " keys away to begin anew"
        )
    if found.passwords and not fits_salt(settings, found):
        return (
            f"the password salt is not the one that passwords were made with: {BACK}, set FACILITATOR_PASSWORD_SALT as it was,"
            " or run `facilitator user forget-passwords`"
        )
    begun = settings.data_dir / "secrets" / BEGUN
    if begun.is_file() and not (found.has_texts and found.proofs):
        gone = keys if found.has_texts else texts if found.proofs else f"{texts} and {keys}"
        return (
            f"{gone}: empty or gone, though this installation was in use: `facilitator restore` a backup, or take {begun} away"
            " to begin anew"
        )
    return None


def note_begun(settings: Settings) -> None:
    """Beside secrets that lie in files: from now on there are databases to them, and where there are none they are lost."""
    mark = settings.data_dir / "secrets" / BEGUN
    if mark.parent.is_dir() and not mark.exists():
        with contextlib.suppress(SettingsError):  # a folder of secrets may be one that nobody writes to
            keep(mark, "Databases were made with these secrets.")


def opens(settings: Settings, found: Held) -> bool:
    """Whether the master key is the one that was used: one that is known again, or opens any key; there may be none yet."""
    if not found.proofs and not found.wrapped:
        return True
    return (MASTER in found.proofs and _fits(settings, found, MASTER)) or any(
        _is_opened(settings.master_key, owner, wrapped) for owner, wrapped in found.wrapped.items()
    )


def remember(settings: Settings, keys: Engine) -> None:
    """Keeps by what the secrets are known again. Of two first starts with different secrets the second one is refused."""
    with keys.connect() as connection:
        begin_writing(connection)
        before = dict(connection.execute(select(proofs.c.name, proofs.c.proof)).all())
        if before and not opens(settings, Held(before, _wrapped(connection))):
            raise DoNotBelongTogether(
                f"another process began {place_of(settings.keys_url)} with another master key: {BACK}"
            )
        if SIGNING in before and not hmac.compare_digest(before[SIGNING], proof(settings, SIGNING)):
            click.echo(
                "Warning: cookies are signed with another secret than before, so everybody signs in anew", err=True
            )
        for name in (MASTER, SALT, SIGNING):
            if before.get(name) != proof(settings, name):
                connection.execute(proofs.delete().where(proofs.c.name == name))
                connection.execute(proofs.insert().values(name=name, proof=proof(settings, name)))
        connection.commit()


def make_tables(keys: Engine) -> None:
    """The tables of keys, where they are missing. Of two that start at once one waits for the other."""
    with keys.connect() as connection:
        begin_writing(connection)
        keys_metadata.create_all(connection)
        connection.commit()


def forget_passwords(settings: Settings) -> int:
    """Lets the next start take another salt; answers how many passwords went. Raises SettingsError."""
    count = held(settings).passwords
    if not count:
        return 0
    with opened(settings.database_url) as texts, opened(settings.keys_url) as keys:
        upgrade(texts)
        make_tables(keys)
        with texts.connect() as connection:
            begin_writing(connection)
            connection.execute(update(User).values(password=NO_PASSWORD))
            connection.commit()
        with keys.connect() as connection:
            begin_writing(connection)
            connection.execute(proofs.delete().where(proofs.c.name == SALT))
            connection.commit()
    return count


def proof(settings: Settings, name: str) -> bytes:
    """By what one of the secrets is known again."""
    value = "" if name == MASTER else str(getattr(settings, name))
    return hmac.new(settings.master_key, f"proof:{name}:{value}".encode(), hashlib.sha256).digest()


def private_folder_of(settings: Settings) -> None:
    """The data folder, made if it was missing. Raises SettingsError."""
    try:
        private_folder(settings.data_dir)
    except OSError as error:
        raise SettingsError(f"cannot make the folder {settings.data_dir}: {error.strerror}") from error


@contextmanager
def opened(url: str, made_by: Callable[[str], Engine] = engine_for) -> Iterator[Engine]:
    """A database, closed again at the end; to look and no more, made by `looking_at`."""
    engine = made_by(url)
    try:
        yield engine
    finally:
        engine.dispose()


@contextmanager
def looked_into(url: str) -> Iterator[Connection | None]:
    """A database in which nothing is changed; None where there is none, or nothing in it. Raises SettingsError for one that
    cannot be read.
    """
    path = make_url(url).database
    if url.startswith("sqlite") and (not path or not Path(path).is_file() or not Path(path).stat().st_size):
        yield None
        return
    engine = looking_at(url)
    try:
        with naming(url), engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


@contextmanager
def naming(url: str) -> Iterator[None]:
    """What goes wrong with a database is said with its place. Raises SettingsError."""
    try:
        yield
    except DBAPIError as error:
        raise SettingsError(f"{place_of(url)}: {in_words(error)}") from error


def database_files(settings: Settings) -> Iterator[Path]:
    """The databases that are files."""
    for url in map(make_url, (settings.database_url, settings.keys_url)):
        if url.get_backend_name() == "sqlite" and url.database:
            yield Path(url.database)


def try_writing(settings: Settings) -> None:
    """Writes where this installation writes, and reads it back; nothing of it stays. Raises OSError that names the place."""
    try_folders(settings)
    # Asked, not opened: whoever closes such a file lets go of the locks of a process that has it open.
    for path in database_files(settings):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise OSError(errno.EACCES, "it cannot be written", str(path))


def try_folders(settings: Settings) -> None:
    """The same of its folders alone: new files."""
    databases = (path.parent for path in database_files(settings))
    folders = {settings.data_dir, *(settings.data_dir / name for name in WRITTEN), *databases}
    for folder in sorted(path for path in folders if path.exists()):
        try:
            is_kept = writes_and_reads(folder)
        except OSError as error:
            raise OSError(error.errno, error.strerror, str(folder)) from error
        if not is_kept:
            raise OSError(errno.EIO, "what is written there does not come back: look after its disk", str(folder))


def refuse_own(settings: Settings, *files: Path) -> None:
    """Raises SettingsError for what is written to something of the installation itself, and would take its place."""
    databases = {os.path.realpath(f"{path}{ending}") for path in database_files(settings) for ending in BESIDE}
    folders = [Path(os.path.realpath(settings.data_dir / name)) for name in OURS]
    for place in (Path(os.path.realpath(file)) for file in files):
        if str(place) in databases or any(place.is_relative_to(folder) for folder in folders):
            raise SettingsError(f"{place} belongs to the installation itself: choose another file")


def place_of(url: str) -> str:
    """Where a database is, without a password."""
    parts = make_url(url)
    return str(parts.database) if parts.get_backend_name() == "sqlite" else f"the database {parts.database}"


def advice(path: Path) -> str:
    """How to close it to others."""
    return f"chmod {700 if path.is_dir() else 600} {path}"


def fits_salt(settings: Settings, found: Held) -> bool:
    """Whether passwords were made with this salt, as far as is known."""
    return _fits(settings, found, SALT)


def _fits(settings: Settings, found: Held, name: str) -> bool:
    return name not in found.proofs or hmac.compare_digest(found.proofs[name], proof(settings, name))


def _is_opened(master: bytes, owner: str, wrapped: bytes) -> bool:
    try:
        return bool(unwrapped(master, wrapped, f"key:{owner}"))
    except Damaged:
        return False


def _proofs(keys: Connection | None) -> dict[str, bytes]:
    if keys is None or not inspect(keys).has_table(proofs.name):
        return {}
    return dict(keys.execute(select(proofs.c.name, proofs.c.proof)).all())


def _wrapped(keys: Connection | None) -> dict[str, bytes]:
    if keys is None or not inspect(keys).has_table(meeting_keys.name):
        return {}
    some = select(meeting_keys.c.meeting_id, meeting_keys.c.wrapped).limit(SOME)
    return dict(keys.execute(some).all())


def _known(keys: Connection | None, needed: frozenset[str]) -> Iterator[str]:
    for table in (meeting_keys, destroyed_keys):
        if keys is not None and inspect(keys).has_table(table.name):
            every = sorted(needed)
            for at in range(0, len(every), SOME):
                yield from keys.scalars(select(table.c.meeting_id).where(table.c.meeting_id.in_(every[at : at + SOME])))


def _count(texts: Connection | None, model: type[Organisation | User], *conditions: ColumnElement[bool]) -> int:
    if texts is None or not inspect(texts).has_table(model.__tablename__):
        return 0
    return texts.scalar(select(func.count()).select_from(model).where(*conditions)) or 0
