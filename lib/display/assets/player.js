/*
 * The keys of a presentation made by lib/display/player/document.py: a screen at a time, guesses, notes, timer, maps.
 *
 * It runs before the document has come whole: screens are shown as they arrive, maps once their boundaries have.
 * It asks nobody for anything. Data reaches the page through textContent only: nothing here writes HTML.
 */
(function () {
  'use strict';

  const root = document.documentElement;
  const NARROW = '\u202f';
  const phone = window.matchMedia('(max-width: 800px)');
  root.classList.add('js');

  const state = {
    screen: null, // the section shown
    wanted: parseInt(location.hash.slice(1), 10) || 1, // its number, maybe not there yet
    whole: false, // has the document come to its end?
    elapsed: 0, // of the timer, in ms, until `since`
    since: 0, // when it was started; 0 when it is stopped
    typed: '', // digits of a guess
    typedAt: 0,
    notes: null, // window of notes
    resting: 0, // what hides the buttons after a while
    contrast: false, // are the colours of the high-contrast set shown?
  };

  const find = (selector, within = document) => within.querySelector(selector);
  const screens = () => [...document.querySelectorAll('main > .screen')];
  const total = () => Number(document.body.dataset.screens);
  const number = (screen = state.screen) => screens().indexOf(screen) + 1;
  // Steps alone are counted, as short addresses count them: neither the first screen, nor the last.
  const steps = () => Number(document.body.dataset.steps);
  const step = (screen = state.screen) => (screen.matches('.first, .last, .broken') ? 0 : number(screen) - 1);
  const asking = () => state.screen?.classList.contains('asking');
  const read = (element) => JSON.parse(element.textContent);
  const made = (tag, text = '', className = '') => {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = className;
    return element;
  };

  // What a screen is called: a guess does not tell its answer before its time.
  function title(screen) {
    return screen.classList.contains('asking') ? find('.asked', screen).textContent : screen.dataset.title;
  }

  // ---------------------------------------------------------------- screens

  function go(wanted) {
    const listed = screens();
    state.wanted = Math.max(1, Math.min(wanted, state.whole ? listed.length : total()));
    const screen = listed[state.wanted - 1];
    if (!screen || screen === state.screen) return;
    state.screen?.classList.remove('current');
    state.screen = screen;
    screen.classList.add('current');
    paint(screen);
    screen.scrollTop = 0;
    // What has gone from the screen keeps no key: neither a map nor a guess.
    if (document.activeElement?.closest('.screen')) document.activeElement.blur();
    try {
      history.replaceState(null, '', here());
    } catch (error) {
      // A document without an address of its own.
    }
    tell();
    fit();
    mount();
  }

  // The screen, and the colours where they are not those that the reader's system asks for.
  function here() {
    const asked = state.contrast === preferred.matches ? '' : state.contrast ? '-contraste' : '-ordinaire';
    return `#${state.wanted}${asked}`;
  }

  function fit() {
    if (!state.screen) return;
    shrink(state.screen);
    edge();
  }

  // On a phone, a drawing whose letters would be too small is wider than the screen: it says so.
  function edge() {
    const figure = state.screen && find('.figure:not(:has(.map))', state.screen);
    if (!figure) return;
    const hidden = figure.scrollWidth - figure.clientWidth;
    figure.classList.toggle('more', hidden - figure.scrollLeft > 4);
    figure.parentElement.classList.toggle('slides', hidden > 4);
    // What slides under a finger slides with the keys too, once it has the focus.
    if (hidden > 4) figure.tabIndex = 0;
    else figure.removeAttribute('tabindex');
  }

  // Words that are many are written smaller, rather than over what stands under them.
  function shrink(screen) {
    // A table may be moved through; nothing else may.
    const least = phone.matches ? 1 : find('.figure table', screen) ? 0.8 : 0.55;
    for (let share = 1; share >= least; share -= 0.05) {
      screen.style.setProperty('--fit', share.toFixed(2));
      if (!crowded(screen)) return;
    }
  }

  function crowded(screen) {
    const over = (box) => box && box.scrollHeight > box.clientHeight + 1;
    const figure = screen.classList.contains('stacked') && !asking() && find('.figure', screen);
    const squeezed = figure && figure.clientHeight < 0.45 * screen.clientHeight;
    return squeezed || [screen, ...screen.querySelectorAll('.words, .ask, .figure:has(table)')].some(over);
  }

  function tell() {
    const place = number();
    const counted = step();
    const name = title(state.screen);
    find('.place').textContent = counted ? `${counted} / ${steps()}` : '';
    find('.announced').textContent = counted ? `Écran ${counted} sur ${steps()}${NARROW}: ${name}` : name;
    document.title = counted ? `${counted} / ${steps()} · ${name}` : name;
    find('.bar [data-do=previous]').disabled = place === 1;
    find('.bar [data-do=next]').disabled = place === total() && !asking();
    inform();
  }

  function next() {
    if (asking()) reveal();
    else go(number() + 1);
  }

  // As the document comes: the screen asked for is shown as soon as it is there.
  function arrive() {
    if (!document.body || !find('main')) return;
    const here = screens().length;
    if (here && !state.screen) {
      const { wanted } = state;
      go(wanted > here ? 1 : wanted);
      state.wanted = wanted; // until then, the first one
    }
    const ready = Math.min(steps(), Math.max(0, here - 1));
    const said = state.whole ? '' : `Préparation${NARROW}: ${ready} sur ${steps()}`;
    // To write is to change the document, hence to come back here.
    if (find('.progress').textContent !== said) find('.progress').textContent = said;
    if (state.screen && state.wanted !== number() && here >= state.wanted) go(state.wanted);
  }

  // ---------------------------------------------------------------- high contrast

  // Ordinary colour → that of the high-contrast set (lib/display/palette.py), on the same white ground.
  const preferred = window.matchMedia('(prefers-contrast: more)');
  const pairs = Object.entries(read(document.getElementById('high-contrast')));
  const stronger = new Map(pairs.map(([ordinary, high]) => [ordinary.toLowerCase(), high]));
  const painted = (colour) => (state.contrast && stronger.get(colour.toLowerCase())) || cell(colour);

  // A cell of a grid has one of many blues: those in the middle give way, to either side, so that their figure is read.
  function cell(colour) {
    if (!state.contrast || !/^#[0-9a-f]{6}$/i.test(colour)) return colour;
    let channels = [1, 3, 5].map((start) => parseInt(colour.slice(start, start + 2), 16));
    const luminance = () => {
      const [red, green, blue] = channels.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    };
    // From 0.179 on, a black figure reads better than a white one; at 0.3 and at 0.1 either is at 7:1.
    const light = luminance() > 0.179;
    const [end, most] = light ? [255, 0.3] : [0, 0.1];
    while (light ? luminance() < most : luminance() > most) channels = channels.map((c) => c + (end - c) / 16);
    return `#${channels.map((c) => Math.round(c).toString(16).padStart(2, '0')).join('')}`;
  }

  const plain = (colour) =>
    `data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 26 16' preserveAspectRatio='none'><path fill='${colour.replace('#', '%23')}' d='M0 0h26v16H0z'/></svg>`;

  // What is drawn keeps its own colours beside those shown.
  function paint(screen) {
    if (screen.classList.contains('painted') === state.contrast) return;
    screen.classList.toggle('painted', state.contrast);
    for (const part of screen.querySelectorAll('.drawn svg [fill], .drawn svg [stroke]')) {
      for (const name of ['fill', 'stroke']) {
        const own = part.dataset[name] ?? part.getAttribute(name);
        if (!own) continue;
        part.dataset[name] = own;
        part.setAttribute(name, painted(own));
      }
    }
    const samples = [...screen.querySelectorAll('.map-legend img')];
    const { palette } = samples.length ? read(find('.payload', screen)).payload : {};
    for (const sample of samples) {
      sample.dataset.own ??= sample.src;
      const [fill, tile] = palette.find(([, , label]) => label === sample.nextElementSibling.textContent) || [];
      // A pattern is written as a drawing; a plain colour is an image of one pixel.
      const drawn = fill && !tile ? plain(painted(fill)) : sample.dataset.own.replace(/%23([0-9a-f]{6})/gi, (_, digits) => painted(`#${digits}`).replace('#', '%23'));
      sample.src = state.contrast ? drawn : sample.dataset.own;
    }
    find('.map', screen)?.restyle?.();
  }

  function contrast(shown = !state.contrast, told = true) {
    state.contrast = shown;
    for (const page of [document, presenter()]) page?.documentElement.classList.toggle('contrast', shown);
    find('.bar [data-do=contrast]')?.setAttribute('aria-pressed', String(shown));
    if (!state.screen) return;
    paint(state.screen);
    try {
      history.replaceState(null, '', here());
    } catch (error) {
      // A document without an address of its own.
    }
    if (told) find('.announced').textContent = shown ? 'Contraste renforcé' : 'Contraste ordinaire';
  }

  const asked = () => (/-(contraste|ordinaire)$/.exec(location.hash)?.[1] ?? (preferred.matches ? 'contraste' : '')) === 'contraste';
  preferred.addEventListener('change', () => contrast(preferred.matches, false));

  // ---------------------------------------------------------------- guesses

  function guessed(value) {
    const slider = find('.ask input', state.screen);
    slider.value = String(value);
    slider.dataset.said = slider.value;
    slider.setAttribute('aria-valuetext', `${slider.value}${NARROW}%`);
    find('.ask output', state.screen).textContent = `${slider.value}${NARROW}%`;
  }

  function choose(place) {
    const buttons = [...state.screen.querySelectorAll('.choices button')];
    buttons.forEach((button, i) => button.setAttribute('aria-pressed', String(i === place)));
  }

  function digit(key) {
    if (find('.choices', state.screen)) {
      const place = (Number(key) + 9) % 10;
      if (find(`[data-choice="${place}"]`, state.screen)) choose(place);
      return;
    }
    const now = Date.now();
    const typed = now - state.typedAt < 1500 ? state.typed + key : key;
    state.typed = Number(typed) > 100 ? key : typed;
    state.typedAt = now;
    guessed(Number(state.typed));
  }

  function reveal() {
    const { screen } = state;
    const told = read(find('.ask script', screen));
    const room = find('.room', screen);
    screen.classList.remove('asking');
    state.typedAt = 0;
    if (document.activeElement?.closest('.ask')) document.activeElement.blur();
    if (find('.ask', screen).dataset.kind === 'part') {
      const { said } = find('.ask input', screen).dataset;
      room.textContent = said === undefined ? '' : compared(Number(said), told);
    } else {
      const chosen = find('[aria-pressed=true]', screen);
      room.textContent = chosen ? told.answers[Number(chosen.dataset.choice)] : told.unsaid;
    }
    room.hidden = !room.textContent;
    tell();
    fit();
    if (room.textContent) find('.announced').textContent += ` ${room.textContent}`;
    mount();
  }

  function compared(said, { share, said: written }) {
    const gap = Math.abs(said - share);
    const points = `${gap} point${gap > 1 ? 's' : ''}`;
    const words =
      gap === 0 ? 'La salle a vu juste.' :
      gap <= 2 ? `La salle a vu juste, à ${points} près.` :
      `La salle voyait ${points} de ${said > share ? 'plus' : 'moins'}.`;
    return `La salle${NARROW}: ${said}${NARROW}% · Les réponses${NARROW}: ${written}. ${words}`;
  }

  function restart() {
    for (const ask of document.querySelectorAll('.ask')) {
      const screen = ask.closest('.screen');
      screen.classList.add('asking');
      find('.room', screen).hidden = true;
      for (const button of ask.querySelectorAll('[aria-pressed]')) button.setAttribute('aria-pressed', 'false');
      const slider = find('input', ask);
      if (slider) {
        slider.value = '50';
        delete slider.dataset.said;
        find('output', ask).textContent = '?';
      }
    }
    reset();
    close();
    go(1);
    tell();
    fit();
  }

  // ---------------------------------------------------------------- timer

  const elapsed = () => state.elapsed + (state.since ? Date.now() - state.since : 0);

  function timed() {
    const seconds = Math.floor(elapsed() / 1000);
    return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  }

  function timer() {
    if (state.since) state.elapsed = elapsed();
    state.since = state.since ? 0 : Date.now();
    tick();
  }

  function reset() {
    state.elapsed = 0;
    if (state.since) state.since = Date.now();
    tick();
  }

  function tick() {
    const shown = find('.timer');
    if (!shown) return;
    shown.hidden = !state.since && !state.elapsed;
    shown.textContent = timed();
    shown.classList.toggle('stopped', !state.since);
    shown.title = state.since ? 'Chronomètre' : 'Chronomètre arrêté';
    const opened = presenter();
    if (!opened) return;
    find('.timer', opened).textContent = timed();
    find('.clock', opened).textContent = new Date().toLocaleTimeString('fr-FR', { hour: '2-digit', minute: '2-digit' });
  }

  // ---------------------------------------------------------------- notes

  const presenter = () => (state.notes && !state.notes.closed ? state.notes.document : null);

  function panel(shown = !root.classList.contains('with-notes')) {
    root.classList.toggle('with-notes', shown);
    window.dispatchEvent(new Event('resize')); // a map has another height
  }

  // The window is written from here: nothing is fetched, and a page of a disk may do it as well as one of a server.
  function notes() {
    if (presenter()) {
      state.notes.focus();
      return;
    }
    if (phone.matches || root.classList.contains('with-notes')) {
      panel();
      return;
    }
    const opened = window.open('', '', 'popup,width=980,height=640');
    if (!opened) {
      panel(true);
      return;
    }
    state.notes = opened;
    const page = opened.document;
    page.documentElement.lang = 'fr';
    page.title = 'Notes de l’animateur';
    page.documentElement.classList.toggle('contrast', state.contrast);
    const style = page.createElement('style');
    style.textContent = find('head style').textContent;
    page.head.replaceChildren(style);
    const body = page.createElement('body');
    body.className = 'presenter';
    const head = made('header');
    head.append(made('p', '', 'following now'), made('h1'));
    const tools = made('div', '', 'tools');
    for (const [action, text] of [['previous', '‹ Précédent'], ['next', 'Suivant ›'], ['timer', 'Chronomètre'], ['reset', 'Remettre à zéro'], ['black', 'Écran noir']]) {
      const button = made('button', text);
      button.type = 'button';
      button.dataset.do = action;
      tools.append(button);
    }
    tools.append(made('span', '', 'timer'), made('span', '', 'clock'));
    const foot = made('footer');
    foot.append(made('p', '', 'following next'), tools);
    body.append(head, made('div', '', 'read'), foot);
    page.body.replaceWith(body);
    page.addEventListener('click', click);
    page.addEventListener('keydown', key);
    inform();
  }

  function inform() {
    const page = presenter();
    if (!page || !state.screen) return;
    const following = screens()[number()];
    const aside = find('.notes', state.screen);
    const [counted, place] = [step(), number()];
    const named = place === 1 ? 'Premier écran' : 'Dernier écran';
    find('.now', page).textContent = counted ? `Écran ${counted} sur ${steps()}${asking() ? ' · devinette' : ''}` : named;
    find('h1', page).textContent = title(state.screen);
    const held = find('.read', page);
    held.replaceChildren();
    if (aside?.dataset.question) {
      const asked = made('p', '', 'asks');
      asked.append(made('strong', `À la salle${NARROW}: `), aside.dataset.question);
      held.append(asked);
    }
    for (const paragraph of aside?.children || []) held.append(made('p', paragraph.textContent));
    if (!held.children.length) held.append(made('p', 'Pas de note pour cet écran.', 'following'));
    find('.next', page).textContent = following ? `Ensuite${NARROW}: ${title(following)}` : '';
    tick();
  }

  // A document of a disk that is loaded again may not touch the window that it opened before.
  window.addEventListener('pagehide', () => state.notes?.close());

  // ---------------------------------------------------------------- dialogs and blank screens

  const dialogOpen = () => find('dialog[open]');
  const close = () => dialogOpen()?.close();

  function open(name) {
    const already = dialogOpen();
    close();
    if (already?.id === name) return;
    if (name === 'list') list();
    if (name === 'data') {
      const rows = find('.data', state.screen);
      if (!rows) return;
      find('#data > div').replaceChildren(rows.content.cloneNode(true));
    }
    if (name === 'code') {
      const view = find('.view', state.screen);
      if (!view) return;
      find('#code > div').replaceChildren(find('svg', view).cloneNode(true), made('p', find('span', view).textContent));
    }
    document.getElementById(name).showModal();
    find('[aria-current]', document.getElementById(name))?.focus();
  }

  function list() {
    find('#list ol').replaceChildren(
      ...screens().map((screen, i) => {
        const button = made('button');
        button.type = 'button';
        button.dataset.screen = String(i + 1);
        if (screen === state.screen) button.setAttribute('aria-current', 'true');
        button.append(made('b', String(step(screen) || '')), made('span', title(screen)));
        const item = made('li');
        item.append(button);
        return item;
      })
    );
  }

  const blanked = () => !find('.blank').hidden;

  function blank(white) {
    const sheet = find('.blank');
    const same = blanked() && sheet.classList.contains('white') === white;
    sheet.classList.toggle('white', white);
    sheet.hidden = same;
    find('.announced').textContent = same ? title(state.screen) : white ? 'Écran blanc' : 'Écran noir';
  }

  function fullScreen() {
    if (document.fullscreenElement) document.exitFullscreen();
    else root.requestFullscreen?.().catch(() => {}); // refused: the window stays as it is
  }

  // The browser's own full screen (F11) is one too.
  const wide = window.matchMedia('(display-mode: fullscreen)');
  const full = () => Boolean(document.fullscreenElement) || wide.matches;

  // In full screen, buttons that nobody reaches for leave the screen to the figure.
  function awake() {
    root.classList.remove('idle');
    clearTimeout(state.resting);
    if (full()) state.resting = setTimeout(() => root.classList.add('idle'), 3000);
  }

  function framed() {
    root.classList.toggle('full', full());
    awake();
  }

  document.addEventListener('fullscreenchange', framed);
  wide.addEventListener('change', framed);
  for (const sign of ['keydown', 'pointerdown', 'wheel']) {
    document.addEventListener(sign, awake, { capture: true, passive: true });
  }
  let pointed = '';
  document.addEventListener('pointermove', ({ screenX, screenY }) => {
    // What moves under a pointer that stands still is said to be a move.
    const at = `${screenX} ${screenY}`;
    if (at !== pointed) awake();
    pointed = at;
  }, { passive: true });
  framed();

  // ---------------------------------------------------------------- maps

  let boundaries = null;

  // Leaflet measures its box: a map is made when its screen is shown, and once.
  function mount() {
    const holder = state.screen && find('.map', state.screen);
    if (!holder || holder.map || !state.whole || asking()) return;
    const held = document.getElementById('boundaries');
    if (!held) return; // a document that was broken off
    boundaries ??= read(held);
    const { payload, title: name, attribution } = read(find('.payload', state.screen));
    const map = L.map(holder, {
      center: [45, 0.4],
      zoom: 7,
      preferCanvas: true,
      zoomControl: false,
      attributionControl: false,
    });
    holder.map = map;
    holder.classList.add('mounted');
    const territories = territoryMap.another();
    territories.create(map, { boundaries, title: name, attribution, prefectures: [] });
    const swatches = ({ palette, ...rest }) => ({
      ...rest,
      palette: palette.map(([fill, tile, label]) => [painted(fill), tile && tile.map((part) => (/^#/.test(part) ? painted(part) : part)), label]),
    });
    holder.restyle = () => territories.apply({ ...swatches(payload), title: name });
    holder.restyle();
    const measure = () => {
      const { x, y } = map.getSize();
      if (x && y) {
        holder.style.setProperty('--drawn-width', `${x}px`);
        holder.style.setProperty('--drawn-height', `${y}px`);
        // 172 × 165 mm of paper, at 96 pixels an inch.
        holder.style.setProperty('--to-paper', String(Math.min(650 / x, 620 / y)));
      }
    };
    map.on('resize', measure);
    measure();
  }

  const shownMap = () => (asking() ? null : state.screen && find('.map', state.screen)?.map);
  const inMap = () => document.activeElement?.closest('.map');

  // ---------------------------------------------------------------- keys, clicks, fingers

  const actions = {
    next,
    previous: () => go(number() - 1),
    first: () => go(1),
    last: () => go(total()),
    list: () => open('list'),
    help: () => open('help'),
    data: () => open('data'),
    code: () => open('code'),
    close,
    notes,
    contrast: () => contrast(),
    timer,
    reset,
    restart,
    screen: fullScreen,
    black: () => blank(false),
    white: () => blank(true),
    closer: () => shownMap()?.zoomIn(),
    farther: () => shownMap()?.zoomOut(),
  };

  const KEYS = {
    ArrowRight: 'next', PageDown: 'next', ' ': 'next', Enter: 'next', ArrowLeft: 'previous', PageUp: 'previous',
    Home: 'first', End: 'last', l: 'list', Escape: 'list', '?': 'help', d: 'data', q: 'code', n: 'notes', t: 'timer', c: 'contrast',
    f: 'screen', F5: 'screen', b: 'black', '.': 'black', w: 'white', '+': 'closer', '=': 'closer', '-': 'farther',
  };
  const NATIVE = ['Enter', ' '];
  const IN_MAP = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', '+', '-', '='];
  const IN_SLIDER = ['ArrowRight', 'ArrowLeft', 'ArrowUp', 'ArrowDown', 'Home', 'End'];

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !state.screen) return;
    const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const target = event.target.closest ? event.target : root;
    if (event.shiftKey && name === 'F5') return;
    if (blanked()) {
      if (name === 'Shift' || (!KEYS[name] && !/^\d$/.test(name))) return;
      event.preventDefault();
      find('.blank').hidden = true;
      return;
    }
    const dialog = dialogOpen();
    if (dialog && target.ownerDocument === document) {
      // The browser closes at Échap and keeps Tab inside; a remote control goes on.
      const same = KEYS[name] === dialog.id && name !== 'Escape';
      if (!same && name !== 'PageDown' && name !== 'PageUp') return;
      event.preventDefault();
      close();
      if (!same) actions[KEYS[name]]();
      return;
    }
    if (inMap()) {
      if (IN_MAP.includes(name)) return;
      if (name === 'Escape') {
        event.preventDefault();
        document.activeElement.blur();
        return;
      }
    }
    if (NATIVE.includes(name) && target.closest('button, a')) return;
    if (target.closest('input') && IN_SLIDER.includes(name)) return;
    if (/^\d$/.test(name) && asking()) {
      event.preventDefault();
      digit(name);
    } else if (KEYS[name]) {
      event.preventDefault();
      actions[KEYS[name]]();
    }
  }

  function click(event) {
    const button = event.target.closest?.('button');
    if (event.target.closest?.('.blank')) find('.blank').hidden = true;
    if (!button) return;
    // A button that was clicked must not take the next Space for itself.
    if (event.detail && !button.closest('dialog')) button.blur();
    if (button.dataset.screen) {
      close();
      go(Number(button.dataset.screen));
    } else if (button.dataset.choice) choose(Number(button.dataset.choice));
    else if (button.dataset.do) actions[button.dataset.do]();
  }

  document.addEventListener('keydown', key);
  document.addEventListener('click', click);
  document.addEventListener('input', (event) => event.target.closest('.ask') && guessed(Number(event.target.value)));
  // A click where the slider already stands changes nothing: it is a guess all the same.
  document.addEventListener('pointerup', (event) => event.target.closest('.ask input') && guessed(Number(event.target.value)));

  let touch = null;
  document.addEventListener('touchstart', (event) => {
    const own = event.target.closest('.map, input, dialog, .bar');
    const wide = event.target.closest('.figure');
    touch = own || event.touches.length > 1 || (wide && wide.scrollWidth > wide.clientWidth) ? null : event.touches[0];
  }, { passive: true });
  document.addEventListener('touchend', (event) => {
    if (!touch) return;
    const across = event.changedTouches[0].clientX - touch.clientX;
    const along = event.changedTouches[0].clientY - touch.clientY;
    touch = null;
    if (Math.abs(across) > 60 && Math.abs(across) > 2 * Math.abs(along)) actions[across < 0 ? 'next' : 'previous']();
  }, { passive: true });

  window.addEventListener('resize', fit);
  document.addEventListener('scroll', edge, { capture: true, passive: true });
  window.addEventListener('hashchange', () => {
    if (asked() !== state.contrast) contrast(asked(), false);
    go(parseInt(location.hash.slice(1), 10) || 1);
  });

  contrast(asked(), false);
  const arrivals = new MutationObserver(arrive);
  arrivals.observe(root, { childList: true, subtree: true });
  document.addEventListener('DOMContentLoaded', () => {
    arrivals.disconnect();
    state.whole = true;
    arrive();
    // A document that says itself that it is not whole has fewer screens than it was to have.
    document.body.dataset.screens = String(screens().length);
    if (state.wanted > screens().length) go(screens().length);
    contrast(state.contrast, false);
    tell();
    mount();
    setInterval(tick, 500);
  });
})();
