"""Third step of an import: which territory each declared name is, the doubtful ones being chosen by a person.

How names are recognised belongs to `lib.territory.matching`; what is chosen is remembered for the files to come.
"""

from collections import Counter

import pandas as pd
import streamlit as st

from lib.display.files import downloads
from lib.display.formats import NARROW, counted, day, number, plain
from lib.display.stamp import EDITION
from lib.survey.importing import OpenDraft
from lib.territory.matching import OUTCOMES, outcome
from lib.territory.naming import strict_key
from lib.ui.importing import actions, choosing, opened, steps
from lib.ui.importing.pages import page_of
from lib.ui.importing.words import attempt, refusals, shortened, tell

PER_PAGE = 15
_UNMATCHED = ("ambiguous", "none")


def draw(draft: OpenDraft) -> None:
    """Draw the step of the territories."""
    held = None
    with refusals():
        held = opened.read(draft)
    if held is None:
        steps.onward("territoires", blocked="Revenez à l’étape «\u202fColonnes\u202f» pour compléter ce qui manque.")
        return
    memories = opened.aliases()
    people = held.edition.respondents
    outcomes = people["method"].map(outcome)
    _counts(outcomes)
    names = unmatched_names(people, outcomes, memories)
    _repair(draft, names)
    _memories(memories)
    rows = matching_report(people, outcomes)
    st.download_button(
        "Télécharger le rapport des territoires (CSV)",
        data=lambda: downloads.csv_bytes(rows, {EDITION: draft.identity.title}),
        file_name=f"territoires-{draft.identity.id}.csv",
        mime="text/csv",
        on_click="ignore",
        icon=":material/download:",
    )
    steps.onward("territoires")


def _counts(outcomes: pd.Series) -> None:
    counts = outcomes.value_counts()
    with st.container(horizontal=True, gap="large"):
        for code, label in OUTCOMES.items():
            st.metric(label.capitalize(), number(int(counts.get(code, 0))), width="content")
    st.caption(f"En nombre de réponses, sur {counted(len(outcomes), 'réponse retenue', 'réponses retenues')}.")


def unmatched_names(people: pd.DataFrame, outcomes: pd.Series, memories: pd.DataFrame) -> pd.DataFrame:
    """Return the declared names without a territory, the most frequent first.

    Returns
    -------
    DataFrame
        `type` (code, empty when not told), `declared`, `count` (respondents), `candidates` (tuple of codes),
        `outside` (bool: a person said that it has no territory).
    """
    left = people[outcomes.isin(_UNMATCHED) & people["declared"].notna()]
    outside = {
        (_text(type), strict_key(declared))
        for type, declared, code in zip(memories["type"], memories["declared"], memories["code"], strict=True)
        if not _text(code)
    }
    found: dict[tuple[str, str], tuple[str, Counter[str]]] = {}
    counts: Counter[tuple[str, str]] = Counter()
    for type, declared, candidates in zip(left["type"], left["declared"], left["candidates"], strict=True):
        key = (_text(type), strict_key(declared))
        counts[key] += 1
        _, met = found.setdefault(key, (declared, Counter()))
        met.update(candidates)
    rows = [
        (key[0], declared, counts[key], tuple(met), key in outside) for key, (declared, met) in found.items() if key[1]
    ]
    table = pd.DataFrame(rows, columns=["type", "declared", "count", "candidates", "outside"])
    return table.sort_values("count", ascending=False, kind="stable", ignore_index=True)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _repair(draft: OpenDraft, names: pd.DataFrame) -> None:
    st.header("Territoires à choisir", anchor=False)
    pending = names[~names["outside"].astype(bool)]
    if pending.empty:
        st.success("Aucun nom n’attend de choix.", icon=":material/check:")
        return
    st.markdown(
        "Un nom laissé «\u202fà décider\u202f» compte dans les résultats, mais pas sur les cartes. Votre choix vaut "
        "pour toutes les réponses de ce nom, dans ce fichier et dans les suivants."
    )
    millesime = draft.identity.millesime
    page = page_of("territoires-page", pending.to_dict(orient="records"), PER_PAGE, "noms")
    version = f"{draft.draft.id}-{len(names)}"
    with st.form("territoires-formulaire"):
        chosen = [(row, choosing.candidate(row, millesime, _label(draft, row), version)) for row in page]
        sent = st.form_submit_button("Enregistrer ces choix", type="primary")
    if sent:
        decided = [(row, code) for row, code in chosen if code != choosing.UNDECIDED]
        if decided:
            _remember(decided, millesime)
        else:
            st.info("Rien à enregistrer\u202f: aucun territoire n’est choisi.")
    found = choosing.searched(pending.to_dict(orient="records"), millesime, lambda row: _name(draft, row))
    if found is not None:
        _remember([found], millesime)


