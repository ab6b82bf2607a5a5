"""Bars of shares as a chart of the presentation itself: its rows can be corrected and recoloured in PowerPoint.

Each bar carries its margin as an error bar, and its value beyond the end of that margin. Which figures are drawn so is
decided by `lib.display.deck.request`; this module only draws.
"""

import io
from collections.abc import Mapping, Sequence
from typing import Any

from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_TICK_LABEL_POSITION, XL_TICK_MARK
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Pt
from xlsxwriter import Workbook

from lib.display.deck.layout import GAP, SLACK, Box, height_of
from lib.display.deck.shapes import described
from lib.display.drawing.lettering import text_width
from lib.display.formats import NARROW
from lib.display.stamp import NO_DATE

Bar = Mapping[str, Any]

SIZES = (14, 13, 12, 11)
"""Points of the labels, the first at which they stand apart."""
LABELS, VALUES = 0.37, 74.0
"""Most of the width of a chart that the labels of its rows take; points beyond 100 % for a value."""
BESIDE = 9.0
"""Points between a margin and its value: any closer, its end would be read as a minus sign."""
AXIS = 24.0
"""Points under the bars for the values of the axis."""
PITCH = (44.0, 1.35)
"""Greatest points from a bar to the next; and the least, in sizes of letters."""
_FORMAT = f'0"{NARROW}"%'
# A line from a bar to its value would be read as a minus sign too.
_NO_LEADERS = (
    '<c:extLst><c:ext xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart" '
    'uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}"><c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
_ENDS = (("plus", "C"), ("minus", "D"))


def chart_box(bars: Sequence[Bar], box: Box) -> tuple[Box, float] | None:
    """Return the part of a box that the bars fill, and the size of their letters; None where there is no room."""
    for size in SIZES:
        tallest = max(height_of(bar["label"], size, LABELS * box.width - 2 * GAP) for bar in bars)
        pitch = min(PITCH[0], (box.height - AXIS) / len(bars))
        if pitch >= max(tallest + 2, PITCH[1] * size):
            return Box(box.left, box.top, box.width, pitch * len(bars) + AXIS), size
    return None


def draw_chart(slide: Any, box: Box, size: float, bars: Sequence[Bar], alternative: str, origin: Sequence[str]) -> None:
    """Draw the bars in a box; `origin` goes in a sheet of the workbook that holds their numbers."""
    data = CategoryChartData(number_format=_format(bars))
    data.categories = [bar["label"] for bar in bars]
    data.add_series("Part", [bar["share"] for bar in bars])
    edges = (Pt(edge) for edge in (box.left, box.top, box.width, box.height))
    frame = slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, *edges, data)
    described(frame, "Figure", alternative)
    chart = frame.chart
    chart.part.chart_workbook.update_from_xlsx_blob(_workbook(bars, origin))
    chart.has_legend = chart.has_title = False
    chart.font.size = Pt(size)
    chart.font.color.theme_color = MSO_THEME_COLOR.TEXT_1
    _axes(chart)
    plot = chart.plots[0]
    plot.gap_width = 55
    _colours(plot, bars)
    series = plot.series[0]._element
    values = series.find(qn("c:cat"))
    widest = max(text_width(bar["label"], size) for bar in bars) * SLACK + 2 * GAP
    start = min(LABELS, widest / box.width)
    part = 1 - start - VALUES / box.width
    values.addprevious(parse_xml(_labels(bars, size, part, BESIDE / box.width)))
    if any(_reach(bar) != (0, 0) for bar in bars):
        values.addprevious(parse_xml(_margins(bars)))
    _laid_out(chart, box, start, part)


def _axes(chart: Any) -> None:
    shares, rows = chart.value_axis, chart.category_axis
    shares.minimum_scale, shares.maximum_scale, shares.major_unit = 0, 1, 0.25
    # Rows go down in their order, and the axis stays under them.
    rows.reverse_order = True
    shares.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    shares.tick_labels.number_format, shares.tick_labels.number_format_is_linked = _FORMAT, False
    shares.tick_labels.font.size = Pt(12)
    shares.format.line.fill.background()
    rows.format.line.fill.background()
    shares.major_tick_mark = rows.major_tick_mark = XL_TICK_MARK.NONE
    grid = shares.major_gridlines.format.line
    grid.width = Pt(0.75)
    grid.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
    grid.color.brightness = -0.12


def _colours(plot: Any, bars: Sequence[Bar]) -> None:
    """Give each bar its own colour; the template's first, when they all have the same."""
    fill = plot.series[0].format.fill
    fill.solid()
    fill.fore_color.theme_color = MSO_THEME_COLOR.ACCENT_1
    if len({bar["colour"] for bar in bars}) > 1:
        for place, bar in enumerate(bars):
            point = plot.series[0].points[place].format
            point.fill.solid()
            point.fill.fore_color.rgb = _rgb(bar["colour"])
            # One that is too light for the slide is seen by its edge.
            point.line.color.rgb = _rgb(bar["edge"])
            point.line.width = Pt(0.75)


def _rgb(colour: str) -> RGBColor:
    return RGBColor.from_string(colour.lstrip("#").upper())


