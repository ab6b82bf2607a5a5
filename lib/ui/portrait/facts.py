"""All the facts that a territory declares, in a table that opens and a file that leaves, with where they come from.

Which may be shown is decided by `lib.analysis.portrait`: none of a territory that may not be named.
"""

import pandas as pd
import streamlit as st

from lib.analysis.portrait import declared
from lib.analysis.selection import EVERYBODY
from lib.analysis.territories import Territory
from lib.display.formats import NARROW, plain
from lib.display.naming import of
from lib.survey.edition import Edition
from lib.ui import blocks
from lib.ui.portrait.identity import ON_SCREEN


def draw(edition: Edition, territory: Territory) -> None:
    """Draw the folded table of what a territory declares; nothing when it may not be named."""
    if not territory.published:
        return

    def table() -> pd.DataFrame:
        facts = declared(edition, territory)
        return pd.DataFrame(
            {
                "Territoire": territory.nom,
                "Code": territory.code,
                "Question": [edition.codebook[question].short for question in facts["question"]],
                "Sujet": facts["topic"],
                "Réponse": facts["answer"],
            }
        )

    mark = " (données simulées)" if edition.simulated else ""
    with st.container(key=f"{ON_SCREEN}-reponse", gap="xsmall"):
        st.caption(plain(f"Toute la réponse {of(territory.nom, territory.type)}{mark}, question par question{NARROW}:"))
        blocks.data(
            table, table, f"reponse-{territory.code.replace(':', '-')}", edition, EVERYBODY, unit="territoire",
            label=f"réponse {of(territory.nom, territory.type)}", about=f"{territory.nom} ({territory.code})",
        )  # fmt: skip
