// A connection is lost and comes back: said at once, without the dialog of Streamlit, which would hide what is shown.
(() => {
  "use strict";
  const LOST = "Connexion perdue. Ce qui est affiché reste lisible\u202f; l’application se reconnecte d’elle-même.";
  const FOREVER = "Connexion perdue. Ce qui est affiché reste lisible\u202f; pour continuer, rechargez la page.";
  const BACK = "Connexion rétablie.";
  const STATE = "data-test-connection-state";
  const HERE = /^(localhost|127\.|\[::1\])/.test(location.hostname);
  const HEALTH = new URL("../_stcore/health", document.currentScript.src);
  // How long the return is said, how long an answer is awaited, how often it is asked for (ms).
  const SAID = 6000, PATIENCE = 4000, PACE = 10000;

  // Both are there, empty, before they speak: screen readers announce what changes in a region that they know.
  const region = (role) => {
    const made = document.createElement("p");
    made.setAttribute("role", role);
    return banner.appendChild(made);
  };
  const banner = document.createElement("div");
  banner.id = "connection";
  const alert = region("alert"), status = region("status");
  document.body.append(banner);

  let known = false, lost = false, silent = false, asked = 0, fading = 0;
  // Written only when it changes: what is written is heard by the observer below.
  const write = (region, text) => { if (region.textContent !== text) region.textContent = text; };
  const tell = () => {
    const state = document.querySelector(`[${STATE}]`)?.getAttribute(STATE);
    known ||= state === "CONNECTED";
    if (!known) return;
    // Without any network, a server on this very machine still answers.
    const gone = state !== "CONNECTED" || silent || (!navigator.onLine && !HERE);
    write(alert, gone ? (state === "DISCONNECTED_FOREVER" ? FOREVER : LOST) : "");
    if (gone === lost) return;
    lost = gone;
    write(status, lost ? "" : BACK);
    clearTimeout(fading);
    if (lost) return;
    fading = setTimeout(() => write(status, ""), SAID);
    rerun();
  };
  // After a restart, or a long absence, the server has forgotten this visit, and would take the next choice for the
  // first: Streamlit's own key to run the page again makes it known, from its address.
  const rerun = () => {
    for (const event of ["keydown", "keyup"])
      document.body.dispatchEvent(new KeyboardEvent(event, { key: "r", code: "KeyR", keyCode: 82, bubbles: true }));
  };
  const dismiss = () => {
    for (const dialog of document.querySelectorAll('[data-testid="stDialog"]'))
      if (/^Conne(ction error|xion interrompue)$/.test(dialog.querySelector("h2")?.textContent))
        dialog.querySelector('section > button')?.click();
  };
  // A network may swallow everything without a word: whoever acts and gets no answer is told too.
  const ask = async () => {
    if (silent || lost || Date.now() - asked < PACE) return;
    asked = Date.now();
    do {
      if (silent) await new Promise((done) => setTimeout(done, PATIENCE / 2));
      silent = !(await fetch(HEALTH, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) }).then(() => true, () => false));
      tell();
    } while (silent);
  };
  new MutationObserver(() => { tell(); if (lost) dismiss(); }).observe(document.body, {
    subtree: true, childList: true, attributes: true, attributeFilter: [STATE],
  });
  for (const change of ["online", "offline"]) addEventListener(change, tell);
  for (const action of ["pointerdown", "keydown"]) addEventListener(action, ask, { capture: true, passive: true });
})();
