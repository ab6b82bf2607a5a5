"""The sequences that may be presented: the one that is shipped, and those that the team saved.

What a sequence is belongs to `lib.survey.sequences`, where the others are kept to `lib.survey.store.sequences`.
"""

from lib.survey.sequences import Sequence, load_sequence
from lib.survey.store.opening import open_store
from lib.survey.store.sequences import list_sequences, read_sequence
from lib.ui import menu

PAGES = tuple(address for address in menu.PAGES if address != "atelier")
"""Pages that a step may be a view of: a presentation does not present itself."""

PARAMETER = "sequence"
"""Parameter of the address that names the sequence which the page presents."""


def titles() -> dict[str, str]:
    """Return the title of each sequence by its id, the shipped one first."""
    shipped = load_sequence(PAGES)
    store = open_store()
    saved = {kept.id: kept.title for kept in list_sequences(store)} if store else {}
    return {shipped.id: shipped.title, **saved}


def known(name: str) -> Sequence | None:
    """Return the sequence of an id; None when there is none, or no longer."""
    shipped = load_sequence(PAGES)
    if name == shipped.id:
        return shipped
    store = open_store()
    kept = read_sequence(store, name) if store else None
    return kept.sequence if kept else None
