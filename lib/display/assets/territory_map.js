/*
 * The map of territories: Leaflet, one TopoJSON fetched once, styles applied as often as they come. How territories are
 * drawn is in territory_canvas.js.
 *
 *   territoryMap.create(map, {url, title, attribution, prefectures})   once, from the skeleton (lib/display/maps.py);
 *                                                                      `home`, bounds, if not the whole land
 *   territoryMap.apply(payload)                                        at each rerun; `payload()` in maps.py makes it,
 *                                                                      `compact()` in map_wire.py makes it short;
 *                                                                      `awaited`, an address, is told of its colours
 *   territoryMap.another()                                             {create, apply} of one more map of the document
 *
 * A document that holds the boundaries gives them as `boundaries` instead of `url`: nothing is fetched, and its title
 * stays its own.
 * Styles may arrive before or after the boundaries: both are kept, and drawn as soon as both are there.
 * A click on a territory goes to Python as {code, level, event}; `event` grows with each click, so that an
 * old click is never mistaken for a new one. Panning and zooming send nothing.
 *
 * Names reach the page through textContent only: nothing here writes HTML made from data.
 * For tests, on <html>: data-coloured counts the drawings, data-coloured-at dates the last one (ms since 1970),
 * data-level, data-selected and data-zoom say what is shown.
 */
