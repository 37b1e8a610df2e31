"""Reading posting lists: many in one question to the database, each cut down to the cards somebody may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from itertools import islice

from sqlalchemy import select

from facilitator.archive.search import bits
from facilitator.archive.search.among import among
from facilitator.archive.search.models import Posting
from facilitator.archive.search.reach import Reach
from facilitator.archive.search.terms import Names
from facilitator.core import sealing

AT_ONCE = 500
NONE: bits.Slices = (0,) * bits.SLICES


class Postings:
    """The posting lists of an organisation, as far as somebody's reach goes."""

    def __init__(self, reach: Reach) -> None:
        self.reach = reach
        self.names = Names.of(sealing.keyring().master, reach.organisation_id)
        self.known: dict[str, bits.Slices] = {}

    def fetch(self, terms: Iterable[str]) -> None:
        """Reads what will be asked for, all at once."""
        wanted = {self.names.of_term(term): term for term in terms if term not in self.known}
        names = iter(sorted(wanted))
        while some := list(islice(names, AT_ONCE)):
            self._read(some, wanted)
        for term in wanted.values():
            self.known.setdefault(term, NONE)

    def of(self, term: str) -> bits.Slices:
        """The weights of a term."""
        if term not in self.known:
            self.fetch([term])
        return self.known[term]

    def of_any(self, terms: Iterable[str]) -> bits.Slices:
        """The weights where one of the terms is enough."""
        return bits.either(self.of(term) for term in terms)

    def _read(self, names: list[bytes], wanted: dict[bytes, str]) -> None:
        found = select(Posting.term, Posting.chunk, Posting.bits).where(
            Posting.organisation_id == self.reach.organisation_id, among(self.reach.session, Posting.term, names)
        )
        chunks: dict[bytes, dict[int, bytes]] = defaultdict(dict)
        for name, chunk, stored in self.reach.session.execute(found):
            chunks[name][chunk] = stored
        for name, lists in chunks.items():
            whole = bits.joined(lists, self.reach.columns.chunks)
            self.known[wanted[name]] = bits.only(whole, self.reach.cards)
