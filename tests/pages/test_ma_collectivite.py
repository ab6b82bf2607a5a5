"""The page Ma collectivité: any territory has its portrait, its numbers are those of lib, and no name says too much."""

import re
from functools import cache

import pytest
import streamlit as st

from lib.analysis.engagement import UNKNOWN, points, stage_shares, stages
from lib.analysis.facts import status
from lib.analysis.selection import Selection
from lib.analysis.shares import shares
from lib.analysis.territories import describe, structures
from lib.display.formats import counted, number, percent, quoted
from lib.display.sentences import share_words
from lib.survey.consent import publishable
from lib.survey.edition import load_edition
from lib.survey.engagement import load_rule
from lib.survey.exchange import exchanged
from lib.survey.published import load_published
from lib.territory.neighbourhood import neighbours
from lib.territory.reference import load_reference
from tests.pages.test_other_questionnaire import DESCRIPTION
from tests.pages.test_words import faults, said
from tests.pages.visits import charts, drawn_rows, seen, tables, texts, titles, visit, words
from tests.survey import world

NARROW = "\u202f"
PAGE, FIELD = "ma-collectivite", "recherche"
EDITION = exchanged(load_edition())
AGREED = publishable(EDITION.respondents)
REFERENCE = load_reference()
RULE = load_rule()
ACTING = ("structurees", "ponctuelles")
# A commune, an EPCI and a département that agreed, an island, a commune that did not answer; an EPCI partly elsewhere.
BORDEAUX, METROPOLE, GIRONDE, ISLAND, SILENT = "33063", "243300316", "33", "17004", "16001"
PARTIAL = next(str(code) for code, part in REFERENCE["part_population"].items() if part < 1)
GUERET = "23096"
ISLE = "pays:isle-en-perigord"
REFUSED = {
    "commune": GUERET,
    "pays": ISLE,
    **{
        kind: next(
            code for code in AGREED.index[~AGREED] if code in REFERENCE.index and REFERENCE.at[code, "type"] == kind
        )
        for kind in ("epci", "departement")
    },
}
PAYS = next(code for code in structures(EDITION) if code.startswith("pays:") and AGREED[code])
SHOWN = (BORDEAUX, METROPOLE, PARTIAL, GIRONDE, ISLAND, SILENT, PAYS, *REFUSED.values())


def portrait(code, **parameters):
    return seen(PAGE, "&".join(f"{name}={value}" for name, value in {"code": code, **parameters}.items()))


def sentence(page):
    """Return the sentence that answers, the first text in bold under the banner."""
    return next(text for text in texts(page) if text.startswith("**") and text.endswith("**")).strip("*")


def notices(page):
    """Return the notices of a page but the banner of a simulated edition."""
    found = [*page.warning, *page.info, *page.error]
    return [notice.value for notice in found if not notice.value.startswith("**Données simulées.**")]


@cache
def opened(code):
    """Return a portrait with its tables open; the other recommendations are there, folded."""
    page = visit(PAGE, code=code)
    for expander in page.expander:
        if expander.proto.id:
            page.session_state[expander.proto.id.split("-", 2)[2]] = True
    return page.run()


def links(page):
    return [link.proto.label for link in page.main.get("page_link")]


def buttons(page):
    return [button.label for button in page.main.button]


def titled(page):
    return [header.value for header in page.header]


def where(page, **expected):
    """Return whether the address of a page holds these parameters."""
    given = {name: value if isinstance(value, list) else [value] for name, value in page.query_params.items()}
    return all(given.get(name) == [value] for name, value in expected.items())


def acting(code):
    """Return on how many themes a territory acts and on how many this is known, respondent by respondent."""
    people = EDITION.respondents.index[EDITION.respondents["territory"] == code]
    acts = known = 0
    for theme in EDITION.codebook["themes"].row_labels:
        answers = EDITION.values.loc[people, f"themes/{theme}"].dropna()
        told = {answer in ACTING for answer in answers if answer != "nsp"}
        if len(told) == 1:
            known += 1
            acts += told.pop()
    return acts, known


