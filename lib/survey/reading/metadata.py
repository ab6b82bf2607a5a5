"""The columns that survey tools add of their own: their names in French and in English, and their dates.

Which tool wrote a file is told by `tools`; what is counted from these columns belongs to the quality report.
"""

import re
from collections.abc import Iterable

import pandas as pd

from lib.survey.normalisation import normalise

LIMESURVEY = {
    "id": ("id", "id de la réponse", "id réponse", "response id", "identifiant de la réponse"),
    "submitdate": ("submitdate", "date de soumission", "date submitted"),
    "lastpage": ("lastpage", "dernière page", "last page"),
    "startlanguage": ("startlanguage", "langue de départ", "start language"),
    "seed": ("seed", "tête de série"),
    "startdate": ("startdate", "date de lancement", "date started"),
    "datestamp": ("datestamp", "date de la dernière action", "date last action"),
    "interviewtime": ("interviewtime", "temps total", "total time"),
}
FRAMAFORMS = {
    "serial": ("serial", "numéro de série", "numéro", "série", "n° de série"),
    "id": ("sid", "id de soumission", "identifiant de soumission"),
    "submitdate": (*("time", "heure", "temps", "date", "submitted time", "heure de soumission", "date de soumission"),),
    "enddate": ("completed time", "heure d'achèvement", "heure de fin", "terminé le", "completed", "date de fin"),
    "datestamp": ("modified time", "heure de modification", "modifié", "dernière modification"),
    "draft": ("draft", "brouillon"),
    "uid": ("uid", "id utilisateur", "id de l'utilisateur"),
}
GOOGLE: dict[str, tuple[str, ...]] = {
    "submitdate": ("horodateur", "timestamp", "horodatage"),
    "score": ("score",),
}
MICROSOFT = {
    "id": ("id",),
    "startdate": ("heure de début", "start time"),
    "submitdate": ("heure de fin", "completion time", "heure d'achèvement", "heure de l'achèvement"),
    "datestamp": ("heure de la dernière modification", "last modified time"),
    "startlanguage": ("langue", "language"),
}
KOBO: dict[str, tuple[str, ...]] = {
    "id": ("_id",),
    "uuid": ("_uuid",),
    "formulaire": ("uuid",),
    "startdate": ("start",),
    "enddate": ("end",),
    "submitdate": ("_submission_time",),
    "today": ("today",),
    "validation": ("_validation_status",),
    **{
        name: (name,)
        for name in (
            *("_notes", "_status", "__version__", "_tags", "_index", "_parent_index"),
            *("_parent_table_name", "_attachments", "_geolocation", "_bamboo_dataset_id", "_xform_id_string"),
            *("meta/instanceid", "meta/rootuuid", "meta/deprecatedid", "formhub/uuid", "_version_", "audit"),
            *("instanceid", "rootuuid", "deprecatedid"),
        )
    },
}
SPHINX: dict[str, tuple[str, ...]] = {
    "id": ("cle", "clé", "n° d'observation", "numéro d'observation", "n° obs", "num_obs"),
    "startdate": ("date_saisie", "date de saisie"),
    "submitdate": ("date_enreg", "date d'enregistrement"),
    "datestamp": ("date_modif", "date de modification"),
    "interviewtime": ("temps_saisie", "temps de saisie"),
    "origine": ("origine_saisie",),
    "startlanguage": ("lang_saisie", "langue de saisie"),
    "appareil": ("appareil_saisie",),
    "progression": ("progression",),
    "lastpage": ("derniere_question_saisie", "dernière question saisie"),
}
ANY = {
    "id": ("id", "identifiant", "id de la réponse", "response id"),
    "submitdate": ("submitdate", "date de soumission", "horodateur", "horodatage", "timestamp", "date de réponse"),
    "startdate": ("startdate", "date de début"),
}

_TIMING = re.compile(
    r"(?:interview|group|question)time\d*"
    r"|(?:temps|durée) (?:totale?\s*:?|(?:pour|passée? sur|de) (?:la q(?:uestion)?|le g(?:roupe)?|la page)\b.*)"
    r"|(?:question|group|total) time\b.*"
    r"|.*\((?:temps|durée) en secondes\)"
)

_DATE = (
    r"^\s*(?P<a>\d{1,4})[-/.](?P<b>\d{1,2})[-/.](?P<c>\d{1,4})"
    r"(?:[T\s,à]+(?P<h>\d{1,2})[:hH](?P<m>\d{2})(?::(?P<s>\d{2})(?:[.,]\d+)?)?\s*(?P<half>[AaPp][Mm])?)?"
    r"\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}|GMT[+-]?[\d:]+|UTC[+-]?[\d:]+)*\s*$"
)
_WITH_ZONE = re.compile(r"\d{4}/\d{1,2}/\d{1,2} \d{1,2}:\d{2}(?::\d{2})? [AP]M [A-Z]{2,}.*")
_UNDATED = 1980
"""Year of the dates that LimeSurvey writes when a survey is set not to date its answers."""


def names(own: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """Return the name of each heading of a tool's own columns, headings being normalised."""
    return {normalise(heading): name for name, headings in own.items() for heading in headings}


def is_timing(heading: str) -> bool:
    """Tell whether a normalised heading is that of a time spent on a question, a page or the whole."""
    return bool(_TIMING.fullmatch(heading))


def is_downloaded(cells: Iterable[str]) -> bool:
    """Tell whether Google's form itself wrote these dates (`2026/03/21 1:05:00 PM UTC+1`), not its spreadsheet."""
    return any(_WITH_ZONE.fullmatch(cell.strip()) for cell in cells)


def parse_dates(cells: pd.Series) -> pd.Series:
    """Return the dates written in a tool's own column.

    Read are ISO dates, with or without a time zone (which is left out: times are those of the tool), and
    `dd/mm/yyyy hh:mm[:ss]`; the month comes first only where some of the dates allow nothing else.

    Parameters
    ----------
    cells : Series of str

    Returns
    -------
    Series of datetime64[s]
        Same index; NaT for what is blank, no date, or LimeSurvey's 1980-01-01, which means undated.
    """
    texts = cells.astype("str").drop_duplicates()
    found = texts.str.extract(_DATE)
    number = found[["a", "b", "c", "h", "m", "s"]].apply(pd.to_numeric, errors="coerce")
    iso = number["a"] > 31
    american = (number.loc[~iso, "b"] > 12).any() and not (number.loc[~iso, "a"] > 12).any()
    first, second = ("b", "a") if american else ("a", "b")
    year = number["a"].where(iso, number["c"])
    year = year.where(year >= 100, year + 2000)
    hour = number["h"].fillna(0)
    half = found["half"].str.lower()
    hour = hour.where(half.isna(), hour % 12 + 12 * (half == "pm"))
    parts = pd.DataFrame(
        {
            "year": year,
            "month": number["b"].where(iso, number[second]),
            "day": number["c"].where(iso, number[first]),
            "hour": hour,
            "minute": number["m"].fillna(0),
            "second": number["s"].fillna(0),
        }
    )
    # Years that no tool writes would overflow or mean something else.
    parts = parts.where((year > _UNDATED) & (year < 2200))
    dates = pd.to_datetime(parts, errors="coerce").astype("datetime64[s]")
    return pd.Series(cells.astype("str").map(dict(zip(texts, dates, strict=True))), index=cells.index).astype(
        "datetime64[s]"
    )
