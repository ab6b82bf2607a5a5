"""What is kept for all visitors (`lib.survey.once.lately`, `lib.display.remembered`) is never changed by a page."""

import json
from copy import deepcopy

import pandas as pd
import pytest

from lib.display import remembered
from lib.survey import once
from lib.ui.menu import PAGES
from tests.pages.visits import unfold, visit
from tests.region import DEPARTEMENT


def frozen(result):
    """Return a copy of a result that says whether it changed since."""
    if isinstance(result, pd.DataFrame | pd.Series):
        return remembered.content(result.to_frame() if isinstance(result, pd.Series) else result)
    if isinstance(result, dict):
        return json.dumps(result, default=str, sort_keys=True)
    return deepcopy(result) if isinstance(result, list | tuple | str | int | float) else None


def kept():
    """Return all that is kept, by its key."""
    results = {key: result for held in once._LATELY.values() for key, result in held.items()}
    return {key: (result, frozen(result)) for key, result in (results | remembered._KEPT).items()}


@pytest.mark.parametrize("address", PAGES)
def test_no_page_changes_what_all_share(address):
    once.forget()
    remembered.forget()
    page = visit(address, departement=DEPARTEMENT)
    before = kept()
    unfold(page)
    page.run()
    changed = [key for key, (result, copy) in before.items() if repr(frozen(result)) != repr(copy)]
    assert changed == []
