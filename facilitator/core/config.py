"""Typed settings from the environment and the data folder.

Promises: no fallback secrets (each is made on the first run and kept, readable by its owner only); reading makes nothing; and a
bad value is one clear line. Every setting is described in docs/hosting.md.
"""

from __future__ import annotations

import base64
import contextlib
import errno
import ipaddress
import os
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parseaddr
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from babel.dates import get_timezone
from sqlalchemy import make_url

from facilitator.core import lengths, private, wifi

KEY_BYTES = 32
SHORTEST = 16
MOST_DIGITS = 9
PORTS = 65536
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LONGEST_NAME = 253
LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
ADDRESS = r"(?P<{0}>[!-~]+@[!-~]+)"
SENDER = re.compile(rf"{ADDRESS.format('bare')}|(?P<name>[^<>@]*)<{ADDRESS.format('named')}>")
CONTROL = re.compile("[\\x00-\\x1f\\x7f-\\x9f]")
# Nothing that a browser reads as the end of a host, as a user before it, or as another one.
HOST = re.compile(r"(?P<name>[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?P<dot>\.?)(?::(?P<port>[0-9]{1,5}))?")
CANNOT_LINK = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)


class SettingsError(Exception):
    """A setting that cannot be used; the text is one line for the person who wrote it."""


@dataclass(frozen=True)
class Settings:
    """Everything that differs between one installation and another. `made` names the secrets that are in no setting and in no
    file: they are new, and gone with this process unless they are `kept`.
    """

    data_dir: Path
    database_url: str
    keys_url: str
    secret_key: str = field(repr=False)
    password_salt: str = field(repr=False)
    master_key: bytes = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    public_url: str | None = None
    allowed_hosts: frozenset[str] = frozenset()
    trusted_proxies: int = 0
    mail_url: str | None = field(default=None, repr=False)
    mail_from: str = "Facilitator <facilitator@localhost>"
    log_level: str = "INFO"
    timezone: str = "Europe/Amsterdam"
    metrics_token: str | None = field(default=None, repr=False)
    wifi_name: str | None = None
    wifi_password: str | None = field(default=None, repr=False)
    uploads_megabytes: int = 5000
    security_contact: str | None = None
    backups: Path | None = None
    made: tuple[str, ...] = ()

    @classmethod
    def load(cls, data_dir: Path, environ: Mapping[str, str]) -> Settings:
        """Read what is set, and think of what is missing. Raises SettingsError."""
        data_dir = _found(_expanded(data_dir))
        if "?" in str(data_dir) or not _is_utf8(str(data_dir)):
            raise SettingsError(
                f"the data folder cannot have a question mark or broken letters in its name: {data_dir}"
            )
        read, secret = Reader(environ), Secrets(data_dir / "secrets")
        database_url = read.database("FACILITATOR_DATABASE_URL") or f"sqlite:///{data_dir}/facilitator.sqlite"
        keys_url = read.database("FACILITATOR_KEYS_URL") or f"sqlite:///{data_dir}/keys.sqlite"
        if _place(database_url) == _place(keys_url):
            raise SettingsError("FACILITATOR_KEYS_URL must be another database than FACILITATOR_DATABASE_URL")
        return cls(
            data_dir=data_dir,
            database_url=database_url,
            keys_url=keys_url,
            secret_key=read.long("FACILITATOR_SECRET_KEY") or secret.long("secret_key"),
            password_salt=read.long("FACILITATOR_PASSWORD_SALT") or secret.long("password_salt"),
            master_key=as_key(read.text("FACILITATOR_MASTER_KEY") or secret.value("master_key", new_key)),
            redis_url=read.redis("FACILITATOR_REDIS_URL"),
            public_url=read.origin("FACILITATOR_PUBLIC_URL"),
            allowed_hosts=frozenset(read.hosts("FACILITATOR_ALLOWED_HOSTS")),
            trusted_proxies=read.count("FACILITATOR_TRUSTED_PROXIES"),
            mail_url=read.server("FACILITATOR_MAIL_URL", "smtp", "smtps"),
            mail_from=read.sender("FACILITATOR_MAIL_FROM") or cls.mail_from,
            log_level=read.level("FACILITATOR_LOG_LEVEL"),
            timezone=read.zone("FACILITATOR_TIMEZONE") or cls.timezone,
            metrics_token=read.token("FACILITATOR_METRICS_TOKEN"),
            wifi_name=read.wifi_name("FACILITATOR_WIFI_NAME"),
            wifi_password=read.wifi_password("FACILITATOR_WIFI_PASSWORD", of="FACILITATOR_WIFI_NAME"),
            uploads_megabytes=read.count("FACILITATOR_UPLOADS_MEGABYTES", cls.uploads_megabytes),
            security_contact=read.contact("FACILITATOR_SECURITY_CONTACT"),
            backups=read.place("FACILITATOR_BACKUPS"),
            made=tuple(secret.made),
        )

    def again(self) -> Settings:
        """The same with the secrets that lie in files by now. Raises SettingsError."""
        secret = Secrets(self.data_dir / "secrets")
        found = {name: secret.value(name, partial(self._as_text, name)) for name in self.made}
        return replace(self, **_settled(found), made=tuple(secret.made))

    def kept(self) -> Settings:
        """The same with every secret in a file; of two processes that start at once, the first decides. Raises SettingsError."""
        folder = private_folder(private_folder(self.data_dir) / "secrets")
        found = {name: keep(folder / name, self._as_text(name)) for name in self.made}
        return replace(self, **_settled(found), made=())

    def _as_text(self, name: str) -> str:
        value = getattr(self, name)
        return base64.b64encode(value).decode() if isinstance(value, bytes) else str(value)

    @property
    def is_https(self) -> bool:
        """Do people reach this installation over TLS?"""
        return self.public_url is not None and self.public_url.startswith("https://")


