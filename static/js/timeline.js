// The timeline page: one view arrives from the server at a time; this file draws its chart and keeps
// the chart, the list and the keyboard in step. Every request goes through the page's form and links.
"use strict";

(() => {
  const DATE_PAUSE_MS = 600;
  let plot = null; // the drawn chart; it outlives the views
  let view = null; // the view that was drawn last
  let asked = false; // a view was asked for by the reader, so focus may follow
  let pause = 0; // until the form is sent
  let inFlight = null; // the request whose answer will be the next view

  const byId = (id) => document.getElementById(id);

  // --- chart -----------------------------------------------------------------------------
  function draw() {
    const block = byId("figure-data");
    if (!block || !window.Plotly) return;
    const place = byId("plot");
    if (!plot) {
      plot = place;
    } else if (place !== plot) {
      place.replaceWith(plot);
    }
    const first = !plot.classList.contains("js-plotly-plot");
    window.tensionFigure.draw(plot, JSON.parse(block.textContent));
    if (first) listen();
  }

  function listen() {
    plot.on("plotly_relayout", (change) => {
      const from = change["xaxis.range[0]"];
      const to = change["xaxis.range[1]"];
      if (from && to) askDays(from, to);
    });
    plot.on("plotly_doubleclick", () => byId("step-wider").click());
    plot.on("plotly_click", (event) => choose(event.points[0].customdata));
    plot.on("plotly_hover", (event) => light(event.points[0].customdata));
    plot.on("plotly_unhover", () => light(null));
    new ResizeObserver(fit).observe(plot);
  }

  function fit() {
    if (plot.isConnected && !matchMedia("print").matches) window.Plotly.Plots.resize(plot);
  }

  function choose(key) {
    if (!key) return;
    const link = byId(`e-${key}`);
    if (link) link.click();
    else if (key.includes("/")) setDays(...key.split("/"));
  }

  // --- days ------------------------------------------------------------------------------
  // Plotly's range is instants; the view's days are whole, the last one included.
  function askDays(from, to) {
    const last = new Date(`${to.slice(0, 10)}T00:00:00Z`);
    if (/[ T]0?0:00/.test(to) || to.length === 10) last.setUTCDate(last.getUTCDate() - 1);
    setDays(from.slice(0, 10), last.toISOString().slice(0, 10));
  }

  function setDays(from, to) {
    const [start, end] = [byId("from"), byId("to")];
    const inside = (day) => (day < start.min ? start.min : day > start.max ? start.max : day);
    start.value = inside(from);
    end.value = inside(to < from ? from : to);
    submit();
  }

  function submit() {
    byId("filters").requestSubmit();
  }

  // --- list and chart in step ----------------------------------------------------------------
  function light(key) {
    document.querySelectorAll("tr.lit").forEach((row) => row.classList.remove("lit"));
    const link = key && byId(`e-${key}`);
    if (link) link.closest("tr").classList.add("lit");
  }

  function point(key) {
    if (!plot || !plot.data) return;
    const curve = plot.data.findIndex((trace) => (trace.customdata || []).includes(key));
    if (curve < 0) {
      window.Plotly.Fx.unhover(plot);
      return;
    }
    const number = plot.data[curve].customdata.indexOf(key);
    window.Plotly.Fx.hover(plot, [{ curveNumber: curve, pointNumber: number }], ["xy2"]);
  }

  const rowOf = (event) => event.target.closest && event.target.closest("#events tr[data-event]");

  function step(event) {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const row = rowOf(event);
    if (!row || event.target.tagName !== "A") return;
    const next = event.key === "ArrowDown" ? row.nextElementSibling : row.previousElementSibling;
    if (!next) return;
    event.preventDefault();
    next.querySelector("a").focus();
  }

  // --- views --------------------------------------------------------------------------------
  function arrived() {
    const fresh = byId("view");
    if (!fresh || fresh === view) return;
    const opened = fresh.dataset.event;
    const before = view ? view.dataset.event : opened;
    const first = view === null;
    view = fresh;
    draw();
    if (first) return;
    byId("trouble").hidden = true;
    byId("announce").textContent = fresh.dataset.announce;
    if (asked) follow(opened, before);
    asked = false;
  }

  // Focus goes into an event that was opened, back to its line when it is closed, and is never lost.
  function follow(opened, before) {
    const quiet = { preventScroll: true };
    if (opened && opened !== before) {
      byId("drawer-title").focus(quiet);
    } else if (before && !opened) {
      (byId(`e-${before}`) || byId("results")).focus(quiet);
    } else if (document.activeElement === document.body) {
      byId("results").focus(quiet);
    }
  }

  // Two quick steps back ask for two views; only the one that was asked for last may arrive.
  function goingBack(event) {
    if (inFlight) inFlight.abort();
    inFlight = event.detail.xhr;
  }

  function changed(event) {
    if (!event.target.closest("#filters")) return;
    clearTimeout(pause);
    const typing = event.target.type === "date";
    const whole = [byId("from"), byId("to")].every((input) => input.value && input.validity.valid);
    // Not at once: the Enter key sends the form by itself, right after this change.
    if (whole || !typing) pause = setTimeout(submit, typing ? DATE_PAUSE_MS : 0);
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.classList.add("js");
    const body = document.body;
    body.addEventListener("change", changed);
    body.addEventListener("submit", () => clearTimeout(pause), true);
    body.addEventListener("keydown", step);
    body.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && byId("close-drawer")) byId("close-drawer").click();
    });
    body.addEventListener("mouseover", (event) => rowOf(event) && point(rowOf(event).dataset.event));
    body.addEventListener("focusin", (event) => rowOf(event) && point(rowOf(event).dataset.event));
    body.addEventListener("htmx:beforeSend", (event) => {
      asked = true;
      inFlight = event.detail.xhr;
    });
    body.addEventListener("htmx:historyCacheMiss", goingBack);
    body.addEventListener("htmx:afterSettle", arrived);
    body.addEventListener("htmx:historyRestore", arrived);
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      body.addEventListener(name, () => { byId("trouble").hidden = false; });
    }
    window.tensionFigure.onRestyle(draw);
    arrived();
  });
})();
