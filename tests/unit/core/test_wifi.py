"""What can be the name and the password of a Wi-Fi, and a form that asks for them."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from facilitator.core.wifi import is_name, is_password
from tests.accounts_cast import make_administrator, post, sign_in

PLAN = {"goal": "Learn", "method": "basis", "minutes": "75", "names": "names", "locale": "en", "capacity": "14"}


@pytest.mark.parametrize(("text", "fits"), [("", True), ("x" * 32, True), ("x" * 33, False), ("é" * 17, False)])
def test_a_name_has_at_most_32_bytes(text: str, fits: bool) -> None:
    assert is_name(text) is fits


@pytest.mark.parametrize(
    ("text", "fits"),
    [("", True), ("x" * 7, False), ("x" * 8, True), ("x" * 63, True), ("x" * 64, False), ("aF" * 32, True)],
)
def test_a_password_has_8_to_63_characters_or_is_a_key(text: str, fits: bool) -> None:
    assert is_password(text) is fits


@pytest.mark.parametrize(
    ("field", "text"), [("wifi_name", "x" * 42), ("wifi_name", "é" * 17), ("wifi_password", "short")]
)
def test_a_plan_with_what_no_wi_fi_can_have_asks_again(app: Flask, client: FlaskClient, field: str, text: str) -> None:
    sign_in(client, make_administrator(app))
    answer = post(client, "/meetings/new", **PLAN, **{field: text})
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert text in answer.text, "what was typed is there still"
