"""The site map: every page once, under the heading that it really has; the team's pages for the team; filters kept."""

from urllib.parse import parse_qs

import pytest
from streamlit.runtime.context import ContextProxy

from lib.ui import access, site_map
from lib.ui.menu import PAGES, TEAM_PAGES
from tests.pages.visits import seen, visit
from tests.region import DEPARTEMENT

NARROW = "\u202f"


def links(page):
    return page.main.get("page_link")


def test_every_page_is_there_once_with_its_question():
    labels = [link.proto.label for link in links(seen("plan-du-site"))]
    named = [address for addresses in site_map.GROUPS.values() for address in addresses]
    assert sorted(named) == sorted(PAGES)
    assert len(labels) == len(PAGES)
    for address, label in zip(named, labels, strict=True):
        title, question = PAGES[address][1], site_map.question(address)
        assert label == (f"**{title}**" if title == question else f"**{title}**{NARROW}: {question}")


@pytest.mark.parametrize("address", PAGES)
def test_the_question_is_the_heading_of_the_page(address):
    (title,) = seen(address).title
    assert title.value == site_map.question(address)


def test_links_carry_the_filters_as_the_menu_does():
    page = seen("plan-du-site", f"departement={DEPARTEMENT}&type=epci&ponderation=oui&inutile=1")
    wanted = {"departement": [DEPARTEMENT], "type": ["epci"], "ponderation": ["oui"]}
    carried = [parse_qs(link.proto.query_string) for link in (*links(page), *page.sidebar.get("page_link"))]
    assert len(carried) == 2 * len(PAGES)
    assert all(found == wanted for found in carried)


def test_the_pages_of_the_team_are_listed_for_the_team_alone(monkeypatch):
    strangers = [link.proto.label for link in links(visit("plan-du-site"))]
    assert not any(title in label for label in strangers for _, title, _ in TEAM_PAGES.values())
    assert site_map.TEAM not in [header.value for header in seen("plan-du-site").header]
    monkeypatch.setenv(access.LOCAL, "oui")
    # AppTest invents an address for its visitor; Streamlit gives none to one of the machine itself.
    monkeypatch.setattr(ContextProxy, "ip_address", None)
    page = visit("plan-du-site")
    assert page.header[-1].value == site_map.TEAM
    for address, label in zip(TEAM_PAGES, [link.proto.label for link in links(page)][-len(TEAM_PAGES) :], strict=True):
        assert TEAM_PAGES[address][1] in label
        (title,) = visit(address).title
        assert title.value == site_map.question(address)