# Who is found, and how.


@pytest.mark.shipped_region
def test_without_a_code_the_page_says_who_has_a_portrait_and_shows_the_map():
    page = seen(PAGE)
    assert not page.exception
    assert [title.value for title in page.title] == [f"Et chez nous{NARROW}?"]
    assert sentence(page).startswith(
        f"Les {counted(4293, 'commune')}, les 156 intercommunalités et les 12 départements de la région ont chacun"
    )
    territories = EDITION.respondents["territory"].nunique()
    assert f"Données simulées · {number(territories)} territoires ont répondu" in words(page)
    assert titled(page) == ["Ou choisissez sur la carte"]
    assert notices(page) == []
    assert buttons(page) == []


@pytest.mark.parametrize("code", ["99999", "", "pays:inconnu", "[piège](https://exemple.fr)", "<img src=x onerror=1>"])
def test_an_unknown_code_is_said_and_the_search_is_there(code):
    page = visit(PAGE, code=code)
    assert not page.exception
    assert page.text_input(key=FIELD).value == ""
    assert [title.value for title in page.title] == [f"Et chez nous{NARROW}?"]
    if not code:
        assert notices(page) == []
        return
    (warning,) = notices(page)
    assert warning.startswith("Aucune collectivité de la région ne porte le code «")
    assert warning.endswith("Cherchez-la par son nom ou son code postal.")
    assert "](http" not in warning
    assert "<img" not in warning


@pytest.mark.shipped_region
@pytest.mark.parametrize(
    ("typed", "first", "code"),
    [
        ("gueret", "Guéret (23000) · commune, Creuse", GUERET),
        ("33063", "Bordeaux (33000) · commune, Gironde", BORDEAUX),
        (METROPOLE, "Bordeaux Métropole · métropole, Gironde", METROPOLE),
        ("Gironde", "Gironde (33) · département", GIRONDE),
        ("isle en périgord", "Pays de l'Isle en Périgord · pays", ISLE),
    ],
)
def test_a_typed_text_gives_buttons_and_a_click_opens_the_portrait(typed, first, code):
    page = visit(PAGE)
    page.text_input(key=FIELD).set_value(typed).run()
    assert buttons(page)[0] == first
    page.button(key=f"choisir-{code}").click().run()
    assert not page.exception
    assert where(page, code=code)
    assert [title.value for title in page.title] == [describe(EDITION, code).nom]
    # The field is empty for the next search.
    assert page.session_state[FIELD] == ""


@pytest.mark.shipped_region
def test_a_postal_code_lists_all_its_communes():
    page = visit(PAGE)
    page.text_input(key=FIELD).set_value("64120").run()
    served = REFERENCE.index[[("64120" in codes) for codes in REFERENCE["codes_postaux"]]]
    assert len(buttons(page)) == len(served) > 12
    assert f"{len(served)} résultats" in words(page)
    assert "précisez" not in words(page)


def test_many_names_are_cut_and_the_page_says_so():
    page = visit(PAGE)
    page.text_input(key=FIELD).set_value("saint").run()
    assert len(buttons(page)) == 12
    assert f"12 résultats{NARROW}; précisez pour en voir d’autres" in texts(page)


@pytest.mark.shipped_region
def test_a_former_name_says_why_it_leads_there():
    page = visit(PAGE)
    page.text_input(key=FIELD).set_value("Vars").run()
    assert f"La Boixe (16330) · commune, Charente (ancien nom{NARROW}: Vars)" in buttons(page)


