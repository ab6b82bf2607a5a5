"""Tests never see the store of whoever runs them, nor leave anything in it."""

import os
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NUMERIQUE_DEPOT", str(tmp_path_factory.mktemp("depot")))
        for name in ("DATABASE_URL", "NUMERIQUE_DATA", "NUMERIQUE_EQUIPE", "NUMERIQUE_EQUIPE_LOCALE"):
            if name in os.environ:
                environment.delenv(name)
        yield
