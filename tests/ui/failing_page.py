"""A script that fails as the address says: `?faute=page`, `fragment`, `callback`, `file`, `logs`, `slow`."""

import asyncio
import gc
import logging
import threading
import time
import warnings

import streamlit as st
from streamlit.logger import get_logger

from tests.ui.canary import CANARY


def fail():
    raise ValueError(CANARY)


@st.fragment
def part():
    if st.button("Casser le morceau"):
        fail()


def logs():
    """Say the canary in all the ways in which a library does."""
    logger = logging.getLogger("une.bibliotheque")
    logger.error(f"reçu {CANARY}")
    logger.error("reçu %s", CANARY)
    logger.error("reçu %d fois", 3)
    logger.error("rien %d", CANARY)
    logger.warning(ValueError(CANARY))
    get_logger("streamlit.venu_plus_tard").warning(f"encore {CANARY}")
    warnings.warn(CANARY, stacklevel=1)
    try:
        fail()
    except ValueError:
        logger.exception("cela a manqué")

    class Lost:
        def __del__(self):
            fail()

    lost = Lost()
    del lost
    gc.collect()
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()

    async def forgotten():
        asyncio.get_running_loop().create_task(failing())
        await asyncio.sleep(0)

    async def failing():
        fail()

    asyncio.run(forgotten())
    gc.collect()


def main():
    from lib.ui import takeaway
    from lib.ui.observing import measures
    from tests import world

    with measures.rerun() as run:
        run.shows("methode", "essai")
        fault = st.query_params.get("faute")
        st.text("Une page")
        st.button("Casser le rappel", on_click=fail)
        part()
        if fault == "file":
            from lib.display.figure import Figure

            takeaway.buttons(Figure("essai", "Essai", "base", {}, fail, fail), world.edition())
        if fault == "page":
            fail()
        if fault == "logs":
            logs()
        if fault == "slow":
            time.sleep(measures.SLOW + 0.05)


if __name__ == "__main__":
    main()