@pytest.mark.parametrize("typed", ["xyzzyq", "[xyzzyq](zzkqx)", "**xyzzyq** `zzkqx`"])
def test_nothing_found_says_what_to_try_and_repeats_no_markup(typed):
    page = visit(PAGE)
    page.text_input(key=FIELD).set_value(typed).run()
    assert not page.exception
    (info,) = notices(page)
    assert info.startswith("Aucune commune, intercommunalité, ni aucun département ou pays de la région")
    assert info.endswith("Essayez le code postal, ou le début du nom.")
    assert "](zzkqx" not in info
    assert "**xyzzyq**" not in info
    assert buttons(page) == []


# What a portrait says, and its numbers.


@pytest.mark.shipped_region
@pytest.mark.parametrize("code", SHOWN)
def test_every_kind_of_territory_has_a_portrait_written_in_careful_french(code):
    page = portrait(code)
    assert not page.exception
    assert [title.value for title in page.title] == [describe(EDITION, code).nom]
    assert faults([*said(page), *links(page), *buttons(page)]) == []
    assert "Chercher une autre collectivité" in links(page)
    # Every section is a question; one heading of level 1, then 2, then 3.
    assert all(title.endswith("?") for title in titled(page))
    assert len(titled(page)) == 5
    assert titled(page)[-1] == f"Que faire ensuite{NARROW}?"
    for chart in page.get("vega_lite_chart"):
        assert chart.proto.alt


def test_the_search_is_written_in_careful_french():
    for text in ("", "saint", "xyzzyq", "Vars"):
        page = visit(PAGE)
        page.text_input(key=FIELD).set_value(text).run()
        assert faults([*said(page), *buttons(page)]) == []


@pytest.mark.shipped_region
def test_the_sentence_is_what_the_territory_declares():
    acts, known = acting(BORDEAUX)
    labels = EDITION.codebook["strategie"].labels, EDITION.codebook["instance"].labels
    given = [status(EDITION, name)[BORDEAUX] for name in ("strategie", "instance")]
    worth = sum(dict(criterion.points)[code] for criterion, code in zip(RULE.criteria, given, strict=False))
    share = (worth + min(acts, 8)) / (12 + min(known, 8))
    stage = next(stage for stage in RULE.stages if share >= stage.low)
    assert sentence(portrait(BORDEAUX)) == (
        f"Bordeaux (données simulées) est au stade {quoted(stage.label)}{NARROW}: stratégie numérique "
        f"{quoted(labels[0][given[0]])}, instance de coordination {quoted(labels[1][given[1]])}, des actions sur "
        f"{acts} des {known} thématiques, selon 1 répondant."
    )


@pytest.mark.shipped_region
def test_the_stage_has_its_points_and_each_of_them_its_maximum():
    page = portrait(BORDEAUX)
    own = points(EDITION).loc[BORDEAUX]
    table = next(table for table in tables(page) if "Points" in table)
    acts, known = acting(BORDEAUX)
    assert table["Réponse"].tolist()[-1] == f"{acts} sur {known}"
    assert table["Points"].tolist() == [
        f"{number(own[criterion.id])} sur {criterion.maximum}" for criterion in RULE.criteria if criterion.id in own
    ]
    assert f"**{percent(own['share'])}** des points ({number(own['obtained'])} sur {number(own['possible'])})" in words(
        page
    )
    assert f'<p class="key-figure">{RULE.stage(own["stage"]).label}</p>' in texts(page)


def test_two_respondents_who_act_more_or_less_are_counted_as_the_points_count_them():
    """On some themes they diverge, and yet agree that the territory acts."""
    themes = [f"themes/{theme}" for theme in EDITION.codebook["themes"].row_labels]
    people = EDITION.respondents["territory"].value_counts()
    both = [code for code in people.index[people > 1] if AGREED[code] and code in points(EDITION).index]
    same = {code: sum(status(EDITION, theme)[code] in ACTING for theme in themes) for code in both}
    split = [code for code in both if same[code] < acting(code)[0] < acting(code)[1] < len(themes)]
    assert split
    for code in split[:2]:
        page = portrait(code)
        acts, known = acting(code)
        table = next(table for table in tables(page) if "Points" in table)
        assert table["Réponse"].tolist()[-1] == f"{acts} sur {known}"
        assert table["Points"].tolist()[-1] == f"{min(acts, 8)} sur {min(known, 8)}"
        assert f"des actions sur {acts} des {known} thématiques renseignées" in sentence(page)


