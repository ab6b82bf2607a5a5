"""What goes with what, as a visitor meets it: the two conditions of a strategy, and what two roles say differently.

Numbers come from `lib.analysis.associations`, charts and tables from `lib.display.differences`; the questions and the
roles compared are configured in data/published.toml.
"""

import pandas as pd
import streamlit as st

from lib.analysis.associations import BOTH, conditions, effects, role_differences, without_dont_know
from lib.analysis.selection import Selection, choices
from lib.display import differences
from lib.display.formats import (
    MASKED_WHY,
    NARROW,
    closed,
    counted,
    lower_first,
    number,
    percent,
    plain,
    quoted,
    small_count,
    words,
)
from lib.display.sentences import base_words, masked_out
from lib.display.tables import COUNTS_ONLY
from lib.survey.edition import Edition
from lib.survey.published import Conditions, Published, RoleGroup
from lib.ui import blocks, cards, figures

WITH, WITHOUT = "avec la condition", "sans la condition"
WHOLE = "Ensemble de la sélection"
FILLED = f"Point plein{NARROW}: l’écart dépasse sa marge."


def condition_names(crossed: Conditions) -> dict[str, str]:
    """Return the code and the name of each comparison that the conditions allow: each of them, then both."""
    return {factor.question: factor.label for factor in crossed.factors} | {BOTH: "Les deux ensemble"}


def published_words(edition: Edition, published: Published) -> None:
    """Draw the finding behind the conditions, what the figures may be taken for, and that they show no cause."""
    named = published.conditions.finding if published.conditions else ""
    for finding in published.findings:
        if finding.id == named and finding.published:
            status = cards.finding_status(edition, finding)
            st.markdown(f"Publié{NARROW}: {quoted(finding.published)} :gray[{status}]")
    st.markdown(
        f"**Association, pas cause**{NARROW}: ces figures disent ce qui va de pair, pas ce qui produit quoi. Une "
        "collectivité qui a une stratégie peut s’être dotée ensuite d’un portage ou d’une instance."
    )


def condition_groups(edition: Edition, selection: Selection, crossed: Conditions) -> pd.DataFrame:
    """Draw each comparison in one sentence, then the four groups that the two conditions make; return the former."""
    compared = effects(edition, crossed, selection)
    st.markdown("\n".join(_effect_line(row) for _, row in compared.iterrows()))
    rows = conditions(edition, crossed, selection)
    count, base = rows["count"].sum(skipna=False), rows["base"].sum()
    figures.dots(
        edition, selection, rows, name="conditions", unit="respondents", overall=count / base if base else float("nan"),
        title=f"Répondants qui déclarent {crossed.outcome.label}, selon que les deux conditions sont réunies",
        reading=f"dans le groupe {{label}}, {{part}} déclarent {crossed.outcome.label}. Tireté\u202f: ensemble des "
        "quatre groupes.",
    )  # fmt: skip
    outside = int(selection.mask(edition.respondents).sum() - base)
    st.caption(f"{_left_out(outside)}{_rule(edition, crossed, selection, compared)}")
    return compared


def effects_by_group(
    edition: Edition,
    selection: Selection,
    crossed: Conditions,
    whole: pd.DataFrame,
    *,
    code: str,
    by: str,
    by_words: str,
) -> None:
    """Draw the difference that goes with one comparison, in the whole selection and in each group of a breakdown.

    `whole` is what `condition_groups` returned for the selection.
    """
    groups = effects(edition, crossed, selection, by=by)
    groups = groups[groups.index.get_level_values("code") == code].droplevel("code")
    groups = groups[groups["base"] + groups["other_base"] > 0]
    groups["label"] = groups.index.map(choices(edition, by))
    whole = whole[whole.index == code].assign(label=WHOLE)
    rows = pd.concat([whole, groups]) if len(groups) > 1 else groups
    name = lower_first(condition_names(crossed)[code])
    _draw(
        edition, selection, rows, name=f"conditions-{code}-par-{by}", first=WITH, second=WITHOUT, heading="Groupe",
        title=f"Écart de la part qui déclare {crossed.outcome.label}, avec et sans la condition ({name}), {by_words}",
        subtitle="répondants", more_first="plus fréquente avec", more_second="plus fréquente sans",
        reading=f"dans le groupe {{label}}, {{first}} avec la condition, {{second}} sans\u202f: {{gap}}. {FILLED}",
        show_bases=True,
    )  # fmt: skip


