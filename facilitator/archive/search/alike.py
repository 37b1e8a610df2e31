"""Finding short texts of other rooms by the words they share with one: by keyed hashes, as cards are found.

Promises: the index holds no word, and nothing is shown that the caller's selection does not have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from facilitator.archive.search.terms import Field, Names, ending, terms_of, whole
from facilitator.archive.search.tokens import is_stop_word, language_of, words_of
from facilitator.core import sealing
from facilitator.core.db import is_in

MOST_WORDS = 24  # of what is looked for
SHARE = 0.3  # of its words, that a text has
BEGINNING = "^"  # of a word: here nobody looks for half of one


def names_in(organisation_id: str, locale: str, *texts: str) -> list[bytes]:
    """What the words of a text are called in the index."""
    terms = terms_of([Field.of(1, *texts)], language_of(locale))
    return sorted(_names(organisation_id, (term for term in terms if not term.startswith(BEGINNING))))


def sharing(
    session: Session,
    of: InstrumentedAttribute[str],
    term: InstrumentedAttribute[bytes],
    there: Select[str],
    organisation_id: str,
    text: str,
    locales: Iterable[str],
) -> dict[str, int]:
    """How many words of a text each has that has enough of them, by id. `of` and `term` are the columns of the index, `there` selects the ids
    that may be found.
    """
    spoken = [token.word for token in words_of(text) if not any(is_stop_word(token.word, one) for one in locales)]
    asked = list(dict.fromkeys(spoken))[:MOST_WORDS]
    word_of = {name: word for word in asked for name in _names(organisation_id, (*whole(word), *ending(word)))}
    found = select(of, term).where(of.in_(there), is_in(session.connection(), term, list(word_of)))
    words: dict[str, set[str]] = defaultdict(set)
    for thing_id, name in session.execute(found):
        words[thing_id].add(word_of[name])
    enough = max(1, SHARE * len(asked))
    return {thing_id: len(has) for thing_id, has in words.items() if len(has) >= enough}


def _names(organisation_id: str, terms: Iterable[str]) -> set[bytes]:
    names = Names.of(sealing.keyring().master, organisation_id)
    return {names.of_term(term) for term in terms}
