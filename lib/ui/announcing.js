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
  // `acted`: a choice was made, and nothing was told since; a run that nobody asked for is not told.
  let acted = false, ran = false, told = null, waiting = 0;
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
    const before = told, changed = ran;
    told = now;
    ran = false;
    // Whoever acts before the first page is still is told where they arrive.
    if (!acted) return;
    // Of what is new, the first two: the answer, and for whom it holds.
    const news = now.sentences.filter((sentence) => !before?.sentences.includes(sentence)).slice(0, 2);
    const parts = now.page === before?.page ? news : [now.page, ...news.slice(0, 1)];
    if (!parts.length && changed) parts.push(CHANGED);
    if (!parts.length) return;
    acted = false;
    // A sentence that is told twice is written twice.
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = parts.join(" "); });
  };

  // The end of a run is not always seen: where an answer comes at once, its beginning and its end are one change.
  new MutationObserver((changes) => {
    if (changes.every((change) => region.contains(change.target))) return;
    if (state() !== "notRunning") { ran = true; return; }
    clearTimeout(waiting);
    waiting = setTimeout(() => { if (state() === "notRunning") tell(); }, STILL);
  }).observe(document.documentElement, {
    subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [STATE],
  });
  for (const action of ["pointerdown", "keydown"])
    addEventListener(action, (event) => { acted ||= event.isTrusted && event.key !== "Tab"; }, { capture: true, passive: true });
})();
