"""The questionnaire drafted from a file alone: kinds, options, parts, in the conventions of several tools."""

import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.survey.codebook import CodebookError, load_codebook, parse_codebook
from lib.survey.editions import SHIPPED
from lib.survey.normalisation import normalise, squeeze
from lib.survey.questionnaire import Codebook, Question
from lib.survey.reading.drafting import TO_COMPLETE, draft, draft_codebook
from lib.survey.reading.mapping import recognise
from lib.survey.reading.profiles import profile
from lib.survey.reading.table import read_table
from lib.survey.reading.tools import recognise_layout
from tests.survey.reading.world import small_world
from tests.survey.reading.writers import framaforms, generic, google_forms, limesurvey, microsoft_forms, sphinx
from tests.survey.world import export, written


def drafted(headings, rows, separator=";"):
    table = read_table(written(headings, rows, separator).encode())
    return draft(table, recognise_layout(table))


def by_text(codebook: Codebook) -> dict[str, Question]:
    return {question.text: question for question in codebook.questions}


def labels(question: Question) -> list[str]:
    return list(question.labels.values())


PARTS = ["Votre structure est…", "Nom de votre structure"]
STRUCTURES = [["Commune", "Pau"], ["Commune", "Agen"], ["EPCI", "CC du Thouarsais"], ["EPCI", "CC Aunis Sud"]] * 3


def test_the_small_world_is_drafted_as_it_was_put():
    table = read_table(export().encode())
    text = draft_codebook(table, recognise_layout(table))
    codebook = parse_codebook(text.encode())
    kinds = {question.text: question.kind for question in codebook.questions}
    assert kinds == {
        "Votre structure": "single",
        "Nom de la structure": "text",
        "Code INSEE": "text",
        "EPCI membres": "text",
        "Vous êtes…": "single",
        "Niveau [de 0 à 1]": "array",
        "Priorités": "ranking",
        "Quels freins ?": "multiple",
        "Actions": "array_multiple",
        "Publier ?": "single",
        "Comment nous avez-vous connus ?": "text",
    }
    parts = {name: getattr(codebook.parts, name) for name in ("territory_type", "territory_name", "territory_code")}
    texts = {name: codebook[id].text for name, id in parts.items()}
    assert texts == {
        "territory_type": "Votre structure",
        "territory_name": "Nom de la structure",
        "territory_code": "Code INSEE",
    }
    assert codebook[codebook.parts.territory_members].text == "EPCI membres"
    assert codebook[codebook.parts.role].text == "Vous êtes…"
    assert codebook[codebook.parts.consent].labels[codebook.parts.consent_yes] == "Oui"
    assert [codebook[id].text for id in codebook.parts.free_text] == ["Comment nous avez-vous connus ?"]

    found = by_text(codebook)
    freins = found["Quels freins ?"]
    assert labels(freins) == ["Temps, calendrier (agenda)", "Autre", "Aucun", "Ne sait pas"]
    assert freins.other
    assert freins.exclusive == tuple(option.code for option in freins.options[2:])
    assert freins.dont_know == (freins.options[3].code,)
    assert found["Votre structure"].labels == {"commune": "Commune", "epci": "EPCI", "pays": "Pays"}
    assert found["Priorités"].ranks == 2
    assert list(found["Niveau [de 0 à 1]"].row_labels.values()) == ["Fibre", "École d'aujourd’hui"]
    # « Bien », written once by hand, is a label like another for who has not seen the questionnaire.
    assert sorted(labels(found["Niveau [de 0 à 1]"])) == ["Absent", "Bien", "Ne sait pas", "Présent"]


def test_the_shipped_export_gives_the_shipped_questionnaire_but_for_what_a_file_cannot_tell():
    table = read_table(SHIPPED / "edition-simulee.csv")
    codebook = parse_codebook(draft_codebook(table, recognise_layout(table)).encode())
    found = {normalise(question.text): question for question in codebook.questions}
    shipped = load_codebook()
    for question in shipped.questions:
        one = found[normalise(question.text)]
        # A scale is a choice of one as far as cells show.
        assert one.kind == ("single" if question.kind == "scale" else question.kind), question.id
        assert set(map(normalise, labels(one))) == set(map(normalise, labels(question))), question.id
        assert len(one.rows) in (len(question.rows), len(question.rows) - 1), question.id
        assert len(one.dont_know) == len(question.dont_know), question.id
    for part in ("territory_type", "territory_name", "territory_code", "territory_members", "role", "consent"):
        put = shipped[getattr(shipped.parts, part)].text
        assert normalise(codebook[getattr(codebook.parts, part)].text) == normalise(put)


