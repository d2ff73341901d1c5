// Puts the style sheet's colours and fonts into a figure: "var(--name)" becomes what the page says now.
"use strict";

(() => {
  const PAPER_WIDTH = 660;
  const token = /^var\((--[\w-]+)\)$/;

  function styled(value, styles) {
    if (typeof value === "string") {
      const found = token.exec(value);
      return found ? styles.getPropertyValue(found[1]).trim() : value;
    }
    if (Array.isArray(value)) return value.map((item) => styled(item, styles));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, styled(item, styles)]));
    }
    return value;
  }

  // On a narrow screen: fewer dates on the axis, smaller lane names.
  function fit(element, layout) {
    const width = element.clientWidth;
    // A sheet of paper is narrower than most windows, and nothing measures it before it is printed.
    if (matchMedia("print").matches) layout.width = PAPER_WIDTH;
    layout.xaxis.nticks = Math.max(3, Math.floor(width / 75));
    if (width < 480) layout.annotations.forEach((label) => { label.font.size = 11; });
  }

  const config = { displayModeBar: false, doubleClick: false, showTips: false, scrollZoom: false };

  // The axis names its months in the language of the page, which brings them.
  function inPageLanguage() {
    const months = document.querySelector("[data-months]").dataset.months.split("|");
    const format = { months, shortMonths: months };
    return { ...config, locale: "page", locales: { page: { dictionary: {}, format } } };
  }

  let fetched = null; // plotly.js on its way, or here

  function fetchPlotly() {
    return new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = document.querySelector("[data-plotly]").dataset.plotly;
      script.onload = () => done(window.Plotly);
      script.onerror = () => {
        fetched = null; // the next one who asks tries again
        failed(new Error("plotly.js did not arrive"));
      };
      document.head.append(script);
    });
  }

  window.tensionFigure = {
    // Return a promise of plotly.js, which is fetched the first time.
    plotly() {
      fetched = fetched || fetchPlotly();
      return fetched;
    },
    // Return `figure` with the page's colours in place of their names.
    coloured(figure) {
      return styled(figure, getComputedStyle(document.documentElement));
    },
    // Draw `figure` into `element`, or bring what is drawn there in step with it.
    draw(element, figure) {
      const { data, layout } = window.tensionFigure.coloured(figure);
      // Where a finger scrolls the page, it must not draw a zoom box.
      if (matchMedia("(pointer: coarse)").matches) layout.dragmode = false;
      fit(element, layout);
      return window.Plotly.react(element, data, layout, inPageLanguage());
    },
    // Call `redraw` when the page's colours change: light, dark, paper.
    onRestyle(redraw) {
      matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
      matchMedia("(prefers-contrast: more)").addEventListener("change", redraw);
      matchMedia("print").addEventListener("change", redraw);
    },
  };
})();
