// A file that was asked for is taken as soon as it is ready: the button that gives it (`lib.ui.takeaway.prepared`) is
// clicked once for the visitor, who may click it again.
(() => {
  "use strict";
  const READY = '[class*="st-key-pret-"] button';
  const taken = new WeakSet();
  new MutationObserver(() => {
    for (const button of document.querySelectorAll(READY)) {
      // Streamlit shows what is left of the last run, dimmed, until the next one is over.
      if (taken.has(button) || button.closest('[data-stale="true"]')) continue;
      taken.add(button);
      button.click();
    }
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
