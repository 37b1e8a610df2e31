"""A live connection takes what our own page sends, and nothing else."""

from __future__ import annotations

import json

import pytest
from engineio.packet import MESSAGE
from engineio.packet import Packet as EnginePacket
from hypothesis import given, settings
from hypothesis import strategies as st
from socketio.packet import Packet

from facilitator.serving.packets import LARGEST_MESSAGE_BYTES, is_ours

DIGEST = json.dumps({"digest": "a" * 64})
OURS = [
    "1",
    "3",
    "41",
    "40",
    '40{"meeting":"m","view":"phone","as":"1"}',
    f'42["resync",{DIGEST}]',
    f'4217["resync",{DIGEST}]',
    '42["resync"]',
]
NOT_OURS: list[object] = [
    None,
    b"",
    b"41",
    "",
    "0",
    "2",
    "2probe",  # only where a connection changes over
    "5",
    "6",
    "7",
    "x",
    "4",
    "4x",
    "49",
    "b",
    "b4",
    "b!!!",
    "4\u0661",
    "42",
    "42[]",
    "42{}",
    "42null",
    "42[1]",
    "42[[]]",
    '42["connect"]',
    '42["disconnect"]',
    '42["else",1]',
    '42["resync",1,2]',
    '42["resync",',
    '42["resync"]]',
    '42["resync",' + "9" * 5000 + "]",
    "42" + "1" * 11 + '["resync"]',
    "42" + "[" * 30_000,
    "42" + "[" * 30_000 + "]" * 30_000,
    "40{",
    "40[]",
    "40/admin,",
    '40/?a=b,{"meeting":"m"}',
    '431["x"]',
    '44"x"',
    '451-["resync",{"_placeholder":true,"num":0}]',
    "461-[]",
    '4599999999999-["x"]',
    "47",
    f'42["resync","{"x" * LARGEST_MESSAGE_BYTES}"]',
]


@pytest.mark.parametrize("packet", OURS)
def test_what_our_page_sends_is_taken(packet: str) -> None:
    assert is_ours(packet)


@pytest.mark.parametrize("packet", NOT_OURS, ids=lambda packet: repr(packet)[:40])
def test_nothing_else_is(packet: object) -> None:
    assert not is_ours(packet)


PIECES = st.sampled_from(
    ["4", "42", "40", "2", "1", "[", "]", "{", "}", '"resync"', ",", '"', "\\", "0", "-", "/", "\ud800", "\x00", "NaN"]
)


@given(st.text(max_size=30) | st.lists(PIECES, max_size=12).map("".join))
@settings(max_examples=500, deadline=None, database=None)
def test_whatever_is_taken_can_be_read_by_the_libraries_behind(packet: str) -> None:
    if is_ours(packet):
        outer = EnginePacket(encoded_packet=packet)  # type: ignore[no-untyped-call]
        if outer.packet_type == MESSAGE:
            Packet(encoded_packet=packet[1:])  # type: ignore[no-untyped-call]
