"""A visitor without a screen: goes to an address of the dashboard and brings back what the page shows.

So the deck, the workshop and the files are made from what any visitor may see, neither more nor otherwise computed. The
visitor has no rights: not signed in, coming from nowhere, hence never of the team, wherever the request comes from.
"""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner import RerunData, ScriptRunner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.runtime.state import SessionState

from lib.ui import access, incidents, menu, origin, recording

ROUTER = str(Path(__file__).with_name("router.py"))
_CODE = ScriptCache()
"""The router, compiled once for all visits."""
LONGEST = 60
"""Seconds after which a page that is not over is left: whoever asked for it waits."""


class VisitError(Exception):
    """A page could not be shown; its message is a French sentence, without what the page holds."""


def visit(page: str, parameters: Mapping[str, list[str]], base: str = "") -> recording.Recording:
    """Return what a public page says and shows for the filters and choices of an address.

    Parameters
    ----------
    page
        Address of the page, « strategies »; « synthese » or nothing for the first.
    parameters
        Query parameters, as `lib.ui.filters` reads them; unknown codes are ignored, as they are for a visitor.
    base
        Address of the dashboard for the addresses of views, see `lib.ui.origin`.

    Raises
    ------
    VisitError
        When there is no such page, when it fails or takes too long.
    """
    if page and page not in menu.PAGES:
        raise VisitError(f"«\u202f{page}\u202f» n’est pas une page du tableau de bord.")
    recorded, events = recording.Recording(), asyncio.new_event_loop()
    given = {recording.KEY: recorded, origin.BASE: base, access.WITHOUT_RIGHTS: True}
    # Given at once: set one by one out of a visit, each is logged as a fault.
    state = SessionState(_new_session_state=given)
    faults: list[str] = []

    def failed(error: Exception) -> bool:
        faults.append(incidents.log(error))
        return True

    runner = ScriptRunner(
        # A session that the server does not know: what it is asked for by this name, it forgets.
        session_id=f"visite-{uuid4()}",
        main_script_path=ROUTER,
        session_state=state,
        uploaded_file_mgr=MemoryUploadedFileManager("/visite"),
        script_cache=_CODE,
        initial_rerun_data=RerunData(
            query_string=urlencode(parameters, doseq=True),
            page_name="" if page == menu.FIRST else page,
        ),
        user_info={},
        fragment_storage=MemoryFragmentStorage(),
        pages_manager=PagesManager(ROUTER, _CODE),
        event_loop=events,
        on_script_error=failed,
    )
    try:
        runner.start()
        thread = runner._script_thread  # The runner has no public way to wait for its end.
        if thread is not None:
            thread.join(LONGEST)
            if thread.is_alive():
                runner.request_stop()
                raise VisitError("La page met trop de temps à se préparer.")
    finally:
        events.close()
    if faults:
        raise VisitError(f"La page n’a pas pu être préparée (numéro d’incident {faults[0]}).")
    return recorded
