/*
 * The map of territories: Leaflet on canvas, one TopoJSON fetched once, styles applied as often as they come.
 *
 *   territoryMap.create(map, {url, title, attribution, prefectures})   once, from the skeleton (lib/display/maps.py)
 *   territoryMap.apply(payload)                                        at each rerun; `payload()` in maps.py makes it
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
      layers: {}, // level → {group, polygons: Map(code → polygon), lines}, built when first shown
      shown: null, // level on the map
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

      for (const [name, z] of [['land', 350], ['lines', 450], ['names', 460]]) {
        map.createPane(name).style.zIndex = z;
        map.getPane(name).style.pointerEvents = 'none';
      }
      state.fills = L.canvas({ padding: 0.4 });
      state.lines = L.canvas({ padding: 0.4, pane: 'lines' });
      state.ground = L.canvas({ padding: 0.4, pane: 'land' });
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
        weigh();
      });
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
      // Folium forbids zooming with two fingers, which people with low vision need.
      for (const meta of document.querySelectorAll('meta[name=viewport]')) meta.content = 'width=device-width, initial-scale=1';
      try {
        window.frameElement.title = title;
      } catch (error) {
        // Another origin, or no frame: the document's own title is enough.
      }
    }

    function begin(topology) {
      state.topology = topology;
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

    const features = (object) => topojson.feature(state.topology, state.topology.objects[object]).features;
    const mesh = (object, keep) => topojson.mesh(state.topology, state.topology.objects[object], keep);
    const inside = (a, b) => a !== b;
    const outside = (a, b) => a === b;

    function line(geometry, style, renderer) {
      return L.geoJSON(geometry, {
        interactive: false,
        renderer: renderer || state.lines,
        style: { fill: false, smoothFactor: 0.6, lineJoin: 'round', lineCap: 'round', ...style },
      }).addTo(state.map);
    }

    function background() {
      const { departements } = state.topology.objects;
      const land = topojson.merge(state.topology, departements.geometries);
      const region = mesh('departements', outside);
      line(region, { color: '#ffffff', weight: 9, opacity: 0.55 }, state.ground);
      L.geoJSON(land, {
        interactive: false,
        renderer: state.ground,
        style: { stroke: false, fillColor: LAND, fillOpacity: 1, smoothFactor: 0.6 },
      }).addTo(state.map);
      state.limits = line(mesh('departements', inside), { color: '#3d3d3d', weight: 1 });
      line(region, { color: '#3d3d3d', weight: 1.2 });
      state.home = L.geoJSON(land).getBounds();
      towns();
    }

    // Préfectures: points of the TopoJSON, else the middle of the communes that the skeleton names.
    function towns() {
      const { communes, prefectures } = state.topology.objects;
      const wanted = new Set(state.options.prefectures);
      const places = prefectures
        ? features('prefectures').map((each) => [each.properties.nom, L.GeoJSON.coordsToLatLng(each.geometry.coordinates)])
        : communes.geometries
            .filter((each) => wanted.has(each.id))
            .map((each) => [each.properties.nom, L.geoJSON(topojson.feature(state.topology, each)).getBounds().getCenter()]);
      for (const [name, where] of places) {
        const icon = L.divIcon({ className: 'territory-town', html: element('span', name), iconSize: [0, 0] });
        L.marker(where, { icon, pane: 'names', interactive: false, keyboard: false }).addTo(state.map);
      }
    }

    // ---------------------------------------------------------------- levels

    function level(name) {
      const key = name === 'perimetre' ? `perimetre ${JSON.stringify(state.payload.perimeters)}` : name;
      if (!state.layers[key]) {
        const collection = name === 'perimetre' ? perimeters() : features(OBJECTS[name]);
        const polygons = new Map();
        const group = L.geoJSON(collection, {
          renderer: state.fills,
          style: { stroke: false, fillOpacity: name === 'perimetre' ? 0.8 : 1, smoothFactor: 0.4 },
          onEachFeature: (feature, polygon) => polygons.set(feature.id, polygon),
        });
        group.on('click', (event) => choose(event.sourceTarget.feature.id));
        group.on('mouseover mousemove', hover);
        group.on('mouseout', () => state.map.closeTooltip(state.tip));
        const hairlines =
          name === 'perimetre' ? { type: 'FeatureCollection', features: collection } : mesh(OBJECTS[name], limits(name));
        state.layers[key] = { name, group, polygons, lines: line(hairlines, hairline(name)) };
        state.layers[key].lines.remove();
      }
      return state.layers[key];
    }

    // An EPCI that reaches beyond the region is drawn whole, and needs its outer limit.
    const limits = (name) => (name === 'epci' ? undefined : inside);

    // Thin enough for a small commune to keep its colour when the whole region is shown.
    function hairline(name) {
      const zoom = state.map.getZoom();
      if (name === 'perimetre') return { color: INK, opacity: 0.9, weight: 1.6 };
      if (name === 'departement') return { color: '#3d3d3d', opacity: 1, weight: 1 };
      if (name === 'epci') return { color: '#6f6f6f', opacity: 0.7, weight: zoom < 8 ? 0.5 : 0.9 };
      return { color: '#8c8c8c', opacity: zoom < 8 ? 0.35 : 0.6, weight: zoom < 8 ? 0.3 : zoom < 10 ? 0.5 : 0.8 };
    }

    function weigh() {
      document.documentElement.dataset.zoom = String(state.map.getZoom());
      if (state.shown) state.shown.lines.setStyle(hairline(state.shown.name));
      if (state.limits) state.limits.setStyle({ weight: state.map.getZoom() < 8 ? 1 : 1.6 });
    }

    // Pays and syndicats: EPCI merged here; the largest first, so that the smaller stay within reach above it.
    function perimeters() {
      const epci = new Map(state.topology.objects.epci.geometries.map((each) => [each.id, each]));
      return state.payload.perimeters
        .map(([id, nom, nature, members]) => {
          const parts = members.split(' ').map((code) => epci.get(code)).filter(Boolean);
          const pop = parts.reduce((sum, each) => sum + (each.properties.pop || 0), 0);
          const geometry = topojson.merge(state.topology, parts);
          return { type: 'Feature', id, properties: { nom, nature, pop, parts: parts.length }, geometry };
        })
        .filter((feature) => feature.properties.parts)
        .sort((a, b) => b.properties.parts - a.properties.parts);
    }

    function show(name) {
      const wanted = level(name);
      if (state.shown !== wanted) {
        if (state.shown) {
          state.shown.group.remove();
          state.shown.lines.remove();
          state.map.closeTooltip(state.tip);
        }
        state.shown = wanted;
        wanted.group.addTo(state.map);
        wanted.lines.addTo(state.map);
        if (name !== 'perimetre') wanted.lines.bringToBack();
        weigh();
      }
    }

    // ---------------------------------------------------------------- styles

    function apply(payload) {
      state.payload = payload;
      draw();
    }

    function draw() {
      const { payload, topology } = state;
      if (!payload || !topology) return;
      const { codes, classes, respondents, silent } = payload;
      frame(payload.title);
      state.classOf = new Map();
      codes.split(' ').filter(Boolean).forEach((code, i) => {
        const position = parseInt(classes[i], 36);
        state.classOf.set(code, [position, silent.includes(position) ? 0 : parseInt(respondents[i], 36)]);
      });
      show(payload.level);
      look(payload.focus);
      const paints = payload.palette.map(([fill, tile]) => (tile ? pattern(fill, tile) : fill));
      for (const [code, polygon] of state.shown.polygons) {
        const fillColor = paints[classOf(code)[0]];
        if (polygon.options.fillColor !== fillColor) polygon.setStyle({ fillColor });
      }
      over(payload);
      if (payload.selected !== state.selected) select(payload.selected, true);
      else outline(); // the level may have changed under the selection
      // Leaflet has asked for its own drawing first: the frame after ours shows the new colours.
      requestAnimationFrame(() => {
        const marks = document.documentElement.dataset;
        marks.level = payload.level;
        marks.colouredAt = String(performance.timeOrigin + performance.now());
        marks.coloured = String((state.drawn += 1));
      });
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
      const shapes = { type: 'FeatureCollection', features: perimeters() };
      state.outlines = L.layerGroup([
        line(shapes, { color: '#ffffff', weight: 4.5, opacity: 0.9 }),
        line(shapes, { color: '#882255', weight: 2 }),
      ]).addTo(state.map);
    }

    // ---------------------------------------------------------------- selection and tooltip

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
      const polygon = code && state.shown.polygons.get(code);
      if (reveal && polygon && !state.map.getBounds().intersects(polygon.getBounds())) {
        state.moved = true;
        state.map.panTo(polygon.getBounds().getCenter(), { animate: !still });
      }
    }

    function outline() {
      if (state.highlight) state.highlight.remove();
      state.highlight = null;
      const polygon = state.selected && state.shown.polygons.get(state.selected);
      document.documentElement.dataset.selected = polygon ? state.selected : '';
      if (!polygon) return;
      state.highlight = L.layerGroup([
        line(polygon.feature, { color: '#ffffff', weight: 6 }),
        line(polygon.feature, { color: INK, weight: 2.8 }),
      ]).addTo(state.map);
    }

    function hover(event) {
      const polygon = event.sourceTarget;
      const { tip, map } = state;
      const { x, y } = map.latLngToContainerPoint(event.latlng);
      const width = map.getSize().x;
      tip.options.direction = y > 130 ? 'top' : x < width / 2 ? 'right' : 'left';
      if (y > 130 && x < 120) tip.options.direction = 'right';
      if (y > 130 && x > width - 120) tip.options.direction = 'left';
      tip.options.offset = { top: [0, -10], right: [14, 0], left: [-14, 0] }[tip.options.direction];
      if (event.type === 'mouseover' || !map.hasLayer(tip)) tip.setContent(sentence(polygon.feature));
      tip.setLatLng(event.latlng).openOn(map);
    }

    function sentence({ id, properties }) {
      const [position, respondents] = classOf(id);
      const { palette, notes } = state.payload;
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
      const { polygons } = level('departement');
      for (const code of focus) if (polygons.has(code)) bounds.extend(polygons.get(code).getBounds());
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

  window.territoryMap = { ...territories(), another: territories };
})();
