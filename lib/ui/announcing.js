// What a choice changed, told to those who do not see it: another page by its title, another selection by the first
// sentences that are not the same, that which answers the page's question before all; else, that something changed.
(() => {
  "use strict";
  const CHANGED = "Affichage mis à jour.";
  const STATE = "data-test-script-state";

  const region = document.createElement("p");
  region.id = "announced";
  region.setAttribute("role", "status");
  document.body.append(region);

  // How long nothing changes before it is told (ms).
  const STILL = 250;
  // `arrived`: nobody has acted yet, and the page that comes is not told. `acted`: a choice was made whose answer was
  // not told; without other words, a run that nobody asked for is not told. `ran`: since what was told last;
  // `answered`: since the last choice.
  let arrived = true, acted = false, ran = false, answered = false, told = null, waiting = 0;
  const state = () => document.querySelector(`[${STATE}]`)?.getAttribute(STATE);

  // The title of the page, and its sentences in their order; not those of what is folded.
  const SENTENCES = '[data-testid="stMarkdown"], [data-testid="stText"], [data-testid="stCaptionContainer"]';
  const said = () => {
    const main = document.querySelector('[data-testid="stMain"]');
    const heading = main?.querySelector("h1");
    if (!heading) return null;
    const after = [...main.querySelectorAll(SENTENCES)].filter((block) =>
      heading.compareDocumentPosition(block) & Node.DOCUMENT_POSITION_FOLLOWING && !block.closest("details"));
    return { page: heading.textContent.trim(), sentences: after.map((block) => block.textContent.trim()).filter(Boolean) };
  };

  const tell = () => {
    const now = said();
    if (!now) return;
    const before = told, changed = ran && acted;
    told = now;
    ran = false;
    // Whoever acts before the first page is still is told where they arrive.
    if (arrived) return;
    // Of what is new, the first two: the answer, and for whom it holds.
    const news = now.sentences.filter((sentence) => !before?.sentences.includes(sentence)).slice(0, 2);
    const parts = now.page === before?.page ? news : [now.page, ...news.slice(0, 1)];
    if (!parts.length && changed) parts.push(CHANGED);
    if (!parts.length) return;
    // What is told may have been asked for before the last choice, whose answer is still to come.
    if (answered) acted = false;
    // A sentence that is told twice is written twice.
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = parts.join(" "); });
  };

  // The end of a run is not always seen: where an answer comes at once, its beginning and its end are one change.
  new MutationObserver((changes) => {
    if (changes.every((change) => region.contains(change.target))) return;
    if (state() !== "notRunning") { ran = answered = true; return; }
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (state() === "notRunning") tell(); }, STILL);
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [STATE],
  });
  for (const action of ["pointerdown", "keydown"])
    addEventListener(action, (event) => {
      if (!event.isTrusted || event.key === "Tab") return;
      arrived = answered = false;
      acted = true;
    }, { capture: true, passive: true });
})();
