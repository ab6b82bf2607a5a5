// What is pressed stays under the pointer: a filter that is left gives back the line that one types in, and all that is
// below it would move up between the press and the release, which is then no click.
(() => {
  "use strict";
  let left = null;
  const release = () => {
    if (!left) return;
    const field = left;
    left = null;
    // After the click, which comes after the release.
    setTimeout(() => { field.style.minWidth = ""; });
  };
  addEventListener("pointerdown", (event) => {
    release();
    const field = document.activeElement;
    const filter = field?.closest('[data-testid="stMultiSelect"]');
    if (!filter || filter.contains(event.target)) return;
    left = field;
    field.style.minWidth = getComputedStyle(field).minWidth;
  }, { capture: true, passive: true });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, release, { capture: true, passive: true });
})();
