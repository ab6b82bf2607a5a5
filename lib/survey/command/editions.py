"""The commands that change the store of editions: import, publish, rollback, withdraw, list, backup, restore, purge.

How they are called belongs to `commands`; each is one function of `importing` or of `store`.
"""

import argparse
import sys
from collections import Counter
from dataclasses import asdict
from typing import Any

from lib.survey.codebook import CODEBOOK_PATH, load_codebook
from lib.survey.command.files import print_json, say, tell, year_of
from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.reading.inspection import answers_to
from lib.survey.reading.table import SurveyFileError, read_table
from lib.survey.retention import load_retention
from lib.survey.store.backup import backup, expire_backups, restore
from lib.survey.store.contacts import purge
from lib.survey.store.deletion import delete_respondent
from lib.survey.store.drafts import delete_draft, list_drafts
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError, open_store
from lib.survey.store.publication import current_editions, publish, rollback, withdraw
from lib.survey.store.revisions import list_revisions, load_given


def import_file(arguments: argparse.Namespace) -> None:
    """Import a file as a new revision, and publish it where that is asked.

    A draft that cannot become a revision is kept: its questionnaire is to be completed on the import page. One whose
    answers cannot be read is not.
    """
    identity = Identity(
        id=arguments.id,
        title=arguments.title,
        collected=arguments.collected,
        started=arguments.started,
        millesime=year_of(arguments),
        simulated=arguments.simulated,
    )
    identity.check()
    content, codebook = _content(arguments)
    store = open_store(create=True)
    draft_id = start_draft(
        store,
        content,
        identity,
        who=arguments.who,
        codebook=codebook,
        keep_contacts=arguments.contacts == "keep",
        told=tell,
    )
    opened = open_draft(store, draft_id)
    if opened.codebook is None or opened.mapping is None:
        raise SurveyFileError(
            f"Le fichier est gardé comme brouillon n° {draft_id}, mais son questionnaire est à compléter, sur la page "
            f"d’import ou dans un fichier TOML (--codebook). {opened.problem}"
        )
    try:
        revision_id = finish(store, opened, arguments.who, tell)
    except SurveyFileError:
        delete_draft(store, draft_id, arguments.who)
        raise
    unknown = [
        heading
        for heading, target in zip(opened.table.headings, opened.mapping.columns, strict=True)
        if target.role == "unknown"
    ]
    if arguments.publish:
        publish(store, revision_id, arguments.who, _current(store, identity.id))
    told = _imported(store, identity.id, revision_id) | {"published": arguments.publish, "unknown_columns": unknown}
    if arguments.json:
        print_json(told)
        return
    counts = told["counts"]
    say(
        f"Édition «\u202f{identity.id}\u202f», révision {told['number']}\u202f: {counts['respondents']} répondants, "
        f"{counts['territories']} territoires, {counts['issues']} remarques."
    )
    for method, count in told["unmatched"].items():
        say(f"Territoires {method}\u202f: {count} répondants.")
    if unknown:
        print(f"Colonnes qui n’ont pas été lues\u202f: {len(unknown)} ({', '.join(unknown[:10])}).", file=sys.stderr)
    say("Révision publiée." if arguments.publish else "Révision prête\u202f: «\u202fpublish\u202f» la publie.")


def _content(arguments: argparse.Namespace) -> tuple[bytes, str | None]:
    """Return the file, and its questionnaire as TOML: the one that is named, else the application's, else none."""
    table = read_table(arguments.file, arguments.file.name)
    content = arguments.file.read_bytes()
    if arguments.codebook:
        load_codebook(arguments.codebook)
        return content, arguments.codebook.read_text(encoding="utf-8")
    own = answers_to(table, load_codebook(CODEBOOK_PATH))
    return content, CODEBOOK_PATH.read_text(encoding="utf-8") if own else None


def _imported(store: Store, edition_id: str, revision_id: int) -> dict[str, Any]:
    (row,) = [row for row in list_revisions(store, edition_id).to_dict("records") if row["id"] == revision_id]
    respondents = load_given(store, revision_id).respondents
    unmatched = Counter(respondents.loc[respondents["territory"].isna(), "method"])
    names = {"none": "non reconnus", "ambiguous": "ambigus"}
    return {
        "edition": edition_id,
        "revision_id": revision_id,
        "number": int(row["number"]),
        "counts": dict(row["counts"]),
        "unmatched": {names.get(method, method): count for method, count in unmatched.items()},
    }


def _existing() -> Store:
    """Return the store; StoreError where none has been made."""
    store = open_store()
    if store is None:
        raise StoreError("Aucune édition n’a encore été importée\u202f: commencez par «\u202fimport\u202f».")
    return store


def _current(store: Store, edition_id: str) -> int | None:
    published = current_editions(store).get(edition_id)
    return published.revision_id if published else None


def _known(store: Store, edition_id: str) -> None:
    if list_revisions(store, edition_id).empty:
        raise StoreError(f"Aucune édition ne s’appelle «\u202f{edition_id}\u202f»\u202f: «\u202flist\u202f» les donne.")


def publish_edition(arguments: argparse.Namespace) -> None:
    """Publish a revision of an edition, the last one by default."""
    store = _existing()
    _known(store, arguments.edition)
    revisions = list_revisions(store, arguments.edition)
    numbers = revisions.set_index("number")["id"]
    number = int(numbers.index.max()) if arguments.revision is None else arguments.revision
    if number not in numbers.index:
        raise StoreError(
            f"L’édition «\u202f{arguments.edition}\u202f» n’a pas de révision {number}\u202f: «\u202flist\u202f» les "
            "donne."
        )
    publish(store, int(numbers[number]), arguments.who, _current(store, arguments.edition))
    say(f"Édition «\u202f{arguments.edition}\u202f»\u202f: la révision {number} est publiée.")


