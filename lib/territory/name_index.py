"""Look up the names of territories that answer a typed text: those that are it, begin with it, or hold its words.
Where the names come from, typing errors and the order of what is found belong to `lib.territory.search`."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntEnum

from lib.territory.naming import ARTICLES, EPCI_ORNAMENTS, contracted_key, core_key, loose_key, strict_key

_IN_BRACKETS = re.compile(r"\([^()]*\)")
# Keys are letters and digits: this comes after all of them.
_LAST = "~"


class Answer(IntEnum):
    """How a name answers a text, the best first.

    It is the text, or is but for its articles and the words that say what the territory is; it begins with the text,
    or would without an article that the text has; it holds all the words.
    """

    EXACT = 0
    SAME = 1
    BEGINS = 2
    BEGINS_ELSE = 3
    HOLDS = 4


@dataclass(frozen=True)
class NameIndex:
    """Names of territories of one type, ready to be looked up.

    Attributes
    ----------
    type
        Type of the territories: it tells which words around a name only say what it is.
    strict, loose
        Keys of the names with and without their articles, sorted, each with the code it leads to.
    owners
        The code that each name leads to.
    by_word
        Word of a name -> places in `owners` of the names that hold it.
    vocabulary
        The words of `by_word`, sorted.
    """

    type: str
    strict: tuple[tuple[str, str], ...]
    loose: tuple[tuple[str, str], ...]
    owners: tuple[str, ...]
    by_word: dict[str, frozenset[int]]
    vocabulary: tuple[str, ...]


def index_names(type: str, names: Iterable[tuple[str, str]]) -> NameIndex:
    """Return names of territories of one type, given as (code, name), ready to be looked up."""
    strict: set[tuple[str, str]] = set()
    loose: set[tuple[str, str]] = set()
    owners: list[str] = []
    by_word: dict[str, set[int]] = defaultdict(set)
    for code, nom in names:
        # A name may end with its acronym in brackets: « … Bassin d’Arcachon Sud (COBAS) ».
        for version in (nom, _IN_BRACKETS.sub("", nom)):
            strict |= {(key, code) for key in (strict_key(version), contracted_key(version, type)) if key}
            loose |= {(key, code) for key in (loose_key(version), core_key(version, type)) if key}
        for word in loose_key(nom).split():
            by_word[word].add(len(owners))
        owners.append(code)
    held = {word: frozenset(places) for word, places in by_word.items()}
    return NameIndex(type, tuple(sorted(strict)), tuple(sorted(loose)), tuple(owners), held, tuple(sorted(held)))


def answers(text: str, names: NameIndex) -> Iterator[tuple[str, Answer]]:
    """Return the codes of the names that answer a text, each with how; a code may come several times.

    Parameters
    ----------
    text
        What was typed, with a letter or a digit at least; its last word may not be finished.
    """
    strict = strict_key(text)
    loose = core_key(text, names.type) or loose_key(text) or strict
    for key in {strict, contracted_key(text, names.type)} - {""}:
        for whole, code in _beginning(names.strict, key):
            yield code, Answer.EXACT if whole == key else Answer.BEGINS
    # Who writes the article means it: « La Roche » is the beginning of La Rochelle rather than of Rochefort.
    begins = Answer.BEGINS_ELSE if strict.split()[0] in ARTICLES else Answer.BEGINS
    for whole, code in _beginning(names.loose, loose):
        yield code, Answer.SAME if whole == loose else begins
    said = loose.split()
    if names.type == "epci":
        said = [word for word in said if word not in EPCI_ORNAMENTS] or said
    *finished, last = said
    holders = [names.by_word.get(word, frozenset()) for word in finished]
    for place in _holders_of_beginning(last, names).intersection(*holders):
        yield names.owners[place], Answer.HOLDS


def _beginning(keys: tuple[tuple[str, str], ...], start: str) -> tuple[tuple[str, str], ...]:
    """Return the keys that begin with some letters."""
    return keys[bisect_left(keys, (start,)) : bisect_left(keys, (start + _LAST,))]


def _holders_of_beginning(start: str, names: NameIndex) -> frozenset[int]:
    """Return the names that hold a word beginning with some letters."""
    first, end = bisect_left(names.vocabulary, start), bisect_left(names.vocabulary, start + _LAST)
    return frozenset().union(*(names.by_word[word] for word in names.vocabulary[first:end]))