def _laid_out(chart: Any, box: Box, start: float, part: float) -> None:
    """Give the bars, from 0 to 100 %, their part of the width: what is left to itself is not so twice."""
    area = chart._chartSpace.chart.plotArea
    for layout in area.findall(qn("c:layout")):
        area.remove(layout)
    edges = {"x": start, "y": 0.0, "w": part, "h": 1 - AXIS / box.height}
    parts = "".join(f'<c:{name} val="{value:.5f}"/>' for name, value in edges.items())
    area.insert(
        0,
        parse_xml(
            f'<c:layout {nsdecls("c")}><c:manualLayout><c:layoutTarget val="inner"/><c:xMode val="edge"/>'
            f'<c:yMode val="edge"/>{parts}</c:manualLayout></c:layout>'
        ),
    )


def _reach(bar: Bar) -> tuple[float, float]:
    """Return how far the margin goes above and below a share; nowhere when there is none."""
    if bar["low"] is None or bar["high"] is None:
        return 0, 0
    return max(0.0, bar["high"] - bar["share"]), max(0.0, bar["share"] - bar["low"])


def _margins(bars: Sequence[Bar]) -> str:
    ends = []
    for side, (name, column) in enumerate(_ENDS):
        points = "".join(f'<c:pt idx="{n}"><c:v>{_reach(bar)[side]:.6f}</c:v></c:pt>' for n, bar in enumerate(bars))
        ends.append(
            f"<c:{name}><c:numRef><c:f>Sheet1!${column}$2:${column}${len(bars) + 1}</c:f><c:numCache><c:formatCode>"
            f'General</c:formatCode><c:ptCount val="{len(bars)}"/>{points}</c:numCache></c:numRef></c:{name}>'
        )
    return (
        f'<c:errBars {nsdecls("c", "a")}><c:errBarType val="both"/><c:errValType val="cust"/><c:noEndCap val="0"/>'
        f'{"".join(ends)}<c:spPr><a:ln w="15875"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
        # A margin stays visible over a dark bar.
        '<a:effectLst><a:glow rad="19050"><a:schemeClr val="bg1"/></a:glow></a:effectLst></c:spPr></c:errBars>'
    )


def _labels(bars: Sequence[Bar], size: float, part: float, gap: float) -> str:
    """Return the values at the ends of the bars, each moved beyond its margin; parts of the width of the chart."""
    look = (
        f'<c:numFmt formatCode="{_format(bars).replace(chr(34), "&quot;")}" sourceLinked="0"/><c:spPr><a:noFill/>'
        f'<a:ln><a:noFill/></a:ln></c:spPr><c:txPr><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:pPr>{_letters(size)}'
        '</a:pPr><a:endParaRPr lang="fr-FR"/></a:p></c:txPr><c:dLblPos val="outEnd"/>'
    )
    shows = "".join(
        f'<c:show{name} val="{int(name == "Val")}"/>'
        for name in ("LegendKey", "Val", "CatName", "SerName", "Percent", "BubbleSize")
    )
    points = []
    for place, bar in enumerate(bars):
        moved = f'<c:x val="{_reach(bar)[0] * part + gap:.5f}"/><c:y val="0"/>'
        points.append(
            f'<c:dLbl><c:idx val="{place}"/><c:layout><c:manualLayout>{moved}</c:manualLayout></c:layout>'
            f"{_own_text(bar, bars, size)}{look}{shows}</c:dLbl>"
        )
    return f"<c:dLbls {nsdecls('c', 'a')}>{''.join(points)}{look}{shows}{_NO_LEADERS}</c:dLbls>"


def _letters(size: float, tag: str = "defRPr") -> str:
    ink = '<a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
    return f'<a:{tag} sz="{size * 100:.0f}" b="1">{ink}</a:{tag}>'


def _own_text(bar: Bar, bars: Sequence[Bar], size: float) -> str:
    """Return the value as the dashboard writes it, where its number would be written otherwise: « < 1 % », halves."""
    digits = _digits(bars)
    shown = 100 * bar["share"] * 10**digits
    halfway = abs(shown % 1 - 0.5) < 1e-6
    if not halfway and bar["value"] == f"{shown / 10**digits:.{digits}f}{NARROW}%".replace(".", ","):
        return ""
    text = bar["value"].replace("&", "&amp;").replace("<", "&lt;")
    return (
        f"<c:tx><c:rich><a:bodyPr/><a:lstStyle/><a:p><a:r>{_letters(size, 'rPr')}<a:t>{text}</a:t></a:r></a:p>"
        "</c:rich></c:tx>"
    )


def _digits(bars: Sequence[Bar]) -> int:
    return int(any("," in bar["value"] for bar in bars))


def _format(bars: Sequence[Bar]) -> str:
    return f"0.0{_FORMAT[1:]}" if _digits(bars) else _FORMAT


def _workbook(bars: Sequence[Bar], origin: Sequence[str]) -> bytes:
    """Return the workbook behind a chart: its rows, and where they come from."""
    content = io.BytesIO()
    with Workbook(content, {"in_memory": True}) as workbook:
        # Without a date of its own, the same deck would never be the same file.
        workbook.set_properties({"created": NO_DATE})
        rows, source = workbook.add_worksheet("Sheet1"), workbook.add_worksheet("Origine")
        percent = workbook.add_format({"num_format": _format(bars)})
        for column, heading in enumerate(("Réponse", "Part", "Marge au-dessus", "Marge au-dessous")):
            rows.write_string(0, column, heading)
        for place, bar in enumerate(bars, 1):
            rows.write_string(place, 0, bar["label"])
            for column, value in enumerate((bar["share"], *_reach(bar)), 1):
                rows.write_number(place, column, value, percent)
        rows.set_column(0, 0, 48)
        for place, text in enumerate(origin):
            source.write_string(place, 0, text)
    return content.getvalue()
