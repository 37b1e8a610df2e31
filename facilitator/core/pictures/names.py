"""What people around a table are called in a picture: first names, or two letters where those do not fit."""

from collections.abc import Sequence


def first_names(names: Sequence[str]) -> list[str]:
    """What people call each other: the first name, and as much of the rest as tells two apart."""
    first = [(name.split() or ["?"])[0] for name in names]
    return [short if first.count(short) == 1 else _with_letter(name) for short, name in zip(first, names, strict=True)]


def _with_letter(name: str) -> str:
    words = name.split() or ["?"]
    return f"{words[0]} {words[-1][0].upper()}" if len(words) > 1 else words[0]


def initials_of(names: Sequence[str]) -> list[str]:
    """Two letters for everybody, different ones wherever the names allow it."""
    taken: list[str] = []
    for name in names:
        options = _initials(name)
        taken.append(next((option for option in options if option not in taken), options[0]))
    return taken


def _initials(name: str) -> list[str]:
    """All pairs worth trying, the best first: Pete → Pe, Pt; Jan de Vries → JV, Ja, Jn."""
    words = [word for word in ("".join(filter(str.isalnum, part)) for part in name.split()) if word]
    if not words:
        return ["?"]
    first = words[0][0].upper()
    ends = [word[0].upper() for word in words[:0:-1]]
    rest = list(words[0][1:]) + [letter for word in words[1:] for letter in word[1:]]
    pairs = [first + letter for letter in [*ends, *map(str.lower, rest)]] or [first]
    return pairs + [first + digit for digit in "23456789"]
