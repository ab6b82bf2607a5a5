// A file that was asked for is taken as soon as it is ready: the button that gives it (`lib.ui.takeaway.prepared`) is
// clicked once for the visitor, who may click it again. The keyboard stays where it was meanwhile.
(() => {
  "use strict";
  const READY = '[class*="st-key-pret-"] button';
  const taken = new WeakSet();

  // A button that is disabled while its file is made loses the focus, and so does one that gives way to another. It is
  // given back, to those who use the keyboard.
  let last = null;
  const keyOf = (element) => [...(element.closest('[class*="st-key-"]')?.classList ?? [])].find((name) => name.startsWith("st-key-"));
  addEventListener("focusin", ({ target }) => {
    last = target.closest?.('[data-testid="stMain"] button') ? { button: target, key: keyOf(target) } : null;
  });
  addEventListener("pointerdown", () => { last = null; }, { capture: true, passive: true });
  addEventListener("keydown", ({ key }) => { if (key === "Tab") last = null; }, { capture: true, passive: true });
  const giveBack = (ready) => {
    if (!last || document.activeElement !== document.body) return;
    const own = last.button.isConnected ? last.button : last.key && document.querySelector(`.${CSS.escape(last.key)} button`);
    const button = own || ready;
    if (button && !button.disabled) button.focus({ preventScroll: true });
  };

  new MutationObserver(() => {
    let ready = null;
    for (const button of document.querySelectorAll(READY)) {
      // Streamlit shows what is left of the last run, dimmed, until the next one is over.
      if (taken.has(button) || button.closest('[data-stale="true"]')) continue;
      taken.add(button);
      button.click();
      ready = button;
    }
    giveBack(ready);
  }).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"] });
})();
