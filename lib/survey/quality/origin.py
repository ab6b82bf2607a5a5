"""Where and when responses come from: not retained, not submitted, hasty, out of the frame, silent on who they are.

The thresholds are the constants below, and each check says its own; odd answers belong to `answers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd

from lib.survey.edition import Edition
from lib.survey.quality.checks import Check, check
from lib.survey.reading.export import Export
from lib.survey.reading.metadata import parse_dates
from lib.territory.reference import load_reference

HASTY = 1 / 3
"""Fraction of the median time under which a response is told."""
FEWEST_TIMED = 10
"""Timed responses under which no median is computed."""

_TYPES = {"commune": "comme une commune", "epci": "comme un EPCI", "departement": "comme un département"}


@dataclass(frozen=True, eq=False)
class Times:
    """When the retained responses were given.

    Attributes
    ----------
    minutes : length of each *submitted* response, in minutes (float, index respondent; missing when not known).
    day : last day of each response (datetime at midnight; missing when not known).
    median_minutes : of `minutes`; None when fewer than `FEWEST_TIMED` are known.
    """

    minutes: pd.Series
    day: pd.Series
    median_minutes: float | None

    @property
    def timed(self) -> int:
        """Number of responses of a known length."""
        return int(self.minutes.notna().sum())


def times(edition: Edition, export: Export | None, lines: pd.Series) -> Times:
    """Return when responses were given, from the tool's own columns; missing where the file has none.

    The time that the tool measured (`interviewtime`, in seconds) goes before the difference of its dates.
    """
    index = lines.index
    minutes = pd.Series(float("nan"), index=index)
    day = pd.Series(pd.NaT, index=index, dtype="datetime64[ns]")
    if export is None or lines.isna().any() or not len(lines):
        return Times(minutes, day, None)
    kept = export.metadata.set_axis(export.lines, axis=0).loc[lines.to_numpy(dtype="int64")].set_axis(index, axis=0)
    dates = {name: parse_dates(kept[name]) for name in ("startdate", "datestamp", "submitdate") if name in kept}
    for name in ("startdate", "datestamp", "submitdate"):
        if name in dates:
            # The latest of the dates of a response stands last.
            day = dates[name].dt.normalize().astype("datetime64[ns]").fillna(day)
    if "startdate" in dates:
        for name in ("datestamp", "submitdate"):
            if name in dates:
                minutes = ((dates[name] - dates["startdate"]).dt.total_seconds() / 60).fillna(minutes)
    if "interviewtime" in kept:
        seconds = pd.to_numeric(kept["interviewtime"].str.strip().str.replace(",", ".", regex=False), errors="coerce")
        minutes = (seconds / 60).fillna(minutes)
    # A form left open for the night says nothing wrong; a negative time does.
    minutes = minutes.where((minutes > 0) & edition.respondents["complete"])
    timed = int(minutes.notna().sum())
    return Times(minutes, day, float(minutes.median()) if timed >= FEWEST_TIMED else None)


def set_aside(aside: pd.Series, retained: int) -> Check:
    """Return the responses of the file that are not retained; they have a line and no identifier here."""
    words = "aucune réponse au-delà de l’identification"
    found = pd.DataFrame(
        {
            "respondent": pd.Series([""] * len(aside), dtype="str"),
            "line": pd.array(aside.to_numpy(), dtype="Int64"),
            "what": pd.Series([words] * len(aside), dtype="str"),
        }
    )
    return Check(
        "ecartees",
        "Réponses écartées",
        len(aside),
        retained + len(aside),
        "réponses du fichier",
        "Une réponse est écartée quand elle ne répond à aucune question de fond.",
        "Rien à faire\u202f: elles ne comptent nulle part.",
        found,
    )


def not_submitted(edition: Edition, lines: pd.Series) -> Check:
    """Return the retained responses whose form was not submitted."""
    open_ones = edition.respondents.index[~edition.respondents["complete"]]
    return check(
        "non-soumises",
        "Formulaires non terminés",
        lines,
        dict.fromkeys(open_ones, "formulaire commencé, jamais envoyé"),
        rule="Le formulaire n’a pas de date de soumission, mais au moins une question de fond a une réponse.",
        advice="Elles comptent dans les questions auxquelles elles répondent. Pour les écarter, exportez les seules "
        "réponses complètes.",
    )


def several_per_territory(edition: Edition, lines: pd.Series) -> Check:
    """Return the territories of several responses; the count and the base are territories."""
    territories = edition.respondents["territory"]
    counts = territories.value_counts()
    several = counts[counts > 1].to_dict()
    official = load_reference(edition.millesime)["nom"].to_dict()
    what = {
        str(
            respondent
        ): f"{official.get(code, 'structure hors code officiel')} ({code})\u202f: {several[code]} réponses"
        for respondent, code in territories[territories.isin(several)].sort_values(kind="stable").items()
    }
    return check(
        "plusieurs",
        "Territoires qui ont plusieurs réponses",
        lines,
        what,
        rule="Au moins deux réponses retenues sont rattachées au même territoire.",
        advice="C’est permis\u202f: un territoire ne compte qu’une fois dans les faits, et ses divergences sont "
        "signalées. Vérifiez seulement les doublons ci-dessus.",
        count=len(several),
        base=len(counts),
        of="territoires reconnus",
    )


def hasty(lines: pd.Series, known: Times) -> Check:
    """Return the submitted responses given in less than a third of the median time."""
    what: dict[str, str] = {}
    rule = (
        f"Moins du tiers du temps médian des réponses envoyées, qui doivent être au moins {FEWEST_TIMED} à être datées."
    )
    if known.median_minutes is None:
        rule += (
            " Le fichier ne permet pas de le savoir."
            if not known.timed
            else f" Ici, {known.timed} seulement le {'sont' if known.timed > 1 else 'est'}."
        )
    else:
        quick = known.minutes[known.minutes < HASTY * known.median_minutes].sort_values(kind="stable")
        what = {str(respondent): _minutes(minutes) for respondent, minutes in quick.items()}
        rule += f" Ici, le temps médian est de {_minutes(known.median_minutes)}."
    return check(
        "pressees",
        "Réponses très rapides",
        lines,
        what,
        rule=rule,
        advice="Un questionnaire préparé d’avance se remplit vite\u202f: regardez d’abord celles qui sont aussi en "
        "ligne droite ou en double.",
        base=known.timed,
        of="réponses envoyées et datées",
    )


def _minutes(value: float) -> str:
    if value < 1:
        return f"{round(value * 60)} s"
    return f"{value:.1f} min".replace(".", ",") if value < 10 else f"{round(value)} min"


def out_of_period(lines: pd.Series, known: Times, started: date | None, ended: date | None) -> Check:
    """Return the responses whose last date is before the first day of the collection, or after the last one."""
    day = known.day.dropna()
    early = day < pd.Timestamp(started) if started else pd.Series(False, index=day.index)
    late = day > pd.Timestamp(ended) if ended else pd.Series(False, index=day.index)
    what = {str(respondent): f"{when:%d/%m/%Y}" for respondent, when in day[early | late].sort_values().items()}
    if started and ended:
        rule = f"Dernière date avant le {started:%d/%m/%Y} ou après le {ended:%d/%m/%Y}."
    elif started:
        rule = f"Dernière date avant le premier jour de la collecte, le {started:%d/%m/%Y}."
    else:
        rule = "La période de collecte n’est pas donnée\u202f: rien n’est vérifié."
    return check(
        "hors-periode",
        "Réponses hors de la période de collecte",
        lines,
        what,
        rule=rule,
        advice="Des essais faits avant l’ouverture\u202f? Supprimez-les dans l’outil d’enquête, puis exportez à "
        "nouveau.",
        base=len(day),
        of="réponses datées",
    )


def territories(edition: Edition, lines: pd.Series) -> tuple[Check, ...]:
    """Return the responses that no territory, several, one outside the region, or one of another type stands for."""
    people = edition.respondents
    reference = load_reference(edition.millesime)
    departements = set(reference.index[reference["type"] == "departement"])
    code = edition.codebook.parts.territory_code
    typed = edition.values[code].fillna("") if code else pd.Series("", index=people.index, dtype="str")
    digits = typed.str.replace(r"\s", "", regex=True)
    # The first characters of an INSEE or a postal code are those of the département.
    elsewhere = digits.str.fullmatch(r"\d[\dAB]\d{3}") & ~digits.str.slice(0, 2).isin(departements)
    unmatched = people["territory"].isna()
    foreign = unmatched & elsewhere
    none = unmatched & ~foreign & (people["method"] != "ambiguous")
    ambiguous = unmatched & ~foreign & (people["method"] == "ambiguous")
    official = people["territory"].map(reference["type"])
    other = official.notna() & people["type"].notna() & (official != people["type"])
    labels = edition.codebook[edition.codebook.parts.territory_type].labels
    told = people["type"].map({code: f"coché «\u202f{label}\u202f»" for code, label in labels.items()})
    possible = people["candidates"].map(lambda codes: f"{len(codes)} territoires possibles")
    step = "Choisissez le territoire à l’étape «\u202fTerritoires\u202f», ou laissez-la sans territoire\u202f: elle "
    step += "compte dans les résultats, pas sur les cartes."
    return (
        check(
            "hors-region", "Territoires hors de la région", lines,
            {str(one): "le code déclaré est d’un autre département" for one in people.index[foreign]},
            rule="Aucun territoire n’est reconnu, et le code déclaré commence par le numéro d’un département "
            "d’une autre région.",
            advice="Vérifiez que la personne devait répondre\u202f; sinon supprimez sa réponse dans l’outil d’enquête.",
        ),
        check(
            "non-reconnus", "Territoires non reconnus", lines,
            {str(one): "aucun territoire reconnu" for one in people.index[none]},
            rule="Ni le nom ni le code déclarés ne mènent à un territoire de la région.",
            advice=step,
        ),
        check(
            "ambigus", "Territoires ambigus", lines,
            {str(one): possible[one] for one in people.index[ambiguous]},
            rule="Plusieurs territoires portent ce nom, ou le nom et le code déclarés se contredisent.",
            advice=step,
        ),
        check(
            "autre-type", "Type déclaré et territoire contradictoires", lines,
            {str(one): f"{told[one]}, reconnu {_TYPES[str(official[one])]}"
             for one in people.index[other]},
            rule="Le territoire reconnu n’est pas du type coché.",
            advice="Le territoire reconnu fait foi sur les cartes, le type coché dans les filtres\u202f: corrigez dans "
            "l’outil d’enquête si c’est une erreur.",
            base=int(official.notna().sum()), of="réponses rattachées à un territoire officiel",
        ),
    )  # fmt: skip


def missing_parts(edition: Edition, lines: pd.Series) -> tuple[Check, ...]:
    """Return the responses silent on their type, their name, their role or their consent, where these are asked."""
    parts = edition.codebook.parts
    kept = "Elles comptent dans les résultats d’ensemble, pas dans ceux d’un {}."
    told = (
        ("sans-type", "Type de structure absent", parts.territory_type, kept.format("type de structure")),
        (
            "sans-nom",
            "Nom de la structure absent",
            parts.territory_name,
            "Sans nom ni code, elles ne sont pas sur les cartes.",
        ),
        ("sans-role", "Rôle absent", parts.role, kept.format("rôle")),
        (
            "sans-accord",
            "Accord de publication absent",
            parts.consent,
            "Sans accord, le territoire n’est jamais nommé.",
        ),
    )
    return tuple(
        check(
            id, title, lines,
            dict.fromkeys(edition.values.index[edition.values[question].isna()], "sans réponse"),
            rule=f"Pas de réponse à la question «\u202f{edition.codebook[question].short}\u202f».",
            advice=advice,
        )
        for id, title, question, advice in told
        if question
    )  # fmt: skip
