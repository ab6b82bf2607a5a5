// Less motion for those who ask for it: what Streamlit moves by script has no duration, as what it moves by style has
// none (shell.css).
(() => {
  "use strict";
  const asked = matchMedia("(prefers-reduced-motion: reduce)");
  const { animate } = Element.prototype;
  Element.prototype.animate = function (frames, options) {
    if (!asked.matches) return animate.call(this, frames, options);
    return animate.call(this, frames, typeof options === "object" ? { ...options, duration: 0, delay: 0 } : 0);
  };
})();
