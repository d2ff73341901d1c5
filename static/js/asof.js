// The known-time clock: replays a view day by day as its events became known. Every step is a view that the
// server makes; this file asks for the days, waits between them, and says what each of them brought.
"use strict";

(() => {
  const HEADER = "Tensionline-Replay";
  const byId = (id) => document.getElementById(id);
  const still = matchMedia("(prefers-reduced-motion: reduce)");

  let days = []; // those to come
  let playing = false;
  let timer = 0;
  let pause = ""; // milliseconds between steps, as the reader chose
  let told = false; // a view was on the page before
  let held = false; // the button had the focus when its view was replaced

  // --- the days ------------------------------------------------------------------------------
  async function ask() {
    const query = new URLSearchParams(new FormData(byId("as-of")));
    const response = await fetch(`${byId("replay").dataset.days}?${query}`);
    if (!response.ok) throw new Error(`The days to replay could not be read: ${response.status}.`);
    return (await response.json()).days;
  }

  async function step() {
    clearTimeout(timer);
    try {
      if (!days.length) days = await ask();
    } catch (error) {
      stop();
      byId("trouble").hidden = false;
      return;
    }
    if (!days.length) {
      over();
      return;
    }
    byId("as-of-day").value = days.shift();
    const query = new URLSearchParams(new FormData(byId("as-of")));
    window.htmx.ajax("GET", `${location.pathname}?${query}`, {
      source: "#as-of", target: "#view", swap: "morph show:none settle:0", headers: { [HEADER]: "1" },
    });
  }

  function over() {
    stop();
    byId("announce").textContent = byId("replay").dataset.over;
  }

  // --- the button -----------------------------------------------------------------------------
  function stop() {
    playing = false;
    days = [];
    clearTimeout(timer);
    show();
  }

  function toggle() {
    if (playing) {
      stop();
      return;
    }
    playing = !still.matches; // who wants no motion goes step by step
    show();
    step();
  }

  function show() {
    const button = byId("replay");
    if (!button) return;
    const speed = byId("replay-speed");
    button.hidden = false;
    speed.hidden = still.matches;
    if (pause) speed.value = pause;
    const name = playing ? "pause" : still.matches ? "step" : "play";
    button.textContent = button.dataset[name];
    button.classList.toggle("playing", playing);
  }

  // --- views ------------------------------------------------------------------------------------
  function arrived() {
    const bar = byId("knowledge");
    if (!bar) return;
    const first = !told;
    told = true;
    show();
    // The new button comes hidden, and what is hidden takes no focus: the keyboard stays on it all the same.
    if (held) byId("replay").focus({ preventScroll: true });
    held = false;
    if (!first && bar.dataset.announce) byId("announce").textContent = bar.dataset.announce;
    if (playing) timer = setTimeout(step, Number(byId("replay-speed").value));
  }

  // Whatever else the reader asks for ends the replay.
  function sending(event) {
    const config = event.detail.requestConfig;
    const other = !(config && config.headers && config.headers[HEADER]);
    if (other && event.detail.target && event.detail.target.id === "view") stop();
  }

  document.addEventListener("DOMContentLoaded", () => {
    const body = document.body;
    body.addEventListener("click", (event) => event.target.closest("#replay") && toggle());
    body.addEventListener("change", (event) => {
      if (event.target.id === "replay-speed") pause = event.target.value;
    });
    body.addEventListener("htmx:beforeSend", sending);
    body.addEventListener("htmx:beforeSwap", (event) => {
      if (event.detail.target.id === "view") held = document.activeElement === byId("replay");
    });
    body.addEventListener("htmx:afterSettle", (event) => {
      if (event.detail.target && event.detail.target.id === "view") arrived();
    });
    body.addEventListener("htmx:historyRestore", arrived);
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      body.addEventListener(name, stop);
    }
    arrived();
  });
})();
