"""What an address and a password must be, for forms and commands alike."""

from __future__ import annotations

import unicodedata
from typing import Any

import email_validator
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from facilitator.core import lengths
from facilitator.core.refusals import Refused
from facilitator.core.text import one_line

PASSWORD_SHORTEST, PASSWORD_LONGEST = 8, 128
NOBODYS = "-"  # too short to be a password
# No question to a name server: a meeting room may be offline.
EMAIL_CHECKS: dict[str, Any] = {"check_deliverability": False}

# Addresses of a closed network (.local, .internal) are addresses too; this is the library's documented way to say so.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


def email_address(text: str) -> str:
    """The address as we keep and compare it, in small letters; refuses what is none."""
    try:
        address = email_validator.validate_email(one_line(text), **EMAIL_CHECKS).normalized.lower()
    except ValueError:
        address = ""
    if "." not in address.rpartition("@")[2] or len(address) > lengths.EMAIL:
        raise Refused(_l("That is not an e-mail address. It looks like name@example.org."), status=422, field="email")
    return address


def person_name(text: str) -> str:
    """What somebody is called, cleaned; refuses nothing to see and too much of it."""
    return _name(text, lengths.NAME, _l("Fill in your name."), "name")


def organisation_name(text: str) -> str:
    """The same for an organisation."""
    return _name(text, lengths.ORGANISATION, _l("Fill in the name of your organisation."), "organisation")


def _name(text: str, longest: int, nothing: LazyString, field: str) -> str:
    name = one_line(text)
    if not name:
        raise Refused(nothing, status=422, field=field)
    if len(name) > longest:
        raise Refused(_l("Keep it within %(most)s characters.", most=longest), status=422, field=field)
    return name


def fit_password(text: str) -> str:
    """The password in the one form in which it is hashed and compared; refuses one that is too short or too long, and one with
    halves of characters, which is no text.
    """
    password = unicodedata.normalize("NFKD", text[: PASSWORD_LONGEST + 1])  # taking letters apart makes none shorter
    if not PASSWORD_SHORTEST <= len(password) <= PASSWORD_LONGEST:
        sentence = _l(
            "Choose a password of %(least)s to %(most)s characters.", least=PASSWORD_SHORTEST, most=PASSWORD_LONGEST
        )
        raise Refused(sentence, status=422, field="password")
    if any("\ud800" <= sign <= "\udfff" for sign in password):
        raise Refused(_l("This password cannot be typed. Choose another one."), status=422, field="password")
    return password


def tried_password(text: str | None) -> str:
    """What is compared with a password. What cannot be anybody's becomes one that is nobody's: so the answer is that of a wrong
    one and takes as long, and nothing is hashed that is longer than a password may be.
    """
    try:
        return fit_password(text) if text else ""
    except Refused:
        return NOBODYS
