// On paper: a chart keeps the width that it was drawn at on the screen, unless it is drawn again for the sheet. What
// runs before printing must be done at once: the page takes the width of the sheet, each chart that of its place.
(() => {
  "use strict";
  const drawn = new Map();
  // Texts of 16 px are printed at 12.8 px, and charts, drawn wider than their place, likewise.
  const SCALE = 0.8;
  const CHARTS = '[data-testid="stVegaLiteChart"] svg.marks';

  // Vega keeps its view out of reach; each group that it drew knows the context that it was drawn in.
  const view = (svg) => {
    for (const element of svg.querySelectorAll(".mark-group path, .mark-group g")) {
      const context = element.__data__?.context ?? element.__data__?.mark?.group?.context;
      if (context?.dataflow?.runAsync) return context.dataflow;
    }
    return null;
  };
  const redraw = (chart, width) => chart.width(width).resize().runAsync();
  // A data grid is a picture that cannot be redrawn at once; the table that it gives to screen readers is written instead.
  const write = (frame) => {
    const grid = frame.querySelector("canvas table");
    if (!grid) {
      // Not written yet: the picture is made to fit.
      const room = frame.parentElement.clientWidth;
      if (frame.scrollWidth > room) frame.style.zoom = room / frame.scrollWidth;
      return;
    }
    const table = document.createElement("table");
    table.className = "printed-table";
    for (const row of grid.rows) {
      const line = (row.parentElement.tagName === "THEAD" ? table.createTHead() : table.tBodies[0] ?? table.createTBody()).insertRow();
      for (const cell of row.cells) {
        const made = line.appendChild(document.createElement(cell.tagName));
        made.textContent = cell.textContent;
        if (/^[−+]?\d[\d\u202f]*(,\d+)?(\u202f%)?$/.test(cell.textContent)) made.className = "number";
      }
    }
    // Only what the screen shows is there.
    if (grid.rows.length < grid.ariaRowCount || grid.rows[0].cells.length < grid.ariaColCount)
      table.createCaption().textContent = "Le tableau a d’autres lignes ou d’autres colonnes, à lire à l’écran.";
    frame.after(table);
  };
  const stamp = () => {
    const line = document.createElement("p");
    line.id = "printed";
    const day = new Intl.DateTimeFormat("fr-FR", { dateStyle: "long" }).format(new Date()).replace(/^1 /, "1er ");
    line.textContent = `Imprimé le ${day} · ${location.href}`;
    document.querySelector('[data-testid="stMainBlockContainer"] > [data-testid="stVerticalBlock"]')?.append(line);
  };

  addEventListener("beforeprint", () => {
    if (document.documentElement.classList.contains("on-paper")) return;
    stamp();
    document.documentElement.classList.add("on-paper");
    for (const svg of document.querySelectorAll(CHARTS)) {
      const chart = view(svg), place = svg.closest('[data-testid="stVegaLiteChart"]');
      // Without its view, a chart is scaled by the style sheet.
      if (!chart || !place.clientWidth) continue;
      drawn.set(chart, Number(svg.getAttribute("width")));
      redraw(chart, Math.round(place.clientWidth / SCALE));
    }
    for (const frame of document.querySelectorAll('[data-testid="stDataFrame"]')) write(frame);
  });
  addEventListener("afterprint", () => {
    document.documentElement.classList.remove("on-paper");
    for (const [chart, width] of drawn) redraw(chart, width);
    drawn.clear();
    for (const added of document.querySelectorAll("#printed, .printed-table")) added.remove();
    for (const frame of document.querySelectorAll('[data-testid="stDataFrame"]')) frame.style.zoom = "";
  });
})();
