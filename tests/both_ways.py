"""What a server keeps up or shares, compared with what it would be from scratch: a reading with the whole meeting read anew, and
every screen with what is drawn for that seat alone, from everything there is.
"""

from __future__ import annotations

from dataclasses import fields, replace

from facilitator.meetings import screens, snapshot_cache
from facilitator.meetings.screens import Renderer
from facilitator.meetings.seats import KIND_OF_VIEW
from facilitator.meetings.snapshot import Snapshot


def kept_up_is_read(read: Snapshot) -> None:
    """Compares a meeting that was just read with what this process keeps up of it. From now on it does."""
    kept = snapshot_cache.readings().known(read.id, read.revision)
    if kept is not None:
        kept_up, anew = in_one_order(kept.snapshot, read), in_one_order(read, read)
        parts = [one.name for one in fields(read) if one.compare]
        different = {name: (getattr(kept_up, name), getattr(anew, name)) for name in parts}
        different = {name: both for name, both in different.items() if both[0] != both[1]}
        assert not different, different
    snapshot_cache.readings().look(read.id)


def in_one_order(found: Snapshot, like: Snapshot) -> Snapshot:
    """A snapshot whose marks and tallies, which have no order, have one; read when another was."""
    marks = tuple(sorted(found.marks, key=lambda mark: (mark.item_id, mark.seat_id, mark.step_id)))
    tallies = tuple(sorted(found.tallies, key=lambda tally: (tally.step_id, tally.seat_id, tally.form)))
    said = (
        found.unreadable if found.is_damaged else like.unreadable
    )  # in the language of whoever had it read; it stands nowhere
    return replace(found, marks=marks, tallies=tallies, taken_at=like.taken_at, unreadable=said)


def both_ways(snapshot: Snapshot, before: Renderer | None = None) -> Renderer:
    """Compares everybody's screen of a moment with what is drawn for that seat alone. `before`: as a server does that has drawn an
    earlier moment.
    """
    renderer = Renderer(snapshot, before=before)
    for seat in snapshot.seats:
        view = next(view for view, kind in KIND_OF_VIEW.items() if kind == seat.kind)
        alone = screens.rendered(snapshot, screens.build(snapshot, seat, view), seat.locale, view)
        assert renderer.html(seat, view) == alone.html_for(seat.name), (snapshot.now.step, seat.name)
    return renderer