@pytest.mark.shipped_region
def test_a_territory_without_enough_known_points_has_no_stage_and_says_why():
    code = next(code for code, stage in stages(EDITION).items() if stage == UNKNOWN and code in REFERENCE.index)
    page = portrait(code)
    assert "est à un stade indéterminé" in sentence(page)
    assert "Trop de réponses manquent, ou diffèrent entre répondants, pour dire un stade." in texts(page)
    assert "non compté" in next(table for table in tables(page) if "Points" in table)["Points"].tolist()


@pytest.mark.shipped_region
def test_where_it_stands_is_the_share_of_its_peers():
    peers = Selection(types=("commune",), departements=("33",))
    found = shares(EDITION, "strategie", peers)
    same = found.loc[status(EDITION, "strategie")[BORDEAUX]]
    line = next(text for text in texts(portrait(BORDEAUX)) if "- Stratégie numérique" in text)
    assert f"comme {percent(same['share'], same['base'])} de ses pairs ({counted(same['base'], 'territoire')})" in line
    known = stage_shares(EDITION, peers)
    known = known[~known["hidden"] & (known["count"] > 0)]
    told = next(text for text in texts(portrait(BORDEAUX)) if text.startswith("Stades parmi"))
    for row in known.itertuples():
        assert f"{percent(row.share, row.base)} {quoted(row.label)}" in told
    assert f"({counted(known['base'].max(), 'territoire')})" in told


@pytest.mark.shipped_region
def test_the_bars_are_those_of_the_peers_with_the_answer_of_the_territory_marked():
    page = portrait(BORDEAUX)
    peers = Selection(types=("commune",), departements=("33",))
    found = shares(EDITION, "themes", peers)
    question = EDITION.codebook["themes"]
    rows = drawn_rows(page)[0]
    drawn = rows[~rows["hidden"]].set_index(["label", "part"])["share"]
    expected = found[~found["hidden"]]
    for (theme, _), row in expected.iterrows():
        assert drawn[(question.row_labels[theme], row["label"])] == pytest.approx(row["share"])
    assert len(drawn) == len(expected)
    marked = rows[rows["own"]].set_index("label")["part"].to_dict()
    own = {
        label: question.labels[status(EDITION, f"themes/{theme}")[BORDEAUX]]
        for theme, label in question.row_labels.items()
    }
    assert marked
    assert marked.items() <= own.items()
    # An answer without a part that may be shown is written beside the theme all the same, with the mark.
    written = dict(zip(rows["label"], rows["shown"], strict=True))
    assert all(written[label].endswith(f"· ▼ {answer}") for label, answer in own.items())
    assert f"▼{NARROW}: réponse de Bordeaux" in words(page)


@pytest.mark.shipped_region
def test_peers_are_chosen_in_the_address():
    first, other = portrait(BORDEAUX), portrait(BORDEAUX, pairs="region")
    assert f"«{NARROW}Communes{NARROW}: Gironde (33){NARROW}»" in titles(first)[0]
    assert f"«{NARROW}Communes{NARROW}: Nouvelle-Aquitaine{NARROW}»" in titles(other)[0]
    line = next(text for text in texts(other) if "- Stratégie numérique" in text)
    same = shares(EDITION, "strategie", Selection(types=("commune",))).loc[status(EDITION, "strategie")[BORDEAUX]]
    assert f"({counted(same['base'], 'territoire')})" in line
    assert titles(portrait(BORDEAUX, pairs="inconnu")) == titles(first)