(function () {
  'use strict';

  const INK = '#161616';
  const LAND = '#f6f5f2';
  const NATURES = {
    COM: 'Commune',
    CC: 'Communauté de communes',
    CA: 'Communauté d’agglomération',
    CU: 'Communauté urbaine',
    METRO: 'Métropole',
    DEP: 'Département',
  };
  // Level of the payload → object of the TopoJSON, and nature when the geometry does not say it.
  const OBJECTS = { commune: 'communes', epci: 'epci', departement: 'departements' };
  const DEFAULT_NATURE = { commune: 'COM', epci: '', departement: 'DEP' };

  const number = new Intl.NumberFormat('fr-FR');
  const dense = L.Browser.retina;
  const still = window.matchMedia('(prefers-reduced-motion: reduce)').matches;

  // ---------------------------------------------------------------- Leaflet, before the skeleton makes its map

  L.Map.mergeOptions({
    zoomSnap: 0.25,
    wheelPxPerZoomLevel: 90,
    maxZoom: 13,
    maxBoundsViscosity: 0.8,
    zoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });

  // The wheel scrolls the page, not the map, unless Ctrl is held (a pinch on a touchpad says Ctrl too).
  const onWheelScroll = L.Map.ScrollWheelZoom.prototype._onWheelScroll;
  L.Map.ScrollWheelZoom.include({
    _onWheelScroll(event) {
      if (event.ctrlKey || event.metaKey) onWheelScroll.call(this, event);
      else hint(this._map, 'Maintenez Ctrl pour zoomer avec la molette');
    },
  });

  let fading = 0;
  function hint(map, text) {
    const container = map.getContainer();
    const box = container.querySelector('.territory-hint') || container.appendChild(element('div', '', 'territory-hint'));
    box.textContent = text;
    box.classList.add('visible');
    clearTimeout(fading);
    fading = setTimeout(() => box.classList.remove('visible'), 1400);
  }

  function element(tag, text = '', className = '') {
    const made = document.createElement(tag);
    made.textContent = text;
    made.className = className;
    return made;
  }

  // ---------------------------------------------------------------- one map, with a state of its own

  function territories() {
    const state = {
      map: null,
      options: null,
      topology: null,
      payload: null,
      shapes: null, // the topology as it is drawn
      sheets: null, // canvases of the territories
      layers: {}, // level → {name, layer}, built when first shown
      shown: null, // level on the map
      paints: [], // class → colour or pattern
      classOf: new Map(), // code → [class, number of respondents]
      selected: null,
      outlines: null, // perimeters over another level
      home: null, // bounds of the region
      moved: false, // has the reader chosen a view?
      drawn: 0,
      lastEvent: 0,
    };

    // One finger scrolls the page and selects; two fingers move and zoom the map. A mouse drags it as usual.
    function sharePageScroll(map) {
      const container = map.getContainer();
      container.addEventListener(
        'pointerdown',
        (event) => {
          map.dragging[event.pointerType === 'touch' ? 'disable' : 'enable']();
          container.classList.add('by-pointer'); // Leaflet takes the focus at a click: no ring for that
        },
        true
      );
      container.addEventListener('keydown', () => container.classList.remove('by-pointer'));
      container.addEventListener('blur', () => container.classList.remove('by-pointer'));
      container.addEventListener(
        'touchmove',
        (event) => event.touches.length === 1 && hint(map, 'Utilisez deux doigts pour déplacer la carte'),
        { passive: true }
      );
    }

    // ---------------------------------------------------------------- start

    function create(map, options) {
      Object.assign(state, { map, options });
      const container = map.getContainer();
      frame(options.title);
      container.classList.add('territory-map');
      container.setAttribute('role', 'region');
      sharePageScroll(map);

      for (const [name, z] of [['lines', 450], ['names', 460]]) {
        map.createPane(name).style.zIndex = z;
        map.getPane(name).style.pointerEvents = 'none';
      }
      state.lines = L.canvas({ padding: 0.4, pane: 'lines' }); // what stands out, over the territories
      state.tip = L.tooltip({ className: 'territory-tip', opacity: 1, offset: [0, 0] });

      L.control.zoom({ zoomInTitle: 'Zoomer', zoomOutTitle: 'Dézoomer' }).addTo(map);
      recentre().addTo(map);
      L.control.scale({ imperial: false, maxWidth: 80 }).addTo(map);
      const attribution = L.control.attribution({ prefix: false }).addTo(map);
      attribution.getContainer().textContent = options.attribution;

      map.on('resize', () => state.moved || fit());
      map.on('dragstart', () => (state.moved = true));
      map.on('zoomend', () => {
        if (!state.fitting) state.moved = true;
        document.documentElement.dataset.zoom = String(map.getZoom());
      });
      map.on('click mousemove mouseout', point);
      for (const moment of ['beforeprint', 'afterprint']) window.addEventListener(moment, () => redraw(moment === 'beforeprint'));
      load();
      return L.layerGroup(); // what folium keeps in its variable
    }

    // The frame is Streamlit's: without a title of its own it is announced by the component's English name.
    function frame(title) {
      if (state.options.boundaries) {
        state.map.getContainer().setAttribute('aria-label', title);
        return;
      }
      if (document.title === title) return;
      document.documentElement.lang = 'fr';
      document.title = title;
      state.map.getContainer().setAttribute('aria-label', title);
      try {
        window.frameElement.title = title;
      } catch (error) {
        // Another origin, or no frame: the document's own title is enough.
      }
    }

    function begin(topology) {
      state.topology = topology;
      state.shapes = territoryCanvas.shapes(topology);
      background();
      fit();
      draw();
    }

    function load() {
      if (state.options.boundaries) {
        begin(state.options.boundaries);
        return;
      }
      message(null);
      fetch(state.options.url)
        .then((response) => (response.ok ? response.json() : Promise.reject(new Error(response.status))))
        .then(begin)
        .catch((error) => {
          console.error('territory map:', error);
          document.documentElement.dataset.failed = String(error.message);
          message('Les contours de la carte n’ont pas pu être chargés.', load);
        });
    }

    // ---------------------------------------------------------------- what never changes: land, limits, names

    const geometries = (object) => state.topology.objects[object].geometries;

    // Few lines, redrawn at each choice: Leaflet's own.
    function line(geometry, style) {
      return L.geoJSON(geometry, {
        interactive: false,
        renderer: state.lines,
        style: { fill: false, smoothFactor: 0.6, lineJoin: 'round', lineCap: 'round', ...style },
      }).addTo(state.map);
    }

    function background() {
      const { layer } = level('departement');
      const parts = geometries('departements').flatMap(({ type, arcs }) => (type === 'Polygon' ? [arcs] : arcs));
      state.land = state.shapes.layer([{ id: 'land', type: 'MultiPolygon', arcs: parts }]); // filled at once: no seam
      // What is first shown, when it is not all of the land: some islands are an ocean away.
      state.home = state.options.home ? L.latLngBounds(state.options.home) : state.land.bounds();
      state.limits = layer.inside();
      state.region = layer.outside();
      state.sheets = new territoryCanvas.Sheets(state.shapes, { fills, lines });
      towns();
    }

    function* fills(pen) {
      yield* pen.stroke(state.region, { color: '#ffffff', weight: 9, opacity: 0.55 });
      yield* pen.fill(state.land, () => LAND);
      const { name, layer } = state.shown;
      const paints = layer.geometries.map(({ id }) => state.paints[classOf(id)[0]]);
      yield* pen.fill(layer, (t) => paints[t], name === 'perimetre' ? 0.8 : 1);
    }

    function* lines(pen) {
      const { name, layer } = state.shown;
      const fine = hairline(name, pen.zoom);
      // An EPCI that reaches beyond the region is drawn whole, and needs its outer limit.
      if (fine && name !== 'perimetre') yield* pen.stroke(name === 'epci' ? layer.all() : layer.inside(), fine);
      yield* pen.stroke(state.limits, { color: '#3d3d3d', weight: pen.zoom < 8 ? 1 : 1.6 });
      yield* pen.stroke(state.region, { color: '#3d3d3d', weight: 1.2 });
      if (name === 'perimetre') yield* pen.ring(layer, fine);
    }

    function located(coordinates) {
      const { scale, translate } = state.topology.transform;
      const [lng, lat] = coordinates.map((step, i) => step * scale[i] + translate[i]);
      return [lat, lng];
    }

    // Préfectures: points of the TopoJSON, else the middle of the communes that the skeleton names.
    function towns() {
      const { communes, prefectures } = state.topology.objects;
      const wanted = new Set(state.options.prefectures);
      const places = prefectures
        ? prefectures.geometries.map((each) => [each.properties.nom, located(each.coordinates)])
        : communes.geometries
            .filter((each) => wanted.has(each.id))
            .map((each) => [each.properties.nom, L.geoJSON(feature(each)).getBounds().getCenter()]);
      for (const [name, where] of places) {
        const icon = L.divIcon({ className: 'territory-town', html: element('span', name), iconSize: [0, 0] });
        L.marker(where, { icon, pane: 'names', interactive: false, keyboard: false }).addTo(state.map);
      }
    }

    // ---------------------------------------------------------------- levels

    function level(name) {
      const key = name === 'perimetre' ? `perimetre ${JSON.stringify(state.payload.perimeters)}` : name;
      state.layers[key] ??= { name, layer: state.shapes.layer(name === 'perimetre' ? perimeters() : geometries(OBJECTS[name])) };
      return state.layers[key];
    }

    // Thin enough for a small commune to keep its colour when the whole region is shown; null where all would be lines.
    function hairline(name, zoom) {
      if (name === 'perimetre') return { color: INK, opacity: 0.9, weight: 1.6 };
      if (name === 'departement') return { color: '#3d3d3d', opacity: 1, weight: 1 };
      if (name === 'epci') return { color: '#6f6f6f', opacity: 0.7, weight: zoom < 8 ? 0.5 : 0.9 };
      if (zoom < 5.75) return null;
      return { color: '#8c8c8c', opacity: zoom < 8 ? 0.35 : 0.6, weight: zoom < 8 ? 0.3 : zoom < 10 ? 0.5 : 0.8 };
    }

    // Pays and syndicats: EPCI merged here; the largest first, so that the smaller stay within reach above it.
    function perimeters() {
      const epci = new Map(state.topology.objects.epci.geometries.map((each) => [each.id, each]));
      return state.payload.perimeters
        .map(([id, nom, nature, members]) => {
          const parts = members.split(' ').map((code) => epci.get(code)).filter(Boolean);
          const pop = parts.reduce((sum, each) => sum + (each.properties.pop || 0), 0);
          return { ...topojson.mergeArcs(state.shapes.plain(), parts), id, properties: { nom, nature, pop, parts: parts.length } };
        })
        .filter((each) => each.properties.parts)
        .sort((a, b) => b.properties.parts - a.properties.parts);
    }

    function show(name) {
      const wanted = level(name);
      const changed = state.shown !== wanted;
      if (changed) state.map.closeTooltip(state.tip);
      state.shown = wanted;
      return changed;
    }

    const feature = (geometry) => topojson.feature(state.shapes.plain(), geometry);

    // ---------------------------------------------------------------- styles

    function apply(payload) {
      state.payload = payload;
      draw();
    }

    function draw() {
      const { payload, topology } = state;
      if (!payload || !topology) return;
      frame(payload.title);
      state.classOf = payload.marks === undefined ? listed(payload) : marked(payload);
      state.notes = payload.marks === undefined ? payload.notes : noted(payload.notes);
      const changed = show(payload.level);
      state.paints = payload.palette.map(([fill, tile]) => {
        const drawn = typeof tile === 'number' ? window.territoryMap.TILES[tile] : tile;
        return drawn ? pattern(fill, drawn) : fill;
      });
      look(payload.focus);
      over(payload);
      if (payload.selected !== state.selected) select(payload.selected, true);
      else outline(); // the level may have changed under the selection
      state.told = null;
      // The frame after the drawing shows the new colours.
      state.sheets.paint(changed ? ['fills', 'lines'] : ['fills'], () => requestAnimationFrame(() => coloured(payload.level)));
      state.sheets.addTo(state.map);
    }

    function listed({ codes, classes, respondents, silent }) {
      const told = new Map();
      codes.split(' ').filter(Boolean).forEach((code, i) => {
        const position = parseInt(classes[i], 36);
        told.set(code, [position, silent.includes(position) ? 0 : parseInt(respondents[i], 36)]);
      });
      return told;
    }

    // The same, as `compact` in map_wire.py writes it.
    function marked({ level: name, marks, perimeters: listing, silent }) {
      const order = name === 'perimetre' ? listing.map(([id]) => id) : geometries(OBJECTS[name]).map(({ id }) => id);
      const told = new Map();
      let at = 0;
      for (const [, passed, letter, digit, digits] of marks.matchAll(/([0-9a-z]*)([A-Z])(?:\.(.)|:(\w+):)?/g)) {
        at += parseInt(passed || '0', 36);
        const position = letter.charCodeAt(0) - 65;
        told.set(order[at++], [position, silent.includes(position) ? 0 : parseInt(digit || digits || '1', 36)]);
      }
      return told;
    }

    const noted = ([before, after, notes]) =>
      Object.fromEntries(Object.entries(notes).map(([code, text]) => [code, before + text + after]));

    function coloured(name) {
      const marks = document.documentElement.dataset;
      marks.level = name;
      marks.zoom = String(state.map.getZoom());
      marks.colouredAt = String(performance.timeOrigin + performance.now());
      marks.coloured = String((state.drawn += 1));
      const { awaited } = state.payload;
      state.payload.awaited = '';
      if (awaited) fetch(awaited, { method: 'POST' }).catch(() => {});
    }

    const classOf = (code) => state.classOf.get(code) || [state.payload.absent, 0];

    // A canvas takes a pattern wherever it takes a colour. Drawn at the screen's density, kept for the next time.
    const tiles = new Map();
    function pattern(fill, tile) {
      const key = JSON.stringify([fill, tile]);
      if (!tiles.has(key)) {
        const [size, path, stroke, width] = tile;
        const density = L.Browser.retina ? 2 : 1;
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = size * density;
        const context = canvas.getContext('2d');
        context.scale(density, density);
        context.fillStyle = fill;
        context.fillRect(0, 0, size, size);
        Object.assign(context, { strokeStyle: stroke, lineWidth: width, lineCap: 'round' });
        context.stroke(new Path2D(path));
        const made = context.createPattern(canvas, 'repeat');
        made.setTransform(new DOMMatrix().scale(1 / density));
        tiles.set(key, made);
      }
      return tiles.get(key);
    }

    // Perimeters as outlines over communes or EPCI.
    function over({ level: name, perimeters: wanted }) {
      if (state.outlines) state.outlines.remove();
      state.outlines = null;
      if (name === 'perimetre' || !wanted.length) return;
      const shapes = { type: 'FeatureCollection', features: perimeters().map(feature) };
      state.outlines = L.layerGroup([
        line(shapes, { color: '#ffffff', weight: 4.5, opacity: 0.9 }),
        line(shapes, { color: '#882255', weight: 2 }),
      ]).addTo(state.map);
    }

    // ---------------------------------------------------------------- selection and tooltip

    // A click, or the mouse that moves: the territory under it, if any.
    function point(event) {
      const { map, shown } = state;
      if (!shown || map._animatingZoom || map.dragging.moving()) return;
      const away = event.type === 'mouseout' || event.originalEvent.target.closest('.leaflet-control-container, .territory-message');
      const under = away ? -1 : shown.layer.find(map.project(event.latlng, 0));
      map.getContainer().classList.toggle('over-territory', under >= 0);
      if (event.type === 'click') {
        if (under >= 0) choose(shown.layer.geometries[under].id);
      } else if (under >= 0) hover(event, shown.layer.geometries[under]);
      else map.closeTooltip(state.tip);
    }

    function choose(code) {
      select(code, false);
      state.lastEvent = Math.max(Date.now(), state.lastEvent + 1);
      if (window.Streamlit) {
        window.Streamlit.setComponentValue({ code, level: state.shown.name, event: state.lastEvent });
      }
    }

    function select(code, reveal) {
      state.selected = code;
      outline();
      const bounds = boundsOf(state.shown, code);
      if (reveal && bounds && !state.map.getBounds().intersects(bounds)) {
        state.moved = true;
        state.map.panTo(bounds.getCenter(), { animate: !still });
      }
    }

    function boundsOf({ layer }, code) {
      const t = layer.index.get(code);
      return t === undefined ? null : layer.bounds(t);
    }

    function outline() {
      if (state.highlight) state.highlight.remove();
      state.highlight = null;
      const { layer } = state.shown;
      const chosen = layer.geometries[layer.index.get(state.selected)];
      document.documentElement.dataset.selected = chosen ? state.selected : '';
      if (!chosen) return;
      state.highlight = L.layerGroup([
        line(feature(chosen), { color: '#ffffff', weight: 6 }),
        line(feature(chosen), { color: INK, weight: 2.8 }),
      ]).addTo(state.map);
    }

    function hover(event, territory) {
      const { tip, map } = state;
      const { x, y } = map.latLngToContainerPoint(event.latlng);
      const width = map.getSize().x;
      tip.options.direction = y > 130 ? 'top' : x < width / 2 ? 'right' : 'left';
      if (y > 130 && x < 120) tip.options.direction = 'right';
      if (y > 130 && x > width - 120) tip.options.direction = 'left';
      tip.options.offset = { top: [0, -10], right: [14, 0], left: [-14, 0] }[tip.options.direction];
      if (state.told !== territory || !map.hasLayer(tip)) tip.setContent(sentence(territory));
      state.told = territory;
      tip.setLatLng(event.latlng).openOn(map);
    }

    function sentence({ id, properties }) {
      const [position, respondents] = classOf(id);
      const { palette } = state.payload;
      const { notes } = state;
      const nature = properties.nature || DEFAULT_NATURE[state.shown.name];
      const facts = [NATURES[nature] || nature, population(properties.pop)].filter(Boolean).join(' · ');
      const box = element('div');
      box.append(element('strong', properties.nom), element('span', facts));
      const status = element('span', palette[position][2], 'status');
      status.style.setProperty('--swatch', palette[position][0]);
      box.append(status);
      if (respondents) box.append(element('span', respondents > 1 ? `${number.format(respondents)} répondants` : '1 répondant'));
      if (Object.hasOwn(notes, id)) box.append(element('span', notes[id], 'note'));
      for (const [, nom, nature, members] of state.shown.name === 'epci' ? state.payload.perimeters : []) {
        if (members.split(' ').includes(id)) box.append(element('span', `${nature} : ${nom}`, 'note'));
      }
      return box;
    }

    function population(pop) {
      if (pop === undefined || pop === null) return '';
      return `${number.format(pop)} habitant${pop > 1 ? 's' : ''}`;
    }

    // ---------------------------------------------------------------- view, messages

    // On paper the frame is narrower, dots are finer. The page takes the width of the sheet before its frames are told.
    function redraw(printing) {
      if (!state.home || !state.map.getSize().x) return;
      L.Browser.retina = printing || dense;
      if (state.sheets) state.sheets.atOnce = printing;
      state.map.invalidateSize(false);
      state.map.setView(state.map.getCenter(), state.map.getZoom(), { reset: true, animate: false });
      if (!printing) return;
      // A canvas that was read is printed as it is; from its recording, Chromium leaves patterns out, and all the fills.
      for (const canvas of state.map.getContainer().querySelectorAll('canvas')) canvas.getContext('2d').getImageData(0, 0, 1, 1);
    }

    // The whole region, whatever the width; and never much farther.
    function fit() {
      if (!state.home || !state.map.getSize().x) return;
      state.fitting = true;
      state.map.setMinZoom(0).setMaxBounds(null);
      state.map.fitBounds(state.home, { padding: [10, 10], animate: false });
      state.map.setMinZoom(state.map.getZoom() - 0.5).setMaxBounds(state.home.pad(0.6));
      if (state.target) state.map.fitBounds(state.target, { padding: [30, 30], animate: false });
      state.fitting = false;
      state.moved = false;
    }

    // Départements that were filtered: the map moves to them when they change, and only then.
    function look(focus) {
      const asked = focus.join(' ');
      if (asked === (state.focus || '')) return;
      state.focus = asked;
      const bounds = L.latLngBounds([]);
      const departements = level('departement');
      for (const code of focus) bounds.extend(boundsOf(departements, code));
      state.target = bounds.isValid() ? bounds : null;
      fit();
    }

    function recentre() {
      const control = L.control({ position: 'topleft' });
      control.onAdd = () => {
        const button = element('button', '', 'territory-recentre');
        button.type = 'button';
        button.title = 'Recentrer sur la région';
        button.setAttribute('aria-label', button.title);
        button.innerHTML = '<svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true"><path d="M2 6V2h4M12 2h4v4M16 12v4h-4M6 16H2v-4" fill="none" stroke="currentColor" stroke-width="1.8"/><circle cx="9" cy="9" r="2" fill="currentColor"/></svg>';
        L.DomEvent.disableClickPropagation(button);
        L.DomEvent.on(button, 'click', () => {
          state.target = null;
          fit();
        });
        const box = element('div', '', 'leaflet-bar');
        box.append(button);
        return box;
      };
      return control;
    }

    // Instead of an empty hole: what happened, and a way to try again.
    function message(text, retry) {
      const container = state.map.getContainer();
      container.querySelector('.territory-message')?.remove();
      if (!text) return;
      const box = element('div', '', 'territory-message');
      box.setAttribute('role', 'alert');
      const button = element('button', 'Réessayer');
      button.type = 'button';
      button.addEventListener('click', retry);
      box.append(element('p', text), button);
      L.DomEvent.disableClickPropagation(box);
      container.append(box);
    }

    return { create, apply };
  }

  // Where the map stands until the boundaries have come, and the controls of Leaflet that ours replace.
  const VIEW = { center: [45, 0.4], zoom: 7, preferCanvas: true, zoomControl: false, attributionControl: false };

  window.territoryMap = { ...territories(), another: territories, VIEW };
})();
