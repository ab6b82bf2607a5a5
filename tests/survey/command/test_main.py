"""The command line, from a file to a published edition and back: what is printed, what is refused, exit statuses."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lib.survey.codebook import parse_codebook
from lib.survey.codebook_writer import write_codebook
from lib.survey.command.main import DONE, MISUSED, REFUSED, main
from lib.survey.store.opening import open_store
from lib.survey.store.publication import current_editions
from lib.survey.store.revisions import list_revisions, load_given
from tests.survey.world import codebook, export

ROOT = Path(__file__).parents[3]
IDENTITY = ["--id", "monde-2026", "--title", "Monde", "--collected", "mars 2026", "--started", "2026-03-01"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NUMERIQUE_DEPOT", str(tmp_path / "depot"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "monde.csv").write_text(export(), encoding="utf-8")
    (tmp_path / "monde.toml").write_text(write_codebook(codebook()), encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]):
    def call(*words: str) -> tuple[int, str, str]:
        status = main([word.replace("@", str(folder) + "/", 1) if word.startswith("@") else word for word in words])
        said = capsys.readouterr()
        return status, said.out, said.err

    return call


def imported(run, *more: str):
    return run("import", "@monde.csv", "--codebook", "@monde.toml", *IDENTITY, *more)


def test_from_a_real_command_line_nothing_but_json_is_on_the_output(folder):
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "lib.survey", "inspect", str(folder / "monde.csv"), "--json", "--codebook"]
    done = subprocess.run([*command, str(folder / "monde.toml")], cwd=ROOT, env=environment, capture_output=True)
    assert (done.returncode, done.stderr) == (DONE, b"")
    told = json.loads(done.stdout.decode("utf-8"))
    assert (told["tool"], told["rows"], told["questionnaire"]) == ("limesurvey", 12, "monde")
    refused = subprocess.run([*command[:4], str(folder / "absent.csv")], cwd=ROOT, env=environment, capture_output=True)
    assert (refused.returncode, refused.stdout) == (REFUSED, b"")
    assert "introuvable" in refused.stderr.decode("utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "il manque"),
        (["inspect"], "il manque\u202f: FICHIER"),
        (["inspect", "@monde.csv", "--jason"], "arguments inconnus"),
        (["match", "@monde.csv", "--type", "royaume"], "ne convient pas"),
        (["match", "@monde.csv", "--millesime", "deux"], "ne convient pas"),
        (["import", "@monde.csv", *IDENTITY[:-1], "hier"], "ne convient pas"),
        (["publish", "un", "--revision"], "attend une valeur"),
    ],
)
def test_a_badly_written_command_is_told_in_french(run, words, said):
    status, out, err = run(*words)
    assert (status, out) == (MISUSED, "")
    assert said in err
    assert "utilisation" in err
    assert "usage" not in err


def test_help_is_french(run):
    for words in ([], ["inspect"], ["match"], ["import"], ["publish"], ["restore"], ["purge"]):
        status, out, err = run(*words, "--help")
        assert (status, err) == (DONE, "")
        assert "utilisation" in out
        assert not {"usage", "show", "positional", "optional"} & set(out.replace(":", " ").replace(",", " ").split())


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["inspect", "@absent.csv"], "introuvable"),
        (["inspect", "@"], "est un dossier"),
        (["inspect", "@monde.csv", "--codebook", "@monde.csv"], "TOML valide, à la ligne 1, colonne "),
        (["inspect", "@monde.csv", "--codebook", "@absent.toml"], "introuvable"),
        (["match", "@monde.csv", "--millesime", "1999"], "Pas de liste des territoires de 1999"),
        (["match", "@faits.csv"], "Aucune colonne ne nomme un territoire"),
        (["match", "@monde.csv", "--codebook", "@monde.toml", "--csv", "@absent/r.csv"], "r.csv"),
        (["publish", "monde-2026"], "Aucune édition"),
        (["rollback", "monde-2026"], "Aucune édition"),
        (["withdraw", "monde-2026"], "Aucune édition"),
        (["backup", "@sauvegardes"], "Aucune édition"),
        (["restore", "@absent.sqlite"], "absent.sqlite"),
        (["restore", "@monde.csv"], "monde.csv"),
        (["import", "@monde.csv", "--id", "Été", *IDENTITY[2:]], "identifiant"),
        (["import", "@monde.csv", *IDENTITY, "--millesime", "1999"], "1999"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(run, folder, words, said):
    (folder / "faits.csv").write_text("a;b\n1;2\n1;3\n", encoding="utf-8")
    status, out, err = run(*words)
    assert (status, out) == (REFUSED, "")
    assert said in err
    assert err.rstrip().endswith(".")
    assert "Traceback" not in err


def test_looking_at_a_file_makes_no_store(run, folder):
    assert run("inspect", "@monde.csv")[0] == DONE
    assert run("match", "@monde.csv", "--codebook", "@monde.toml")[0] == DONE
    assert run("list")[1] == "Aucune édition importée.\n"
    assert run("purge")[0] == DONE
    assert not (folder / "depot").exists()


def test_inspect_says_what_was_found_without_a_personal_value(run):
    status, out, _ = run("inspect", "@monde.csv", "--codebook", "@monde.toml")
    assert status == DONE
    assert "LimeSurvey, 12 réponses, 24 colonnes" in out
    assert "Adresse électronique / e-mail (courriel)" in out
    assert "Comment nous avez-vous connus ?" in out
    assert "role\u202f: Maire (1)" in out
    assert "a@b.fr" not in out


@pytest.mark.shipped_region
def test_match_says_what_each_row_is(run, folder):
    status, out, err = run("match", "@monde.csv", "--codebook", "@monde.toml", "--json", "--csv", "@rapport.csv")
    assert (status, err) == (DONE, "")
    told = json.loads(out)
    assert told["columns"] == {
        "type": "Votre structure",
        "nom": "Nom  de la structure",
        "code": "Code INSEE",
        "membres": "EPCI membres",
    }
    rows = {row["line"]: row for row in told["rows"]}
    # Response n is on line n + 1.
    assert {
        key: rows[2][key] for key in ("type", "declared", "code_declared", "outcome", "method", "code", "name")
    } == {
        "type": "commune",
        "declared": "Bordeaux",
        "code_declared": "33063",
        "outcome": "matched",
        "method": "code",
        "code": "33063",
        "name": "Bordeaux",
    }
    assert rows[2]["departement"] == "33"
    assert rows[7]["outcome"] == "perimeter"
    assert rows[9]["outcome"] == "none"
    # There are several communes called Mazerolles in the region.
    assert rows[10]["outcome"] == "ambiguous"
    populations = [one["population"] for one in rows[10]["candidates"]]
    assert len(populations) > 1
    assert populations == sorted(populations, reverse=True)
    assert told["summary"]["rows"] == 12
    assert told["summary"]["none"] == 1
    with (folder / "rapport.csv").open(encoding="utf-8-sig", newline="") as report:
        lines = list(csv.DictReader(report, delimiter=";"))
    assert [line["ligne"] for line in lines] == [str(row["line"]) for row in told["rows"]]
    assert lines[0]["résultat"] == "reconnu"


@pytest.mark.shipped_region
def test_match_reads_a_list_of_names_and_a_table_headed_so(run, folder):
    (folder / "liste.csv").write_text("Pau\nLimoges\n=1+1\n", encoding="utf-8")
    told = json.loads(run("match", "@liste.csv", "--type", "commune", "--json", "--csv", "@r.csv")[1])
    assert [(row["line"], row["declared"], row["code"]) for row in told["rows"]] == [
        (1, "Pau", "64445"),
        (2, "Limoges", "87085"),
        (3, "=1+1", None),
    ]
    assert "'=1+1" in (folder / "r.csv").read_text(encoding="utf-8-sig")
    table = (
        "type;nom;code postal\nCommune;Pau;64000\nCommunauté de communes;CC Aunis Sud;\nMairie;Saint-Sauveur;33250\n"
    )
    (folder / "table.csv").write_text(table, encoding="utf-8")
    told = json.loads(run("match", "@table.csv", "--json")[1])
    assert [row["type"] for row in told["rows"]] == ["commune", "epci", "commune"]
    # Two communes of the region are called Saint-Sauveur: 33250 is the postal code of that of Gironde.
    assert [row["code"] for row in told["rows"]] == ["64445", "200041614", "33471"]


@pytest.mark.shipped_region
def test_match_takes_a_type_beside_a_name_of_the_questionnaire_and_the_given_one_where_it_is_blank(run, folder):
    # The application’s questionnaire asks for the name in these words; its type is asked otherwise.
    table = "Type;Nom de votre structure\nMétropole;Bordeaux Métropole\n;Limoges\n"
    (folder / "deux.csv").write_text(table, encoding="utf-8")
    told = json.loads(run("match", "@deux.csv", "--type", "commune", "--json")[1])
    assert told["columns"] == {"type": "Type", "nom": "Nom de votre structure"}
    assert [(row["type"], row["code"]) for row in told["rows"]] == [("epci", "243300316"), ("commune", "87085")]


def test_a_draft_of_the_questionnaire_is_printed_and_may_be_given_back(run, folder):
    status, out, _ = run("codebook", "@monde.csv")
    assert status == DONE
    assert parse_codebook(out.encode()).parts.territory_name == "nom-de-la-structure"
    (folder / "ebauche.toml").write_text(out, encoding="utf-8")
    told = json.loads(run("inspect", "@monde.csv", "--json", "--codebook", "@ebauche.toml")[1])
    assert all(question["recognised"] for question in told["questions"])
    assert told["unknown_columns"] == [""]


def test_the_schema_describes_a_question(run):
    told = json.loads(run("schema")[1])
    assert told["required"] == ["id", "title", "parts", "questions"]
    question = told["$defs"]["Question"]
    assert question["required"] == ["id", "kind", "text", "short"]
    assert "single" in question["properties"]["kind"]["enum"]
    assert question["properties"]["asked_if"] == {"$ref": "#/$defs/Condition"}
    assert told["$defs"]["Parts"]["required"] == ["territory_type", "territory_name"]
    assert told["$defs"]["Option"]["properties"]["exclusive"] == {"type": "boolean"}


@pytest.mark.shipped_region
def test_an_edition_is_imported_published_undone_withdrawn(run):
    status, out, _ = imported(run, "--who", "anne@exemple.fr", "--publish", "--json")
    assert status == DONE
    told = json.loads(out)
    # Response 10 answered nothing on the substance; « Ville imaginaire » is nowhere, Mazerolles in several places.
    assert told["counts"]["respondents"] == 11
    assert told["unmatched"] == {"non reconnus": 1, "ambigus": 1}
    assert told["unknown_columns"] == ["Comment nous avez-vous connus ?", ""]
    assert (told["number"], told["published"]) == (1, True)

    assert imported(run)[0] == DONE
    store = open_store()
    assert store is not None
    assert current_editions(store)["monde-2026"].number == 1
    assert current_editions(store)["monde-2026"].who == "anne@exemple.fr"
    assert run("publish", "monde-2026")[0] == DONE
    assert current_editions(store)["monde-2026"].number == 2
    assert run("publish", "monde-2026")[0] == REFUSED
    assert run("publish", "monde-2026", "--revision", "7")[0] == REFUSED
    status, out, _ = run("rollback", "monde-2026")
    assert (status, "révision 1" in out) == (DONE, True)
    assert current_editions(store)["monde-2026"].number == 1
    assert run("withdraw", "monde-2026")[0] == DONE
    assert current_editions(store) == {}
    assert run("withdraw", "monde-2026")[0] == REFUSED
    assert run("rollback", "monde-2026")[0] == DONE
    assert current_editions(store)["monde-2026"].number == 1
    listed = json.loads(run("list", "--json")[1])
    assert [(row["number"], row["state"]) for row in listed["revisions"]] == [(2, "remplacée"), (1, "publiée")]
    assert listed["published"][0]["edition_id"] == "monde-2026"
    assert listed["drafts"] == []
    assert "révision 2" in run("list")[1]


def test_contacts_are_dropped_unless_they_are_asked_for(run, folder):
    assert imported(run, "--contacts", "drop")[0] == DONE
    content = b"".join(path.read_bytes() for path in (folder / "depot").iterdir())
    assert b"a@b.fr" not in content


@pytest.mark.shipped_region
def test_a_respondent_is_deleted_and_told_again_when_an_older_backup_comes_back(run, folder):
    assert imported(run, "--publish")[0] == DONE
    status, out, _ = run("backup", "@sauvegardes")
    assert status == DONE
    saved = out.strip()
    store = open_store()
    assert store is not None
    (revision,) = list_revisions(store, "monde-2026")["id"]
    respondent = load_given(store, revision).respondents.index[0]
    assert run("delete-respondent", "monde-2026", "r-inconnu")[0] == REFUSED
    territory = load_given(store, revision).respondents["nom"].iloc[0]
    assert respondent in run("respondents", "monde-2026", territory.upper())[1]
    assert respondent in run("respondents", "monde-2026", respondent)[1]
    assert "Aucun répondant" in run("respondents", "monde-2026", "Nulle-Part-sur-Mer")[1]
    status, out, _ = run("delete-respondent", "monde-2026", respondent)
    assert (status, "révision 2" in out) == (DONE, True)
    status, out, _ = run("restore", saved)
    assert status == DONE
    assert f"delete-respondent monde-2026 {respondent}" in out
    store = open_store()
    assert store is not None
    assert list_revisions(store, "monde-2026")["number"].tolist() == [1]


def test_a_draft_whose_questionnaire_is_to_be_completed_is_kept_and_said(run, folder):
    rows = "\n".join(f"{('Oui', 'Non')[rank % 2]};Activité {rank}" for rank in range(8))
    (folder / "autre.csv").write_text(f"Content ?;Que faites-vous ?\n{rows}\n", encoding="utf-8")
    status, out, err = run("import", "@autre.csv", *IDENTITY)
    assert (status, out) == (REFUSED, "")
    assert "brouillon n° 1" in err
    assert "territory_type" in err
    assert [draft["id"] for draft in json.loads(run("list", "--json")[1])["drafts"]] == [1]


def test_a_new_questionnaire_is_drafted_and_imported_at_once(run):
    status, out, _ = run("import", "@monde.csv", *IDENTITY, "--json")
    assert status == DONE
    assert json.loads(out)["counts"]["respondents"] == 11


def test_the_store_is_made_and_purged(run, folder):
    assert run("migrate")[0] == DONE
    assert (folder / "depot" / "editions.sqlite").is_file()
    status, out, err = run("purge", "--backups", "@sauvegardes")
    assert (status, out) == (REFUSED, "")
    assert "Il n’y a pas de dossier" in err
    (folder / "sauvegardes").mkdir()
    status, out, _ = run("purge", "--backups", "@sauvegardes")
    assert (status, "0 brouillons" in out) == (DONE, True)