def settings() -> Settings:
    from flask import current_app  # commands that build no application start sooner without it

    found = current_app.extensions["settings"]
    assert isinstance(found, Settings)
    return found


def _settled(found: Mapping[str, str]) -> dict[str, Any]:  # Any: what `replace` takes
    """Secrets as they stand in files, as they stand in the settings."""
    return {name: as_key(value) if name == "master_key" else value for name, value in found.items()}


@dataclass(frozen=True)
class Reader:
    """Reads one setting at a time and says what is wrong with it. An empty value counts as not set."""

    environ: Mapping[str, str]

    def text(self, name: str) -> str | None:
        """The value as it is."""
        value = self.environ.get(name, "").strip()
        if len(value.splitlines()) > 1 or not _is_utf8(value) or CONTROL.search(value):
            raise SettingsError(f"{name} must be one line of text in UTF-8")
        return value or None

    def place(self, name: str) -> Path | None:
        """A folder or a file."""
        value = self.text(name)
        return _expanded(Path(value)).absolute() if value else None

    def hosts(self, name: str) -> Iterator[str]:
        """Names separated by commas or spaces, in lower case, with a port or without."""
        for word in (self.text(name) or "").lower().replace(",", " ").split():
            if not (_is_address(word) or is_host(word)):
                raise SettingsError(f"{name} must be names such as laptop.example or localhost:8080, not {word!r}")
            yield word

    def long(self, name: str) -> str | None:
        """A secret that cannot be guessed."""
        value = self.text(name)
        if value and len(value) < SHORTEST:
            raise SettingsError(f"{name} is too short: it needs at least {SHORTEST} characters")
        return value

    def token(self, name: str) -> str | None:
        """The same for one that goes into a header."""
        value = self.long(name)
        if value and not (value.isascii() and value.split() == [value]):
            raise SettingsError(f"{name} must be letters without accents, digits and signs, without spaces")
        return value

    def wifi_name(self, name: str) -> str | None:
        """The name of a Wi-Fi. Raises SettingsError."""
        value = self.text(name)
        if value and not wifi.is_name(value):
            raise SettingsError(f"{name} is too long: the name of a Wi-Fi has at most {wifi.NAME_BYTES} bytes")
        return value

    def wifi_password(self, name: str, of: str) -> str | None:
        """The password of a Wi-Fi, and of which. Raises SettingsError."""
        value = self.text(name)
        if not wifi.is_password(value or ""):
            shortest, longest = wifi.PASSWORD
            raise SettingsError(f"{name} must have {shortest} to {longest} characters, or be 64 hexadecimal digits")
        if value and not self.text(of):
            raise SettingsError(f"{name} needs {of}: nobody joins a Wi-Fi by its password alone")
        return value

    def count(self, name: str, default: int = 0) -> int:
        value = self.text(name) or str(default)
        if not value.isdecimal() or len(value) > MOST_DIGITS:
            raise SettingsError(f"{name} must be a whole number of at most {MOST_DIGITS} digits, not {value[:20]!r}")
        return int(value)

    def level(self, name: str) -> str:
        """A log level."""
        value = (self.text(name) or "INFO").upper()
        if value not in LEVELS:
            raise SettingsError(f"{name} must be one of {', '.join(LEVELS)}, not {value!r}")
        return value

    def zone(self, name: str) -> str | None:
        """A time zone by its IANA name."""
        value = self.text(name)
        try:
            if value:
                get_timezone(value)
        except LookupError as error:
            raise SettingsError(f"{name} must be a time zone such as Europe/Amsterdam, not {value!r}") from error
        return value

    def url(self, name: str, *schemes: str) -> str | None:
        """An address with one of the schemes. The value stays out of the message: it may hold a password."""
        value = self.text(name)
        if value and _parts(name, value).scheme not in schemes:
            raise SettingsError(f"{name} must start with {' or '.join(f'{scheme}://' for scheme in schemes)}")
        return value

    def server(self, name: str, *schemes: str) -> str | None:
        """The same of a server, with its name."""
        value = self.url(name, *schemes)
        if value and not _parts(name, value).hostname:
            raise SettingsError(f"{name} must name the server, as in {schemes[0]}://server.example")
        return value

    def redis(self, name: str) -> str | None:
        """The address of Redis; its options are tried, without connecting."""
        value = self.url(name, "redis", "rediss", "unix")
        if value:
            from redis import ConnectionPool, RedisError

            parts = _parts(name, value)
            number = parts.path.strip("/")
            try:
                ConnectionPool.from_url(value).make_connection()
                fits = bool(number) if parts.scheme == "unix" else not number or number.isdecimal()
            except (TypeError, ValueError, RedisError) as error:
                raise SettingsError(f"{name} has an option that Redis does not know") from error
            if not fits:
                raise SettingsError(f"{name} must look like redis://localhost:6379/0 or unix:///run/redis.sock")
        return value

    def sender(self, name: str) -> str | None:
        """Who mails come from: an address, perhaps with a name."""
        value = self.text(name)
        told = SENDER.fullmatch(value or "")
        address = (told["bare"] or told["named"]) if told else ""
        if value and (parseaddr(value)[1] != address or address.count("@") != 1 or len(address) > lengths.EMAIL):
            raise SettingsError(f"{name} must look like Facilitator <facilitator@example.org>, not {value!r}")
        return value

    def contact(self, name: str) -> str | None:
        """Where somebody can be reached: a page, or `mailto:` and an address."""
        value = self.text(name)
        scheme, _, behind = (value or "").partition(":")
        if value and (scheme not in ("mailto", "https") or not behind.strip("/") or value.split() != [value]):
            raise SettingsError(f"{name} must start with mailto: or https://, not {value!r}")
        return value

    def database(self, name: str) -> str | None:
        value = self.url(name, "sqlite", "postgresql", "postgres")
        if value and value.startswith("sqlite"):
            path = make_url(value).database
            if not path or path == ":memory:" or "?" in value or path.startswith("file:") or CONTROL.search(path):
                raise SettingsError(f"{name} must look like sqlite:////srv/facilitator.sqlite, a file and no options")
        return value

    def origin(self, name: str) -> str | None:
        """A public address: scheme and host, perhaps a port, and nothing behind it."""
        value = self.url(name, "http", "https")
        if value is None:
            return None
        parts = _parts(name, value)
        try:
            place = parts.netloc.encode("idna").decode().lower()
        except UnicodeError:
            place = ""
        if not is_host(place) or parts.path not in ("", "/") or parts.query or parts.fragment:
            raise SettingsError(f"{name} must look like https://meet.example.org, not {value!r}")
        return f"{parts.scheme}://{place}"


