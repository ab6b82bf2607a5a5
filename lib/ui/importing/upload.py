"""First step of an import: the file, and what is recognised of it at once.

Nothing is kept before the draft is made; the reading itself belongs to `lib.survey.reading`, what the edition is called
to `identity`.
"""

import hashlib
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st
from streamlit.runtime.uploaded_file_manager import DeletedFile

from lib.display.formats import NARROW, counted, number, plain
from lib.survey.codebook import parse_codebook
from lib.survey.reading.inspection import FEWEST_RECOGNISED
from lib.survey.reading.mapping import recognise
from lib.survey.reading.metadata import parse_dates
from lib.survey.reading.table import SurveyFileError, Table, read_table
from lib.survey.reading.tools import Layout, recognise_layout
from lib.ui import access
from lib.ui.importing import actions, identity, steps
from lib.ui.importing.words import refusals, shortened, tell, working

PREVIEW_ROWS = 5
UPLOADED = "import-fichier"
"""Key of the uploader."""

_SEPARATORS = {";": "point-virgule", ",": "virgule", "\t": "tabulation", "|": "barre verticale", "": "–"}
_ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8 (avec marque d’ordre)", "cp1252": "Windows-1252", "": "–"}

EXPORTS = (
    (
        "LimeSurvey",
        "Réponses, Exporter, format CSV\u202f; intitulés «\u202fTexte complet\u202f» ou «\u202fCode\u202f».",
    ),
    ("Framaforms", "Résultats, Télécharger, «\u202fTexte délimité\u202f»\u202f; gardez toutes les lignes d’en-tête."),
    ("Google Forms", "Réponses, Associer à Sheets, puis Fichier, Télécharger, CSV ou XLSX."),
    ("Microsoft Forms", "Réponses, Ouvrir dans Excel, enregistrez en XLSX."),
    ("KoboToolbox", "Données, Téléchargements, CSV, «\u202fValeurs et en-têtes XML\u202f» ou libellés."),
    ("Sphinx", "Exporter les données, CSV ou XLSX. Cet outil n’a pas été vérifié sur de vrais fichiers."),
    ("Autre tableau", "Une ligne par réponse, une ligne d’intitulés, en CSV (UTF-8) ou XLSX."),
)


@dataclass(frozen=True, eq=False)
class Recognised:
    """What is said of a file before any draft: its cells, and what its headings say."""

    table: Table
    layout: Layout


def draw() -> None:
    """Draw the step of the file."""
    steps.first()
    with st.expander("Que faut-il exporter, selon l’outil d’enquête\u202f?"):
        for tool, how in EXPORTS:
            st.markdown(f"- **{tool}**\u202f: {how}")
    file = st.file_uploader("Fichier des réponses (CSV ou XLSX, 20\u202fMo au plus)", key=UPLOADED, max_upload_size=20)
    if isinstance(st.session_state.get(UPLOADED), DeletedFile):
        # The browser shows its name still, but the server that kept it has restarted.
        st.warning(
            "Le serveur a redémarré et n’a plus le fichier déposé\u202f: déposez-le de nouveau. S’il servait à créer "
            "un brouillon, «\u202fRevenir\u202f» montre s’il l’a été.",
            icon=":material/upload_file:",
        )
    found = codebook = None
    if file is None:
        st.caption("Le fichier est lu ici, sur le serveur de l’application\u202f; il n’est envoyé nulle part ailleurs.")
    else:
        content = file.getvalue()
        with refusals():
            found = _recognised(hashlib.sha256(content).hexdigest(), content)
            if not found.table.row_count:
                found = None
                raise SurveyFileError(
                    "Le fichier a des intitulés, mais aucune réponse\u202f: vérifiez le filtre de l’export dans "
                    "l’outil d’enquête."
                )
    if found is not None:
        codebook = identity.codebook_choice()
        _summary(found, codebook)
    if found is None or file is None:
        st.button("Revenir", on_click=steps.leave, icon=":material/arrow_back:")
        return
    keep = identity.contacts_choice()
    named = identity.identity(days(found))
    with st.container(horizontal=True):
        made = st.button("Créer le brouillon", type="primary", icon=":material/arrow_forward:")
        st.button("Revenir", on_click=steps.leave, icon=":material/arrow_back:")
    if made:
        with refusals():
            with working("Lecture du fichier…") as told:
                draft = actions.start(file.getvalue(), named, codebook, keep, told)
            _recognised.clear()
            steps.resume(draft)
            tell("Le brouillon est créé, le fichier déposé n’est plus gardé\u202f: vérifiez maintenant les colonnes.")


