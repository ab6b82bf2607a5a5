"""Filters and choices kept in the address: the address is the truth, widgets show it and write to it.

Codes, not labels, are in the address (`?type=epci&departement=33`), so that a link stays valid when a label changes;
unknown codes are ignored. What a selection means for figures is left to `lib.analysis`.
"""

from collections.abc import Mapping

import streamlit as st

from lib.analysis.selection import DIMENSIONS, Selection, choices
from lib.analysis.tabulation import RESPONDENTS, TERRITORIES
from lib.display.formats import lower_first, plain, words
from lib.survey.edition import Edition
from lib.survey.questionnaire import Question

ANY = {
    "type": "Tous les types",
    "taille": "Toutes les tailles",
    "departement": "Tous",
    "role": "Tous les rôles",
}
WEIGHTING, WEIGHTED = "ponderation", "oui"
LABELS = {
    "type": "Type de territoire",
    "taille": "Taille (population municipale)",
    "departement": "Département",
    "role": "Rôle du répondant",
}


CARRIED = (*LABELS, WEIGHTING, "edition")
"""What links carry from one page to another."""


def filter_options(edition: Edition) -> dict[str, dict[str, str]]:
    """Return, for each filter, its codes and their French labels, in the order to show."""
    return {name: choices(edition, name) for name in DIMENSIONS}


def current_selection(edition: Edition) -> Selection:
    """Return the selection that the address asks for, unknown codes left out."""
    asked = _asked(filter_options(edition))
    return Selection(
        types=tuple(asked["type"]),
        tailles=tuple(asked["taille"]),
        departements=tuple(asked["departement"]),
        roles=tuple(asked["role"]),
        weighted=st.query_params.get(WEIGHTING) == WEIGHTED,
    )


def link_parameters(edition: Edition | None) -> dict[str, list[str]]:
    """Return the query parameters that a link to another page must carry: filters, weighting, edition.

    Without an edition, on a page that shows none, they are carried as they came.
    """
    if edition is None:
        came = {name: st.query_params.get_all(name) for name in CARRIED}
        return {name: codes for name, codes in came.items() if codes}
    carried = {name: codes for name, codes in _asked(filter_options(edition)).items() if codes}
    if st.query_params.get(WEIGHTING) == WEIGHTED:
        carried[WEIGHTING] = [WEIGHTED]
    if "edition" in st.query_params:
        carried["edition"] = [edition.id]
    return carried


def draw_filters(edition: Edition) -> None:
    """Draw the four filters, the weighting and their reset button; each change is written to the address."""
    options = filter_options(edition)
    for name, codes in _asked(options).items():
        if st.session_state.get(name) != codes:
            st.session_state[name] = codes
        st.multiselect(
            LABELS[name],
            list(options[name]),
            format_func=options[name].__getitem__,
            key=name,
            placeholder=ANY[name],
            on_change=_write,
            args=(name,),
        )
    st.session_state[WEIGHTING] = st.query_params.get(WEIGHTING) == WEIGHTED
    st.toggle(
        "Pondérer les territoires",
        key=WEIGHTING,
        on_change=_write_weighting,
        help="Redresse les communes et les intercommunalités selon leur taille et leur département. Les opinions des "
        "répondants restent brutes\u202f: aucune population de référence n’existe pour eux.",
    )
    st.button(
        "Réinitialiser les filtres",
        icon=":material/restart_alt:",
        on_click=reset_filters,
        disabled=not {*link_parameters(edition)} - {"edition"},
        width="stretch",
    )


def reset_filters() -> None:
    """Take every filter out of the address."""
    for name in (*LABELS, WEIGHTING):
        st.query_params.pop(name, None)


def draw_editions(titles: Mapping[str, str]) -> str:
    """Draw the choice of the edition where there are several; return its id, the first by default."""
    if len(titles) > 1:
        return choice("edition", "Édition", titles)
    return next(iter(titles))


def choice(name: str, label: str, options: Mapping[str, str], *, segmented: bool = False) -> str:
    """Draw one choice of a page, kept in the address as `name`; the first option is the default.

    Returns the code chosen. Few short options are best `segmented`; a long list is a select box.
    """
    default = next(iter(options))
    asked = st.query_params.get(name, default)
    code = asked if asked in options else default
    # Always: after a run without this widget, the server may remember a value that the browser has forgotten.
    st.session_state[name] = code
    if segmented:
        st.segmented_control(
            label, list(options), format_func=lambda code: plain(options[code]), key=name, on_change=_write,
            args=(name, default), required=True, wrap=True,
        )  # fmt: skip
    else:
        st.selectbox(
            label,
            list(options),
            format_func=options.__getitem__,
            key=name,
            on_change=_write,
            args=(name, default),
        )
    return code


def unit_choice(question: Question) -> str:
    """Draw the choice of who counts for a question, kept in the address; return the unit of analysis.

    Facts may be counted by territory, the default, or by respondent; opinions by respondent only, without a choice.
    """
    if question.unit == RESPONDENTS:
        return RESPONDENTS
    units = {"territoires": TERRITORIES, "repondants": RESPONDENTS}
    names = {"territoires": "Territoires", "repondants": "Répondants"}
    return units[choice("unite", "Compter", names, segmented=True)]


def selection_words(selection: Selection, edition: Edition) -> str:
    """Return the selection in words: « EPCI ; Gironde (33) ou Landes (40) ; élu·e »."""
    options = filter_options(edition)
    chosen = (
        ("type", selection.types),
        ("taille", selection.tailles),
        ("departement", selection.departements),
        ("role", selection.roles),
    )
    parts = [words([lower_first(options[name][code]) if name in ("taille", "role") else options[name][code]
                    for code in codes], "ou") for name, codes in chosen if codes]  # fmt: skip
    return "\u202f; ".join(parts) if parts else "tous les répondants"


def _asked(options: Mapping[str, Mapping[str, str]]) -> dict[str, list[str]]:
    """Return the known codes that the address gives to each filter, each once."""
    return {
        name: list(dict.fromkeys(code for code in st.query_params.get_all(name) if code in known))
        for name, known in options.items()
    }


def _write_weighting() -> None:
    if st.session_state[WEIGHTING]:
        st.query_params[WEIGHTING] = WEIGHTED
    else:
        st.query_params.pop(WEIGHTING, None)


def _write(name: str, default: str | None = None) -> None:
    """Write a widget's value to the address; nothing, or the default, leaves it out."""
    value = st.session_state[name]
    if not value or value == default:
        st.query_params.pop(name, None)
    else:
        st.query_params[name] = value
