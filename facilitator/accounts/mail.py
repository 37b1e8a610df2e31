"""Mails: text only, neutral subjects, in the reader's language.

Promises: nothing is sent inside a transaction or before it is committed; a slow or broken mail server never holds up an
answer, and a failure is logged without address or content. Without a mail server a mail becomes a file that only the
host can read.
"""

from __future__ import annotations

import hashlib
import logging
import os
import smtplib
import ssl
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid, parseaddr
from enum import Enum
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, after_this_request, current_app, has_request_context, render_template
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l

from facilitator.core.db import random_id
from facilitator.core.private import private_folder

logger = logging.getLogger(__name__)

WAIT_FOR_SERVER_SECONDS = 20
ALL_IS_WELL = 250
FOR_GOOD = 500  # and more: what a server answers that will not answer otherwise later
PAUSES_SECONDS = (5, 60)

SUBJECTS = {
    "reset": _l("Facilitator: choose a new password"),
    "changed": _l("Facilitator: your password was changed"),
    "invitation": _l("Facilitator: an invitation"),
    "erasing": _l("Facilitator: a meeting is erased in a week"),
    "over": _l("Facilitator: something is erased in a week"),
    "link": _l("Facilitator: your link to sign in"),
    "member": _l("Facilitator: an invitation"),
    "personal": _l("Facilitator: your link"),
    "objection": _l("Facilitator: something to look at"),
    "talk": _l("Facilitator: something new in the archive"),
    "answered": _l("Facilitator: something new for you"),
    "questions": _l("Facilitator: new questions"),
    "reported": _l("Facilitator: something to look at"),
    "offered": _l("Facilitator: a draft is ready for you"),
    "meeting": _l("Facilitator: a meeting"),
    "moved": _l("Facilitator: a meeting was changed"),
    "cancelled": _l("Facilitator: a meeting was cancelled"),
    "swap": _l("Facilitator: a swap of turns"),
    "few": _l("Facilitator: few people come"),
    "together": _l("Facilitator: something for you"),
    "went": _l("Facilitator: something you planned"),
    "looks": _l("Facilitator: a question about your group"),
}


class Fate(Enum):
    """What became of a mail that was handed over: a server took it, would not have it for this reader, or is away."""

    TAKEN = "taken"
    REFUSED = "refused"
    AWAY = "away"


@dataclass(frozen=True)
class ForCalendar:
    """What of a mail a calendar reads: an iTIP object (RFC 5546) and its method."""

    method: str
    content: bytes


@dataclass(frozen=True)
class Folder:
    """Keeps mails as .eml files for the host, readable by nobody else."""

    path: Path

    def deliver(self, message: EmailMessage) -> None:
        """Writes it under a name of its own; one that was written already is the same file again, and never half of one."""
        name = hashlib.sha256(message["Message-ID"].encode()).hexdigest()[:16]
        part = private_folder(self.path) / f"{name}-{random_id(8)}.part"
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(message.as_bytes())
        part.replace(self.path / f"{name}.eml")


@cache
def _trusted() -> ssl.SSLContext:
    """What this machine trusts. Reading it takes longer than sending a mail, and meetings wait meanwhile."""
    return ssl.create_default_context()


