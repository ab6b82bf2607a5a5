"""The visitors without a browser see, write and lose what a browser would, against the application as it is served."""

import asyncio
from collections.abc import Coroutine, Iterator
from functools import cache
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest

from lib.analysis.selection import Selection
from lib.display.formats import NARROW, number
from lib.survey.edition import load_edition
from lib.survey.editions import SHIPPED, list_editions
from tests.browser.conftest import ENDING, launch
from tests.visitors import LostError, Visitor

TYPE, LEVEL, FILE = (
    "Type de territoire",
    "Niveau de la carte",
    f"Fichier des réponses (CSV ou XLSX, 20{NARROW}Mo au plus)",
)
EPCI = "EPCI (CC, CA, CU, métropole)"
TERRITORY = "Territoire (ou cliquer sur la carte)"
ANSWERS = Path(__file__).resolve().parents[1] / "data" / "edition-simulee.csv"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Popen[bytes], str]]:
    """Serve the application, its machine of the team, its store new."""
    depot = str(tmp_path_factory.mktemp("depot"))
    process, address = launch("app.py", environment={"NUMERIQUE_EQUIPE_LOCALE": "oui", "NUMERIQUE_DEPOT": depot})
    yield process, address
    process.terminate()
    process.wait(timeout=ENDING)


@pytest.fixture
def address(server: tuple[Popen[bytes], str]) -> str:
    return server[1]


def visiting(story: Coroutine[Any, Any, None], visitor: Visitor) -> None:
    async def told() -> None:
        try:
            await story
        finally:
            await visitor.close()

    asyncio.run(told())


@cache
def respondents(**filters: Any) -> str:
    """Return how many respondents of the shipped edition a selection holds, as the pages write it."""
    edition = load_edition(next(iter(list_editions(SHIPPED).values())).path)
    return f"**{number(int(Selection(**filters).mask(edition.respondents).sum()))} répondants"


def context_line(visitor: Visitor) -> str:
    (line,) = [text for text in visitor.texts() if f"Sélection{NARROW}:" in text]
    return line


def test_address_opens_its_view_and_a_filter_writes_it(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "strategies?departement=33")
        assert respondents(departements=("33",)) in context_line(visitor)
        assert f"Où en sont les stratégies numériques{NARROW}?" in visitor.texts()
        assert visitor.value("Département") == ["Gironde (33)"]
        await visitor.choose(TYPE, [EPCI])
        assert visitor.parameters == {"departement": ["33"], "type": ["epci"]}
        assert respondents(departements=("33",), types=("epci",)) in context_line(visitor)
        await visitor.choose("Pondérer les territoires", True)
        assert visitor.parameters["ponderation"] == ["oui"]
        await visitor.choose("Réinitialiser les filtres", True)
        assert visitor.parameters == {}
        assert visitor.value(TYPE) == []
        assert visitor.value("Pondérer les territoires") is False
        assert respondents() in context_line(visitor)
        with pytest.raises(KeyError, match=TYPE):
            await visitor.choose("Type de rien", [EPCI])

    visiting(story(), visitor)


def test_link_carries_the_filters_and_back_returns(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "besoins-et-freins?type=epci&groupe=taille")
        needs = context_line(visitor)
        await visitor.go("participation")
        assert visitor.address == f"{address}participation?type=epci"
        assert f"Qui a répondu{NARROW}?" in visitor.texts()
        assert context_line(visitor) == needs
        assert visitor.value(TYPE) == [EPCI]
        await visitor.rerun("departement=33")
        assert visitor.value(TYPE) == []
        assert visitor.value("Département") == ["Gironde (33)"]

    visiting(story(), visitor)


def test_part_of_a_page_runs_alone_and_the_rest_stays(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        whole = await visitor.open(address, "strategies")
        before = visitor.texts()
        part = await visitor.choose(LEVEL, "Communes")
        assert visitor.parameters == {"niveau": ["commune"]}
        assert 0 < part.messages < whole.messages / 2
        assert part.received < whole.received
        same = [one == other for one, other in zip(before, visitor.texts(), strict=True)]
        assert same.count(False) in (1, 2, 3), "the legend, and the sentences about the level"

    visiting(story(), visitor)


def test_table_that_another_element_pushed_down_is_the_one_that_answers(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "engagement?departement=33")
        # A territory's card comes above the table, whose own part of the page is then another one.
        await visitor.choose(TERRITORY, "Bordeaux Métropole (33)")
        opened = await visitor.choose("donnees-engagement-carte", True)
        assert opened.messages > 0
        assert [label for label in visitor.labels() if "CSV" in label]

    visiting(story(), visitor)


def test_lost_connection_finds_its_session_again(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "thematiques?type=epci")
        await visitor.choose(TYPE, [EPCI, "Commune"])
        before, session, shown = visitor.query, visitor.session, visitor.texts()
        assert visitor.socket is not None
        visitor.socket.transport.abort()
        with pytest.raises(LostError):
            await visitor.rerun()
        await visitor.lost()
        await visitor.reconnect()
        assert (visitor.session, visitor.query, visitor.texts()) == (session, before, shown)
        await visitor.open(address)
        assert visitor.session != session, "a new tab is another visit"

    visiting(story(), visitor)


def test_file_is_uploaded(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "import?etape=fichier")
        assert "Créer le brouillon" not in visitor.labels()
        await visitor.upload(FILE, "réponses.csv", ANSWERS.read_bytes())
        assert "Créer le brouillon" in visitor.labels()

    visiting(story(), visitor)


def test_file_is_taken_away(address: str) -> None:
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "besoins-et-freins?type=epci")
        await visitor.choose("donnees-besoins", True)
        (csv,) = [label for label in visitor.labels() if "CSV" in label]
        text = (await visitor.take(csv)).decode("utf-8-sig")
        assert "Ingénierie" in text
        assert EPCI in text
        await visitor.choose("donnees-besoins", False)
        assert csv not in visitor.labels()

    visiting(story(), visitor)


def test_file_waits_for_its_visitor_while_others_look_around(address: str) -> None:
    visitor, other = Visitor(), Visitor()

    async def story() -> None:
        await visitor.open(address, "besoins-et-freins")
        await visitor.choose("donnees-freins", True)
        (csv,) = [label for label in visitor.labels() if "CSV" in label]
        made = await visitor._made(csv)
        await other.open(address, "confidentialite")
        for _ in range(4):
            await other.rerun()
        await other.close()
        assert (await visitor._fetch("GET", made)).decode("utf-8-sig").startswith("Réponse;Effectif;")

    visiting(story(), visitor)


def test_server_that_ends_is_noticed(server: tuple[Popen[bytes], str]) -> None:
    process, address = server
    visitor = Visitor()

    async def story() -> None:
        await visitor.open(address, "methode")
        process.terminate()
        async with asyncio.timeout(20):
            await visitor.lost()
        with pytest.raises(LostError):
            await visitor.rerun()
        process.wait(timeout=ENDING)
        with pytest.raises(LostError):
            await visitor.reconnect()

    visiting(story(), visitor)