@pytest.mark.shipped_region
def test_needs_and_obstacles_are_the_most_cited_by_the_peers():
    page = portrait(BORDEAUX)
    assert titles(page)[1].startswith(f"Besoins les plus cités{NARROW}: ")
    found = shares(EDITION, "besoins", Selection(types=("commune",), departements=("33",)))
    best = found[~found["hidden"]]["share"].nlargest(6)
    assert drawn_rows(page)[1]["share"].tolist() == pytest.approx(best.tolist())
    assert "Les 6 réponses les plus citées." in words(page)


@pytest.mark.shipped_region
def test_what_it_declares_is_in_one_table_to_take_away():
    (table,) = [table for table in tables(opened(BORDEAUX)) if "Question" in table]
    assert set(table["Territoire"]) == {"Bordeaux"}
    labels = EDITION.codebook["strategie"].labels
    strategy = table.loc[table["Sujet"] == "Stratégie numérique", "Réponse"].item()
    assert strategy == labels[status(EDITION, "strategie")[BORDEAUX]]
    opinions = {question.short for question in EDITION.codebook.substantive if question.unit == "respondents"}
    assert not opinions & {*table["Question"]}


def test_an_epci_partly_outside_the_region_says_so():
    assert re.search(rf"habitants, dont \d+{NARROW}% dans la région", words(portrait(PARTIAL)))


def test_an_island_has_no_neighbour_and_does_not_count_to_zero():
    assert neighbours(ISLAND) == ()
    assert "limitrophe" not in words(portrait(ISLAND))


@pytest.mark.shipped_region
def test_names_have_the_article_that_they_need():
    assert f"Où se situe le département de la Gironde parmi ses pairs{NARROW}?" in titled(portrait(GIRONDE))
    code = next(
        code for code in AGREED.index[AGREED] if code in REFERENCE.index and REFERENCE.at[code, "nom"].startswith("CC ")
    )
    assert sentence(portrait(code)).startswith(f"La {REFERENCE.at[code, 'nom']} (données simulées) est ")


# Who did not answer, or did not agree.


@pytest.mark.shipped_region
def test_a_silent_commune_is_told_what_its_peers_say_and_how_to_take_part():
    page = portrait(SILENT)
    assert sentence(page) == (
        "Abzac n’a pas répondu à l’enquête (données simulées). Voici ce que disent ses pairs, et comment prendre part "
        "à la suite."
    )
    assert "**Prendre part**" in texts(page)
    for contact in load_published().contacts:
        assert f"[{contact.address}]({contact.link})" in words(page)
    assert f"Que disent ses pairs{NARROW}?" in titled(page)
    found = shares(EDITION, "strategie", Selection(tailles=("commune-0-999",)))
    first = found[~found["hidden"]].sort_values("share", ascending=False).iloc[0]
    assert f"{share_words(first, 'territories')} répondent {quoted(first['label'])}" in words(page)
    assert not [table for table in tables(page) if "Points" in table]
    assert "▼" not in words(page)


@pytest.mark.shipped_region
@pytest.mark.parametrize("kind", REFUSED)
def test_an_unpublished_answer_is_said_to_be_one_and_how_it_could_be_shown(kind):
    page = portrait(REFUSED[kind])
    assert "a répondu (données simulées), mais sa réponse n’est pas publiée" in sentence(page)
    assert "**Rendre cette réponse publique**" in texts(page)
    assert "**Prendre part**" not in texts(page)
    assert f"Que disent ses pairs{NARROW}?" in titled(page)
    assert not [table for table in tables(page) if "Points" in table or "Question" in table]
    assert not any(rows.get("own", rows["share"] < 0).any() for rows in drawn_rows(page))


