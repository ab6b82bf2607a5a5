import json

import pandas as pd
import pytest

from lib.display.legend import LegendEntry, outside
from lib.display.map_wire import TILES, compact, prepare
from lib.display.maps import Perimeter, payload, script_json
from lib.territory.boundaries import boundaries_path

ENTRIES = [
    LegendEntry("non", "Non", "#eddc85"),
    LegendEntry("oui", "Oui", "#14306a"),
    outside("sans-reponse", "Pas de réponse"),
]
DRAWN = {"commune": ["33001", "33002", "33003", "33063", *(f"40{place:03}" for place in range(50)), "87085"]}


def marks(classes: dict[str, str], respondents: dict[str, int] | None = None) -> str:
    sent = payload("commune", pd.Series(classes, dtype="str"), ENTRIES, respondents=respondents)
    return str(compact(sent, DRAWN)["marks"])


def test_a_mark_is_how_many_are_passed_over_then_a_class():
    assert marks({"33063": "oui", "33001": "non"}) == "A2B"
    # Fifty-one from the fifth to the last: « 1e » in base 36 is fifty.
    assert marks({"33063": "oui", "87085": "non"}) == "3B1eA"


def test_respondents_are_told_when_they_are_several():
    assert marks({"33001": "oui", "33002": "oui", "33003": "non"}, {"33001": 2, "33003": 36}) == "B.2BA:10:"


def test_respondents_of_silent_territories_are_not_told():
    sent = payload(
        "commune",
        pd.Series({"33001": "sans-reponse"}),
        [*ENTRIES, outside("hors-selection", "Hors de la sélection")],
        absent="hors-selection",
        respondents={"33001": 5},
    )
    assert compact(sent, DRAWN)["marks"] == "C"


def test_a_territory_that_is_not_drawn_is_left_out():
    assert marks({"33001": "oui", "99999": "non", "33002": "non"}) == "BA"
    assert marks({}) == ""


def test_perimeters_follow_their_own_order():
    pays = [Perimeter(f"pays:{name}", name, "Pays", ("243300316",)) for name in ("un", "deux")]
    sent = payload("perimetre", pd.Series({"pays:deux": "oui"}), ENTRIES, perimeters=pays)
    assert compact(sent)["marks"] == "1B"


def test_notes_are_cut_where_they_differ():
    notes = {"33001": "En partie : 77 % dedans", "33002": "En partie : 8 % dedans"}
    sent = payload("commune", pd.Series(dtype="str"), ENTRIES, notes=notes)
    assert compact(sent, DRAWN)["notes"] == ["En partie : ", " % dedans", {"33001": "77", "33002": "8"}]
    for few in ({}, {"33001": "Seule"}):
        sent = payload("commune", pd.Series(dtype="str"), ENTRIES, notes=few)
        assert compact(sent, DRAWN)["notes"] == ["", "", few]
    same = {"33001": "aa", "33002": "aaa"}
    before, after, middles = compact({**sent, "notes": same}, DRAWN)["notes"]
    assert {code: before + middle + after for code, middle in middles.items()} == same


def test_patterns_are_told_by_their_place():
    palette = compact(payload("commune", pd.Series(dtype="str"), ENTRIES), DRAWN)["palette"]
    assert [drawn for _, drawn, _ in palette[:2]] == [None, None]
    assert TILES[palette[2][1]] == payload("commune", pd.Series(dtype="str"), ENTRIES)["palette"][2][1]


def test_more_classes_than_letters_travel_as_they_are():
    many = [*(LegendEntry(str(place), str(place), "#14306a") for place in range(26)), outside("sans-reponse", "Rien")]
    sent = payload("commune", pd.Series({"33001": "25"}), many)
    assert compact(sent, DRAWN) == sent


def test_the_order_is_that_of_the_file_of_boundaries():
    prepare()
    drawn = json.loads(boundaries_path().read_bytes())["objects"]["departements"]["geometries"]
    last = drawn[-1]["id"]
    sent = payload("departement", pd.Series({last: "oui"}), ENTRIES)
    assert compact(sent)["marks"] == f"{'0123456789abcdefghijklmnopqrstuvwxyz'[len(drawn) - 1]}B"


@pytest.mark.parametrize("step", [1, 11])
def test_four_hundred_answers_weigh_under_two_kilobytes(step: int):
    codes = [f"{33000 + place}" for place in range(4293)]
    classes = pd.Series("oui", index=codes[: 400 * step : step])
    sent = payload("commune", classes, ENTRIES, respondents=dict.fromkeys(codes[::10], 2))
    assert len(script_json(compact(sent, {"commune": codes})).encode()) < 2_000
