"""The way of a file to a revision of an edition, step by step, the same for the import page and the command line.

Each step is a function of a draft kept in the store, so that one can leave and come back. Reading belongs to `reading`,
what is kept and published to `store`; who may do it is asked by the callers.
"""

import hashlib
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd

from lib.survey.codebook import Codebook, CodebookError, parse_codebook
from lib.survey.codebook_writer import write_codebook
from lib.survey.edition import Edition, build_edition, identifiers
from lib.survey.identity import Identity
from lib.survey.issues import Findings
from lib.survey.reading.choices import with_choices, without_questions
from lib.survey.reading.drafting import draft_codebook
from lib.survey.reading.export import Export, read_export
from lib.survey.reading.mapping import Mapping, Target, from_json, recognise, to_json
from lib.survey.reading.packing import pack, unpack
from lib.survey.reading.table import SurveyFileError, Table, read_table, without
from lib.survey.reading.tools import recognise_layout
from lib.survey.retention import load_retention
from lib.survey.store.aliases import load_aliases
from lib.survey.store.contacts import pseudonyms
from lib.survey.store.deletion import deleted_respondents
from lib.survey.store.deletion import without as without_respondent
from lib.survey.store.drafts import Draft, create_draft, load_draft, save_draft
from lib.survey.store.opening import Store, StoreError
from lib.survey.store.revisions import edition_secret, write_revision

Told = Callable[[str], None]
"""Hears in French what a long step is doing."""


def silent(_step: str) -> None:
    """Hear, and say nothing."""


@dataclass(frozen=True, eq=False)
class OpenDraft:
    """A draft as it is now: what the store keeps, and what that means.

    `codebook` and `mapping` are None as long as the questionnaire cannot be used; `problem` then says why, in French.
    """

    draft: Draft
    table: Table
    codebook: Codebook | None
    mapping: Mapping | None
    problem: str = ""

    @property
    def identity(self) -> Identity:
        """What the edition is called."""
        told = dict(self.draft.edition)
        return Identity(**told | {"started": date.fromisoformat(told["started"])})


def start_draft(
    store: Store,
    content: bytes,
    identity: Identity,
    *,
    who: str,
    codebook: str | None,
    keep_contacts: bool = False,
    told: Told = silent,
) -> int:
    """Read a file, keep it as a draft without contacts, its respondents under pseudonyms, and return its number.

    Parameters
    ----------
    content : the file; nothing of it but the cells of the draft is kept, nor its name.
    codebook : its questionnaire as TOML; None to draft one from the file.
    keep_contacts : whether columns of contacts stay, apart, until the end of their retention; else they are dropped.

    Raises
    ------
    SurveyFileError
        When the file cannot be read, or the edition's identity cannot be used.
    CodebookError
        When `codebook` cannot be used.
    """
    identity.check()
    if codebook is not None:
        parse_codebook(codebook.encode())
    told("Lecture du fichier…")
    table = read_table(content)
    told("Reconnaissance des colonnes…")
    layout = recognise_layout(table)
    drafted = codebook is None
    if codebook is None:
        codebook = draft_codebook(table, layout)
    try:
        columns = recognise(table, parse_codebook(codebook.encode()), layout).columns
    except CodebookError:
        # A drafted questionnaire that a person must complete: the headings alone say what is a contact.
        columns = tuple(_from_headings(layout.contacts, layout.metadata, place) for place in range(len(table.headings)))
    secret = edition_secret(store, identity.id)
    table = _under_pseudonyms(table, columns, secret)
    if not keep_contacts:
        table = without(table, [place for place, target in enumerate(columns) if target.role == "contact"])
    told("Enregistrement du brouillon…")
    return create_draft(
        store,
        table=pack(table),
        edition=asdict(identity) | {"started": identity.started.isoformat()},
        source=_source(content, table, layout.tool.id) | {"contacts_kept": keep_contacts, "codebook_drafted": drafted},
        mapping="",
        codebook=codebook,
        who=who,
    )


def open_draft(store: Store, draft_id: int) -> OpenDraft:
    """Return a draft as it is now.

    Raises
    ------
    StoreError
        When there is no such draft any more, or it is done: it holds no answer then.
    """
    draft = load_draft(store, draft_id)
    if draft.done:
        raise StoreError(
            f"Le brouillon n°\u202f{draft_id} a été terminé par {draft.updated_by}\u202f: voyez la liste des révisions."
        )
    table = unpack(draft.table)
    try:
        codebook = parse_codebook(draft.codebook.encode())
    except CodebookError as error:
        return OpenDraft(draft, table, None, None, str(error))
    mapping = from_json(draft.mapping, table) if draft.mapping else recognise(table, codebook)
    return OpenDraft(draft, table, codebook, mapping)


def save_mapping(store: Store, opened: OpenDraft, mapping: Mapping, who: str) -> OpenDraft:
    """Keep what a person decided of columns and options; DraftConflict when somebody else changed the draft.

    A column that a person says holds contacts is taken out of the draft, unless contacts are kept apart.
    """
    table, changes = opened.table, dict[str, Any]()
    contacts = [place for place, target in enumerate(mapping.columns) if target.role == "contact"]
    if contacts and not opened.draft.source.get("contacts_kept"):
        left = [target for target in mapping.columns if target.role != "contact"]
        table, mapping = without(table, contacts), replace(mapping, columns=tuple(left))
        changes["table"] = pack(table)
    codebook = opened.codebook
    if codebook and contacts and opened.draft.source.get("codebook_drafted"):
        # What it drafted of a column of contacts holds their names as options.
        codebook, mapping = without_questions(codebook, mapping, opened.mapping, contacts)
        changes["codebook"] = write_codebook(codebook)
    changes["mapping"] = to_json(mapping, table)
    draft = save_draft(store, opened.draft.id, opened.draft.version, who, **changes)
    return replace(opened, draft=draft, table=table, mapping=mapping, codebook=codebook)


