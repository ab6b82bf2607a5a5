// What a reader of screens jumps to: Streamlit makes a menu of links that says nowhere that it is one, nor where one is.
(() => {
  "use strict";
  const NAVIGATIONS = { "st-key-menu": "Pages", "st-key-menu-foot": "À propos du site" };
  const CURRENT = "aria-current";
  // Written only when it changes: what is written is heard by the observer below.
  const write = (element, name, value) => { if (element.getAttribute(name) !== value) element.setAttribute(name, value); };
  const root = new URL("..", document.currentScript.src).pathname;
  const plain = (path) => path.replace(/\/$/, "");
  // The first page is linked to by nothing but its filters.
  const target = (link) => (/^($|\?)/.test(link.getAttribute("href") ?? "") ? root : link.pathname);
  const mark = () => {
    for (const [key, label] of Object.entries(NAVIGATIONS)) {
      const menu = document.querySelector(`[data-testid="stSidebar"] .${key}`);
      if (!menu) continue;
      write(menu, "role", "navigation");
      write(menu, "aria-label", label);
      for (const link of menu.querySelectorAll("a")) {
        if (plain(target(link)) === plain(location.pathname)) write(link, CURRENT, "page");
        else if (link.hasAttribute(CURRENT)) link.removeAttribute(CURRENT);
      }
    }
  };
  new MutationObserver(mark).observe(document.documentElement, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["class", "href", CURRENT],
  });
  mark();
})();
