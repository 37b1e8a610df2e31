r"""Words as people type and paste them, cleaned in one way wherever they come in; and when two names are one name.

Promises: what nobody sees goes – NUL and other control characters, zero-width signs, directions, halves of signs – and with it
the difference between `Anna` and `An\u200bna`; what a script or an emoji needs to be written right stays, and so do typographic
signs. Pasted line breaks of every kind are line breaks in a text of several lines and a space in one line. Cleaning what was
cleaned changes nothing, and no text of any kind makes it fail.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Container

LONGEST_LOOKED_INTO = (
    50_000  # far more than any field takes; of what is longer nobody weighs sign by sign what is needed
)
JOINERS = "\u200c\u200d"  # they part and join letters, and make one emoji of several
EMOJI_STYLE = "\ufe0e\ufe0f"
LINE_ENDS = re.compile("\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
# Flags of lands within a land are spelled with tags; anywhere else tags are a way to hide words.
FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f"
# Control characters but tab and line feed, what Unicode calls ignorable, and what is no character at all.
UNSEEN = re.compile(
    f"{FLAG}|[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufdd0-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffc\ufffe\uffff\U00016fe4\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
FROM_RIGHT = ("R", "AL")
HALVES = re.compile("[\ud800-\udfff]")
BLANKS = re.compile("[\u2800\U00013441\U00013442]")  # signs whose picture is an empty place
# Arabic, the scripts of India and its neighbours, Mongolian: there joiners change how letters look.
JOINING = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua800-\uabff\ufb50-\ufdff\ufe70-\ufefc"
    "\U00010a00-\U00010a5f\U00011000-\U000114ff\U0001e900-\U0001e95f]"
)
HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]")
PICTURE = re.compile(
    "[\U0001f000-\U0001faff‼⁉〰〽ℹ\u2190-\u21ff\u25fb-\u25fe\u2900-\u297f]"
)  # with some that are no signs to Unicode
MONGOLIAN = re.compile("[\u1820-\u18aa]")

APOSTROPHES = "’‘‛ʼʻʹ′´`＇"
STRAIGHT = str.maketrans(dict.fromkeys(APOSTROPHES, "'"))
ACCENTS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
# Letters that nobody tells from Latin ones: Cyrillic, Greek, Armenian, small capitals, with a stroke, and the Turkish i.
TWINS = str.maketrans(
    "АВЕЅІЈКМНОРСТХУавеѕіјкмнорстхуԁԛԝһҮүѴѵԌӀӏΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹαγικνορυϲϳՕՏԼՍօոսհցᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡʏᴢɑɡŁłØøĐđĦħı",
    "ABESIJKMHOPCTXYaBesijKMHopcTxydqwhYyVvGllABEZHIKMNOPTYXCayikvopucjOSLUonuhgABCDEFGHIJKLMNOPRSTUVWYZagLlOoDdHhi",
)
AROUND_NAMES = " .,;:!?'\"“”„«»·_*()[]-"  # signs at an end that are not said, so that nobody is called by them


def tidy(text: str | None) -> str:
    """A text of several lines as it is kept: composed Unicode, its lines parted by line feeds, no space around it; nothing at
    all where nothing of it can be seen.
    """
    plain = cleaned(text).strip()
    return plain if any(map(_is_seen, plain)) else ""


def one_line(text: str | None) -> str:
    """The same on one line, with single spaces."""
    return " ".join(tidy(text).split())


def cleaned(text: str | None) -> str:
    """The same with the space around it, for what is still being typed."""
    if text and len(text) > LONGEST_LOOKED_INTO:
        text = UNSEEN.sub("", LINE_ENDS.sub("\n", text))
    plain = BLANKS.sub(" ", HALVES.sub("\ufffd", LINE_ENDS.sub("\n", text or "")))
    known = ""
    while plain != known:  # what goes may have kept apart what belongs together now
        known, plain = plain, unicodedata.normalize("NFC", UNSEEN.sub(_if_needed, plain))
    return plain


def if_text(clean: Callable[[str | None], str]) -> Callable[[object], object]:
    """The same cleaning where anything may come in: what is no text is left for others to refuse."""
    return lambda value: clean(value) if isinstance(value, str) else value


def is_filled(text: str | None) -> bool:
    """Whether there is anything to see: a letter, a digit, a punctuation mark or a sign, not accents and space alone."""
    return tidy(text) != ""


def straight(text: str) -> str:
    """A text with every kind of apostrophe as the straight one; as long as it was."""
    return text.translate(STRAIGHT)


def alike(text: str) -> str:
    """The same with Latin letters for those that look like them; as long as it was."""
    return straight(text).translate(TWINS)


def without_unseen(text: str) -> str:
    """A text without any sign that can be unseen, needed or not: for comparing, not for showing."""
    return UNSEEN.sub(lambda found: found.group() if len(found.group()) > 1 else "", text)


def is_unseen(sign: str) -> bool:
    """Whether a sign neither shows nor parts what stands around it."""
    return bool(UNSEEN.match(sign)) and not LINE_ENDS.match(sign)


def printable(text: str) -> str:
    """A text as any file can hold it, its lines parted by line feeds: also one that was kept before texts were cleaned. Signs
    that mean something in one font only become a question mark in a diamond.
    """
    return PRIVATE.sub("\ufffd", cleaned(text).replace("\t", " "))


def is_from_right(text: str) -> bool:
    """Whether a text is written from the right: its first letter says so."""
    letters = (unicodedata.bidirectional(sign) for sign in text)
    return next((kind in FROM_RIGHT for kind in letters if kind in ("L", *FROM_RIGHT)), False)


def name_key(name: str) -> str:
    """What two names have in common that people take for one: capitals, accents, kinds of apostrophes and dashes, alphabets
    that look alike, a full stop or the like at an end, and what nobody sees make no difference.
    """
    plain = unicodedata.normalize("NFKD", alike(unicodedata.normalize("NFKD", cleaned(name))).casefold())
    bare = ACCENTS.sub("", alike(plain))
    dashed = "".join("-" if unicodedata.category(sign) == "Pd" else sign for sign in bare)
    key = " ".join(unicodedata.normalize("NFKD", without_unseen(dashed)).split())
    return key.strip(AROUND_NAMES) or key


def is_same_name(one: str, other: str) -> bool:
    """Whether people would take two names for one."""
    return name_key(one) == name_key(other)


def told_apart(name: str, taken: Container[str], longest: int) -> str:
    """A name that is none of those `taken` (as `name_key` has them): a number is added to one that is."""
    candidate, number = name, 1
    while name_key(candidate) in taken:
        number += 1
        candidate = one_line(f"{name[: longest - 4]} {number}")
    return candidate


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" or _is_picture(sign)


def _if_needed(found: re.Match[str]) -> str:
    """An unseen sign where something would look different without it, else nothing."""
    text, sign, start = found.string, found.group(), found.start()
    before, after = text[start - 1 : start], text[found.end() : found.end() + 1]
    if len(sign) > 1:  # a whole flag
        return sign
    if sign in JOINERS:
        is_needed = _is_letter_that_joins(before) or (
            sign == "\u200d" and _ends_in_picture(text[max(0, start - 2) : start]) and _is_picture(after)
        )
    elif sign in EMOJI_STYLE:
        is_needed = _is_picture(before) or (before.isascii() and before in set("0123456789#*") and after == "\u20e3")
    elif "\ufe00" <= sign <= "\ufe0d":
        is_needed = bool(HAN.match(before)) or (before != "" and unicodedata.category(before) == "Sm")
    elif "\U000e0100" <= sign <= "\U000e01ef":
        is_needed = bool(HAN.match(before))
    elif "\u180b" <= sign <= "\u180f":
        is_needed = bool(MONGOLIAN.match(before))
    elif sign == "\u115f":
        is_needed = "\u1161" <= after <= "\u11a7"
    else:
        is_needed = sign == "\u1160" and "\u1100" <= before <= "\u115e"
    return sign if is_needed else ""


def _ends_in_picture(text: str) -> bool:
    return _is_picture(text[-1:]) or (text[-1:] == "\ufe0f" and _is_picture(text[-2:-1]))


def _is_picture(sign: str) -> bool:
    """Roughly what emoji are made of; those younger than our tables included."""
    return bool(PICTURE.match(sign)) or (sign != "" and unicodedata.category(sign) == "So" and not UNSEEN.match(sign))


def _is_letter_that_joins(sign: str) -> bool:
    return bool(JOINING.match(sign)) and unicodedata.category(sign)[0] in "LM" and not UNSEEN.match(sign)
