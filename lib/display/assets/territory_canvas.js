/*
 * How the map of territories is drawn: a TopoJSON as flat arrays, and two canvases over Leaflet, fills and lines.
 *
 *   const shapes = territoryCanvas.shapes(topology)        kept: the same topology gives the same shapes
 *   shapes.layer(geometries)                               territories of a level, made of arcs
 *   new territoryCanvas.Sheets(shapes, {fills, lines})     a layer of Leaflet; each drawing is a generator, given a pen
 *   sheets.paint(names, then)                              draws some of the canvases again; a pan or a zoom does it too
 *
 * It draws tens of thousands of territories without holding the page: what is out of view is passed over, points under
 * half a pixel from the last are too, and a drawing that takes longer than a frame goes on in the next ones, on a canvas
 * put in place when it is done. Until then the canvas in place moves and grows with the map.
 */
(function () {
  'use strict';

  const SLICE = 14; // ms of drawing in a frame
  const TOGETHER = 150; // territories, or arcs, drawn between two looks at the clock
  const COARSE = 0.5; // px under which two points are one
  const KEPT = 4; // simplified copies of the arcs, one for each zoom

  // ---------------------------------------------------------------- shapes

  const known = new WeakMap();

  function shapes(topology) {
    if (!known.has(topology)) known.set(topology, read(topology));
    return known.get(topology);
  }

  const lazy = (make, kept) => () => (kept ??= make());

  // Pixels of the world at zoom 0, Mercator: Leaflet's, without its objects.
  const east = (longitude) => 256 * (longitude / 360 + 0.5);
  function south(latitude) {
    const sine = Math.sin((latitude * Math.PI) / 180);
    return 128 - (64 / Math.PI) * Math.log((1 + sine) / (1 - sine));
  }

  // Arcs as map_arcs.py writes them, or as a TopoJSON has them → first point of each, and steps: an arc's first one is
  // from the corner of the topology.
  const LAST = 80;
  const digits = new Uint8Array(128);
  let rank = 0;
  for (let code = 32; code < 127; code++) if (!'"\\<'.includes(String.fromCharCode(code))) digits[code] = rank++;

  function numbers(text) {
    const found = new Int32Array(text.length);
    let [n, value, unit] = [0, 0, 1];
    for (let i = 0; i < text.length; i++) {
      const digit = digits[text.charCodeAt(i)];
      if (digit >= LAST) {
        value += (digit - LAST) * unit;
        unit *= rank - LAST;
      } else {
        value += digit * unit;
        found[n++] = value % 2 ? -(value + 1) / 2 : value / 2;
        value = 0;
        unit = 1;
      }
    }
    return found.subarray(0, n);
  }

  function unpacked(arcs) {
    if (!arcs.length || typeof arcs[0] !== 'string') {
      const first = new Int32Array(arcs.length + 1);
      arcs.forEach((arc, a) => (first[a + 1] = first[a] + arc.length));
      const steps = new Int32Array(2 * first[arcs.length]);
      arcs.forEach((arc, a) => arc.forEach((step, p) => steps.set(step, 2 * (first[a] + p))));
      return { first, steps };
    }
    const starts = numbers(arcs[0]);
    const first = new Int32Array(starts.length / 3 + 1);
    for (let a = 0; a + 1 < first.length; a++) first[a + 1] = first[a] + starts[3 * a];
    const steps = new Int32Array(2 * first[first.length - 1]);
    const moves = numbers(arcs[1]);
    let [x, y, move] = [0, 0, 0];
    for (let a = 0; a + 1 < first.length; a++) {
      steps[2 * first[a]] = x += starts[3 * a + 1];
      steps[2 * first[a] + 1] = y += starts[3 * a + 2];
      for (let p = 2 * first[a] + 2; p < 2 * first[a + 1]; p += 2) {
        x += steps[p] = moves[move++];
        y += steps[p + 1] = moves[move++];
      }
    }
    return { first, steps };
  }

  function read({ transform, ...topology }) {
    const { scale, translate } = transform;
    const { first, steps } = unpacked(topology.arcs);
    const count = first.length - 1;
    // From an origin of their own, 32 bits are a hundredth of a pixel at the largest zoom.
    const origin = [east(translate[0]), south(translate[1])];
    const points = new Float32Array(steps.length);
    const boxes = new Float32Array(4 * count);
    for (let a = 0; a < count; a++) {
      let [x, y] = [0, 0];
      let [west, north, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      for (let p = 2 * first[a]; p < 2 * first[a + 1]; p += 2) {
        const h = (points[p] = east((x += steps[p]) * scale[0] + translate[0]) - origin[0]);
        const v = (points[p + 1] = south((y += steps[p + 1]) * scale[1] + translate[1]) - origin[1]);
        if (h < west) west = h;
        if (h > right) right = h;
        if (v < north) north = v;
        if (v > bottom) bottom = v;
      }
      boxes.set([west, north, right, bottom], 4 * a);
    }
    const whole = { points, first };
    // For topojson-client: arcs in brackets, made for the first shape that asks for them.
    const arc = (_, a) => Array.from({ length: first[a + 1] - first[a] }, (_, p) => [...steps.subarray(2 * (first[a] + p), 2 * (first[a] + p + 1))]);
    const plain = lazy(() => ({ ...topology, transform, arcs: Array.from({ length: count }, arc) }));
    const coarser = new Map();

    // The arcs as they are drawn at a zoom.
    function simpler(zoom) {
      const step = Math.ceil(zoom);
      if (!coarser.has(step)) {
        if (coarser.size >= KEPT) coarser.delete(coarser.keys().next().value);
        coarser.set(step, simplified(whole, COARSE / 2 ** step));
      }
      return coarser.get(step);
    }

    return { origin, boxes, whole, plain, at: simpler, layer: (geometries) => layer(geometries, whole, boxes, origin) };
  }

  // Ends are kept: arcs meet there.
  function simplified({ points, first }, tolerance) {
    const kept = new Float32Array(points.length);
    const starts = new Int32Array(first.length);
    const least = tolerance * tolerance;
    let n = 0;
    for (let a = 0; a + 1 < first.length; a++) {
      const end = 2 * (first[a + 1] - 1);
      let x = Infinity;
      let y = Infinity;
      for (let p = 2 * first[a]; p <= end; p += 2) {
        const h = points[p] - x;
        const v = points[p + 1] - y;
        if (p !== end && h * h + v * v < least) continue;
        kept[n++] = x = points[p];
        kept[n++] = y = points[p + 1];
      }
      starts[a + 1] = n / 2;
    }
    return n < 0.9 * points.length ? { points: kept.slice(0, n), first: starts } : { points, first };
  }

  // Territories as runs of rings, rings as runs of arcs; an arc read backwards is ~arc, as in the TopoJSON.
  function layer(geometries, whole, arcBoxes, origin) {
    const [rings, arcs] = [[0], []];
    const ringOf = new Int32Array(geometries.length + 1);
    const owner = new Int32Array(whole.first.length - 1).fill(-1);
    const shared = new Uint8Array(owner.length);
    const boxes = new Float32Array(4 * geometries.length);
    const index = new Map();
    geometries.forEach((geometry, t) => {
      index.set(geometry.id, t);
      let [west, north, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
      for (const polygon of geometry.type === 'Polygon' ? [geometry.arcs] : geometry.arcs || []) {
        for (const ring of polygon) {
          for (const each of ring) {
            const a = each < 0 ? ~each : each;
            if (owner[a] < 0) owner[a] = t;
            else if (owner[a] !== t) shared[a] = 1;
            west = Math.min(west, arcBoxes[4 * a]);
            north = Math.min(north, arcBoxes[4 * a + 1]);
            right = Math.max(right, arcBoxes[4 * a + 2]);
            bottom = Math.max(bottom, arcBoxes[4 * a + 3]);
            arcs.push(each);
          }
          rings.push(arcs.length);
        }
      }
      ringOf[t + 1] = rings.length - 1;
      boxes.set([west, north, right, bottom], 4 * t);
    });
    const made = { geometries, index, boxes, ringOf, rings: Int32Array.from(rings), arcs: Int32Array.from(arcs) };

    const chosen = (keep) => Int32Array.from(owner.keys()).filter((a) => owner[a] >= 0 && keep(a));
    made.inside = lazy(() => chosen((a) => shared[a]));
    made.outside = lazy(() => chosen((a) => !shared[a]));
    made.all = lazy(() => chosen(() => true));

    // Bounds of a territory, or of all of them.
    made.bounds = (t) => {
      const some = t === undefined ? Array.from(geometries.keys()) : [t];
      const [west, north] = [0, 1].map((side) => Math.min(...some.map((each) => boxes[4 * each + side])));
      const [right, bottom] = [2, 3].map((side) => Math.max(...some.map((each) => boxes[4 * each + side])));
      const corner = (x, y) => L.CRS.EPSG3857.pointToLatLng(L.point(x + origin[0], y + origin[1]), 0);
      return L.latLngBounds(corner(west, bottom), corner(right, north));
    };

    // The territory under a point of the world at zoom 0: the last drawn. -1 where there is none.
    made.find = ({ x, y }) => {
      const [h, v] = [x - origin[0], y - origin[1]];
      for (let t = geometries.length - 1; t >= 0; t--) {
        const b = 4 * t;
        if (h < boxes[b] || h > boxes[b + 2] || v < boxes[b + 1] || v > boxes[b + 3]) continue;
        if (contains(made, whole, t, h, v)) return t;
      }
      return -1;
    };
    return made;
  }

  // How many sides of the territory are crossed on the way east: odd inside. The direction of an arc does not matter.
  function contains({ ringOf, rings, arcs }, { points, first }, t, h, v) {
    let odd = false;
    for (let i = rings[ringOf[t]]; i < rings[ringOf[t + 1]]; i++) {
      const a = arcs[i] < 0 ? ~arcs[i] : arcs[i];
      for (let p = 2 * first[a] + 2; p < 2 * first[a + 1]; p += 2) {
        const y = points[p - 1];
        const z = points[p + 1];
        if (y > v === z > v) continue;
        if (h < points[p - 2] + ((points[p] - points[p - 2]) * (v - y)) / (z - y)) odd = !odd;
      }
    }
    return odd;
  }

  // ---------------------------------------------------------------- pen

  // Draws on one canvas, in the pixels of Leaflet's layers. Each drawing yields now and then, to be taken up later.
  class Pen {
    constructor(context, shapes, { zoom, pixel, shift, seen }) {
      Object.assign(this, { context, shapes, zoom, pixel, seen, arcs: shapes.at(zoom), dx: shift[0], dy: shift[1] });
    }

    hidden(boxes, b) {
      const { seen } = this;
      return boxes[b] > seen[2] || boxes[b + 2] < seen[0] || boxes[b + 1] > seen[3] || boxes[b + 3] < seen[1];
    }

    follow(each, move) {
      const { context, pixel, dx, dy } = this;
      const { points, first } = this.arcs;
      const backwards = each < 0;
      const a = backwards ? ~each : each;
      const step = backwards ? -2 : 2;
      const end = backwards ? 2 * first[a] - 2 : 2 * first[a + 1];
      let p = backwards ? 2 * first[a + 1] - 2 : 2 * first[a];
      if (move) context.moveTo(points[p] * pixel + dx, points[p + 1] * pixel + dy);
      for (p += step; p !== end; p += step) context.lineTo(points[p] * pixel + dx, points[p + 1] * pixel + dy);
    }

    outline({ ringOf, rings, arcs }, t) {
      for (let ring = ringOf[t]; ring < ringOf[t + 1]; ring++) {
        for (let i = rings[ring]; i < rings[ring + 1]; i++) this.follow(arcs[i], i === rings[ring]);
        this.context.closePath();
      }
    }

    // `paintOf` gives the paint of a territory. Neighbours of one paint are filled together: no seam between them.
    *fill(layer, paintOf, opacity = 1) {
      const { context } = this;
      const apart = opacity < 1;
      context.globalAlpha = opacity;
      const n = layer.geometries.length;
      for (let from = 0; from < n; from += TOGETHER) {
        const alike = new Map();
        for (let t = from; t < Math.min(n, from + TOGETHER); t++) {
          if (this.hidden(layer.boxes, 4 * t)) continue;
          const paint = paintOf(t);
          const key = apart ? t : paint;
          if (alike.has(key)) alike.get(key)[1].push(t);
          else alike.set(key, [paint, [t]]);
        }
        for (const [paint, some] of alike.values()) {
          context.beginPath();
          for (const t of some) this.outline(layer, t);
          context.fillStyle = paint;
          context.fill('evenodd');
        }
        yield;
      }
      context.globalAlpha = 1;
    }

    *stroke(arcs, style) {
      const { context, shapes } = this;
      this.style(style);
      for (let from = 0; from < arcs.length; from += 8 * TOGETHER) {
        context.beginPath();
        for (let i = from; i < Math.min(arcs.length, from + 8 * TOGETHER); i++) {
          if (!this.hidden(shapes.boxes, 4 * arcs[i])) this.follow(arcs[i], true);
        }
        context.stroke();
        yield;
      }
    }

    // Each territory's own outline, over the last one's.
    *ring(layer, style) {
      this.style(style);
      for (const t of layer.geometries.keys()) {
        this.context.beginPath();
        this.outline(layer, t);
        this.context.stroke();
      }
      yield;
    }

    style({ color, weight, opacity = 1 }) {
      Object.assign(this.context, {
        strokeStyle: color,
        lineWidth: weight,
        globalAlpha: opacity,
        lineJoin: 'round',
        lineCap: 'round',
      });
    }
  }

  // ---------------------------------------------------------------- sheets

  const Sheets = L.Renderer.extend({
    options: { padding: 0.4 },

    initialize(shapes, drawings, options) {
      L.Renderer.prototype.initialize.call(this, options);
      Object.assign(this, { shapes, drawings, sheets: {}, waiting: [], atOnce: false });
    },

    // Draws canvases again where the map stands (at the latest when it is added to one); then calls `then`.
    paint(names, then) {
      if (then) this.waiting.push(then);
      if (this._map) this._begin(names);
    },

    _initContainer() {
      this._container = L.DomUtil.create('div', 'territory-sheets');
      Object.assign(this._container.style, { position: 'absolute', left: 0, top: 0 });
    },

    _destroyContainer() {
      cancelAnimationFrame(this.next);
      this.job = null;
      this._container.remove();
      delete this._container;
    },

    // Leaflet calls these as the map moves.
    _update() {
      if (!this._map._animatingZoom) this._begin(Object.keys(this.drawings));
    },

    _updateTransform(center, zoom) {
      if (this.frame) L.Renderer.prototype._updateTransform.call(this, center, zoom);
    },

    _begin(names) {
      const map = this._map;
      const size = map.getSize();
      cancelAnimationFrame(this.next);
      if (!size.x || !size.y) return;
      const unfinished = this.job ? this.job.names : [];
      const min = map.containerPointToLayerPoint(size.multiplyBy(-this.options.padding)).round();
      const across = size.multiplyBy(1 + 2 * this.options.padding).round();
      const [center, zoom, corner] = [map.getCenter(), map.getZoom(), map.getPixelOrigin()];
      const pixel = 2 ** zoom;
      const { origin } = this.shapes;
      const shift = [origin[0] * pixel - corner.x, origin[1] * pixel - corner.y];
      // A margin for the width of lines.
      const seen = [min.x - 8, min.y - 8, min.x + across.x + 8, min.y + across.y + 8];
      const frame = { zoom, pixel, shift, seen: seen.map((edge, i) => (edge - shift[i % 2]) / pixel) };
      const drawn = Object.keys(this.drawings).filter((name) => names.includes(name) || unfinished.includes(name));
      const density = L.Browser.retina ? 2 : 1;
      this.job = { names: drawn, min, across, center, zoom, frame, density, made: {} };
      const work = (this.work = this._draw(this.job));
      // A move and new colours often come together: they are drawn once, before the page is shown.
      if (this.atOnce) this._go();
      else queueMicrotask(() => this.work === work && this._go());
    },

    *_draw(job) {
      for (const name of job.names) {
        const canvas = document.createElement('canvas');
        canvas.width = job.density * job.across.x;
        canvas.height = job.density * job.across.y;
        Object.assign(canvas.style, { position: 'absolute', left: 0, top: 0, width: `${job.across.x}px`, height: `${job.across.y}px` });
        // Drawn by the processor wherever it is: what is read from it is told by the clock, and is printed as it is.
        const context = canvas.getContext('2d', { willReadFrequently: true });
        context.scale(job.density, job.density);
        context.translate(-job.min.x, -job.min.y);
        job.made[name] = canvas;
        for (const _ of this.drawings[name](new Pen(context, this.shapes, job.frame))) {
          context.getImageData(0, 0, 1, 1); // what was asked is drawn now
          yield;
        }
      }
    },

    _go() {
      if (!this._map || !this.job) return;
      const end = performance.now() + SLICE;
      do {
        if (this.work.next().done) {
          this._show();
          return;
        }
      } while (this.atOnce || performance.now() < end);
      this.next = requestAnimationFrame(() => this._go());
    },

    _show() {
      const { min, center, zoom, frame, made } = this.job;
      // A zoom began meanwhile: its end draws everything.
      if (this._map._animatingZoom) return;
      this.job = null;
      Object.assign(this, { frame, _center: center, _zoom: zoom });
      L.DomUtil.setPosition(this._container, min);
      for (const [name, canvas] of Object.entries(made)) {
        this.sheets[name]?.remove();
        this.sheets[name] = canvas;
      }
      this._container.append(...Object.keys(this.drawings).map((name) => this.sheets[name]).filter(Boolean));
      for (const then of this.waiting.splice(0)) then();
    },
  });

  window.territoryCanvas = { shapes, Sheets };
})();
