"""The map of a question's statuses, or of who answered: level, colours, legend, chosen territory, table and download.

What each territory's public status is comes from `lib.analysis.levels`, how it looks from `lib.display`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from lib.analysis.engagement import level_stages
from lib.analysis.levels import available_levels, respondents_of, selected_territories, statuses
from lib.analysis.selection import EVERYBODY, Selection
from lib.analysis.territories import structures
from lib.display import stages
from lib.display.assets import SWATCHES
from lib.display.figure import MapPicture
from lib.display.formats import NARROW, counted, number, percent, plain, quoted, words
from lib.display.legend import LegendEntry, legend_html
from lib.display.maps import Perimeter, partial_notes, payload, region_map, styles
from lib.display.statuses import ANSWERED, NATURES, coverage_entries, entries, labels
from lib.survey.edition import Edition
from lib.survey.engagement import load_rule
from lib.territory.reference import load_reference
from lib.ui import blocks, filters, links, map_first, origin, session
from lib.ui.maps import Click, show_map

LEVELS = {
    "epci": "Intercommunalités",
    "commune": "Communes",
    "departement": "Départements",
    "perimetre": "Pays et syndicats",
}
NOUNS = {
    "epci": ("intercommunalité", "intercommunalités"),
    "commune": ("commune", "communes"),
    "departement": ("département", "départements"),
    "perimetre": ("pays ou syndicat", "pays, syndicats et autres structures"),
}
OWN = {"Réponse": "sa réponse", "Stade": "son stade"}
"""What a map shows, as the heading of a column, then as what one territory has."""
NOBODY = ""


@st.fragment
def show_status_map(
    edition: Edition, selection: Selection, question_id: str, *, name: str, title: str, row: str = ""
) -> None:
    """Draw the map of a question (or of one row of an array), its legend, the territory chosen and the table."""
    session.rerun_if_replaced(edition)
    level, beside = _choose_level(selection)
    column = f"{question_id}/{row}" if row else question_id
    answered = statuses(edition, column, selection, level)
    _show(edition, selection, level, beside, answered, entries(edition.codebook[question_id]), name, title)


@st.fragment
def show_coverage_map(edition: Edition, selection: Selection, *, name: str, title: str) -> None:
    """Draw the map of the territories that answered the survey, whatever they answered."""
    session.rerun_if_replaced(edition)
    level, beside = _choose_level(selection)
    answered = respondents_of(edition, selection, level).assign(status=ANSWERED.key)
    _show(edition, selection, level, beside, answered, [ANSWERED, *coverage_entries()], name, title)


@st.fragment
def show_stage_map(edition: Edition, selection: Selection, *, name: str, title: str) -> None:
    """Draw the map of the stages of engagement that may be shown by name."""
    session.rerun_if_replaced(edition)
    level, beside = _choose_level(selection)
    answered = level_stages(edition, selection, level)
    _show(edition, selection, level, beside, answered, stages.entries(load_rule()), name, title, "Stade")


def draw_stages(edition: Edition, level: str, on_click: Callable[[Click], None]) -> None:
    """Draw the map of stages of a level and its legend, without the choice of a territory: a click is the choice."""
    answered = level_stages(edition, EVERYBODY, level)
    listed = stages.entries(load_rule())
    selected = selected_territories(EVERYBODY, level, edition.millesime)
    drawing, legend = st.columns([3, 1], gap="medium")
    picture = _picture(edition, EVERYBODY, level, answered, selected, listed, "", "Stade d’engagement")
    with drawing:
        _draw(edition, picture, on_click)
    with legend:
        _legend(edition, picture)


def _choose_level(selection: Selection) -> tuple[str, Any]:
    """Draw the choice of the level; return it, and the place beside it for the choice of a territory."""
    levels = {level: LEVELS[level] for level in available_levels(selection)}
    left, right = st.columns([3, 2], gap="medium")
    with left:
        return filters.choice("niveau", "Niveau de la carte", levels, segmented=True), right


def _show(
    edition: Edition, selection: Selection, level: str, beside: Any, answered: pd.DataFrame,
    listed: list[LegendEntry], name: str, title: str, heading: str = "Réponse",
) -> None:  # fmt: skip
    selected = selected_territories(selection, level, edition.millesime)
    named = labels(listed)
    with beside:
        territory = _choose_territory(edition, answered)
    drawing, legend = st.columns([3, 1], gap="medium")
    picture = _picture(edition, selection, level, answered, selected, listed, territory, title)
    with drawing:
        _draw(edition, picture, _click)
    with legend:
        _legend(edition, picture)
        if selection.roles:
            st.caption(
                f"La carte ne tient pas compte du rôle{NARROW}: dans une petite commune, un rôle est une personne."
            )
    if territory:
        _portrait(edition, territory, answered, named, _silence(edition, territory, level, selected), heading)
    said, example = _reading(edition, answered, selected, level, named)
    blocks.reading(said + example)
    _table(edition, selection, answered, named, name, heading, picture, said)


def _picture(
    edition: Edition, selection: Selection, level: str, answered: pd.DataFrame, selected: pd.Index,
    listed: list[LegendEntry], territory: str, title: str,
) -> MapPicture:  # fmt: skip
    """Return the map as a value: what is sent to the browser, the legend and its counts."""
    counts = {str(key): int(count) for key, count in answered["status"].value_counts().items()}
    counts["sans-reponse"] = counts.get("sans-reponse", 0) + len(selected.difference(answered.index))
    counts["hors-selection"] = len(selected_territories(EVERYBODY, level, edition.millesime)) - len(selected)
    # A level without a known list has no count of those that did not answer.
    optional = ("hors-selection",) if len(selected) else ("hors-selection", "sans-reponse")
    shown = tuple(entry for entry in listed if counts.get(entry.key) or entry.key not in optional)
    sent = _payload(edition, selection, level, answered, selected, listed, territory)
    picture = MapPicture(sent, shown, counts, title, NOUNS[level][1])
    return replace(picture, payload={**sent, "title": _alternative(edition, picture)})


def _alternative(edition: Edition, picture: MapPicture) -> str:
    """Return the text alternative of a map: what it shows, of what, how many territories in each class."""
    said = [f"{entry.label.lower()} {number(picture.counts.get(entry.key, 0))}" for entry in picture.entries]
    shown = blocks.subtitle(edition, f"{picture.title}, nombre de territoires ({picture.unit})")
    return f"Carte{NARROW}: {shown}. {f'{NARROW}; '.join(said)}."


def _legend(edition: Edition, picture: MapPicture) -> None:
    st.html(legend_html(picture.entries, picture.counts, title=picture.title, unit=picture.unit, kept=SWATCHES))
    st.caption(blocks.subtitle(edition))


def _choose_territory(edition: Edition, answered: pd.DataFrame) -> str:
    """Draw the list that chooses the same territory as a click, and return its code."""
    reference = load_reference(edition.millesime)
    asked = st.query_params.get("territoire", NOBODY)
    rows = zip(answered.index, answered["nom"], answered["departements"], strict=True)
    known = {code: f"{nom} ({', '.join(places)})" if places else str(nom) for code, nom, places in rows}
    if asked in reference.index and asked not in known:
        known[asked] = f"{reference.at[asked, 'nom']} ({reference.at[asked, 'departement']})"
    return filters.choice("territoire", "Territoire (ou cliquer sur la carte)", {NOBODY: "Aucun", **known})


def _click(click: Click) -> None:
    st.query_params["territoire"] = click.code


def _draw(edition: Edition, picture: MapPicture, on_click: Callable[[Click], None]) -> None:
    drawn, awaited = region_map(mark=origin.mark(edition)), map_first.address()
    # Not in the skeleton, which must stay the same when a visit goes on with another server.
    sent = {**picture.payload, "awaited": awaited} if awaited else picture.payload
    show_map(drawn, styles(sent), key="carte", height=560, on_click=on_click)


def _payload(
    edition: Edition, selection: Selection, level: str, answered: pd.DataFrame, selected: pd.Index,
    listed: list[LegendEntry], territory: str,
) -> Mapping[str, Any]:  # fmt: skip
    people = {str(code): int(n) for code, n in answered["respondents"].items()}
    silent = selected.difference(answered.index)
    outside = len(selected_territories(EVERYBODY, level, edition.millesime)) - len(selected)
    # Those without a class are not sent: be they the silent ones, or those outside the selection, the more numerous.
    absent = "sans-reponse" if len(silent) >= outside else "hors-selection"
    if absent == "sans-reponse":
        others = (
            selected_territories(EVERYBODY, level, edition.millesime).difference(selected).difference(answered.index)
        )
        listless = pd.Series("hors-selection", index=others, dtype=object)
    else:
        listless = pd.Series("sans-reponse", index=silent, dtype=object)
    return payload(
        level,
        pd.concat([answered["status"], listless]),
        listed,
        absent=absent,
        respondents=people,
        notes=partial_notes(load_reference(edition.millesime)) if level == "epci" else None,
        perimeters=_perimeters(answered) if level == "perimetre" else (),
        selected=territory or None,
        focus=selection.departements,
    )


def _perimeters(answered: pd.DataFrame) -> list[Perimeter]:
    natures = {"pays": "Pays ou PETR", "syndicat": "Syndicat mixte", "autre": "Autre structure"}
    rows = answered[["nom", "type", "membres"]].itertuples()
    return [Perimeter(str(row.Index), str(row.nom), natures[str(row.type)], row.membres) for row in rows]  # type: ignore[arg-type]


def _silence(edition: Edition, code: str, level: str, selected: pd.Index) -> str:
    """Return why a territory that is chosen shows no answer: another level, outside the selection, or none given."""
    reference = load_reference(edition.millesime)
    own = str(reference.at[code, "type"]) if code in reference.index else "perimetre"
    if own != level:
        return f"Pour voir sa réponse, choisissez le niveau {quoted(LEVELS[own])}."
    return "N’a pas répondu à l’enquête." if code in selected else "Hors de la sélection."


def _portrait(
    edition: Edition, code: str, answered: pd.DataFrame, named: Mapping[str, str], silence: str, heading: str
) -> None:
    """Draw what is known of the territory chosen. Names of pays come from respondents: never as Markdown."""
    with st.container(border=True):
        if code in load_reference(edition.millesime).index:
            st.markdown(_identity(edition, code))
        else:
            st.text(str(answered.at[code, "nom"]) if code in answered.index else code)
        if code in answered.index:
            status = named[str(answered.at[code, "status"])]
            people = counted(answered["respondents"].to_dict()[code], "répondant")
            own = OWN[heading]
            said = f"Selon des données simulées, {own}" if edition.simulated else f"{own[:1].upper()}{own[1:]}"
            st.markdown(f"{said}{NARROW}: **{plain(status)}** ({people}).")
        else:
            st.markdown(silence)
        if code in load_reference(edition.millesime).index or code in structures(edition):
            links.portrait(edition, code, "Voir son portrait", icon=":material/arrow_forward:")


def _identity(edition: Edition, code: str) -> str:
    """Return name, nature, population, place and EPCI of an official territory."""
    reference = load_reference(edition.millesime)
    row: Any = reference.loc[code]
    partial = f", dont {percent(row['part_population'])} dans la région" if row["partiel"] else ""
    places = words(str(reference.at[departement, "nom"]) for departement in row["departements"])
    said = f"**{row['nom']}** · {NATURES[row['nature']]} · {number(row['population'])} habitants{partial} · {places}"
    if row["type"] == "commune" and row["epci"] in reference.index:
        said += f"  \nMembre de {reference.at[row['epci'], 'nom']}."
    return said


def _reading(
    edition: Edition, answered: pd.DataFrame, selected: pd.Index, level: str, named: Mapping[str, str]
) -> tuple[str, str]:
    """Return how many answered, and one of them as an example, maybe empty."""
    total = f" sur {number(len(selected))}" if len(selected) else ""
    sentence = (
        f"{counted(len(answered), *NOUNS[level])}{total} {'ont' if len(answered) > 1 else 'a'} répondu à l’enquête"
    )
    sentence, example = sentence + (f"{NARROW}; les autres sont laissées en clair." if len(selected) else "."), ""
    known = ~answered["status"].isin(("non-publiee", "sans-reponse", ANSWERED.key)).to_numpy()
    # Names of pays are typed by respondents: they are not quoted in a sentence.
    if known.any() and len(selected):
        first: Any = answered.iloc[known.argmax()]
        mark = "données simulées, " if edition.simulated else ""
        said = f"{first['nom']}{NARROW}: {quoted(named[first['status']])}"
        example = f" Par exemple ({mark}réponse publiée avec son accord), {said}."
    return sentence, example


def _table(
    edition: Edition, selection: Selection, answered: pd.DataFrame, named: Mapping[str, str], name: str, heading: str,
    picture: MapPicture, reading: str,
) -> None:  # fmt: skip
    level = str(picture.payload["level"])

    def table() -> pd.DataFrame:
        return pd.DataFrame(
            {
                "Territoire": answered["nom"],
                "Code": answered.index,
                "Départements": [", ".join(codes) for codes in answered["departements"]],
                heading: answered["status"].map(named),
                "Répondants": answered["respondents"],
            }
        )

    what = "" if heading.lower() in picture.title.lower() else f", {heading.lower()}"
    label = f"{picture.title}{what} de chaque territoire ({LEVELS[level].lower()})"
    blocks.data(
        table, table, name, edition, selection.without_roles(), unit="territoires", label=label,
        base=f"base{NARROW}: {counted(len(answered), *NOUNS[level])} {'ont' if len(answered) > 1 else 'a'} répondu",
        level=level, drawn=blocks.Drawn(picture, str(picture.payload["title"]), reading),
    )  # fmt: skip