@pytest.mark.parametrize("source", [export().encode(), SHIPPED / "edition-simulee.csv"], ids=["small", "shipped"])
def test_a_draft_recognises_every_column_of_the_file_it_was_made_of(source):
    table = read_table(source)
    layout = recognise_layout(table)
    codebook = parse_codebook(draft_codebook(table, layout).encode())
    mapping = recognise(table, codebook, layout)
    unknown = [table.headings[place] for place, target in enumerate(mapping.columns) if target.role == "unknown"]
    assert unknown == [heading for heading in table.headings if not heading]
    assert {target.key for target in mapping.columns if target.role == "answer"} >= {
        key for key in codebook.columns if not key.endswith("/autre")
    }


def test_codes_of_limesurvey_become_ids_and_short_answers_options():
    headings = ["id", "submitdate", "lastpage", "terrtype", "G01Q02", "freins[SQ001]", "freins[SQ002]", "freins[other]"]
    headings += [
        "niv[1]",
        "niv[2]",
        "rang[1]",
        "rang[2]",
        "act[SQ001_SQ001]",
        "act[SQ001_SQ002]",
        "act[SQ002_SQ001]",
        "act[SQ002_SQ002]",
    ]
    rows = [
        [
            *(str(rank), "2026-03-02 10:00:00", "3", "A1" if rank % 2 else "-oth-", f"Texte {rank}"),
            *("Y", "", "la pluie" * (rank % 3)),
            *("A2", f"A{1 + rank % 2}", ("A1", "A2", "")[rank % 3], ("A2", "A1", "")[rank % 3], "Y", "", "", "Y"),
        ]
        for rank in range(1, 13)
    ]
    codebook = drafted(headings, rows).codebook
    assert {question.id: question.kind for question in codebook.questions} == {
        "terrtype": "single",
        "g01q02": "text",
        "freins": "multiple",
        "niv": "array",
        "rang": "ranking",
        "act": "array_multiple",
    }
    assert [option.code for option in codebook["freins"].options] == ["sq001", "sq002", "autre"]
    assert codebook["freins"].other
    assert [option.code for option in codebook["niv"].options] == ["a1", "a2"]
    assert [row.code for row in codebook["niv"].rows] == ["1", "2"]
    assert codebook["act"].columns == (
        "act/sq001/sq001", "act/sq001/sq002", "act/sq002/sq001", "act/sq002/sq002"
    )  # fmt: skip


def test_codes_with_texts_give_ids_and_wordings():
    headings = ["id._.ID de la réponse", "submitdate._.Date de soumission", "Q1._.Votre structure"]
    headings += ["Q2[SQ001]._.Quels freins ? [Temps]", "Q2[SQ002]._.Quels freins ? [Argent (euros)]"]
    rows = [[str(rank), "2026-03-02 10:00:00", ("Commune", "EPCI")[rank % 2], "Oui", "Non"] for rank in range(8)]
    codebook = drafted(headings, rows).codebook
    assert [(question.id, question.text, question.kind) for question in codebook.questions] == [
        ("q1", "Votre structure", "single"),
        ("q2", "Quels freins ?", "multiple"),
    ]
    assert codebook["q2"].labels == {"sq001": "Temps", "sq002": "Argent (euros)"}