def save_codebook(store: Store, opened: OpenDraft, codebook: str, who: str) -> OpenDraft:
    """Keep another questionnaire, columns being recognised anew, a person's choices that still mean something kept.

    Raises
    ------
    CodebookError
        When the questionnaire cannot be used; nothing is kept then.
    DraftConflict
        When somebody else changed the draft.
    """
    parsed = parse_codebook(codebook.encode())
    mapping = recognise(opened.table, parsed)
    if opened.mapping:
        mapping = with_choices(mapping, opened.mapping, parsed)
    draft = save_draft(
        store,
        opened.draft.id,
        opened.draft.version,
        who,
        codebook=codebook,
        mapping=to_json(mapping, opened.table),
    )
    return replace(opened, draft=draft, codebook=parsed, mapping=mapping, problem="")


def draft_export(opened: OpenDraft) -> Export:
    """Return the raw answers of a draft; SurveyFileError when its questionnaire cannot be used or lacks a question."""
    if opened.codebook is None or opened.mapping is None:
        raise SurveyFileError(f"Le questionnaire du brouillon est à compléter. {opened.problem}")
    return read_export(opened.table, opened.mapping, opened.codebook)


def draft_edition(store: Store, opened: OpenDraft, told: Told = silent, export: Export | None = None) -> Edition:
    """Return the edition that a draft would be, territories matched with what was chosen by hand so far."""
    told("Lecture des réponses…")
    export = export or draft_export(opened)
    assert opened.codebook is not None
    told("Contrôle des réponses et reconnaissance des territoires…")
    identity = opened.identity
    edition = build_edition(
        export,
        opened.codebook,
        id=identity.id,
        title=identity.title,
        simulated=identity.simulated,
        collected=identity.collected,
        millesime=identity.millesime,
        aliases=load_aliases(store),
    )
    for respondent in sorted(deleted_respondents(store, identity.id).intersection(edition.respondents.index)):
        told("Une réponse supprimée à la demande d’une personne n’est pas reprise.")
        edition = without_respondent(edition, respondent)
    return edition


def finish(store: Store, opened: OpenDraft, who: str, told: Told = silent) -> int:
    """Write a draft as a revision, ready to be published, and return its number in the store; the draft ends there.

    DraftConflict when somebody changed the draft since it was opened: what they took out of it must not come back.
    """
    export = draft_export(opened)
    edition = draft_edition(store, opened, told, export)
    told("Protection des réponses et enregistrement de la version…")
    assert opened.mapping is not None
    contacts = _contacts(opened, export, edition) if opened.draft.source.get("contacts_kept") else None
    kept_until = datetime.now(UTC).date() + timedelta(days=load_retention().contacts_days)
    return write_revision(
        store,
        edition,
        started=opened.identity.started,
        source=opened.draft.source,
        mapping=to_json(opened.mapping, opened.table),
        codebook=opened.draft.codebook,
        who=who,
        draft=opened.draft.id,
        version=opened.draft.version,
        contacts=contacts,
        kept_until=kept_until if contacts is not None else None,
    )


def _from_headings(contacts: dict[int, str], metadata: dict[int, str], position: int) -> Target:
    if position in contacts:
        return Target("contact", contacts[position])
    return Target("metadata", metadata[position]) if position in metadata else Target("unknown")


def _under_pseudonyms(table: Table, columns: tuple[Target, ...], secret: bytes) -> Table:
    """Return the table with the tool's identifiers of responses replaced by pseudonyms."""
    cells = list(table.cells)
    for position, target in enumerate(columns):
        if target.role == "metadata" and target.key == "id":
            given = [cell.strip() for cell in table.cells[position]]
            distinct = [cell for cell in dict.fromkeys(given) if cell]
            known = dict(zip(distinct, pseudonyms(secret, distinct), strict=True))
            cells[position] = np.array([known.get(cell, "") for cell in given], dtype=object)
    return replace(table, cells=tuple(cells))


def _source(content: bytes, table: Table, tool: str) -> dict[str, Any]:
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "tool": tool,
        "form": table.form,
        "encoding": table.encoding,
        "separator": table.separator,
        "rows": table.row_count,
        "columns": len(table.headings),
    }


def _contacts(opened: OpenDraft, export: Export, edition: Edition) -> pd.DataFrame:
    """Return the contacts of the retained respondents, one column per heading set apart."""
    assert opened.mapping is not None
    table = opened.table
    own = {
        f"{table.headings[place]} ({place + 1})": table.cells[place]
        for place, target in enumerate(opened.mapping.columns)
        if target.role == "contact"
    }
    contacts = pd.DataFrame(own, index=pd.Index(identifiers(export, Findings()), name="respondent", dtype="str"))
    return contacts[contacts.index.isin(edition.respondents.index)]
