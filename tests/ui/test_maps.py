import pytest

from lib.ui.maps import Click, parse_click


def test_click_sent_by_the_browser():
    sent = {"code": "33063", "level": "commune", "event": 1795000000000.0}
    assert parse_click(sent) == Click("33063", "commune", 1795000000000)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        {},
        "33063",
        {"code": "33063"},
        {"code": 33063, "level": "commune", "event": 1},
        {"code": "33063", "level": None, "event": 1},
        {"code": "33063", "level": "commune", "event": "1"},
        {"code": "33063", "level": "commune", "event": True},
    ],
)
def test_anything_else_is_no_click(sent: object):
    assert parse_click(sent) is None
