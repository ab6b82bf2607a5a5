"""Two editions compared, as a visitor meets them: which ones, the shares of a question, the territories followed.

Numbers come from `lib.analysis.evolution` and `lib.analysis.transitions`, charts and tables from
`lib.display.evolution`.
"""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from lib.analysis.evolution import common_questions, options_of_one
from lib.analysis.selection import Selection
from lib.analysis.transitions import transitions
from lib.display import evolution as shown
from lib.display.formats import NARROW, closed, counted, lower_first, percent, plain, quoted, words
from lib.display.sentences import UNITS, base_words, left_out, masked_out
from lib.display.tables import COUNTS_ONLY
from lib.survey.codebook import Question
from lib.survey.edition import Edition
from lib.survey.editions import EditionFile
from lib.ui import blocks, figures, filters, menu, origin

FILLED_CLEAR = "Un écart est dit net quand il dépasse sa marge."
INDEPENDENT = (
    "La marge de l’écart est celle de Newcombe, faite des marges des deux parts. Elle traite les deux éditions comme "
    "indépendantes\u202f: une partie des territoires ayant répondu aux deux, elle est plutôt trop large que trop "
    "étroite. Chaque marge est lue seule\u202f: quand rien ne change, une comparaison sur vingt paraît nette par "
    "hasard."
)
PUBLISHED = (
    "Seuls sont suivis les territoires dont tous les répondants ont accepté la publication aux deux éditions\u202f: "
    "leur réponse est déjà montrée par leur nom. Les autres réponses sont échangées entre territoires voisins, dans "
    "chaque édition séparément, et ne peuvent pas être suivies de l’une à l’autre."
)


def other_edition(edition: Edition, listed: Mapping[str, EditionFile]) -> str:
    """Return the id of the edition to compare with, kept in the address as `avec`; "" when there is only one.

    The choice is drawn where there is one; the edition just before is the default, or just after for the first.
    """
    order = list(listed)
    place = order.index(edition.id)
    others = order[place + 1 :] + order[:place][::-1]
    if not others:
        return ""
    titles = {name: listed[name].title for name in others}
    return filters.choice("avec", "Comparer avec", titles, segmented=True) if len(others) > 1 else others[0]


def in_order(first: Edition, second: Edition, listed: Mapping[str, EditionFile]) -> tuple[Edition, Edition]:
    """Return two editions, the later one first, as they are listed."""
    order = list(listed)
    return (first, second) if order.index(first.id) < order.index(second.id) else (second, first)


def only_one() -> None:
    """Say that there is nothing to compare, and stop the page."""
    st.info(
        "Une seule édition de l’enquête est disponible\u202f: il n’y a pas encore d’évolution à montrer.",
        icon=":material/event:",
    )
    menu.end_page()


def stop_if_too_few(edition: Edition, selection: Selection) -> None:
    """Stop the page, with a way out, when too few respondents of the other edition are selected."""
    if int(selection.mask(edition.respondents).sum()) >= blocks.TOO_FEW:
        return
    st.info(
        f"Moins de {blocks.TOO_FEW} répondants de l’édition {quoted(plain(edition.title))} pour cette "
        f"sélection{NARROW}: rien n’est comparé. Élargissez le type, la taille, le département ou le rôle.",
        icon=":material/search_off:",
    )
    st.button("Afficher tous les répondants", on_click=filters.reset_filters, type="primary")
    menu.end_page()


def against(edition: Edition, selection: Selection) -> None:
    """Draw the line that says how many of the other edition are selected; the selection itself is said above it."""
    chosen = edition.respondents[selection.mask(edition.respondents)]
    st.markdown(
        f":gray[Comparée à {quoted(plain(edition.title))}, {plain(edition.collected)}\u202f:] "
        f"**{counted(len(chosen), 'répondant')}, {counted(chosen['territory'].nunique(), 'territoire')}**"
    )


def questions(later: Edition, earlier: Edition) -> dict[str, str]:
    """Return the questions that can be compared, id to short title, facts about the territories first."""
    found = common_questions(later, earlier)
    ordered = sorted(found.values(), key=lambda question: (question.unit != "territories", question.kind != "single"))
    return {question.id: question.short for question in ordered}


def facts(later: Edition, earlier: Edition) -> dict[str, str]:
    """Return the columns whose territories can be followed, key to title: facts to which one answer is given."""
    named: dict[str, str] = {}
    for question in common_questions(later, earlier).values():
        if question.unit != "territories" or question.kind not in ("single", "scale", "array"):
            continue
        if question.rows:
            rows = earlier.codebook[question.id].row_labels
            named |= {
                f"{question.id}/{row}": f"{question.short}\u202f: {name}"
                for row, name in question.row_labels.items()
                if row in rows
            }
        else:
            named[question.id] = question.short
    return dict(sorted(named.items(), key=lambda fact: "/" in fact[0]))


