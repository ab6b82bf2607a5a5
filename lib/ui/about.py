"""What the page Méthode says: source, rules of reading, questionnaire, matching report, limits, sources.

Counts are taken from the edition itself; nothing a respondent typed is shown.
"""

import json

import pandas as pd
import streamlit as st

from lib.analysis.selection import Selection, choices
from lib.display.formats import NARROW, THRESHOLD, counted, number, plain, quoted
from lib.display.tables import CAUTION, COUNTS_ONLY
from lib.survey.edition import Edition
from lib.survey.published import Published
from lib.survey.questionnaire import KINDS
from lib.territory.reference import Region, load_region
from lib.territory.region_folder import GEO
from lib.ui import blocks

SOURCES = GEO / "sources.json"

METHODS = {
    "memorise": "Par un choix mémorisé",
    "code": "Par son code INSEE ou SIREN",
    "exact": "Par son nom exact",
    "alias": "Par un nom d’usage ou un sigle",
    "former": "Par le nom d’une ancienne commune",
    "correction": "Après correction d’une faute de frappe",
    "perimeter": "Par son nom déclaré et ses intercommunalités membres",
    "ambiguous": "Ambigu : plusieurs territoires possibles",
    "none": "Non reconnu",
}

READING = f"""
- **La base.** Chaque part porte sur ceux à qui la question a été posée et qui y ont répondu ; « ne sait pas » est une
  réponse. Une question à choix multiple où rien n’est coché est une absence de réponse.
- **Qui compte.** Pour une opinion (besoins, freins, portage politique), chaque répondant compte. Pour un fait
  (stratégie, instance, mobilisation, actions), chaque territoire compte une fois : si ses répondants sont d’accord,
  « ne sait pas » mis à part, leur réponse est la sienne ; sinon il est classé en « réponses divergentes ».
- **La marge indicative** donne les valeurs que les réponses rendent plausibles, au niveau de 95 %, pour l’ensemble
  des territoires ou des répondants, comme si ceux qui ont répondu avaient été tirés au sort. Pour des territoires
  d’un seul niveau, dont le nombre est connu, elle est exacte (loi hypergéométrique) et nulle quand tous ont répondu.
  Pour des répondants, ou plusieurs niveaux ensemble, c’est l’intervalle de Wilson, sur un nombre de répondants réduit
  quand plusieurs répondent pour le même territoire. Elle est *indicative* : chacun a choisi de répondre.
- **Les petites bases.** Sous {COUNTS_ONLY}, seuls les effectifs sont donnés ;
  de {COUNTS_ONLY} à {CAUTION - 1}, le chiffre est à interpréter avec
  prudence ; sous {THRESHOLD} répondants, rien n’est affiché.
- **Sur la carte**, seuls des faits sont montrés par territoire, et seulement si tous ses répondants ont accepté la
  publication ; sinon le territoire « a répondu (réponse non publiée) ». Aucun niveau ne répond pour un autre.
"""

LIMITS = """
- L’enquête est volontaire : ceux qui répondent peuvent être plus engagés que les autres. Les chiffres sont bruts par
  défaut ; pondérer ne corrige que la taille et le département.
- Les niveaux de territoire (commune, intercommunalité, département, pays) ne se comparent qu’avec précaution : un
  même habitant relève de plusieurs d’entre eux.
"""

COMMITMENTS = """
- **Accessibilité : non conforme, aucun audit réalisé à ce jour.** Sont vérifiés automatiquement à chaque version : la
  langue du document, les titres de page, l’absence de défilement horizontal à 390 pixels, l’absence de texte anglais.
- **Données personnelles.** Aucune réponse individuelle, aucun nom, aucune adresse, aucun texte libre n’est affiché.
  Le tableau de bord n’utilise aucun traceur et n’appelle aucun service extérieur. La page
  [Confidentialité](confidentialite) dit ce qui est conservé, combien de temps, et comment faire retirer une réponse.
"""


def limits(published: Published) -> str:
    """Return what the figures cannot say, and what is missing beside them."""
    return f"{LIMITS}- {published.caveat}\n"


def source(edition: Edition, published: Published) -> str:
    """Return where the answers come from, and what a simulated edition may not be taken for."""
    title = quoted(plain(edition.title))
    if edition.simulated:
        fitted = " et calée sur les seuls constats de la synthèse publiée" if edition.fitted else ""
        return (
            f"**Les réponses affichées sont simulées.** L’édition {title}, {plain(edition.collected)}, est "
            f"produite par un programme{fitted}. Elle ne peut rien "
            "confirmer : elle montre ce que le tableau de bord dira des vraies réponses, que "
            f"{published.team} y importera. "
            + (f"La synthèse publiée : {published.source}." if published.quoted else published.caveat)
        )
    said = f"Réponses à l’enquête, édition {title}, recueillies en {plain(edition.collected)}."
    return f"{said} {published.source}." if published.source else said


