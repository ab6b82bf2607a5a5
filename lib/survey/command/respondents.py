"""The commands about one respondent: who answered for a territory, and the deletion of one of them at their request.

Searching belongs to `lib.survey.respondents`, deleting to `lib.survey.store.deletion`.
"""

import argparse

import pandas as pd

from lib.survey.command.editions import check_known, current_of, existing
from lib.survey.command.files import print_json, say
from lib.survey.respondents import find_respondents
from lib.survey.retention import load_retention
from lib.survey.store.deletion import delete_respondent
from lib.survey.store.opening import StoreError
from lib.survey.store.revisions import list_revisions, load_given


def delete_respondent_of(arguments: argparse.Namespace) -> None:
    """Delete one respondent from an edition."""
    store = existing()
    check_known(store, arguments.edition)
    revision_id = delete_respondent(store, arguments.edition, arguments.respondent, arguments.who)
    number = list_revisions(store, arguments.edition).set_index("id").at[revision_id, "number"]
    days = load_retention().backups_days
    say(
        f"Répondant supprimé\u202f: la révision {number} est sans lui, les réponses des précédentes sont effacées. Les "
        f"sauvegardes faites avant le tiennent encore, {days} jours au plus si «\u202fpurge --backups\u202f» est lancé."
    )


def print_respondents(arguments: argparse.Namespace) -> None:
    """Print who answered for a territory in the published edition: identifiers, and no answer."""
    store = existing()
    check_known(store, arguments.edition)
    current = current_of(store, arguments.edition)
    if current is None:
        raise StoreError(
            f"L’édition «\u202f{arguments.edition}\u202f» n’est pas publiée\u202f: «\u202flist\u202f» le montre."
        )
    found = find_respondents(load_given(store, current).respondents, arguments.asked)
    if arguments.json:
        print_json(found.astype(object).where(found.notna(), None).reset_index().to_dict("records"))
        return
    for respondent, row in found.iterrows():
        told = (row["nom"], row["declared"], row["role"])
        say("  ".join([str(respondent), *("–" if pd.isna(part) else str(part) for part in told)]))
    if found.empty:
        say("Aucun répondant de ce territoire.")