def levels(question: Question) -> dict[str, tuple[str, ...]]:
    """Return the groups of answers « at least this », by code of the least of them, the middle of the scale first.

    « Ne sait pas » is in none, and the least answer of all makes no group: everybody would be in it.
    """
    scale = [option.code for option in question.options if not option.dont_know]
    if not question.descending:
        scale.reverse()
    groups = {code: tuple(scale[: place + 1]) for place, code in enumerate(scale[:-1])}
    middle = scale[max(len(scale) // 2, 1) - 1]
    return {middle: groups[middle]} | groups if groups else {}


def level_names(question: Question) -> dict[str, str]:
    """Return the name of each group of `levels`: « Mise en œuvre ou formalisée »."""
    labels = question.labels
    return {
        code: words([labels[group[0]], *(lower_first(labels[other]) for other in group[1:])], "ou")
        for code, group in levels(question).items()
    }


def headline(rows: pd.DataFrame, title: str, later: Edition, earlier: Edition) -> str:
    """Return the sentence that says which answers to a question clearly changed, and by how much."""
    compared = rows[shown.comparable(rows)]
    start = f"{title}, de {quoted(earlier.title)} à {quoted(later.title)}{NARROW}:"
    if compared.empty:
        return f"{start} trop peu de réponses pour comparer."
    changed = compared[shown.clear(compared)]
    if changed.empty:
        widest = compared.iloc[int(compared["difference"].abs().to_numpy().argmax())]
        return f"{start} aucun écart net. Le plus grand, {quoted(widest['label'])}, est de {shown.gap_words(widest)}."
    said = "\u202f; ".join(f"{quoted(row['label'])} {shown.gap_words(row)}" for _, row in changed.iterrows())
    return f"{start} {counted(len(changed), 'écart net', 'écarts nets')} sur {len(compared)}. {said}."


def shares_figure(
    later: Edition, earlier: Edition, selection: Selection, rows: pd.DataFrame, *, question: Question, title: str,
    name: str, unit: str,
) -> None:  # fmt: skip
    """Draw the shares of both editions: chart, « comment lire », what is not drawn, table and file."""
    # Both editions are weighted, or none: what keeps one from it keeps the other.
    notes = [figures.weighting(edition, selection, unit) for edition in (later, earlier)]
    weighting = next((note for note in notes if note != "pondéré"), "pondéré")
    compared = shown.comparable(rows)
    drawn = rows[compared]
    bases = base_words(pd.concat([rows["base"], rows["earlier_base"]]), unit)
    mixed = figures.mixed_levels(later, selection, unit) or figures.mixed_levels(earlier, selection, unit)
    subtitle = blocks.subtitle(later, bases + mixed, weighting)
    seen = blocks.NOT_DRAWN
    if drawn.empty:
        st.markdown(f"**{plain(title)}**")
        enough = rows[["base", "earlier_base"]].min(axis=1) >= COUNTS_ONLY
        figures.nothing_to_draw(subtitle, masked=bool(enough.any()))
    else:
        spec = shown.evolution_dots(drawn, title=title, subtitle=subtitle, earlier=earlier.title, later=later.title)
        few = rows[["base", "earlier_base"]].min(axis=1) < COUNTS_ONLY
        missing = f"{left_out(rows.loc[few, 'label'])} {masked_out(rows.loc[~few & ~compared, 'label'])}".strip()
        first = drawn.iloc[0]
        said = shown.evolution_words(first, earlier.title, later.title)
        reading = f"{quoted(first['label'])}, {said}. {FILLED_CLEAR} {missing}".strip()
        seen = blocks.chart(spec, _alternative(title, drawn, later, earlier), reading)
    alone = options_of_one(later, earlier, question.id)
    if alone:
        st.caption(plain(closed(f"Proposé dans une seule des deux éditions, non comparé{NARROW}: {words(alone)}")))
    st.caption(INDEPENDENT)
    blocks.data(
        lambda: shown.evolution_table(rows, earlier.title, later.title),
        lambda: shown.evolution_file(rows, earlier.title, later.title),
        name, later, selection, unit=UNITS[unit][1], label=title, weighting=weighting, base=bases + mixed,
        drawn=seen,
    )  # fmt: skip


def followed(
    later: Edition, earlier: Edition, selection: Selection, column: str, level: str, *, title: str,
    published_only: bool = True,
) -> None:  # fmt: skip
    """Draw how the territories that answered both editions moved: the sentence, the table of transitions, the file."""
    question = later.codebook[column.partition("/")[0]]
    group = levels(question)[level]
    moved = transitions(later, earlier, column, group, selection, published_only)
    answers = plain(words([quoted(question.labels[code]) for code in group], "ou"))
    st.markdown(shown.transition_words(moved, answers, plain(earlier.title), plain(later.title)))
    if moved.known >= COUNTS_ONLY:
        st.dataframe(
            shown.transition_table(moved),
            hide_index=True,
            height="content",
            alt=f"Tableau{NARROW}: {title}, réponses dans {earlier.title} en lignes, dans {later.title} en colonnes",
        )
        simulated = f" {origin.mark(later)}." if later.simulated else ""
        st.caption(
            f"{counted(moved.territories, 'territoire')} en tout, {quoted('ne sait pas')} et réponses divergentes "
            f"compris. En lignes, la réponse dans {quoted(plain(earlier.title))}\u202f; en colonnes, dans "
            f"{quoted(plain(later.title))}.{simulated}"
        )
        blocks.data(
            lambda: shown.transition_file(moved, earlier.title, later.title),
            lambda: shown.transition_file(moved, earlier.title, later.title),
            f"transitions-{column.replace('/', '-')}", later, selection.without_roles(), unit="territoires",
            label=f"{title}, passages d’une réponse à l’autre",
        )  # fmt: skip
    st.caption(
        f"{PUBLISHED if published_only else ''} Test de McNemar, exact quand peu de territoires ont changé\u202f; "
        "marge de Bonett et Price. Une commune fusionnée depuis est suivie dans la commune d’aujourd’hui. Les filtres "
        "sur le rôle et la pondération ne s’appliquent pas ici.".strip()
    )


def _alternative(title: str, drawn: pd.DataFrame, later: Edition, earlier: Edition) -> str:
    said = [
        f"{row['label']} {percent(row['earlier_share'], row['earlier_base'])} puis {percent(row['share'], row['base'])}"
        for _, row in drawn.head(12).iterrows()
    ]
    more = "… La suite est dans le tableau." if len(drawn) > len(said) else "."
    return closed(f"{title}, {earlier.title} puis {later.title}") + " " + "\u202f; ".join(said) + more
