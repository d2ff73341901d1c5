// The chart as a picture: as it is shown, with what it shows, as of when, where from and under which licence.
"use strict";

(() => {
  const HEAD = 74;
  const LINE = 17;
  const GAP = 10;
  const byId = (id) => document.getElementById(id);

  function words() {
    const content = byId("picture-words").content;
    const text = (selector) => [...content.querySelectorAll(selector)].map((e) => e.textContent.trim()).filter(Boolean);
    return {
      title: text("h1").join(" "),
      under: [...text(".period"), ...text(".index"), ...text(".filter")].join(" · "),
      foot: [...text(".key"), `${text(".source").join(" ")} ${location.href}`, ...text(".licence")],
      file: text(".file").join(""),
    };
  }

  const plain = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

  // The figure with a head above and lines below it. Pixels of the paper, from its upper left corner.
  function framed(said, width) {
    const { data, layout } = window.tensionFigure.coloured(JSON.parse(byId("figure-data").textContent));
    const styles = getComputedStyle(document.documentElement);
    const colour = (name) => styles.getPropertyValue(name).trim();
    const foot = GAP + LINE * said.foot.length + 12;
    const { t, b } = layout.margin;
    const line = (text, y, yshift, size, ink) => ({
      text: plain(text), xref: "paper", x: 0, xanchor: "left", yref: "paper", y, yshift, yanchor: "top",
      showarrow: false, align: "left", font: { size, color: colour(ink) },
    });
    const above = [
      line(said.title, 1, HEAD + t - 14, 19, "--ink"),
      line(said.under, 1, HEAD + t - 44, 12, "--ink-2"),
    ];
    const below = said.foot.map((text, n) => line(text, 0, -b - GAP - n * LINE, 11, "--ink-2"));
    return {
      data,
      layout: {
        ...layout,
        width,
        height: layout.height + HEAD + foot,
        margin: { ...layout.margin, t: t + HEAD, b: b + foot },
        paper_bgcolor: colour("--surface"),
        annotations: [...layout.annotations, ...above, ...below],
      },
    };
  }

  async function save(format) {
    const plotly = await window.tensionFigure.plotly();
    const said = words();
    const width = Math.max(720, byId("plot").clientWidth);
    const figure = framed(said, width);
    const options = { format, width, height: figure.layout.height, scale: format === "png" ? 2 : 1 };
    const address = await plotly.toImage(figure, options);
    const link = document.createElement("a");
    link.href = address;
    link.download = `${said.file}.${format}`;
    link.click();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("click", (event) => {
      const button = event.target.closest("#save-png, #save-svg");
      if (button) save(button.id.slice(-3)).catch(() => { byId("trouble-picture").hidden = false; });
    });
  });
})();
