"""How people divide into tables, where a method is worked on by several small groups at once. Pure.

Promises: no table has fewer people than the method says, and none has more than one person more than another; nobody is left over.
"""

from __future__ import annotations


def sizes(people: int, table_size: int | None) -> tuple[int, ...]:
    """How many sit at each table, the fullest last; one table where there are too few people for two, or no tables are asked for."""
    count = max(1, people // table_size) if table_size else 1
    each, more = divmod(people, count)
    return tuple(each + (number >= count - more) for number in range(count))


def seating(people: int, table_size: int | None) -> tuple[int, ...]:
    """At which table each sits, from 1, when they are taken in the order in which they sit around the room."""
    return tuple(number for number, size in enumerate(sizes(people, table_size), start=1) for _ in range(size))


def turns(people: int, table_size: int | None) -> int:
    """How many people the fullest table has."""
    return max(sizes(people, table_size))
