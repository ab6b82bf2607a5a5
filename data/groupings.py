"""Respondents without an official code: pays and PETR, syndicats, others, each with the EPCI it is made of.

The groupings are only those a simulated respondent declares; they are no reference list, and may be
incomplete.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Grouping:
    """A structure without an official polygon: its name, its type, and the SIREN of its member EPCI."""

    name: str
    type: str
    members: tuple[str, ...] = ()


def _pays(name: str, members: str) -> Grouping:
    return Grouping(name, "pays", tuple(members.split()))


def _syndicat(name: str, members: str = "") -> Grouping:
    return Grouping(name, "syndicat", tuple(members.split()))


PAYS = (
    _pays("Pays Périgord Vert", "200071819 200041572 242400752 200040400 242400935 242401024"),
    _pays("Pays du Périgord Noir", "200027217 200040830 200041051 200041150 200041168 200041440"),
    _pays("Pays de l'Isle en Périgord", "200040392 200040095 200040384 200069094"),
    _pays("Pays du Grand Bergeracois", "200070647 200034197 200034833 200040889"),
    _pays("Pôle territorial Sud Gironde", "200043974 200043982 200044394 200069581 200069599"),
    _pays("PETR Cœur Entre-deux-Mers", "243301215 243301439 243301355 243301249"),
    _pays("PETR du Grand Libournais", "200070092 200035533 243301397 243301454 243301371"),
    _pays("Pays de la Haute Gironde", "200023794 243300811 243301181 243301223"),
    _pays("Pays Adour Landes Océanes", "200069417 244000675 244000865 244000659"),
    _pays("Pays Adour Chalosse Tursan", "200030435 200069631 200069649 244000881"),
    _pays("Pays de l'Agenais", "200096956 200068922"),
    _pays("Pays de la Vallée du Lot", "200023307 200068930 244701405"),
    _pays("Pays de Béarn", "200067254 200039204 200067239 200067262 200067288 200067296 246400337 246401756"),
    _pays("PETR du Pays du Ruffécois", "200072023 200043016"),
    _pays("Pays Sud Charente", "200029734 200070282"),
    _pays("Pays de Saintonge Romane", "200036473 241700517 241700632"),
    _pays("Pays Marennes-Oléron", "241700699 241700624"),
    _pays("Pays d'Aunis", "200041499 200041614"),
    _pays("PETR du Pays de Gâtine", "200041333 200069748 200041416"),
    _pays("Pays Haut-Poitou et Clain", "200069763 200043628"),
    _pays("Pays Monts et Barrages", "248719361 248719338 248719353"),
    _pays("PETR du Pays du Haut Limousin", "200071942 248719262 200066512"),
    _pays("Pays Vallée de la Dordogne Corrézienne", "200066751 200066769"),
    _pays("PETR Vézère-Auvézère", "200066603 241927243"),
    _pays("Pays Combraille en Marche", "200067593 200067544"),
    _pays("Pays Ouest Creusois", "242300135 242320000 242320109"),
)

SYNDICATS = (
    _syndicat("Syndicat mixte du SCoT de l'Angoumois", "200071827"),
    _syndicat("Syndicat mixte du SCoT du Seuil du Poitou", "200069854 248600413 200069763 200043628"),
    _syndicat("Syndicat mixte d'études pour le SCoT du Périgord Noir", "200027217 200041150 200041168"),
    _syndicat("Syndicat mixte du SCoT de la Haute Gironde", "200023794 243301181 243301223"),
    _syndicat("Syndicat mixte numérique de la Gironde"),
    _syndicat("Syndicat mixte numérique de la Charente"),
    _syndicat("Syndicat mixte numérique de la Dordogne"),
    _syndicat("Syndicat mixte numérique de Lot-et-Garonne"),
    _syndicat("Syndicat intercommunal d'énergie du Limousin"),
    _syndicat("Syndicat mixte du bassin d'emploi du Thouarsais", "247900798"),
    _syndicat("Syndicat mixte du Bassin de Brive", "200043172 200066769"),
    _syndicat("Syndicat mixte du Sud des Landes", "244000675 244000865 200069417"),
)

OTHERS = (
    Grouping("Parc naturel régional Périgord-Limousin", "autre"),
    Grouping("Centre de gestion de la Creuse", "autre"),
    Grouping("Agence technique départementale de la Charente", "autre"),
    Grouping("Association des maires ruraux de la Vienne", "autre"),
    Grouping("CIAS du Haut Val de Sèvre", "autre"),
)

GROUPINGS = (*PAYS, *SYNDICATS, *OTHERS)
