"""Several addresses at once, as people paste them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from facilitator.core.text import tidy
from facilitator.groups.addresses import Address, name_in, read


@pytest.mark.parametrize(
    "text",
    [
        "pete@example.org ada@example.org",
        "pete@example.org,ada@example.org",
        "pete@example.org; ada@example.org;",
        "  PETE@example.org \r\n\r\n ada@example.org\n",
        "pete@example.org, ada@example.org, Pete@Example.org",
    ],
)
def test_addresses_come_one_a_line_or_with_commas_and_each_once(text: str) -> None:
    assert [address.email for address in read(text).addresses] == ["pete@example.org", "ada@example.org"]
    assert read(text).wrong == ()


def test_names_before_addresses_are_kept() -> None:
    found = read('Pete van der Berg <pete@example.org>; "Ada Łukasz" <ada@example.org>')
    assert found.addresses == (
        Address("pete@example.org", "Pete van der Berg"),
        Address("ada@example.org", "Ada Łukasz"),
    )


def test_what_is_no_address_is_named_beside_the_good_ones() -> None:
    found = read("pete@example.org, ada@, Bob <bob>, cleo")
    assert [address.email for address in found.addresses] == ["pete@example.org"]
    assert found.wrong == ("ada@", "Bob <bob>", "cleo")


@pytest.mark.parametrize(
    ("email", "name"),
    [
        ("pete@example.org", "Pete"),
        ("pete.van_der-berg@example.org", "Pete Van Der Berg"),
        ("p+intervisie@example.org", "P Intervisie"),
    ],
)
def test_without_a_name_the_address_gives_one(email: str, name: str) -> None:
    assert name_in(email) == name


@given(st.text(max_size=300))
def test_whatever_is_typed_is_an_address_or_named_as_wrong(text: str) -> None:
    found = read(text)
    assert all(address.name and len(address.name) <= 80 for address in found.addresses)
    is_empty = not re.sub(r"[\s,;]", "", tidy(text))
    assert is_empty != bool(found.addresses or found.wrong)
