"""Second step of an import: which question each column answers, the unknown ones being decided by a person.

What is closest is proposed by `lib.survey.reading.proposals`; texts of cells are in `options`, the questionnaire itself
in `questionnaire`.
"""

from collections import Counter

import pandas as pd
import streamlit as st

from lib.display.formats import NARROW, counted, decimal, number, plain
from lib.survey.importing import OpenDraft
from lib.survey.normalisation import normalise
from lib.survey.questionnaire import Codebook, Question
from lib.survey.reading.drafting import TO_COMPLETE
from lib.survey.reading.mapping import Target
from lib.survey.reading.proposals import column_proposals
from lib.ui import filters
from lib.ui.importing import actions, options, questionnaire, steps
from lib.ui.importing.pages import page_of
from lib.ui.importing.words import changed_meanwhile, note, refusals, shortened, tell

UNDECIDED, CONTACT, LEFT_OUT = "", "!contact", "!ignorer"
CHOICES = {UNDECIDED: "À décider", LEFT_OUT: "Ne pas lire", CONTACT: "Donnée de contact, à mettre à part"}
PER_PAGE = 15

_ROLES = {
    "answer": "réponse",
    "joined": "réponses réunies dans une case",
    "comment": "commentaire",
    "metadata": "colonne de l’outil",
    "contact": "contact",
    "ignored": "non lue",
    "unknown": "à décider",
}
_BY = {"code": "par son code", "wording": "par son libellé", "person": "par une personne", "": ""}
_SHOWN = {"a-decider": "À décider", "toutes": "Toutes les colonnes"}


def draw(draft: OpenDraft) -> None:
    """Draw the step of the columns."""
    mapping, codebook = draft.mapping, draft.codebook
    if mapping is None or codebook is None:
        st.error(f"Le questionnaire est à compléter. {plain(draft.problem)}", icon=":material/quiz:")
        questionnaire.editor(draft, opened=True)
        steps.onward("colonnes", blocked="Complétez d’abord le questionnaire.")
        return
    if TO_COMPLETE in draft.draft.codebook:
        st.warning(
            f"Le questionnaire a été tiré du fichier{NARROW}: relisez-le plus bas, et remplacez chaque mention "
            f"«{NARROW}{TO_COMPLETE}{NARROW}».",
            icon=":material/quiz:",
        )
    undecided = sum(target.role == "unknown" for target in mapping.columns)
    _overview(draft, codebook, undecided)
    _choices(draft, codebook, undecided)
    options.draw(draft)
    questionnaire.editor(draft)
    steps.onward("colonnes")


def _overview(draft: OpenDraft, codebook: Codebook, undecided: int) -> None:
    assert draft.mapping is not None
    roles = Counter(target.role for target in draft.mapping.columns)
    read = roles["answer"] + roles["joined"] + roles["comment"]
    st.markdown(
        f"**{counted(read, 'colonne')} de réponses sur {number(len(draft.mapping.columns))}** · "
        f"{number(roles['metadata'])} de l’outil · {number(roles['contact'])} de contact · "
        f"{counted(roles['ignored'], 'non lue', 'non lues')} · **{number(undecided)} à décider**"
    )
    st.dataframe(
        recognised_table(draft),
        hide_index=True,
        height=320 if len(codebook.questions) > 8 else "content",
        alt=f"Tableau{NARROW}: colonnes reconnues par question",
    )
    repeated = [heading for heading, times in Counter(map(normalise, draft.table.headings)).items() if times > 1]
    if repeated:
        with st.expander(f"Intitulés qui se répètent ({len(repeated)})"):
            for heading in repeated:
                st.text(shortened(heading) or "(sans intitulé)")


def recognised_table(draft: OpenDraft) -> pd.DataFrame:
    """Return, for each question, how many of its columns were found, and how they were recognised."""
    assert draft.mapping is not None
    assert draft.codebook is not None
    by_question: dict[str, list[Target]] = {}
    for target in draft.mapping.columns:
        if target.role in ("answer", "joined", "comment"):
            by_question.setdefault(target.key.split("/")[0], []).append(target)
    rows = []
    for question in draft.codebook.questions:
        found = by_question.get(question.id, [])
        how = sorted({_BY.get(target.by, "") for target in found} - {""})
        joined = any(target.role == "joined" for target in found)
        rows.append(
            {
                "Question": question.short,
                "Colonnes trouvées": len(found),
                "Attendues": 1 if joined else len(question.columns) - bool(question.other),
                "Reconnue": ", ".join(how) if found else "absente du fichier\u202f: comptée comme non posée",
            }
        )
    return pd.DataFrame(rows, columns=["Question", "Colonnes trouvées", "Attendues", "Reconnue"])