def questionnaire(edition: Edition, selection: Selection) -> None:
    """Draw the questions, their kind, who counts and their options."""
    rows = [
        {
            "Question": question.text,
            "Nature": KINDS[question.kind],
            "Unité": "territoires" if question.unit == "territories" else "répondants",
            "Lignes": ", ".join(question.row_labels.values()),
            "Réponses proposées": ", ".join(question.labels.values()),
        }
        for question in edition.codebook.questions
    ]
    table = pd.DataFrame(rows)
    blocks.data(
        lambda: table, lambda: table, "questionnaire", edition, selection, unit="questions", label="questionnaire"
    )


def matching(edition: Edition) -> None:
    """Draw how many respondents of the whole edition were matched, and how."""
    respondents = edition.respondents
    known = int(respondents["territory"].notna().sum())
    st.markdown(
        f"{number(known)} répondants sur {number(len(respondents))} sont rattachés à un territoire "
        f"({counted(respondents['territory'].nunique(), 'territoire')}). Un nom ambigu n’est jamais deviné : "
        "la réponse compte alors parmi les répondants, mais pas sur les cartes ni dans les filtres de taille et de "
        "département."
    )
    table = pd.crosstab(respondents["method"], respondents["type"])
    table = table.reindex(index=list(METHODS), columns=list(choices(edition, "type")), fill_value=0)
    short = {code: label.split(" (")[0] for code, label in choices(edition, "type").items()}
    table = table.rename(columns=short, index=METHODS).rename_axis(None, axis=1)
    table = table[table.sum(axis=1) > 0].rename_axis("Rattachement").reset_index()
    st.dataframe(table, hide_index=True, alt=f"Tableau{NARROW}: rattachement des répondants, par type de territoire")


def issues(edition: Edition) -> None:
    """Draw the faults found in the file, counted by problem: no row, no value of a respondent."""
    found = edition.issues
    if found.empty:
        st.markdown("Aucune anomalie relevée.")
        return
    total = int(found["rows"].sum())
    st.markdown(
        f"{counted(total, 'anomalie')} relevées à la lecture du fichier. Aucune réponse n’a été perdue : une "
        "réponse illisible est comptée comme absente et signalée."
    )
    kinds = found["problem"].str.split(" :|:|\\.| \\(", regex=True).str[0].rename("Anomalie")
    table = found["rows"].groupby(kinds).sum().sort_values(ascending=False, kind="stable")
    st.dataframe(
        table.rename("Nombre").reset_index(),
        hide_index=True,
        alt=f"Tableau{NARROW}: anomalies relevées dans le fichier",
    )


def sources() -> str:
    """Return the sources of boundaries and nomenclature, as geo/sources.json records them."""
    region = load_region()
    used = json.loads(SOURCES.read_text(encoding="utf-8"))["sources"]
    contours, nomenclature, *earlier = used
    years = sorted(source["year"] for source in earlier)
    same = f"{NARROW}: aucune commune n’a changé d’intercommunalité entre les deux" if region.earlier else ""
    return f"""
- **Contours** : paquet PyPI `{contours["package"]}` {contours["version"]}, polygones des communes du code officiel
  géographique de 2024, réunis pour celles qui ont fusionné depuis. Le paquet se déclare sous licence GPL-3.0 et ne
  dit ni la source ni l’année de la géométrie (probablement des contours publics dérivés d’Admin Express, de l’IGN).
- **Nomenclature** : paquet npm `{nomenclature["package"]}` {nomenclature["version"]}, code officiel géographique et
  composition des intercommunalités de {region.millesime} (données sous Licence Ouverte). Le fichier des
  intercommunalités y est identique à celui de l’édition précédente{same}.
- **Anciennes communes** : les éditions de {years[0]} à {years[-1]} du même paquet disent ce que sont devenues les
  communes fusionnées.
{_beyond(region)}"""


def _beyond(region: Region) -> str:
    """Return how many EPCI reach beyond the region, and how they are drawn; "" for none."""
    count = region.counts.get("partial_epci", 0)
    if not count:
        return ""
    ways = (
        "la dépassent ; elles sont dessinées entières, et leur part"
        if count > 1
        else ("la dépasse ; elle est dessinée entière, et sa part")
    )
    return (
        f"- Région {region.nom} : {counted(count, 'intercommunalité')} {ways} d’habitants dans la région est dite "
        "sur la carte.\n"
    )