def role_gaps(
    edition: Edition, selection: Selection, question: str, *, title: str, first: RoleGroup, second: RoleGroup
) -> None:
    """Draw how differently two groups of roles answer a question, the widest gap first.

    A filter on roles is ignored, and the page says so.
    """
    territories = selection.without_roles()
    rows = role_differences(edition, question, territories, first.roles, second.roles)
    if selection.roles:
        st.caption("Le filtre sur les rôles ne s’applique pas à cette figure\u202f: elle compare deux rôles.")
    clear = _clear(rows)
    if clear:
        st.markdown(f"**{plain(clear)}**")
    base, other = rows.iloc[0][["base", "other_base"]]
    bases = f"{_base(base)} {_bare(first.name)} et {_base(other)} {_bare(second.name)}"
    _draw(
        edition, territories, rows, name=f"roles-{question}-{first.id}-{second.id}", first=_bare(first.name),
        second=_bare(second.name), heading="Réponse", title=f"{title}\u202f: écart entre {first.name} et {second.name}",
        subtitle=bases, more_first=f"plus cité par {first.name}",
        more_second=f"plus cité par {second.name}",
        reading=f"{{label}}\u202f: {{first}} des {_bare(first.name)} et {{second}} des {_bare(second.name)}, soit "
        f"{{gap}}. {FILLED}",
    )  # fmt: skip
    st.caption(
        "Chaque marge est lue seule\u202f: quand rien ne sépare deux groupes, une comparaison sur vingt paraît nette "
        "par hasard. Les rôles ne répondent pas forcément pour les mêmes territoires\u202f: filtrez un type ou une "
        "taille pour les comparer à territoire égal."
    )


def _draw(
    edition: Edition, selection: Selection, rows: pd.DataFrame, *, name: str, first: str, second: str, heading: str,
    title: str, subtitle: str, more_first: str, more_second: str, reading: str, show_bases: bool = False,
) -> None:  # fmt: skip
    """Draw differences: chart, « comment lire » of the first row, what is not drawn, table and file.

    `reading` is filled with {label}, {first}, {second} (shares with their counts) and {gap}.
    """
    shown = differences.comparable(rows)
    drawn = rows[shown]
    # Respondents have no reference population: what the switch asks for cannot be done here.
    base = base_words(pd.concat([rows["base"], rows["other_base"]]))
    weighted = "non pondéré" if selection.weighted else "brut"
    subtitle = blocks.subtitle(edition, subtitle, weighted)
    seen = blocks.NOT_DRAWN
    missing = _not_drawn(rows[~shown])
    if drawn.empty:
        st.markdown(f"**{plain(title)}**")
        few = rows[["base", "other_base"]].min(axis=1) < COUNTS_ONLY
        why = f"Base insuffisante, moins de {COUNTS_ONLY} répondants d’un côté." if few.all() else missing
        st.info(plain(f"{subtitle}. {why} Le tableau donne les effectifs."), icon=":material/functions:")
    else:
        spec = differences.difference_dots(
            drawn, title=title, subtitle=subtitle, more_first=more_first, more_second=more_second, show_bases=show_bases
        )
        row = drawn.iloc[0]
        said = reading.format(
            label=quoted(row["label"]), first=_share(row, ""), second=_share(row, "other_"), gap=_gap(row)
        )
        seen = blocks.chart(spec, _alternative(title, drawn), f"{said} {missing}".strip())
    blocks.data(
        lambda: differences.contrast_table(rows, first, second, label=heading),
        lambda: differences.contrast_file(rows, first, second, label=heading),
        name, edition, selection, unit="répondants", label=title, weighting=weighted, base=base, drawn=seen,
    )  # fmt: skip