@st.cache_resource(show_spinner="Lecture du fichier…", ttl=600, max_entries=2)
def _recognised(digest: str, _content: bytes) -> Recognised:  # noqa: ARG001 (the digest is the key)
    access.require_staff()
    table = read_table(_content)
    return Recognised(table, recognise_layout(table))


def _summary(found: Recognised, codebook: str | None) -> None:
    table, layout = found.table, found.layout
    contacts = dict(layout.contacts)
    read = None
    if codebook is not None:
        with refusals():
            read = recognise(table, parse_codebook(codebook.encode()), layout)
            contacts = {
                place: target.key or layout.contacts.get(place, "")
                for place, target in enumerate(read.columns)
                if target.role == "contact"
            }
    unverified = "" if layout.tool.verified else " (lecture non vérifiée sur de vrais fichiers)"
    rows = {
        "Outil d’enquête": f"{layout.tool.label}{unverified}",
        "Forme": f"classeur XLSX, feuille {table.sheet}" if table.form == "xlsx" else "texte CSV",
        "Encodage": _ENCODINGS.get(table.encoding, table.encoding.upper()),
        "Séparateur": _SEPARATORS.get(table.separator, table.separator),
        "Lignes d’en-tête": str(len(table.above) + 1),
        "Réponses": number(table.row_count),
        "Colonnes": number(len(table.headings)),
        "Colonnes de contact": ", ".join(shortened(table.headings[place], 60) for place in contacts) or "aucune",
    }
    if read is not None:
        answers = [target for target in read.columns if target.role in ("answer", "joined", "comment", "unknown")]
        known = sum(target.role != "unknown" for target in answers)
        rows["Colonnes du questionnaire choisi"] = f"{number(known)} reconnues sur {number(len(answers))}"
        if answers and known < FEWEST_RECOGNISED * len(answers):
            st.warning(
                "Presque aucune colonne n’est celle d’une question du questionnaire choisi\u202f: prenez-en un autre, "
                "ou «\u202fNouveau questionnaire\u202f».",
                icon=":material/quiz:",
            )
    st.header("Ce qui est reconnu", anchor=False)
    st.dataframe(
        pd.DataFrame({"Élément": list(rows), "Constat": list(rows.values())}),
        hide_index=True,
        alt=f"Tableau{NARROW}: ce qui est reconnu du fichier",
    )
    for note in table.notes:
        st.info(plain(note), icon=":material/info:")
    st.caption(f"Les {counted(min(PREVIEW_ROWS, table.row_count), 'première réponse', 'premières réponses')}, sans les "
               "colonnes de contact")  # fmt: skip
    st.dataframe(preview(table, set(contacts)), hide_index=True, alt=f"Tableau{NARROW}: premières réponses du fichier")


def days(found: Recognised) -> tuple[date, date] | None:
    """Return the first and last day on which a response was begun or sent, None where the tool does not say it."""
    names = {name: place for place, name in found.layout.metadata.items()}
    for name in ("startdate", "submitdate", "datestamp"):
        if name in names:
            dates = parse_dates(pd.Series(found.table.column(names[name]), dtype="str")).dropna()
            if len(dates):
                return dates.min().date(), dates.max().date()
    return None


def preview(table: Table, hidden: set[int]) -> pd.DataFrame:
    """Return the first rows of a table without some of its columns; repeated headings are told apart by their place."""
    shown = [place for place in range(len(table.headings)) if place not in hidden]
    names: dict[str, int] = {}
    for place in shown:
        heading = shortened(table.headings[place]) or f"(sans intitulé, colonne {place + 1})"
        names[f"{heading} (colonne {place + 1})" if heading in names else heading] = place
    return pd.DataFrame({name: table.column(place)[:PREVIEW_ROWS].tolist() for name, place in names.items()}, dtype=str)
