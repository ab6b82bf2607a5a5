"""Draws a map of territories on the page and tells which territory was clicked.

Only a click comes back: panning and zooming neither rerun the script nor send anything. Everything drawn
comes from `lib.display.maps`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from lib.display.maps import FeatureGroup, Map


@dataclass(frozen=True)
class Click:
    """A territory clicked on the map.

    Parameters
    ----------
    code : str
        Official code, or identifier of a perimeter. It comes from the browser: look it up, do not trust it.
    level : str
        Level of the map at the click.
    event : int
        Grows with each click.
    """

    code: str
    level: str
    event: int


def show_map(
    map_: Map,
    styles: FeatureGroup,
    key: str,
    height: int = 620,
    on_click: Callable[[Click], None] | None = None,
) -> Click | None:
    """Draw the map; return the click that caused this rerun, or None.

    The browser keeps its last click and sends it again at every rerun: a click is returned once only, so
    that it does not win over a territory chosen later in a list.

    Parameters
    ----------
    map_, styles : Map and FeatureGroup
        From `region_map` and `styles`; the first is new at each run and always the same.
    key : str
        Same at each run: it keeps the zoom.
    height : int
        In CSS pixels.
    on_click : callable, optional
        Called with the click before the script runs again, hence able to change the state of a widget
        drawn above the map.
    """
    seen = f"{key}:event"

    def tell() -> None:
        click = parse_click(st.session_state.get(key))
        if on_click is not None and click is not None:
            on_click(click)

    value = st_folium(
        map_,
        key=key,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=styles,
        on_change=tell,
    )
    click = parse_click(value)
    if click is None or click.event <= st.session_state.get(seen, 0):
        return None
    st.session_state[seen] = click.event
    return click


def parse_click(value: Any) -> Click | None:
    """Return what the browser sent as a click; None when it is anything else."""
    if not isinstance(value, dict):
        return None
    code, level, event = value.get("code"), value.get("level"), value.get("event")
    if not isinstance(code, str) or not isinstance(level, str):
        return None
    # Streamlit reads every number of a component as an int or a float, according to its form.
    if isinstance(event, bool) or not isinstance(event, int | float):
        return None
    return Click(code, level, int(event))
