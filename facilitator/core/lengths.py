"""How long things may be, in one place for columns, forms and everything that copies from one to another.

In characters as Unicode and PostgreSQL count them: an emoji of several parts counts each part. What is longer is refused where it is
typed, so nothing is ever cut and no database has to refuse it.
"""

from __future__ import annotations

from typing import Final

ID: Final = 32
HASH: Final = 64
KEY: Final = 40  # of a method, a phase, a form
ROLES: Final = 60  # the roles somebody offers to take, all of them
LOCALE: Final = 5
EMAIL: Final = 254
HOST: Final = 255

NAME: Final = 80  # of a person, wherever it is copied: seats, what they took on, what they brought along
NAME_AT_THE_DOOR: Final = 40  # what fits on the wall
ORGANISATION: Final = 120
GROUP: Final = 120
PLACE: Final = 120
GOAL: Final = 300
CASE_TITLE: Final = 120
AGREEMENT: Final = 4_000
LINE: Final = 300  # one sentence of somebody
NOTES: Final = 20_000  # of one person in one meeting
THEME: Final = 60
REGISTER: Final = 80
PASSAGE: Final = 60
ZONE: Final = 40  # the name of a time zone
