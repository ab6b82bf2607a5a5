"""The configuration of the accessibility statement: what it must hold, and what it must never claim."""

from datetime import date

import pytest

from lib.survey.accessibility import PATH, AccessibilityError, Finding, load_accessibility

COMPLETE = """
title = "Titre"
summary = "Résumé"
body = "Une région"
state = "non conforme"
reason = "aucun audit réalisé à ce jour"
established = 2026-11-30
technologies = ["HTML"]
[contact]
name = "Équipe"
address = "exemple.test"
link = "https://exemple.test"
[[checks]]
label = "Règles"
text = "{pages} pages."
"""
AUDIT = '[audit]\nby = "Un cabinet"\non = 2026-10-01\nrate = 61.5\n'
FINDING = '[[findings]]\nrule = "region"\nimpact = "moderate"\nwithin = "<p>"\nlabel = "Q"\ntext = "T."\ncause = "C."\n'


def written(tmp_path, text):
    path = tmp_path / "accessibility.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_complete_statement_is_read(tmp_path):
    told = load_accessibility(written(tmp_path, COMPLETE + FINDING))
    assert (told.state, told.audit, told.established) == ("non conforme", None, date(2026, 11, 30))
    assert told.checks[0].text == "{pages} pages."
    assert told.limitations == ()
    assert told.findings == (Finding("region", "moderate", "<p>", "Q", "T.", "C."),)


def test_a_better_state_needs_an_audit_and_may_then_be_declared(tmp_path):
    better = COMPLETE.replace('"non conforme"', '"partiellement conforme"')
    with pytest.raises(AccessibilityError, match="ne se déclare qu’après un audit"):
        load_accessibility(written(tmp_path, better))
    audited = tmp_path / "audited"
    audited.mkdir()
    told = load_accessibility(written(audited, better + AUDIT))
    assert told.audit is not None
    assert (told.audit.by, told.audit.rate) == ("Un cabinet", 61.5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (COMPLETE.replace('body = "Une région"', ""), "il manque «\u202fbody\u202f»"),
        (COMPLETE.replace('body = "Une région"', 'body = ""'), "il manque «\u202fbody\u202f»"),
        (COMPLETE.replace("[contact]", "taux = 50\n[contact]"), "le champ «\u202ftaux\u202f» est inconnu"),
        (COMPLETE.replace("https://exemple", "http://exemple"), "https:// ou mailto:"),
        (COMPLETE.replace('"non conforme"', '"conforme"'), "doit être l’un de\u202f: totalement conforme"),
        (COMPLETE.replace("2026-11-30", '"hier"'), "une date s’écrit sans guillemets"),
        (COMPLETE.partition("[[checks]]")[0], "rien ne dit ce qui est vérifié"),
        (COMPLETE + AUDIT.replace("61.5", "161"), "un pourcentage, de 0 à 100"),
        (COMPLETE + FINDING.replace("moderate", "grave"), "«\u202fimpact\u202f» de «\u202fregion\u202f»"),
        (COMPLETE + FINDING.replace("moderate", "serious"), "dites où elle est signalée"),
        (COMPLETE + FINDING.replace("<p>", "("), "n’est pas une expression régulière"),
        (COMPLETE + "[limitations]\nlabel = 1\n", "«\u202flimitations\u202f» doit être une liste"),
        (COMPLETE.replace("[contact]", "contact = 1\n[autre]"), "[contact] doit être une section"),
        ("= rien", "l’écriture est fautive"),
    ],
)
def test_what_would_mislead_is_refused_in_french(tmp_path, text, said):
    with pytest.raises(AccessibilityError, match=r"^data/accessibility\.toml\u202f: ") as refused:
        load_accessibility(written(tmp_path, text))
    assert said in str(refused.value)


def test_a_finding_covers_its_rule_its_grade_and_its_place_alone():
    found = Finding("region", "moderate", "stToast", "Q", "T.", "C.")
    assert found.covers("region", "moderate", '<div data-testid="stToast">')
    assert not found.covers("region", "serious", '<div data-testid="stToast">')
    assert not found.covers("label", "moderate", '<div data-testid="stToast">')
    assert not found.covers("region", "moderate", "<div>")


def test_the_shipped_statement_claims_nothing_that_no_audit_found():
    told = load_accessibility()
    assert told.audit is None
    assert (told.state, told.reason) == ("non conforme", "aucun audit réalisé à ce jour")
    assert "{pages}" in told.checks[0].text
    assert "{team_pages}" in told.checks[0].text
    assert "%" not in PATH.read_text(encoding="utf-8").partition("\n\n")[2]