def is_host(netloc: str) -> bool:
    """Whether it can be a host, in small letters, with a port or without."""
    told = HOST.fullmatch(netloc)
    if told is None or not 0 < int(told["port"] or 1) < PORTS:
        return False
    name = told["name"]
    if name.startswith("["):
        return _is_address(name[1:-1])
    labels = name.split(".")
    is_named = len(name) <= LONGEST_NAME and all(map(LABEL.fullmatch, labels))
    return _is_address(name) if labels[-1].isdecimal() else is_named


def _expanded(path: Path) -> Path:
    """A path with the folder of whose home it names. Raises SettingsError."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise SettingsError(f"nobody here has the home folder that {path} begins with") from error


def _found(path: Path) -> Path:
    """A path from the root, without links. Raises SettingsError: where links lead in a circle, or where this process stands no more."""
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise SettingsError(
            f"nothing can be found at {path}: look at its links, and at the folder you are in"
        ) from error


def _parts(name: str, value: str) -> SplitResult:
    """An address taken apart. Raises SettingsError."""
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError as error:
        raise SettingsError(f"{name} is no address: look at its brackets and its port") from error
    return parts


def _place(url: str) -> object:
    """What two addresses of one database have in common."""
    parts = make_url(url)
    if parts.get_backend_name() == "sqlite":
        return os.path.realpath(parts.database or "")
    return parts.host, parts.port, parts.database


def _is_address(word: str) -> bool:
    try:
        return bool(ipaddress.ip_address(word))
    except ValueError:
        return False


def _is_utf8(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def private_folder(path: Path) -> Path:
    """The folder, made for its owner only if it was missing."""
    try:
        return private.private_folder(path)
    except OSError as error:
        raise SettingsError(f"cannot make the folder {path}: {error.strerror}") from error


@dataclass
class Secrets:
    """The files of secrets. One that is not there is made up, and noted."""

    folder: Path
    made: list[str] = field(default_factory=list)

    def value(self, name: str, make: Callable[[], str]) -> str:
        """A secret as it was kept, or a new one."""
        try:
            return existing(self.folder / name)
        except FileNotFoundError:
            self.made.append(name)
            return make()

    def long(self, name: str) -> str:
        """The same for one that nobody may guess."""
        value = self.value(name, secrets.token_urlsafe)
        if len(value) < SHORTEST:
            raise SettingsError(f"{self.folder / name} was cut off: put it back from a copy of secrets/")
        return value


def keep(path: Path, value: str) -> str:
    """Writes a secret that is not there yet; answers what is there now. Nobody ever sees half of one."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            write(part, value)
            os.link(part, path)
        except OSError as error:
            if error.errno not in CANNOT_LINK:
                raise
            write(path, value)
    except FileExistsError:
        return existing(path)
    except OSError as error:
        raise SettingsError(f"cannot write {path}: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return value


def write(path: Path, value: str) -> None:
    """A new file for its owner only, on disk when this returns."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(value)
        file.flush()
        os.fsync(file.fileno())


def existing(path: Path) -> str:
    """A secret made earlier; an empty file is never a secret. Raises FileNotFoundError."""
    try:
        value = path.read_text().strip()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise FileNotFoundError(path) from error
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        raise SettingsError(f"cannot read {path}: {reason}") from error
    if not value:
        raise SettingsError(f"{path} is empty: put it back from a copy of secrets/")
    return value


def new_key() -> str:
    """A fresh key, as text."""
    return base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()


def as_key(text: str) -> bytes:
    """The bytes of the master key; 256 bits or SettingsError."""
    try:
        key = base64.b64decode(text, validate=True)
    except ValueError:  # a letter that is none of base64 as well
        key = b""
    if len(key) != KEY_BYTES:
        raise SettingsError(f"the master key is not {KEY_BYTES} bytes in base64: put it back from a copy of secrets/")
    return key
