"""What can be the name and the password of a Wi-Fi, wherever somebody says them: a setting, a plan."""

from __future__ import annotations

import re
from typing import Final

NAME_BYTES: Final = 32
PASSWORD: Final = (8, 63)
KEY = re.compile("[0-9A-Fa-f]{64}")


def is_name(text: str) -> bool:
    """No longer than the standard lets it be; it counts bytes, so accents and emoji count more than once."""
    return len(text.encode()) <= NAME_BYTES


def is_password(text: str) -> bool:
    """Of the length that WPA wants, or a key of 64 hexadecimal digits; none at all for an open network."""
    shortest, longest = PASSWORD
    return not text or (shortest <= len(text) and len(text.encode()) <= longest) or KEY.fullmatch(text) is not None
