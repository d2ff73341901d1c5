// The Pipeline page keeps itself up to date while somebody can see it and is not about to press a button in it.
"use strict";

(() => {
  const live = document.getElementById("pipeline-live");
  const stale = document.getElementById("pipeline-stale");
  if (!live || !window.htmx) return;

  const refresh = () => {
    if (document.hidden || live.contains(document.activeElement)) return;
    window.htmx.trigger(live, "pipeline:refresh");
  };
  setInterval(refresh, Number(live.dataset.every));
  document.addEventListener("visibilitychange", refresh);
  for (const failed of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    live.addEventListener(failed, () => { stale.hidden = false; });
  }
  live.addEventListener("htmx:afterSwap", () => { stale.hidden = true; });
})();
