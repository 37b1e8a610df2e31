"""Typeset documents: a template of facilitator/typst and data go in, a PDF comes out.

Promises: the PDF is tagged (PDF/UA-1 and PDF/A-2a), says its title and language, and holds all its fonts. Texts reach the
template as data and never as source, so nothing anybody wrote can be markup. Nothing is read but the folder of templates
and, for a sign our own typefaces lack, the fonts of this machine; nothing is fetched and nothing is written anywhere.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import typst

from facilitator.core.text import printable
from facilitator.core.threads import OneThread

TEMPLATES = Path(__file__).parents[1] / "typst"
FONTS = TEMPLATES / "fonts"
STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-2a"]
# Letters and signs of a keyboard; what is drawn as one picture from several signs must not be cut.
LONG_WORD = re.compile(r"[\w!-/:-@\[-`{-~–—…]{40,}")
PIECE = re.compile(r".{10}(?=.)")
aside = OneThread()


@dataclass(frozen=True, slots=True)
class Typeset:
    """A PDF. `is_standard`: it keeps to the standards; if not, no typeface of this machine had one of its signs."""

    content: bytes
    is_standard: bool


def typeset(template: str, data: Mapping[str, object], *, locale: str, title: str) -> Typeset:
    """The PDF of a template, in a thread of its own so that meetings go on meanwhile.

    In the template `data` is what was given here: texts, numbers, lists and mappings. `locale` is the language of our own
    words in it, with or without a region; `title` is the title of the document and may not be empty.
    """
    lang, _, region = locale.replace("-", "_").partition("_")
    given = {"title": title, "lang": lang.lower(), "region": region.upper() or None, "data": data}
    inputs = {"given": json.dumps(readable(given), ensure_ascii=False)}
    return aside(lambda: _compile(TEMPLATES / f"{template}.typ", inputs))


def _compile(path: Path, inputs: dict[str, str]) -> Typeset:
    """The standards refuse a sign that no typeface has; without them it comes out as an empty box."""
    try:
        return Typeset(_pdf(path, inputs, STANDARDS, has_machine_fonts=False), is_standard=True)
    except typst.TypstError as error:
        if not _is_about_standards(error):
            raise
    try:
        return Typeset(_pdf(path, inputs, STANDARDS, has_machine_fonts=True), is_standard=True)
    except typst.TypstError:
        return Typeset(_pdf(path, inputs, [], has_machine_fonts=True), is_standard=False)


def _is_about_standards(error: typst.TypstError) -> bool:
    return "PDF/" in error.message


def _pdf(path: Path, inputs: dict[str, str], standards: list[typst.PDFStandard], *, has_machine_fonts: bool) -> bytes:
    compiler = typst.Compiler(root=TEMPLATES, font_paths=_fonts(has_machine_fonts=has_machine_fonts))
    made = compiler.compile(input=path, format="pdf", sys_inputs=inputs, pdf_standards=standards)
    assert isinstance(made, bytes)
    return made


@cache
def _fonts(*, has_machine_fonts: bool) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=has_machine_fonts, font_paths=[FONTS])


def readable(value: object) -> object:
    """The same data with texts that can be set: no signs that nobody sees, and no word wider than a page."""
    if isinstance(value, str):
        return _readable_text(value)
    if isinstance(value, Mapping):
        return {str(key): readable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [readable(one) for one in value]
    return value


def _readable_text(text: str) -> str:
    return LONG_WORD.sub(lambda word: PIECE.sub("\\g<0>\u200b", word.group(0)), printable(text))
