"""What is chosen with a file: its questionnaire, what becomes of its contacts, and what its edition is called.

Whether an identity can be used is decided by `lib.survey.importing`, when the draft is made.
"""

from datetime import date

import pandas as pd
import streamlit as st

from lib.display.formats import MONTHS, NARROW
from lib.survey.editions import list_editions
from lib.survey.identity import Identity
from lib.survey.retention import load_retention
from lib.survey.store.revisions import list_revisions, read_row
from lib.territory.reference import load_region
from lib.ui.importing import opened

NEW_CODEBOOK = "nouveau"
NEW_EDITION = ""


def codebook_choice() -> str | None:
    """Draw the choice of a questionnaire and return its TOML; None to draft one from the file."""
    shipped = list_editions()
    titles = {f"livre:{id}": f"Celui de «{NARROW}{known.title}{NARROW}»" for id, known in shipped.items()}
    kept = opened.store()
    stored = list_revisions(kept) if kept is not None else pd.DataFrame()
    if len(stored):
        latest = stored[stored["purged_at"].isna()].drop_duplicates("edition_id")
        titles = {
            f"revision:{row['id']}": f"Celui de «{NARROW}{row['title']}{NARROW}», version {row['number']}"
            for row in latest.to_dict(orient="records")
        } | titles
    titles[NEW_CODEBOOK] = "Nouveau questionnaire, tiré du fichier puis corrigé ici"
    chosen = st.selectbox("Questionnaire", list(titles), format_func=titles.__getitem__, key="import-questionnaire")
    origin, _, name = chosen.partition(":")
    if origin == "livre":
        return shipped[name].codebook.read_text(encoding="utf-8")
    if origin == "revision" and kept is not None:
        with kept.reading() as connection:
            return str(read_row(connection, int(name)).codebook)
    return None


def contacts_choice() -> bool:
    """Draw what becomes of contacts, and return whether they are kept."""
    months = round(load_retention().contacts_days / 30.4)
    kept = f"Les conserver à part pendant {months} mois, puis les effacer"
    return bool(
        st.radio(
            "Données de contact (noms, courriels, téléphones…)",
            ["Les supprimer (conseillé)", kept],
            key="import-contacts",
            help="Conservées, elles ne sont jamais publiées\u202f; l’équipe seule les voit, pour recontacter les "
            "répondants qui l’ont accepté.",
        )
        == kept
    )


def period(first: date, last: date) -> str:
    """Write a period in months: « mars 2026 », « mars et avril 2026 », « de mars à juin 2026 »."""
    begun, ended = MONTHS[first.month - 1], MONTHS[last.month - 1]
    if first.year != last.year:
        return f"de {begun} {first.year} à {ended} {last.year}"
    if first.month == last.month:
        return f"{begun} {first.year}"
    between = f"{begun} et {ended}" if last.month == first.month + 1 else f"de {begun} à {ended}"
    return f"{between} {first.year}"


def identity(days: tuple[date, date] | None) -> Identity:
    """Draw what the edition is called, and return it; it is checked when the draft is made.

    `days` are the first and the last of the file, where it tells them: they are proposed.
    """
    st.header("L’édition", anchor=False)
    kept = opened.store()
    stored = list_revisions(kept).drop_duplicates("edition_id") if kept is not None else pd.DataFrame()
    known = {row["edition_id"]: row for row in stored.to_dict(orient="records")}
    names = {NEW_EDITION: "Une nouvelle édition"} | {
        id: f"Une nouvelle version de «{NARROW}{row['title']}{NARROW}»" for id, row in known.items()
    }
    chosen = NEW_EDITION
    if known:
        chosen = st.selectbox("Ce fichier est", list(names), format_func=names.__getitem__, key="import-edition")
    before = known.get(chosen)
    proposed = before["collected"] if before else period(*days) if days else ""
    this_year = (days[0] if days else date.today()).year
    left, right = st.columns(2)
    title = left.text_input(
        "Titre, pour les visiteurs", value=before["title"] if before else f"Enquête {this_year}", max_chars=80,
        key=f"import-titre-{chosen}",
    )  # fmt: skip
    if before:
        identifier = chosen
        right.text_input("Identifiant", value=chosen, disabled=True, key=f"import-id-{chosen}")
    else:
        identifier = right.text_input(
            "Identifiant, dans les adresses", value=f"enquete-{this_year}", max_chars=40, key="import-id",
            help="Minuscules sans accent, chiffres et tirets. Il ne pourra plus changer.",
        )  # fmt: skip
    collected = left.text_input(
        "Période de collecte", value=proposed, placeholder="mars et avril 2026",
        max_chars=80, key=f"import-periode-{chosen}",
    )  # fmt: skip
    started = right.date_input(
        "Premier jour de la collecte", value=_date(before["started"]) if before else days[0] if days else date.today(),
        format="DD/MM/YYYY", key=f"import-debut-{chosen}",
    )  # fmt: skip
    region = load_region()
    years = [region.millesime, *region.earlier]
    millesime = left.selectbox(
        "Année des territoires (code officiel géographique)", years,
        index=years.index(before["millesime"]) if before and before["millesime"] in years else 0,
        key=f"import-annee-{chosen}",
        help="Celle des communes et intercommunalités que les répondants avaient en tête.",
    )  # fmt: skip
    simulated = right.checkbox(
        "Données simulées", value=bool(before["simulated"]) if before else False, key=f"import-simulees-{chosen}",
        help="Chaque page, carte et export le dira.",
    )  # fmt: skip
    return Identity(identifier.strip(), title.strip(), collected.strip(), started, int(millesime), simulated)


def _date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])