@dataclass(frozen=True)
class Server:
    """A mail server. Where TLS is spoken, its certificate must be one that this machine trusts."""

    host: str
    port: int
    begins_with_tls: bool
    turns_to_tls: bool
    user: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def at(cls, mail_url: str) -> Server:
        """The one of `smtp://` (with STARTTLS on port 587 or with a password) or `smtps://`, as `user:password@host:port`."""
        parts = urlsplit(mail_url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ValueError("FACILITATOR_MAIL_URL looks like smtp://user:password@host:587")
        tls = parts.scheme == "smtps"
        user, password = unquote(parts.username or ""), unquote(parts.password or "")
        turns_to_tls = not tls and (bool(user) or parts.port == 587)
        return cls(parts.hostname, parts.port or (465 if tls else 25), tls, turns_to_tls, user, password)

    def deliver(self, message: EmailMessage) -> None:
        """Hands it over; raises what the network or the server raises."""
        with self._let_in(WAIT_FOR_SERVER_SECONDS) as connection:
            connection.send_message(message)

    def greet(self, wait: float) -> None:
        """Goes as far as somebody who sends a mail, and sends none; raises OSError."""
        with self._let_in(wait) as connection:
            connection.ehlo_or_helo_if_needed()
            code, said = connection.noop()
        if code != ALL_IS_WELL:
            raise smtplib.SMTPResponseException(code, said)

    @contextmanager
    def _let_in(self, wait: float) -> Iterator[smtplib.SMTP]:
        with (
            smtplib.SMTP_SSL(self.host, self.port, timeout=wait, context=_trusted())
            if self.begins_with_tls
            else smtplib.SMTP(self.host, self.port, timeout=wait)
        ) as connection:
            if self.turns_to_tls:
                connection.starttls(context=_trusted())
            if self.user:
                connection.login(self.user, self.password)
            yield connection


def init_mail(app: Flask, mail_url: str | None, mail_from: str, folder: Path) -> None:
    """Sends by the server of `mail_url`, else into `folder`."""
    app.config["MAIL_FOLDER"] = str(folder)
    app.config["MAIL_FROM"] = mail_from
    app.extensions["post"] = Server.at(mail_url) if mail_url else Folder(folder)


def send(kind: str, to: str, locale: str, **context: Any) -> None:  # Any: what the template wants
    """Writes a mail of a kind now, and sends it once the running request has been answered and committed."""
    message = _message(kind, to, locale, context)
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 – werkzeug's way to the app behind the proxy
    if not has_request_context():
        _hand_over(app, message)
        return

    @after_this_request
    def _then(response: Response) -> Response:
        _hand_over(app, message)
        return response


def is_on_its_way(kind: str, to: str, locale: str, **context: Any) -> bool:  # Any: what the template wants
    """Whether a server took a mail of a kind, written and handed over now."""
    return sent_now(kind, to, locale, **context) is Fate.TAKEN


def sent_now(
    kind: str,
    to: str,
    locale: str,
    key: str = "",
    calendar: ForCalendar | None = None,
    **context: Any,  # Any: what the template wants
) -> Fate:
    """Writes a mail of a kind and hands it over now, while the caller waits. For what must not go on before somebody was told; not
    for a request. Whoever may have to hand the same mail over again gives it a `key`, by which servers and readers know it.
    """
    message = _message(kind, to, locale, context, key)
    if calendar is not None:
        _enclose(message, calendar)
    return _delivered(current_app.extensions["post"], message)


def _message(kind: str, to: str, locale: str, context: Mapping[str, Any], key: str = "") -> EmailMessage:
    with force_locale(locale):
        body = render_template(f"mail/{kind}.txt", **context)
        return _written(str(SUBJECTS[kind]), body, to, key)


def _enclose(message: EmailMessage, calendar: ForCalendar) -> None:
    """Once as another way to read the mail, as most programs want it, and once as a file for those that open files."""
    params = {"method": calendar.method, "charset": "utf-8"}
    message.add_alternative(calendar.content, maintype="text", subtype="calendar", params=params)
    message.add_attachment(calendar.content, maintype="application", subtype="ics", filename="meeting.ics")


def _written(subject: str, body: str, to: str, key: str = "") -> EmailMessage:
    """Its id names nothing but the domain it comes from; lines stay as they are, so that a link in a file can be copied."""
    sender = current_app.config["MAIL_FROM"]
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = subject, sender, to
    message["Date"] = formatdate()
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    message["Message-ID"] = f"<{key}@{domain}>" if key else make_msgid(random_id(8), domain=domain)
    message.set_content(body, cte="8bit")
    return message


def _hand_over(app: Flask, message: EmailMessage) -> None:
    """To the folder at once; to a server from a thread of its own, which under gevent is a greenlet."""
    post = app.extensions["post"]
    if isinstance(post, Folder):
        _deliver(post, message, pauses=())
    else:
        Thread(target=_deliver, args=(post, message, PAUSES_SECONDS), daemon=True).start()


def _deliver(post: Folder | Server, message: EmailMessage, pauses: Sequence[float]) -> None:
    for pause in (*pauses, None):
        if _delivered(post, message) is Fate.TAKEN or pause is None:
            return
        time.sleep(pause)


def _delivered(post: Folder | Server, message: EmailMessage) -> Fate:
    try:
        post.deliver(message)
    except Exception as error:  # noqa: BLE001 – whatever a mail server does, meetings go on
        logger.warning("a mail could not be sent: %s", type(error))
        return Fate.REFUSED if _is_about_the_reader(error) else Fate.AWAY
    return Fate.TAKEN


def _is_about_the_reader(error: Exception) -> bool:
    """Whether a server takes mails, and no mail to this address."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= FOR_GOOD for code, _ in error.recipients.values())
    return isinstance(error, smtplib.SMTPNotSupportedError | UnicodeError)  # an address that it cannot even be told