def rollback_edition(arguments: argparse.Namespace) -> None:
    """Show again the revision that was published before the current one."""
    store = _existing()
    _known(store, arguments.edition)
    revision_id = rollback(store, arguments.edition, arguments.who, _current(store, arguments.edition))
    number = list_revisions(store, arguments.edition).set_index("id").at[revision_id, "number"]
    say(f"Édition «\u202f{arguments.edition}\u202f»\u202f: la révision {number} est de nouveau publiée.")


def withdraw_edition(arguments: argparse.Namespace) -> None:
    """Show an edition no longer."""
    store = _existing()
    _known(store, arguments.edition)
    withdraw(store, arguments.edition, arguments.who, _current(store, arguments.edition))
    say(f"Édition «\u202f{arguments.edition}\u202f» retirée\u202f: «\u202frollback\u202f» la remet.")


def delete_respondent_of(arguments: argparse.Namespace) -> None:
    """Delete one respondent from an edition."""
    store = _existing()
    _known(store, arguments.edition)
    revision_id = delete_respondent(store, arguments.edition, arguments.respondent, arguments.who)
    number = list_revisions(store, arguments.edition).set_index("id").at[revision_id, "number"]
    days = load_retention().backups_days
    say(
        f"Répondant supprimé\u202f: la révision {number} est sans lui, les réponses des précédentes sont effacées. Les "
        f"sauvegardes faites avant le tiennent encore, {days} jours au plus si «\u202fpurge --backups\u202f» est lancé."
    )


def list_editions(arguments: argparse.Namespace) -> None:
    """Print the editions and their revisions, the latest first, then the drafts."""
    store = open_store()
    told: dict[str, Any] = {"published": [], "revisions": [], "drafts": []}
    if store is not None:
        told["published"] = [asdict(one) for one in current_editions(store).values()]
        told["revisions"] = list_revisions(store).drop(columns="source").to_dict("records")
        told["drafts"] = [
            {"id": one.id, "edition": one.edition.get("id"), "updated_at": one.updated_at, "updated_by": one.updated_by}
            for one in list_drafts(store)
            if not one.done
        ]
    if arguments.json:
        print_json(_plain(told))
        return
    if not told["revisions"] and not told["drafts"]:
        say("Aucune édition importée.")
    for row in told["revisions"]:
        say(
            f"{row['edition_id']}  révision {row['number']}  {row['state']}  {row['counts'].get('respondents', 0)} "
            f"répondants  {row['created_at']:%d/%m/%Y %H:%M} UTC  {row['created_by']}  {row['title']}"
        )
    for row in told["drafts"]:
        say(f"brouillon n° {row['id']}  {row['edition']}  {row['updated_at']:%d/%m/%Y %H:%M} UTC  {row['updated_by']}")


def _plain(value: Any) -> Any:
    """Return a value that JSON can hold: dates as ISO texts, missing as None."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if hasattr(value, "isoformat"):
        return None if value != value else value.isoformat()
    if hasattr(value, "item"):
        return value.item()
    return value


def backup_store(arguments: argparse.Namespace) -> None:
    """Write a verified backup of the store, and print its path."""
    tell("Sauvegarde…")
    say(str(backup(_existing(), arguments.folder)))


def restore_store(arguments: argparse.Namespace) -> None:
    """Put a backup in the place of the store; what was there is kept beside, and who was deleted since is told."""
    tell("Vérification et remise en place…")
    try:
        deleted = _deleted(open_store())
    except StoreError:
        # What is there is damaged: that is why one restores.
        deleted = set()
    aside = restore(arguments.file)
    say(f"Sauvegarde remise\u202f: {arguments.file.name}.")
    if aside is not None:
        say(f"Ce qui était là est gardé dans {aside}.")
    for edition_id, respondent in sorted(deleted - _deleted(open_store())):
        say(f"À supprimer de nouveau (sauvegarde antérieure)\u202f: delete-respondent {edition_id} {respondent}")


def _deleted(store: Store | None) -> set[tuple[str, str]]:
    """Return whom the journal says deleted: edition and respondent."""
    if store is None:
        return set()
    told = [details for details in read_journal(store)["details"] if "respondent" in details]
    return {(str(details["edition"]), str(details["respondent"])) for details in told}


def purge_store(arguments: argparse.Namespace) -> None:
    """Delete what is past its retention: contacts, drafts, and the backups of a folder where one is named."""
    store = open_store()
    counts = purge(store, who=arguments.who) if store is not None else {}
    say(
        f"Supprimés\u202f: {counts.get('contacts', 0)} fiches de contact, {counts.get('drafts', 0)} brouillons, "
        f"{counts.get('tables', 0)} fichiers de brouillons finis."
    )
    if arguments.backups is not None:
        expired = expire_backups(arguments.backups, load_retention().backups_days)
        say(f"Sauvegardes échues supprimées\u202f: {len(expired)}.")


def migrate_store(_arguments: argparse.Namespace) -> None:
    """Make the store, or bring it to the version of the application."""
    store = open_store(create=True)
    say(f"Dépôt à jour\u202f: {store.path or store.form}.")