def _remember(decided: list[tuple[choosing.Row, str]], millesime: int) -> None:
    rows = pd.DataFrame(
        [
            {"type": row["type"], "declared": row["declared"], "code": "" if code == choosing.OUTSIDE else code}
            for row, code in decided
        ]
    )
    with refusals():
        actions.remember(rows, millesime)
        tell(f"{counted(len(rows), 'choix enregistré', 'choix enregistrés')}{NARROW}: ils vaudront aussi pour les "
             "prochains fichiers.")  # fmt: skip


def _name(draft: OpenDraft, row: choosing.Row) -> str:
    """Return a declared name with its type, as plain text."""
    types: dict[str, str] = {}
    if draft.codebook is not None:
        types = draft.codebook[draft.codebook.parts.territory_type].labels
    kind = types.get(str(row["type"]), "type non dit")
    return f"{shortened(str(row['declared']), 60)} – {kind}"


def _label(draft: OpenDraft, row: choosing.Row) -> str:
    return f"{plain(_name(draft, row))} ({counted(int(str(row['count'])), 'réponse')})"


def _memories(memories: pd.DataFrame) -> None:
    if memories.empty:
        return
    with st.expander(f"Choix déjà enregistrés ({len(memories)})"):
        st.dataframe(
            pd.DataFrame(
                {
                    "Type": [_text(type) for type in memories["type"]],
                    "Nom déclaré": memories["declared"].tolist(),
                    "Code": [_text(code) or "laissé sans territoire" for code in memories["code"]],
                    "Par": memories["who"].tolist(),
                    "Le": [day(when) for when in memories["at"]],
                }
            ),
            hide_index=True,
            alt=f"Tableau{NARROW}: territoires choisis à la main",
        )
        places = list(range(len(memories)))
        kept = memories.reset_index(drop=True)
        names = [f"{row.declared} ({_text(row.type) or 'sans type'})" for row in kept.itertuples(index=False)]
        place = st.selectbox(
            "Choix à oublier",
            places,
            format_func=lambda at: shortened(names[at]),
            key=f"oublier-{len(kept)}",
        )
        forgotten = (_text(kept.at[place, "type"]), str(kept.at[place, "declared"]))
        st.button(
            "Oublier ce choix",
            icon=":material/delete:",
            on_click=attempt,
            args=("Le choix est oublié.", actions.forget, *forgotten),
        )


def matching_report(people: pd.DataFrame, outcomes: pd.Series) -> pd.DataFrame:
    """Return one row per respondent: what was declared, and the territory it was recognised as."""
    return pd.DataFrame(
        {
            "Réponse": people.index.astype(str),
            "Type déclaré": people["type"].to_numpy(),
            "Nom déclaré": people["declared"].to_numpy(),
            "Résultat": outcomes.map(OUTCOMES).to_numpy(),
            "Méthode": people["method"].to_numpy(),
            "Code du territoire": people["territory"].to_numpy(),
            "Nom du territoire": people["nom"].to_numpy(),
            "Candidats": [" ".join(codes) for codes in people["candidates"]],
        }
    )