def test_options_joined_in_a_cell_are_told_from_commas_inside_options():
    options = ["Temps, calendrier (agenda, retards)", "Argent", "Compétences"]
    several = [", ".join(options), options[1], ", ".join(options[:2]), ", ".join(options[1:]), options[0], options[2]]
    headings = ["Horodateur", *PARTS, "Quels freins ?", "Est-ce utile ?"]
    rows = [
        ["02/03/2026 10:00:00", *structure, several[rank % 6], ("Oui, beaucoup", "Oui, un peu", "Non")[rank % 3]]
        for rank, structure in enumerate(STRUCTURES)
    ]
    codebook = drafted(headings, rows, ",").codebook
    freins, utile = codebook.questions[-2:]
    assert freins.kind == "multiple"
    assert sorted(labels(freins)) == sorted([options[1], options[2], options[0]])
    # As many answers as pieces: the comma belongs to the answers.
    assert utile.kind == "single"
    assert sorted(labels(utile)) == ["Non", "Oui, beaucoup", "Oui, un peu"]


def test_framaforms_rows_of_headings_name_the_question_above_its_first_option():
    lines = [
        ["Enquête", "", "", "", "", "", "", "", ""],
        ["Détails de la soumission", "", "", "", "", "", "Quels freins ?", "", ""],
        ["Serial", "SID", "Time", "Draft", *PARTS, "Temps", "Argent", "Autre"],
    ]
    rows = [
        [
            *(str(rank), str(100 + rank), "2026-03-02 10:00:00", "0", *structure),
            *("X", "X" * (rank % 2), "la pluie" * (rank % 4 == 0)),
        ]
        for rank, structure in enumerate(STRUCTURES)
    ]
    text = "\n".join("\t".join(f'"{cell}"' for cell in row) for row in [*lines, *rows])
    table = read_table(text.encode("utf-16"))
    codebook = draft(table, recognise_layout(table)).codebook
    freins = by_text(codebook)["Quels freins ?"]
    assert (freins.kind, labels(freins), freins.other) == ("multiple", ["Temps", "Argent", "Autre"], True)
    assert codebook.parts.territory_type
    assert codebook.parts.territory_name


def test_paths_of_kobotoolbox_are_questions_where_a_tick_says_so():
    headings = ["start", "end", "bloc/structure", "bloc/lieu", "bloc/freins", "bloc/freins/temps", "bloc/freins/argent"]
    headings += ["_id", "_uuid", "_submission_time"]
    rows = [
        [
            *("2026-03-02", "2026-03-02", ("commune", "epci")[rank % 2], f"Lieu {rank}"),
            *(("temps", "temps argent")[rank % 2], "1", str(rank % 2), str(rank), f"u{rank}", "2026-03-02T10:00:00"),
        ]
        for rank in range(12)
    ]
    codebook = drafted(headings, rows).codebook
    kinds = {question.text: question.kind for question in codebook.questions}
    assert kinds == {"structure": "single", "lieu": "text", "freins": "multiple"}


def test_what_cannot_be_guessed_is_said_and_the_checker_refuses_it():
    headings = ["Êtes-vous content ?", "Que faites-vous ?"]
    rows = [[("Oui", "Non")[rank % 2], f"Activité {rank}"] for rank in range(10)]
    table = read_table(written(headings, rows).encode())
    text = draft_codebook(table, recognise_layout(table))
    assert text.count(f"# {TO_COMPLETE}") == 2
    assert tomllib.loads(text)["parts"]["territory_type"] == ""
    with pytest.raises(CodebookError, match="territory_type"):
        parse_codebook(text.encode())


def test_a_name_of_territory_is_a_text_even_when_few_names_come_back_often():
    codebook = drafted(PARTS, STRUCTURES).codebook
    assert codebook[codebook.parts.territory_name].kind == "text"
    assert codebook[codebook.parts.territory_name].required


def test_several_options_of_one_type_of_territory_become_one_under_all_their_names():
    types = ["Commune", "Communauté de communes", "Communauté d’agglomération", "Un syndicat mixte", "Association"]
    codebook = drafted(PARTS, [[types[rank % 5], f"Lieu {rank}"] for rank in range(20)]).codebook
    typed = {option.code: option for option in codebook[codebook.parts.territory_type].options}
    assert set(typed) == {"commune", "epci", "syndicat", "association"}
    assert {typed["epci"].label, *typed["epci"].aliases} == set(types[1:3])


