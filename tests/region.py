"""Places that tests name, in whichever region is in use.

A test that quotes a fact of the shipped region bears `pytest.mark.shipped_region`; any other one must pass with
NUMERIQUE_REGION naming another region, and takes its places here.
"""

from lib.survey.edition import load_edition
from lib.territory.reference import load_reference, load_region

SHIPPED = load_region().code == "75"
"""Whether the region in use is the one that is shipped."""

_REFERENCE = load_reference()
_PEOPLE = load_edition().respondents
_EPCI = _PEOPLE[(_PEOPLE["type"] == "epci") & _PEOPLE["territory"].notna()]


def _of(type, answered):
    """Return the codes of the territories of a type, those that answered or the others, the largest first."""
    listed = _REFERENCE[_REFERENCE["type"] == type].sort_values("population", ascending=False, kind="stable")
    return [str(code) for code in listed.index[listed.index.isin(_PEOPLE["territory"]) == answered]]


def _departements():
    """Return the départements, those in which most people answer for an EPCI first."""
    counts = _EPCI["departements"].explode().value_counts()
    codes = sorted(_of("departement", True) + _of("departement", False))
    return sorted(codes, key=lambda code: -counts.get(code, 0))


def _first(codes):
    """Return the first code; « » where there is none."""
    return next(iter(codes), "")


DEPARTEMENT = "33" if SHIPPED else _departements()[0]
"""A département of which several EPCI answer."""

_ANSWERED = set(_EPCI["departements"].explode())
WITHOUT_EPCI = "23" if SHIPPED else _first(code for code in _departements() if code not in _ANSWERED)
"""A département of which no EPCI answers; « » where there is none, in a region of one or two départements."""

ELSEWHERE = "40" if SHIPPED else _first(code for code in _departements() if code != DEPARTEMENT)
"""Another one; « » where there is none."""

EPCI = "200069854" if SHIPPED else _of("epci", True)[0]
"""An EPCI that answers."""

_INSIDE = [code for code in _of("commune", True) if DEPARTEMENT in _REFERENCE.at[code, "departements"]]
COMMUNE = "33063" if SHIPPED else _INSIDE[0]
"""A commune that answers, in `DEPARTEMENT`."""

SILENT_COMMUNE = "33281" if SHIPPED else _of("commune", False)[0]
"""A commune that does not answer."""


def name(code):
    """Return the name of a territory."""
    return str(_REFERENCE.at[code, "nom"])
