"""The JSON Schema of a questionnaire accepts the shipped one and refuses what the reader refuses."""

import tomllib

import jsonschema
import pytest

from lib.survey.codebook import CODEBOOK_PATH
from lib.survey.codebook_schema import codebook_schema
from tests.survey.world import CODEBOOK

SHIPPED = tomllib.loads(CODEBOOK_PATH.read_text(encoding="utf-8"))


@pytest.mark.parametrize("tables", [SHIPPED, tomllib.loads(CODEBOOK)], ids=["shipped", "small"])
def test_questionnaires_follow_it(tables):
    jsonschema.Draft202012Validator.check_schema(codebook_schema())
    jsonschema.validate(tables, codebook_schema())


@pytest.mark.parametrize(
    ("written", "instead"),
    [
        ('kind = "ranking"', 'kind = "tri"'),
        ("ranks = 2", 'ranks = "2"'),
        ('unit = "territories"', 'unit = "communes"'),
        ("required = true", "requis = true"),
        ('territory_name = "nom"', ""),
        ('code = "fibre", ', ""),
        ('title = "Petit monde"', ""),
    ],
)
def test_faults_are_refused(written, instead):
    assert written in CODEBOOK
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(CODEBOOK.replace(written, instead, 1)), codebook_schema())
