"""The commands that change the store of editions: import, publish, rollback, withdraw, list, backup, restore, purge.

How they are called belongs to `main`; each is one function of `importing` or of `store`.
"""

import argparse
from collections import Counter
from dataclasses import asdict
from typing import Any

from lib.survey.codebook import CODEBOOK_PATH, load_codebook
from lib.survey.command.files import print_json, say, tell, year_of
from lib.survey.identity import Identity
from lib.survey.importing import finish, open_draft, start_draft
from lib.survey.reading.inspection import answers_to, describe
from lib.survey.reading.table import SurveyFileError, read_table
from lib.survey.retention import load_retention
from lib.survey.store.backup import backup, expire_backups, restore
from lib.survey.store.contacts import purge
from lib.survey.store.drafts import delete_draft, list_drafts
from lib.survey.store.journal import read_journal
from lib.survey.store.opening import Store, StoreError, open_store
from lib.survey.store.publication import current_editions, publish, rollback, withdraw
from lib.survey.store.revisions import list_revisions, load_given


def import_file(arguments: argparse.Namespace) -> None:
    """Import a file as a new revision, and publish it where that is asked.

    A draft that cannot become a revision is kept: its questionnaire is to be completed on the import page. One whose
    answers cannot be read, or written, is not.
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
    content, codebook, seen = _content(arguments)
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
    except (SurveyFileError, StoreError):
        delete_draft(store, draft_id, arguments.who)
        raise
    unknown = [
        heading
        for heading, target in zip(opened.table.headings, opened.mapping.columns, strict=True)
        if target.role == "unknown"
    ]
    if arguments.publish:
        publish(store, revision_id, arguments.who, current_of(store, identity.id))
    told = _imported(store, identity.id, revision_id) | seen
    told |= {"published": arguments.publish, "unknown_columns": unknown}
    if arguments.json:
        print_json(told)
        return
    counts = told["counts"]
    say(
        f"Édition «\u202f{identity.id}\u202f», révision {told['number']}\u202f: {counts['respondents']} répondants, "
        f"{counts['territories']} territoires, {counts['issues']} remarques."
    )
    say(f"Outil reconnu\u202f: {seen['tool_label']}.")
    for note in seen["notes"]:
        say(note, aside=True)
    contacts = [contact["heading"] for contact in seen["contact_columns"]]
    if contacts:
        done = "conservées à part" if arguments.contacts == "keep" else "supprimées"
        say(f"Colonnes de contact {done}\u202f: {', '.join(contacts)}.", aside=True)
    if seen["unknown_options"]:
        number = len(seen["unknown_options"])
        say(
            f"Réponses qui ne sont pas des options de leur question\u202f: {number}, voir «\u202finspect\u202f».",
            aside=True,
        )
    for method, count in told["unmatched"].items():
        say(f"Territoires {method}\u202f: {count} répondants.")
    if unknown:
        say(f"Colonnes qui n’ont pas été lues\u202f: {len(unknown)} ({', '.join(unknown[:10])}).", aside=True)
    say("Révision publiée." if arguments.publish else "Révision prête\u202f: «\u202fpublish\u202f» la publie.")


SEEN = ("tool", "tool_label", "encoding", "separator", "notes", "contact_columns", "unknown_options")
"""What an import says of the file, as `inspect` does."""


def _content(arguments: argparse.Namespace) -> tuple[bytes, str | None, dict[str, Any]]:
    """Return the file, its questionnaire as TOML (the one named, else the application's, else none), what is seen."""
    table = read_table(arguments.file, arguments.file.name)
    content = arguments.file.read_bytes()
    path = arguments.codebook or CODEBOOK_PATH
    codebook = load_codebook(path)
    known = bool(arguments.codebook) or answers_to(table, codebook)
    seen = describe(table, arguments.file.name, codebook if known else None)
    return content, path.read_text(encoding="utf-8") if known else None, {name: seen[name] for name in SEEN}


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


def existing() -> Store:
    """Return the store; StoreError where none has been made."""
    store = open_store()
    if store is None:
        raise StoreError("Aucune édition n’a encore été importée\u202f: commencez par «\u202fimport\u202f».")
    return store


def current_of(store: Store, edition_id: str) -> int | None:
    """Return the revision that visitors see of an edition, None when they see none."""
    published = current_editions(store).get(edition_id)
    return published.revision_id if published else None


def check_known(store: Store, edition_id: str) -> None:
    """Refuse the id of an edition that the store does not have."""
    if list_revisions(store, edition_id).empty:
        raise StoreError(f"Aucune édition ne s’appelle «\u202f{edition_id}\u202f»\u202f: «\u202flist\u202f» les donne.")


def publish_edition(arguments: argparse.Namespace) -> None:
    """Publish a revision of an edition, the last one by default."""
    store = existing()
    check_known(store, arguments.edition)
    revisions = list_revisions(store, arguments.edition)
    numbers = revisions.set_index("number")["id"]
    number = int(numbers.index.max()) if arguments.revision is None else arguments.revision
    if number not in numbers.index:
        raise StoreError(
            f"L’édition «\u202f{arguments.edition}\u202f» n’a pas de révision {number}\u202f: «\u202flist\u202f» les "
            "donne."
        )
    publish(store, int(numbers[number]), arguments.who, current_of(store, arguments.edition))
    say(f"Édition «\u202f{arguments.edition}\u202f»\u202f: la révision {number} est publiée.")


def rollback_edition(arguments: argparse.Namespace) -> None:
    """Show again the revision that was published before the current one."""
    store = existing()
    check_known(store, arguments.edition)
    revision_id = rollback(store, arguments.edition, arguments.who, current_of(store, arguments.edition))
    number = list_revisions(store, arguments.edition).set_index("id").at[revision_id, "number"]
    say(f"Édition «\u202f{arguments.edition}\u202f»\u202f: la révision {number} est de nouveau publiée.")


def withdraw_edition(arguments: argparse.Namespace) -> None:
    """Show an edition no longer."""
    store = existing()
    check_known(store, arguments.edition)
    withdraw(store, arguments.edition, arguments.who, current_of(store, arguments.edition))
    say(f"Édition «\u202f{arguments.edition}\u202f» retirée\u202f: «\u202frollback\u202f» la remet.")


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
    say(str(backup(existing(), arguments.folder)))


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
        say(
            f"Ce qui était là est gardé dans {aside}\u202f: supprimez ce fichier dès qu’il ne sert plus, ou donnez son "
            "dossier à «\u202fpurge --backups\u202f»."
        )
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
    if arguments.backups is not None and not arguments.backups.is_dir():
        # A mistaken path in a nightly task would keep backups for ever, in silence.
        raise StoreError(f"Il n’y a pas de dossier {arguments.backups}\u202f: donnez celui des sauvegardes.")
    store = open_store()
    counts = purge(store, who=arguments.who) if store is not None else {}
    say(
        f"Supprimés\u202f: {counts.get('contacts', 0)} fiches de contact, {counts.get('drafts', 0)} brouillons, "
        f"{counts.get('tables', 0)} fichiers de brouillons finis."
    )
    # What a restoration set aside stands beside the store.
    beside = [store.path.parent] if store is not None and store.path is not None else []
    folders = [*beside, *([arguments.backups] if arguments.backups is not None else [])]
    expired = [path for folder in folders for path in expire_backups(folder, load_retention().backups_days)]
    if folders:
        say(f"Sauvegardes échues supprimées\u202f: {len(expired)}.")


def migrate_store(_arguments: argparse.Namespace) -> None:
    """Make the store, or bring it to the version of the application."""
    store = open_store(create=True)
    say(f"Dépôt à jour\u202f: {store.path or store.form}.")
