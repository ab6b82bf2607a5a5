"""The configuration of the privacy page: what it must hold, what is refused, delays written where they are named."""

import re

import pytest

from lib.survey.privacy import OWED, PATH, PrivacyError, load_privacy
from lib.survey.retention import Retention, load_retention

RETENTION = Retention(contacts_days=400, drafts_days=1, backups_days=45)
SETTLED = "Dit."


def written(tmp_path, *, without="", changed=None, top="", link="https://exemple.test"):
    """Write a small configuration, one item for each thing owed and one for the delays; return its path."""
    said = dict.fromkeys(sorted(OWED), f'text = "{SETTLED}"')
    said["durees"] = 'text = "{contacts_days}, {drafts_days}, {backups_days}."'
    said = {name: line for name, line in (said | (changed or {})).items() if name != without}
    items = "".join(f'[[section.item]]\nid = "{name}"\nlabel = "{name}"\n{line}\n' for name, line in said.items())
    path = tmp_path / "privacy.toml"
    path.write_text(
        f'title = "Titre"\nsummary = "Résumé"\n{top}\n[contact]\nname = "Équipe"\naddress = "exemple.test"\n'
        f'link = "{link}"\n[[section]]\ntitle = "Tout"\n{items}',
        encoding="utf-8",
    )
    return path


def test_a_complete_configuration_is_read_with_its_delays(tmp_path):
    changed = {"hebergeur": 'pending = "l’exploitant"', "base-legale": 'text = "Proposée."\npending = "PQN-A"'}
    privacy = load_privacy(written(tmp_path, changed=changed), RETENTION)
    texts = {item.id: item.text for item in privacy.items}
    assert texts["durees"] == "400 jours, 1 jour, 45 jours."
    assert texts["droits"] == SETTLED
    # In the order of the file, where identifiers are sorted.
    assert [(item.id, item.text, item.pending) for item in privacy.pending] == [
        ("base-legale", "Proposée.", "PQN-A"),
        ("hebergeur", "", "l’exploitant"),
    ]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"without": "responsable"}, "il manque ce que tout lecteur doit savoir\u202f: responsable"),
        ({"without": "durees"}, "aucun texte ne dit la durée {backups_days}"),
        ({"changed": {"droits": ""}}, "«\u202fdroits\u202f» ne dit rien"),
        ({"changed": {"droits": 'text = "{annees}"'}}, "nomme une durée inconnue, {annees}"),
        ({"changed": {"droits": 'text = "Dit."\nlien = "x"'}}, "un champ manque ou est inconnu"),
        ({"changed": {"droits": 'text = "Dit."\nlink = "javascript:alert(1)"'}}, "https:// ou mailto:"),
        ({"link": "http://exemple.test"}, "https:// ou mailto:"),
        ({"changed": {"droits": 'text = "Appelez le 05 56 00 00 00."'}}, "aucun numéro de téléphone"),
        ({"changed": {"droits": 'text = "+33 5.56.00.00.00"'}}, "aucun numéro de téléphone"),
        ({"changed": {"x": 'text = "Dit."\n[[section.item]]\nid = "x"\nlabel = "x"\ntext = "Dit."'}}, "dit deux fois"),
        ({"top": "= rien"}, "n’est pas un fichier TOML lisible"),
    ],
)
def test_what_would_leave_a_reader_uninformed_is_refused_in_french(tmp_path, fault, said):
    with pytest.raises(PrivacyError, match=r"^data/privacy\.toml\u202f: ") as refused:
        load_privacy(written(tmp_path, **fault), RETENTION)
    assert said in str(refused.value)


@pytest.mark.shipped_region
def test_the_shipped_configuration_names_who_answers_and_the_delays_of_retention():
    privacy, retention = load_privacy(), load_retention()
    texts = {item.id: item.text for item in privacy.items}
    assert "Pays et Quartiers de Nouvelle-Aquitaine (PQN-A)" in texts["responsable"]
    assert f"{retention.contacts_days} jours" in texts["duree-coordonnees"]
    assert f"{retention.drafts_days} jours" in texts["duree-brouillons"]
    assert f"{retention.backups_days} jours" in texts["duree-sauvegardes"]
    assert f"{retention.backups_days} jours" in texts["retrait"]
    # Nobody knows yet who hosts it, nor who the delegate is: said, not invented.
    assert {"hebergeur", "delegue"} <= {item.id for item in privacy.pending if not item.text}


def test_nothing_of_the_shipped_configuration_is_a_personal_number():
    assert not re.search(r"(\d[\s.-]?){9,}", PATH.read_text(encoding="utf-8"))
