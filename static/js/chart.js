// The timeline's chart: it stands in the page as a picture until somebody turns to it (by pointer, key or
// focus); then plotly.js draws the view's figure in its place, and what is done in it asks for another view.
"use strict";

(() => {
  let plot = null; // the chart that plotly.js drew; it outlives the views
  let woken = null; // a promise that it was tried
  let pressing = false; // a button is down: what it is on must not go before it is let go
  let shown = ""; // the figure that it shows, as it came
  let moved = false; // the reader pulled it to other days than those of the figure
  let walked = -1; // the mark that the arrow keys stand on, in the order of `marks()`

  const byId = (id) => document.getElementById(id);
  const lineOf = (key) => byId(`e-${key}`);

  function taken() {
    const block = byId("figure-data");
    const place = byId("plot");
    if (!block || !plot) return;
    if (place !== plot) place.replaceWith(plot);
    walked = -1;
    // To draw takes long: not what is drawn; and the rest of the view is on the screen before.
    if (block.textContent === shown) {
      back();
      return;
    }
    byId("chart-keys").setAttribute("aria-busy", "true");
    requestAnimationFrame(() => requestAnimationFrame(draw));
  }

  function draw() {
    if (!plot || !byId("figure-data")) return;
    byId("chart-keys").removeAttribute("aria-busy");
    shown = byId("figure-data").textContent;
    moved = false;
    stretch(1, 0);
    window.tensionFigure.draw(plot, JSON.parse(shown));
  }

  // Bring the drawn chart; done with or without it: where plotly.js does not arrive, the picture stays.
  function wake() {
    woken = woken || window.tensionFigure.plotly().then(released).then(() => {
      plot = byId("plot");
      plot.replaceChildren();
      draw();
      listen();
    }).catch(() => {
      woken = null;
      byId("trouble").hidden = false;
    });
    return woken;
  }

  function released() {
    if (!pressing) return null;
    // One turn later, when the click has found what it was meant for.
    return new Promise((done) => addEventListener("pointerup", () => setTimeout(done), { once: true }));
  }

  function turnedTo(event) {
    if (!plot && event.target.closest && event.target.closest("#chart-keys")) wake();
  }

  // A mark of the picture opens what it is, as the drawn one would.
  function chosen(event) {
    const mark = event.target.closest && event.target.closest(".still [data-key]");
    if (!mark) return;
    event.preventDefault();
    open(mark.dataset.key);
  }

  // Other days are asked for: the chart shows them with what it has, until the view that has all of them is here.
  function ahead(event) {
    const asked = new URL(event.detail.pathInfo.finalRequestPath, location).searchParams;
    const [from, to] = [asked.get("from"), asked.get("to")];
    const { from: first, to: last } = byId("view").dataset;
    if (!from || !to || (from === first && to === last)) return;
    const [start, end, left, right] = [Date.parse(from), dayAfter(to), Date.parse(first), dayAfter(last)];
    if (start < end && !moved) stretch((right - left) / (end - start), (left - start) / (end - start));
  }

  function dayAfter(day) {
    return Date.parse(day) + 86400000;
  }

  // Show what lies on days `wider` by that factor than it is drawn, and `along` by that part of the width.
  function stretch(wider, along) {
    const drawn = wider === 1 && along === 0;
    byId("plot").classList.toggle("stretched", !drawn);
    for (const part of byId("plot").querySelectorAll(".still-days, .mlayer")) {
      const width = plot ? plot._fullLayout._size.w : part.ownerSVGElement.clientWidth;
      if (drawn) part.removeAttribute("transform");
      else part.setAttribute("transform", `matrix(${wider} 0 0 1 ${along * width} 0)`);
    }
    if (plot) for (const [layer, kind] of [[".shapelayer", "shapes"], [".infolayer", "annotations"]]) {
      for (const part of plot.querySelectorAll(`${layer} [data-index]`)) {
        part.classList.toggle("dated", plot.layout[kind][part.dataset.index].xref === "x");
      }
    }
  }

  // The days of the last view are those to show.
  function back() {
    if (moved) draw();
    else stretch(1, 0);
  }

  function listen() {
    plot.on("plotly_relayout", (change) => {
      const from = change["xaxis.range[0]"];
      const to = change["xaxis.range[1]"];
      if (!from || !to) return;
      moved = true;
      askDays(from, to);
    });
    plot.on("plotly_doubleclick", () => byId("step-wider").click());
    plot.on("plotly_click", (event) => choose(event.points[0]));
    plot.on("plotly_hover", (event) => light(event.points[0].customdata));
    plot.on("plotly_unhover", () => light(null));
    new ResizeObserver(fit).observe(plot);
  }

  function fit() {
    if (plot.isConnected && !matchMedia("print").matches) window.Plotly.Plots.resize(plot);
  }

  // A mark opens its event, a counted one its days, the index the day that is pointed at.
  function choose(point) {
    if (point.customdata) open(point.customdata);
    else if (point.data.meta === "index") window.tensionView.visit({ day: String(point.x).slice(0, 10) });
  }

  function open(key) {
    const line = lineOf(key);
    if (line) line.click();
    else if (key.includes("/")) window.tensionView.setDays(...key.split("/"));
    else window.tensionView.visit({ event: key });
  }

  // Plotly's range is instants; the view's days are whole, the last one included.
  function askDays(from, to) {
    const last = new Date(`${to.slice(0, 10)}T00:00:00Z`);
    if (/[ T]0?0:00/.test(to) || to.length === 10) last.setUTCDate(last.getUTCDate() - 1);
    window.tensionView.setDays(from.slice(0, 10), last.toISOString().slice(0, 10));
  }

  function light(key) {
    document.querySelectorAll("tr.lit").forEach((row) => row.classList.remove("lit"));
    const line = key && lineOf(key);
    if (line) line.closest("tr").classList.add("lit");
  }

  // --- marks by their keys --------------------------------------------------------------------
  // All marks in the order of their days, then of their lanes.
  function marks() {
    const found = [];
    plot.data.forEach((trace, curve) => (trace.customdata || []).forEach((key, number) => found.push(
      { key, curve, number, at: trace.base[number], y: trace.y[number], words: trace.hovertext[number] },
    )));
    return found.sort((a, b) => (a.at === b.at ? a.y - b.y : a.at < b.at ? -1 : 1));
  }

  function point(key) {
    if (!plot) {
      document.querySelectorAll(".still .lit").forEach((mark) => mark.classList.remove("lit"));
      const mark = [...document.querySelectorAll(".still [data-key]")].find((found) => found.dataset.key === key);
      if (mark) mark.classList.add("lit");
      return;
    }
    const mark = marks().find((found) => found.key === key);
    if (mark) show(mark);
    else window.Plotly.Fx.unhover(plot);
  }

  function show(mark) {
    window.Plotly.Fx.hover(plot, [{ curveNumber: mark.curve, pointNumber: mark.number }], ["xy2"]);
  }

  function walk(step) {
    const all = plot ? marks() : [];
    if (!all.length) return;
    walked = walked < 0 && step < 0 ? all.length - 1 : Math.min(Math.max(walked + step, 0), all.length - 1);
    show(all[walked]);
    light(all[walked].key);
    const words = document.createElement("template");
    words.innerHTML = all[walked].words.replaceAll("<br>", " ");
    window.tensionView.say(words.content.textContent);
  }

  function pressed(event) {
    if (event.target.id !== "chart-keys" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      wake().then(() => walk(event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && walked >= 0) {
      open(marks()[walked].key);
    }
  }

  window.tensionChart = { point, element: () => plot };

  document.addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("keydown", pressed);
    document.body.addEventListener("click", chosen);
    document.body.addEventListener("htmx:configRequest", (event) => {
      // The picture need not come again.
      if (plot) event.detail.headers["Tensionline-Chart"] = "drawn";
    });
    document.body.addEventListener("htmx:beforeSend", ahead);
    for (const name of ["responseError", "sendError", "timeout"]) document.body.addEventListener(`htmx:${name}`, back);
    // Moves too: the pointer may have stood over the chart before this script came.
    for (const name of ["pointerover", "pointermove", "focusin"]) document.body.addEventListener(name, turnedTo);
    addEventListener("pointerdown", () => { pressing = true; }, true);
    for (const name of ["pointerup", "pointercancel"]) addEventListener(name, () => { pressing = false; }, true);
    window.tensionFigure.onRestyle(draw);
    window.tensionView.onView(taken);
  });
})();