@pytest.mark.shipped_region
@pytest.mark.parametrize("kind", REFUSED)
def test_nothing_that_an_unpublished_territory_may_have_answered_stands_beside_its_name(kind):
    """Texts, links, cells and the rows of pictures: none holds its name and an answer, its own or another."""
    code = REFUSED[kind]
    nom = describe(EDITION, code).nom
    page = opened(code)
    facts = [question for question in EDITION.codebook.substantive if question.unit == "territories"]
    answers = {label for question in facts for label in question.labels.values()} | {s.label for s in RULE.stages}
    lines = [line for text in [*said(page), *words(page).split("\n")] for line in text.split("\n")]
    named = re.compile(rf"(?<!\w){re.escape(nom)}(?!\w)")
    beside = [line for line in lines if named.search(line)]
    assert beside
    for line in beside:
        assert not [label for label in answers if quoted(label) in line], line
    for link in links(page):
        # A link says a name, then a stage: that of another territory.
        place, _, stage = link.rpartition(" – ")
        assert place != nom or stage in ("A répondu (réponse non publiée)", "Pas de réponse")
    for table in tables(page):
        for row in table.astype(str).to_numpy():
            assert nom not in row or not answers & {*row}
        assert nom not in table.columns
    for rows in drawn_rows(page):
        assert not any(named.search(str(cell)) for cell in rows.to_numpy().flat)


@pytest.mark.shipped_region
@pytest.mark.parametrize("code", [BORDEAUX, METROPOLE, GIRONDE, PAYS])
def test_what_is_said_of_a_named_territory_carries_the_mark(code):
    page = portrait(code)
    nom = describe(EDITION, code).nom
    stage_labels = [quoted(stage.label) for stage in RULE.stages]
    named = [
        line for text in texts(page) for line in text.split("\n")
        if nom in line and any(label in line for label in stage_labels)
    ]  # fmt: skip
    assert named
    for line in named:
        assert "données simulées" in line.lower(), line
    assert "Données simulées" in " ".join(" ".join(chart["title"]["subtitle"]) for chart in charts(page))


# Around the page.


@pytest.mark.shipped_region
def test_ways_on_lead_to_a_comparison_and_back_to_the_search():
    page = portrait(BORDEAUX)
    ways = {link.proto.label: link.proto for link in page.main.get("page_link")}
    assert ways["Comparer avec d’autres"].query_string == f"avec={BORDEAUX}"
    assert ways["Chercher une autre collectivité"].query_string == ""
    assert ways[f"Portrait de {describe(EDITION, METROPOLE).nom}"].query_string == f"code={METROPOLE}"


def test_the_edition_of_the_address_is_read_and_carried_along():
    before = exchanged(load_edition("simulee-2025"))
    agreed = publishable(before.respondents)
    code = next(code for code in agreed.index[agreed] if stages(before)[code] in {stage.code for stage in RULE.stages})
    page = portrait(code, edition="simulee-2025")
    assert not page.exception
    assert faults([*said(page), *links(page)]) == []
    assert before.title in words(page)
    assert f"au stade {quoted(RULE.stage(stages(before)[code]).label)}" in sentence(page)
    ways = {link.proto.label: link.proto.query_string for link in page.main.get("page_link")}
    assert "edition=simulee-2025" in ways["Comparer avec d’autres"]


def test_another_questionnaire_has_portraits_too(tmp_path, monkeypatch):
    (tmp_path / "edition.toml").write_text(DESCRIPTION, encoding="utf-8")
    (tmp_path / "codebook.toml").write_text(world.CODEBOOK, encoding="utf-8")
    (tmp_path / "export.csv").write_text(world.export(), encoding="utf-8")
    monkeypatch.setenv("NUMERIQUE_DATA", str(tmp_path))
    st.cache_resource.clear()
    try:
        for code in (BORDEAUX, METROPOLE, SILENT, "17", "200041762"):
            page = visit(PAGE, code=code)
            assert not page.exception, code
            assert page.title
            assert "imulées" not in words(page)
            # This world asks nothing that a stage could rest on.
            assert not [table for table in tables(page) if "Points" in table]
    finally:
        st.cache_resource.clear()
