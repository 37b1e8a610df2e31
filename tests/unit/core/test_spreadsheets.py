"""Tables open in the spreadsheets of their readers: in columns, in every script, and without running anything."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask
from flask_babel import force_locale

from facilitator.core.spreadsheets import Cell, table

ROWS: list[list[Cell]] = [['Zoë; "ja", zei hij', 12, "0,90"], ["twee\nregels", 3, "=1+1"]]


@pytest.mark.parametrize(("locale", "separator"), [("en", ","), ("nl", ";"), ("de", ";"), ("fr", ";")])
def test_cells_are_parted_as_the_reader_s_spreadsheet_expects(app: Flask, locale: str, separator: str) -> None:
    with app.test_request_context(), force_locale(locale):
        content = table(["Naam", "Minuten", "Uren"], ROWS)
    assert content.startswith(b"\xef\xbb\xbf")
    text = content[3:].decode()
    assert text.splitlines()[0] == f'"Naam"{separator}"Minuten"{separator}"Uren"'
    dialect = csv.Sniffer().sniff(text)
    assert dialect.delimiter == separator, "a program that looks finds out"
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)) == [
        ["Naam", "Minuten", "Uren"],
        ['Zoë; "ja", zei hij', "12", "0,90"],
        ["twee\nregels", "3", "'=1+1"],
    ]
