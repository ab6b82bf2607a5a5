import json

import folium
import pandas as pd
import pytest

from lib.display.legend import LegendEntry, outside
from lib.display.maps import Perimeter, partial_notes, payload, region_map, script_json, styles

ENTRIES = [
    LegendEntry("non", "Non", "#eddc85"),
    LegendEntry("oui", "Oui", "#14306a"),
    outside("sans-reponse", "Pas de réponse"),
]


def test_payload_holds_only_territories_with_a_value():
    classes = pd.Series({"33063": "oui", "33001": None, "33002": "sans-reponse", "33003": "non"}, dtype="str")
    sent = payload("commune", classes, ENTRIES, respondents={"33063": 3, "33003": 1, "33001": 9})
    assert sent["codes"] == "33063 33003"
    assert sent["classes"] == "10"
    assert sent["respondents"] == "31"
    assert sent["absent"] == 2
    assert sent["palette"][1] == ["#14306a", None, "Oui"]
    assert sent["palette"][2][1][0] == 6


def test_payload_outside_a_selection_counts_no_respondents_for_silence():
    listed = [*ENTRIES, outside("hors-selection", "Hors de la sélection")]
    classes = pd.Series({"33063": "oui", "33001": "sans-reponse"}, dtype="str")
    sent = payload("commune", classes, listed, absent="hors-selection", respondents={"33063": 2, "33001": 5})
    assert (sent["codes"], sent["classes"], sent["absent"]) == ("33063 33001", "12", 3)
    assert sent["silent"] == [2, 3]


def test_payload_moves_the_map_to_the_filtered_departements():
    sent = payload("commune", pd.Series(dtype="str"), ENTRIES, focus=("33", "40"))
    assert sent["focus"] == ["33", "40"]
    assert payload("commune", pd.Series(dtype="str"), ENTRIES)["focus"] == []


def test_payload_without_any_value():
    sent = payload("epci", pd.Series(dtype="str"), ENTRIES)
    assert (sent["codes"], sent["classes"], sent["respondents"], sent["selected"]) == ("", "", "", None)


def test_thirty_six_respondents_or_more_take_two_characters():
    classes = pd.Series({"33063": "oui", "33001": "non"}, dtype="str")
    sent = payload("commune", classes, ENTRIES, respondents={"33063": 36})
    assert list(sent["respondents"]) == ["10", "1"]


def test_payload_of_perimeters():
    pays = Perimeter("pays:un", "Pays d’Un", "Pays", ("243300316", "200023307"))
    sent = payload("perimetre", pd.Series({"pays:un": "oui"}), ENTRIES, perimeters=[pays], selected="pays:un")
    assert sent["perimeters"] == [["pays:un", "Pays d’Un", "Pays", "243300316 200023307"]]
    assert sent["selected"] == "pays:un"


@pytest.mark.parametrize(
    ("level", "classes", "entries", "message"),
    [
        ("canton", {}, ENTRIES, "unknown level"),
        ("commune", {"33063": "peut-être"}, ENTRIES, "peut-être"),
        ("commune", {}, ENTRIES[:2], "sans-reponse"),
    ],
)
def test_payload_refuses(level: str, classes: dict[str, str], entries: list[LegendEntry], message: str):
    with pytest.raises(ValueError, match=message):
        payload(level, pd.Series(classes, dtype="str"), entries)


def test_four_hundred_answers_weigh_under_six_kilobytes():
    # 400 codes of 5 digits and a space, 400 classes, one respondent in ten territories more than one.
    codes = [f"{33000 + place}" for place in range(400)]
    sent = payload("commune", pd.Series("oui", index=codes), ENTRIES, respondents=dict.fromkeys(codes[::10], 2))
    assert len(script_json(sent).encode()) < 6_000


@pytest.mark.parametrize("character", list("&<>'`${}_\u2028\u2029\x7f\""))
def test_script_json_leaves_no_risky_character_in_a_string(character: str):
    written = script_json({"nom": f"a{character}b"})
    assert json.loads(written) == {"nom": f"a{character}b"}
    inside = written.removeprefix('{"nom":"').removesuffix('"}')
    assert character not in inside


def test_script_json_keeps_backslashes_and_quotes():
    for text in ['\\"', '"\\', "\\\\", '\\\\"{{', "é « à »"]:
        assert json.loads(script_json([text])) == [text]


def test_injection_never_reaches_the_rendered_script():
    name = "</script><img src=x onerror=alert(1)> `${alert(1)}` {{ 'map_div' }}"
    pays = Perimeter("pays:x", name, "Pays", ("243300316",))
    group = styles(
        payload("perimetre", pd.Series({"pays:x": "oui"}), ENTRIES, perimeters=[pays], notes={"pays:x": name})
    )
    skeleton = region_map()
    group.add_to(skeleton)
    script = skeleton.get_root().render()
    assert "<img" not in script
    assert "${" not in script
    assert "'map_div'" not in script


def test_skeleton_is_a_new_object_with_the_same_script():
    first, second = region_map(), region_map()
    assert first is not second
    scripts = [each.get_root().render().replace(each._id, "").replace(layer(each), "") for each in (first, second)]
    assert scripts[0] == scripts[1]


def layer(skeleton: folium.Map) -> str:
    return next(child._id for child in skeleton._children.values() if child._name == "TerritoryLayer")


def test_skeleton_asks_no_third_party_and_leaves_other_maps_alone():
    defaults = list(folium.Map.default_js)
    skeleton = region_map()
    links = [link for _, link in (*skeleton.default_js, *skeleton.default_css)]
    assert all(link.startswith("../../assets/") for link in links)
    assert "boundaries." in skeleton.get_root().render()
    assert list(folium.Map.default_js) == defaults


def test_partial_notes_tell_the_share_inside_the_region():
    territories = pd.DataFrame({"partiel": [True, False], "part_population": [0.62, 1.0]}, index=["1", "2"])
    assert partial_notes(territories) == {
        "1": "En partie hors de la région\u202f: 62\u202f% de ses habitants vivent dans la région"
    }
