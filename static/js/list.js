// The list twin: its titles open their events, keys move between them, and the line that is pointed at shows in
// the chart. One listener for all: to have htmx take up every line by itself takes longer than to show them.
"use strict";

(() => {
  const PAGE_LINES = 10;
  const rowOf = (event) => event.target.closest && event.target.closest("#events tr[data-event]");

  function pressed(event) {
    const row = rowOf(event);
    if (!row || event.target.tagName !== "A" || event.ctrlKey || event.metaKey || event.altKey) return;
    const rows = [...row.parentElement.children];
    const at = rows.indexOf(row);
    const to = {
      ArrowDown: at + 1,
      ArrowUp: at - 1,
      PageDown: at + PAGE_LINES,
      PageUp: at - PAGE_LINES,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    rows[Math.min(Math.max(to, 0), rows.length - 1)].querySelector(".what a").focus();
  }

  function chosen(event) {
    const link = rowOf(event) && event.target.closest("a");
    // With a key or another button the browser opens a page of its own.
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    window.tensionView.open(link.href);
  }

  function pointed(event) {
    const row = rowOf(event);
    if (row) window.tensionChart.point(row.dataset.event);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("keydown", pressed);
    document.body.addEventListener("click", chosen);
    document.body.addEventListener("mouseover", pointed);
    document.body.addEventListener("focusin", pointed);
  });
})();
