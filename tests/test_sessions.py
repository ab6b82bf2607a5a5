"""Visitors who come and go leave nothing behind, and what tells so would tell if they did."""

import time

import pytest

from tests.benchmarks import sessions_memory, soak
from tests.benchmarks.crowd import Habits
from tests.benchmarks.serving import Server, serving, visited
from tests.benchmarks.sessions import largest, percentile

MINUTES = 1.5


def samples(**changes: list[float]) -> list[dict[str, float]]:
    """Return ten samples, one a second, in which nothing changes but what is given."""
    still = {"resident": 400.0, "objects": 20_000.0, "files": 40.0, "sessions": 9.0, "threads": 8.0, "known": 9.0}
    still |= {"media": 0.0, "awaited": 12.0, "askers": 3.0}
    return [{"at": float(at), **still, **{name: values[at] for name, values in changes.items()}} for at in range(10)]


def test_growth_is_that_of_the_fitted_line_or_of_the_lowest_after_the_warm_up() -> None:
    rising = [900.0, 900.0, 900.0, *(400.0 + 2 * at for at in range(7))]
    found = soak.growths(samples(resident=rising, threads=rising), after=3)
    assert found["resident"] == pytest.approx(12)
    assert found["threads"] == 10
    assert found["files"] == 0


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, []),
        # One that comes and goes is no growth.
        ({"files": [40.0, 60.0] * 5, "known": [9.0, 4.0] * 5}, []),
        ({"files": [47.0, 48.0, 50.0, 48.0, 47.0, 52.0, 50.0, 60.0, 49.0, 60.0]}, []),
        # What each leaves behind is seen among those that come and go.
        ({"files": [40.0 + 2 * at + 13 * (at % 2) for at in range(10)]}, ["files"]),
        ({"resident": [400.0 + 1.5 * at for at in range(10)]}, []),
        ({"resident": [400.0 + 4 * at for at in range(10)]}, ["resident"]),
        ({"objects": [20_000.0 + 400 * at for at in range(10)]}, ["objects"]),
        ({"files": [40.0 + at for at in range(10)], "known": [9.0 + at for at in range(10)]}, ["files", "known"]),
        # Before the warm-up is over, caches fill.
        ({"threads": [1.0, 8.0, 20.0, *[20.0] * 7]}, []),
    ],
)
def test_what_grows_too_much_is_told(changes: dict[str, list[float]], told: list[str]) -> None:
    assert soak.grown(samples(**changes), after=3) == told


def test_types_are_told_by_what_there_is_more_of() -> None:
    seen = [{"dict": 100, "list": 50}, {"dict": 110, "list": 50}, {"dict": 200, "list": 50}, {"dict": 210, "tuple": 5}]
    assert soak.more(seen) == {"dict": 100}


def test_percentile_is_the_value_under_which_a_part_is() -> None:
    assert percentile([float(value) for value in range(1, 101)], 0.95) == 96
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2
    assert percentile([1.0], 0.99) == 1


@pytest.mark.parametrize("truth", [4, 17, 45, 61, 62, 200])
def test_largest_number_borne_is_found_within_what_is_not_told_apart(truth: int) -> None:
    asked: list[int] = []
    found = largest(lambda number: asked.append(number) or number <= truth, 45)
    assert 0.9 * truth - 2 <= found <= truth
    assert len(asked) < 15


def test_nothing_borne_is_none_and_ends() -> None:
    assert largest(lambda number: False, 45) == 0


@pytest.mark.timeout(600)
def test_sessions_that_come_and_go_leave_nothing_behind() -> None:
    found = soak.soak(MINUTES, soak.SHORT)
    assert found["faults"] == [0, 0]
    assert found["sessions_come"] > 2 * soak.SHORT.sessions
    assert found["reruns"] > found["sessions_come"]
    assert found["grown"] == [], (found["growth"], found["types"])


@pytest.mark.timeout(600)
def test_session_holds_little_memory() -> None:
    found = sessions_memory.held(20, seed=1)
    assert found["open"] > found["after_the_first"] > 100
    assert found["mb_per_session"] <= sessions_memory.LIMIT, found


@pytest.mark.timeout(600)
def test_visitors_are_shared_among_servers_and_forgotten_once_they_leave() -> None:
    with serving(2, "--server.disconnectedSessionTTL", "1") as servers:
        with visited(servers, 1, Habits(every=1.0)) as crowd:
            crowd.aim(6, within=1.0)
            assert until(servers, [3, 3])
            waits, state = crowd.collect()
            while len(waits) < 15:
                time.sleep(0.5)
                more, state = crowd.collect()
                waits += more
            assert state["faults"] == []
            crowd.aim(2)
            assert until(servers, [1, 1])
            assert state["arrived"] == 6
            assert {wait.action for wait in waits} > {"open"}
            assert all(wait.seconds > 0 and wait.received > 0 for wait in waits)
        assert until(servers, [0, 0])


def until(servers: list[Server], wanted: list[int]) -> bool:
    """Wait until the servers have so many sessions open; whether it came."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if [server.probe()["open"] for server in servers] == wanted:
            return True
        time.sleep(0.2)
    return False
