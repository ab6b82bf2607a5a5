"""What Méthode says of the margins: the words and the table are those of the committed grid."""

from streamlit.testing.v1 import AppTest

from lib.analysis.interval_grid import COMMAND, load_interval_grid, shown, verdict
from lib.ui.about_intervals import interval_table

NARROW = "\u202f"


def drawn():
    from lib.ui import about_intervals

    about_intervals.promise()


def test_the_section_says_what_the_grid_holds():
    page = AppTest.from_function(drawn, default_timeout=60).run()
    assert not page.exception
    sentences, note = page.markdown[0].value, page.caption[0].value
    found = verdict(load_interval_grid())
    assert (
        f"au moins 95,0{NARROW}% du temps dans les {found.pairs // 1000}{NARROW}{found.pairs % 1000:03d} cas"
        in sentences
    )
    assert f"de 5 à 5{NARROW}000 territoires" in sentences
    # The smallest coverage of Wilson's, written down and never up.
    assert f"descend à {int(found.wilson_coverage * 1000) / 10:.1f}".replace(".", ",") in sentences
    assert f"`{COMMAND}`" in note
    assert page.dataframe[0].value.equals(interval_table(shown(load_interval_grid())))


def test_a_row_is_written_without_flattering():
    grid = shown(load_interval_grid())
    row = grid[(grid["population"] == 50) & (grid["n"] == 10)].assign(coverage=0.94999, width=0.4473)
    texts = interval_table(row).iloc[0].tolist()
    assert texts[:4] == ["50", "10", f"94,9{NARROW}%", "44,7"]
    # One missed draw in five: 10 of 50 find the only one.
    assert texts[4] == f"80,0{NARROW}%"


def test_a_level_wholly_surveyed_has_no_width():
    table = interval_table(shown(load_interval_grid()))
    whole = table[table["Territoires"] == table["Réponses"]]
    assert set(whole["Largeur moyenne"]) == {"0,0"}
    assert len(whole) == 5
