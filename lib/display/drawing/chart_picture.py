"""A chart's specification made ready for paper: a width, a typeface that every system has, a title cut to lines.

On a screen the browser gives the width and Streamlit the typeface; what the chart shows is not touched.
"""

import json
from itertools import pairwise
from typing import Any

from lib.display.drawing.lettering import FAMILY, fit_for_xml, lines, text_width
from lib.display.figure import Spec
from lib.display.stamp import SIMULATED

TITLE_SIZE, SUBTITLE_SIZE = 16, 13
PHONE = 54
"""Letters at which `lib.display.charts` cuts the lines of a subtitle."""
LEGEND_SIZE = 13
SYMBOL = 34
"""What an entry of a legend has beside its label, in pixels."""


def on_paper(spec: Spec, width: float) -> Spec:
    """Return a copy of a specification of `lib.display.charts` that is `width` pixels wide, margins included."""
    drawn: Spec = _legible(spec)
    drawn |= {"width": width, "autosize": {"type": "fit-x", "contains": "padding"}}
    config = drawn.setdefault("config", {})
    # Flush with the texts around the drawing.
    config |= {"font": FAMILY, "padding": {**config.get("padding", {}), "left": 0}}
    if "title" in drawn:
        drawn["title"]["text"] = lines(fit_for_xml(title_of(drawn)), width - 20, TITLE_SIZE, bold=True)
        config["title"] = {**config.get("title", {}), "fontSize": TITLE_SIZE, "subtitleFontSize": SUBTITLE_SIZE}
        if told := drawn["title"].get("subtitle"):
            drawn["title"]["subtitle"] = _packed(parts_of(told), width - 20)
    for layer in drawn.get("layer", []):
        # Upright: the italics that pictures are drawn with have no « · », hence no « élu·e ».
        layer["mark"].pop("fontStyle", None)
        encoding = layer.get("encoding", {})
        names = (encoding.get("y", {}).get("axis") or {}).get("minExtent", 0)
        for channel in encoding.values():
            _spread(channel, width - names)
    return drawn


def _legible(value: Any) -> Any:
    """Return a value without the characters that no SVG may hold: the library that draws dies of them."""
    if isinstance(value, str):
        return fit_for_xml(value)
    if isinstance(value, dict):
        return {name: _legible(part) for name, part in value.items()}
    return [_legible(part) for part in value] if isinstance(value, list) else value


def _spread(channel: Any, width: float) -> None:
    """Give a legend that is under the chart as many columns as the width allows."""
    legend = channel.get("legend") if isinstance(channel, dict) else None
    if legend and legend.get("orient") == "bottom":
        entry = max(text_width(label, LEGEND_SIZE) for label in channel["scale"]["domain"]) + SYMBOL
        legend["columns"] = max(1, int(width // entry))


def title_of(spec: Spec) -> str:
    """Return the title of a chart: `lib.display.charts` writes it twice, cut for a phone, then for a wide screen."""
    text: Any = spec["title"]["text"]
    if isinstance(text, dict):
        expression = text["expr"]
        reader = json.JSONDecoder()
        _, end = reader.raw_decode(expression, expression.index("["))
        text, _ = reader.raw_decode(expression, expression.index("[", end))
    return text if isinstance(text, str) else " ".join(text)


def parts_of(subtitle: list[str]) -> list[str]:
    """Return the parts of a subtitle of `lib.display.charts`: its lines, cut for a phone, joined again.

    A line was cut inside a part where the first word of the next one did not hold on it; « Données simulées » is a
    part by itself.
    """
    whole = subtitle[0]
    for line, following in pairwise(subtitle):
        held = len(line) + 1 + len(following.split(" ")[0]) <= PHONE
        whole += (" · " if held or following.startswith(SIMULATED) else " ") + following
    return whole.split(" · ")


def _packed(parts: list[str], width: float) -> list[str]:
    """Return parts on as few lines as a width allows; a part is cut only when it is longer."""
    cut: list[str] = []
    for part in parts:
        if cut and text_width(f"{cut[-1]} · {part}", SUBTITLE_SIZE) <= width:
            cut[-1] += f" · {part}"
        else:
            cut += lines(part, width, SUBTITLE_SIZE)
    return cut