def test_numbers_of_a_scale_are_in_order_and_many_numbers_are_texts():
    headings = [*PARTS, "Note", "Habitants"]
    rows = [[*structure, str(1 + rank * 7 % 5), str(1000 + rank)] for rank, structure in enumerate(STRUCTURES * 3)]
    found = by_text(drafted(headings, rows).codebook)
    assert (found["Note"].kind, labels(found["Note"])) == ("scale", ["1", "2", "3", "4", "5"])
    assert found["Habitants"].kind == "text"


def test_repeated_headings_are_left_beside_and_empty_ones_are_told():
    headings = [*PARTS, "Content ?", "Content ?", ""]
    rows = [[*structure, "Oui", "Non", "x"] for structure in STRUCTURES]
    one = drafted(headings, rows)
    assert [question.question.text for question in one.questions] == [*PARTS, "Content ?"]
    assert one.questions[2].beside == (3,)
    assert one.without_heading == (4,)


def test_an_option_and_a_row_without_label_are_kept_and_recognised_again():
    # LimeSurvey leaves out of its headings a label that looks like a tag: « <18 ».
    headings = ["Votre structure est…", "Nom de votre structure"]
    headings += ["Âge ? []", "Âge ? [De 18 à 25]", "Usages ? []", "Usages ? [Lire]"]
    answers = [["Oui", "Non", "Souvent", "Jamais"], ["Non", "Oui", "Jamais", "Souvent"]] * 6
    table = read_table(
        written(headings, [[*structure, *row] for structure, row in zip(STRUCTURES, answers, strict=True)]).encode()
    )
    layout = recognise_layout(table)
    codebook = parse_codebook(draft_codebook(table, layout).encode())
    found = by_text(codebook)
    assert labels(found["Âge ?"]) == ["(sans libellé)", "De 18 à 25"]
    assert list(found["Usages ?"].row_labels.values()) == ["(sans libellé)", "Lire"]
    assert [target.role for target in recognise(table, codebook, layout).columns] == ["answer"] * 6


@pytest.mark.shipped_region
def test_codes_without_brackets_are_gathered_with_the_text_of_autre_beside():
    headings = ["type", "lieu", "freins/temps", "freins/ne-sait-pas", "freins/autre", "freins/autre/texte"]
    headings += ["niveau_fibre", "niveau_ecole"]
    headings += ["act.fibre.bilan", "act.fibre.plan", "act.ecole.bilan", "act.ecole.plan"]
    rows = [
        [
            *structure,
            *(("x", "", "", "") if rank % 2 else ("", "", "x", f"Texte {rank}")),
            *(("fort", "nul") if rank % 3 else ("nul", "fort")),
            *("1", "0", "0", "1"),
        ]
        for rank, structure in enumerate(STRUCTURES)
    ]
    questions = {question.id: question for question in drafted(headings, rows).codebook.questions}
    assert {id: question.kind for id, question in questions.items()} == {
        "type": "single", "lieu": "text", "freins": "multiple", "niveau": "array", "act": "array_multiple",
    }  # fmt: skip
    assert questions["freins"].other
    assert len(questions["freins"].options) == 3
    assert (len(questions["act"].rows), len(questions["act"].options)) == (2, 2)


def test_a_question_answered_by_yes_or_no_names_no_territory():
    rows = [[*structure, "Oui" if rank % 2 else "Non"] for rank, structure in enumerate(STRUCTURES)]
    codebook = drafted([*PARTS, "Votre commune propose-t-elle un lieu ?"], rows).codebook
    assert by_text(codebook)["Votre commune propose-t-elle un lieu ?"].kind == "single"
    assert codebook[codebook.parts.territory_name].text == PARTS[1]
    alone = drafted(["Votre commune propose-t-elle un lieu ?"], [row[2:] for row in rows]).codebook
    assert alone.parts.territory_name == ""


def test_every_column_of_a_file_is_somewhere_in_its_draft():
    headings = [*PARTS, "Si oui", "Si oui", "Lieux []", "Lieux []", "Suite [Note]", "Suite [Note].1"]
    rows = [[*structure, *(f"{rank} {letter}" for letter in "abcdef")] for rank, structure in enumerate(STRUCTURES)]
    one = drafted(headings, rows)
    places = [place for found in one.questions for place in (*found.columns, *found.beside)]
    assert sorted(places) == list(range(len(headings)))


