"""Mails: text only, neutral subjects, in the reader's language.

Promises: nothing is sent inside a transaction or before it is committed; a slow or broken mail server never holds up an
answer, and a failure is logged without address or content. Without a mail server a mail becomes a file that only the
host can read.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import unquote, urlsplit

from flask import Flask, Response, after_this_request, current_app, has_request_context, render_template
from flask_babel import force_locale
from flask_babel import lazy_gettext as _l
from flask_mailman import EmailMessage, Mail
from flask_mailman.backends.base import BaseEmailBackend

from facilitator.core.private import private_folder
from facilitator.db import random_id

logger = logging.getLogger(__name__)

WAIT_FOR_SERVER_SECONDS = 20
PAUSES_SECONDS = (5, 60)

SUBJECTS = {
    "reset": _l("Facilitator: choose a new password"),
    "changed": _l("Facilitator: your password was changed"),
    "invitation": _l("Facilitator: an invitation"),
    "erasing": _l("Facilitator: a meeting is erased in a week"),
    "link": _l("Facilitator: your link to sign in"),
    "member": _l("Facilitator: an invitation"),
    "personal": _l("Facilitator: your link"),
    "objection": _l("Facilitator: something to look at"),
    "talk": _l("Facilitator: something new in the archive"),
    "offered": _l("Facilitator: a draft is ready for you"),
}


class Folder(BaseEmailBackend):
    """Keeps mails as .eml files for the host, readable by nobody else."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Writes each mail under a name of its own."""
        folder = private_folder(Path(current_app.config["MAIL_FOLDER"]))
        for message in email_messages:
            path = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{random_id(8)}.eml"
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.message().as_bytes())  # type: ignore[no-untyped-call]
        return len(email_messages)


def init_mail(app: Flask, mail_url: str | None, mail_from: str, folder: Path) -> None:
    """Sends by the server of `mail_url` (`smtp://` with STARTTLS on port 587 or with a password,
    `smtps://`; both as `user:password@host:port`), else into `folder`."""
    app.config["MAIL_FOLDER"] = str(folder)
    app.config.update(_server(mail_url) if mail_url else {"MAIL_BACKEND": Folder})
    app.config["MAIL_DEFAULT_SENDER"] = mail_from
    app.config["MAIL_TIMEOUT"] = WAIT_FOR_SERVER_SECONDS
    Mail(app)  # type: ignore[no-untyped-call]


def _server(mail_url: str) -> dict[str, object]:
    parts = urlsplit(mail_url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("FACILITATOR_MAIL_URL looks like smtp://user:password@host:587")
    encrypted = parts.scheme == "smtps"
    return {
        "MAIL_BACKEND": "smtp",
        "MAIL_SERVER": parts.hostname,
        "MAIL_PORT": parts.port or (465 if encrypted else 25),
        "MAIL_USE_SSL": encrypted,
        "MAIL_USE_TLS": not encrypted and (parts.username is not None or parts.port == 587),
        "MAIL_USERNAME": unquote(parts.username or "") or None,
        "MAIL_PASSWORD": unquote(parts.password or "") or None,
    }


def send(kind: str, to: str, locale: str, **context: Any) -> None:  # Any: what the template wants
    """Writes a mail of a kind now, and sends it once the running request has been answered and committed."""
    with force_locale(locale):
        body = render_template(f"accounts/mail/{kind}.txt", **context)
        subject = str(SUBJECTS[kind])
    sender = current_app.config["MAIL_DEFAULT_SENDER"]
    message = EmailMessage(subject, body, sender, [to])  # type: ignore[no-untyped-call]
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001 – werkzeug's way to the app behind the proxy
    if not has_request_context():
        _hand_over(app, message)
        return

    @after_this_request
    def _then(response: Response) -> Response:
        _hand_over(app, message)
        return response


def _hand_over(app: Flask, message: EmailMessage) -> None:
    """To the folder at once; to a server from a thread of its own, which under gevent is a greenlet."""
    if app.config["MAIL_BACKEND"] is Folder:
        _deliver(app, message, pauses=())
    else:
        Thread(target=_deliver, args=(app, message, PAUSES_SECONDS), daemon=True).start()


def _deliver(app: Flask, message: EmailMessage, pauses: Sequence[float]) -> None:
    with app.app_context():
        for pause in (*pauses, None):
            if _sent(message) or pause is None:
                return
            time.sleep(pause)


def _sent(message: EmailMessage) -> bool:
    try:
        message.send()  # type: ignore[no-untyped-call]
    except Exception as error:  # noqa: BLE001 – whatever a mail server does, meetings go on
        logger.warning("a mail could not be sent: %s", type(error).__name__)
        return False
    return True