def _choices(draft: OpenDraft, codebook: Codebook, undecided: int) -> None:
    assert draft.mapping is not None
    st.header("Colonnes à décider", anchor=False)
    shown = filters.choice("colonnes", "Colonnes montrées", _SHOWN, segmented=True)
    positions = [
        place for place, target in enumerate(draft.mapping.columns) if shown == "toutes" or target.role == "unknown"
    ]
    if not positions:
        st.success("Toutes les colonnes du fichier sont reconnues ou décidées.", icon=":material/check:")
        return
    if undecided:
        st.markdown("Une colonne laissée «\u202fà décider\u202f» n’est pas lue, et le rapport de qualité le dira.")
    page = page_of("colonnes-page", positions, PER_PAGE, "colonnes")
    proposed = column_proposals(draft.table, draft.mapping, codebook)
    keys = key_labels(codebook)
    with st.form("colonnes-formulaire"):
        chosen = {place: _choice(draft, place, proposed, keys) for place in page}
        sent = st.form_submit_button(
            "Enregistrer ces choix", type="primary", on_click=note, args=("colonnes", draft.draft.version)
        )
    if sent and not changed_meanwhile("colonnes", draft.draft):
        targets = {
            place: target
            for place, code in chosen.items()
            if (target := target_of(code, codebook)) is not None and code != code_of(draft.mapping.columns[place])
        }
        with refusals():
            if targets:
                actions.choose_targets(draft, targets)
                tell(f"{counted(len(targets), 'colonne décidée', 'colonnes décidées')}.")
            else:
                st.info("Rien à enregistrer\u202f: aucun choix n’a changé.")


def _choice(draft: OpenDraft, place: int, proposed: pd.DataFrame, keys: dict[str, str]) -> str:
    assert draft.mapping is not None
    target = draft.mapping.columns[place]
    heading = shortened(draft.table.headings[place]) or "(sans intitulé)"
    scores = {
        str(row["key"]): float(row["score"])
        for row in proposed[proposed["position"] == place].to_dict(orient="records")
        if row["key"] in keys
    }
    now = code_of(target)
    # A column that is read may become undecided no more: it can be left out.
    codes = [*([UNDECIDED] if now == UNDECIDED else []), *scores, LEFT_OUT, CONTACT]
    codes = list(dict.fromkeys([*codes, *keys, *([now] if now else [])]))
    names = {**CHOICES, **keys}
    names.setdefault(now, _said(target))
    names |= {key: f"{keys[key]} (ressemblance {decimal(score, 2)})" for key, score in scores.items()}
    return str(
        st.selectbox(
            f"Colonne {place + 1}{NARROW}: {plain(heading)}",
            codes,
            index=codes.index(now),
            format_func=names.__getitem__,
            # With the version: what somebody else decided meanwhile must show.
            key=f"colonne-{draft.draft.id}-{draft.draft.version}-{place}",
        )
    )


def _said(target: Target) -> str:
    return (
        f"{_ROLES[target.role].capitalize()}{NARROW}: {target.key}" if target.key else _ROLES[target.role].capitalize()
    )


def key_labels(codebook: Codebook) -> dict[str, str]:
    """Return the words of each target that a person may choose: columns of questions, and whole questions."""
    labels: dict[str, str] = {}
    for question in codebook.questions:
        if question.kind in ("multiple", "ranking"):
            labels[f"={question.id}"] = f"{question.short} – plusieurs réponses dans une case"
        if question.kind == "array_multiple":
            for row, label in question.row_labels.items():
                labels[f"={question.id}/{row}"] = f"{question.short} – {label} – plusieurs réponses dans une case"
        for key in question.columns:
            labels[key] = _key_words(question, key)
    return labels


def _key_words(question: Question, key: str) -> str:
    if key == question.other_column:
        return f"{question.short} – texte de «\u202fAutre\u202f»"
    names = {**question.labels, **question.row_labels}
    parts = key.split("/")[1:]
    if question.kind == "ranking":
        return f"{question.short} – rang {parts[0]}"
    rows = [names.get(part, part) for part in parts]
    return " – ".join([question.short, *rows])


def code_of(target: Target) -> str:
    """Return the code under which a select box shows a target."""
    if target.role == "unknown":
        return UNDECIDED
    if target.role == "ignored":
        return LEFT_OUT
    if target.role == "contact":
        return CONTACT
    if target.role == "joined":
        return f"={target.key}"
    return target.key if target.role in ("answer", "comment") else f"!{target.role}:{target.key}"


def target_of(code: str, codebook: Codebook) -> Target | None:
    """Return the target that a choice means, decided by a person; None when nothing is decided."""
    if code == LEFT_OUT:
        return Target("ignored", by="person")
    if code == CONTACT:
        return Target("contact", "autre", by="person")
    if code.startswith("="):
        return Target("joined", code[1:], by="person")
    return Target("answer", code, by="person") if code in codebook.columns else None