def test_identifiers_are_short_and_distinct():
    same = "Une très longue question dont le début est toujours le même, numéro "
    headings = [*PARTS, *(f"{same}{rank}" for rank in range(30))]
    codebook = drafted(headings, [[*structure, *["Oui"] * 30] for structure in STRUCTURES]).codebook
    ids = [question.id for question in codebook.questions]
    assert len(set(ids)) == len(ids) == 32
    assert max(map(len, ids)) <= 30


def test_blank_and_hidden_cells_are_no_answers():
    one = profile(np.array(["Oui", "", " ", "N/A", "n/a", "Non", "Oui"], dtype=object))
    assert one.filled.tolist() == [True, False, False, False, False, True, True]
    assert one.ticked.tolist() == [True, False, False, False, False, False, True]
    assert one.counts == {"Oui": 2, "Non": 1}


@pytest.mark.parametrize(
    ("tool", "style"),
    [
        *((limesurvey, {"headings": "complet", "long": long}) for long in (True, False)),
        *(
            (limesurvey, {"headings": "code-et-texte", "long": True, **more})
            for more in ({}, {"expression_codes": True})
        ),
        (limesurvey, {"headings": "complet", "long": True, "comments": True, "noise": True, "saved": "csv"}),
        *((framaforms, {"compact": compact, "keys": False}) for compact in (False, True)),
        (google_forms, {}),
        (microsoft_forms, {"form": "xlsx"}),
        (sphinx, {"several": "cellule"}),
        (generic, {"tick": "X"}),
    ],
    ids=str,
)
def test_kinds_are_guessed_in_the_convention_of_each_tool(tool, style):
    world = small_world()
    table = read_table(tool.write(world, **style))
    codebook = parse_codebook(draft_codebook(table, recognise_layout(table)).encode())
    found = {squeeze(question.text): question for question in codebook.questions}
    # A scale is a choice of one as far as cells show; Framaforms names no question above a lone choice of one.
    kinds = {"scale": "single"}
    wrong = {
        question.id: (question.kind, found[squeeze(question.text)].kind if squeeze(question.text) in found else None)
        for question in world.codebook.questions
        if squeeze(question.text) not in found
        or kinds.get(found[squeeze(question.text)].kind, found[squeeze(question.text)].kind)
        != kinds.get(question.kind, question.kind)
    }
    assert wrong == {}
    for part in ("territory_type", "territory_name"):
        assert squeeze(codebook[getattr(codebook.parts, part)].text) == squeeze(
            world.codebook[getattr(world.codebook.parts, part)].text
        )


@pytest.mark.shipped_region
def test_a_name_of_territory_is_found_by_its_cells_where_headings_are_codes():
    headings = ["id", "submitdate", "lastpage", "Q1", "Q2", "Q3[SQ001]", "Q3[SQ002]"]
    rows = [
        [str(rank), "2026-03-02 10:00:00", "2", type, name, "Y", ""] for rank, (type, name) in enumerate(STRUCTURES)
    ]
    codebook = drafted(headings, rows).codebook
    assert (codebook.parts.territory_type, codebook.parts.territory_name) == ("q1", "q2")
    assert codebook["q2"].kind == "text"


cells = st.sampled_from(
    ["Oui", "Non", "", "N/A", "a, b", "a", "b;c;", "X", "1", "é", "-oth-", "«\u202f»", "[x]"]
) | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_table_gives_a_draft_that_is_read_again_or_refused_in_french(data):
    width = data.draw(st.integers(2, 6))
    headings = data.draw(
        st.lists(cells.map(lambda cell: f"{cell}") | st.just("Q [a][b]"), min_size=width, max_size=width)
    )
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width), max_size=8))
    if not any(sign.isalpha() for heading in headings for sign in heading):
        headings[0] = "Question"
    table = read_table(written(headings, rows).encode())
    layout = recognise_layout(table)
    text = draft_codebook(table, layout)
    try:
        codebook = parse_codebook(text.encode())
    except CodebookError as fault:
        said = str(fault)
    else:
        said = "."
        recognise(table, codebook, layout)
    assert said.endswith(".")