def _effect_line(row: pd.Series) -> str:
    """Return one comparison as an item of a list."""
    label = f"- {plain(row['label'])}{NARROW}:"
    if min(row["base"], row["other_base"]) < COUNTS_ONLY:
        return f"{label} base insuffisante pour comparer (moins de {COUNTS_ONLY} répondants d’un côté)."
    if row["hidden"]:
        return f"{label} comparaison masquée ({MASKED_WHY})."
    return f"{label} {differences.contrast_words(row)}."


def _rule(edition: Edition, crossed: Conditions, selection: Selection, compared: pd.DataFrame) -> str:
    """Return how « ne sait pas » is counted, and what the differences would be without it."""
    stricter = without_dont_know(edition, crossed)
    if stricter == crossed:
        return ""
    others = effects(edition, stricter, selection)
    both = differences.comparable(compared) & differences.comparable(others)
    rule = "Qui ne sait pas s’il y a une stratégie est compté parmi ceux qui n’en déclarent pas"
    if not both.any():
        return f"{rule}."
    gaps = words(f"{differences.points(row['difference'])} ({plain(lower_first(row['label']))})"
                 for _, row in others[both].iterrows())  # fmt: skip
    return f"{rule}\u202f; sans ces répondants, l’écart serait de {gaps}."


def _left_out(outside: int) -> str:
    if outside <= 0:
        return ""
    # Always in the plural: « moins de 3 » must not tell one from two.
    return (
        f"{small_count(outside)} répondants de la sélection ne sont dans aucun des quatre groupes, faute de réponse ou "
        "parce qu’une condition leur est inconnue. "
    )


def _not_drawn(rows: pd.DataFrame) -> str:
    """Return the sentence that names the rows left out and why; empty when there are none."""
    few = rows[["base", "other_base"]].min(axis=1) < COUNTS_ONLY
    named = words(rows.loc[few, "label"])
    insufficient = f"Base insuffisante (moins de {COUNTS_ONLY} répondants d’un côté){NARROW}: {named}."
    masked = masked_out(rows.loc[~few & rows["hidden"].astype(bool), "label"])
    # A label may end with an abbreviation: « … 49 999 hab. ».
    return f"{insufficient if few.any() else ''} {masked}".strip().replace("..", ".")


def _clear(rows: pd.DataFrame) -> str:
    """Return the sentence that says for how many answers the margin of the difference leaves zero out."""
    compared = rows[differences.comparable(rows)]
    if compared.empty:
        return ""
    clear = compared[(compared["low"] > 0) | (compared["high"] < 0)]
    if clear.empty:
        return "Aucun écart net entre les deux rôles\u202f: toutes les marges contiennent zéro."
    named = words(f"{quoted(row['label'])} ({differences.points(row['difference'])})" for _, row in clear.iterrows())
    return f"L’écart est net pour {counted(len(clear), 'réponse')} sur {len(compared)}\u202f: {named}."


def _share(row: pd.Series, side: str) -> str:
    share, count, base = row[f"{side}share"], row[f"{side}count"], row[f"{side}base"]
    return f"{percent(share, base)} ({number(count)} sur {number(base)})"


def _gap(row: pd.Series) -> str:
    margin = differences.points_margin(row["low"], row["high"])
    return f"{differences.points(row['difference'])}, marge indicative {margin}"


def _base(base: float) -> str:
    return number(base) if base >= COUNTS_ONLY else f"moins de {COUNTS_ONLY}"


def _bare(name: str) -> str:
    """Return a plural without its article: « les élu·es » gives « élu·es »."""
    return name.removeprefix("les ")


def _alternative(title: str, drawn: pd.DataFrame) -> str:
    said = [f"{row['label']} {differences.points(row['difference'])}" for _, row in drawn.head(12).iterrows()]
    more = "… La suite est dans le tableau." if len(drawn) > len(said) else "."
    return f"{closed(title)} " + "\u202f; ".join(said) + more
