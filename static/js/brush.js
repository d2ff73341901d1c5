// The overview's window: pulled by its middle or its ends, or moved by arrow keys. The view is asked for when
// it is let go.
"use strict";

(() => {
  const KEY_PAUSE_MS = 500;
  const LEAST_DAYS = 7;
  const STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -30, PageUp: 30 };
  let drag = null; // what is pulled: {part, at, left, right}
  let pause = 0;

  const byId = (id) => document.getElementById(id);
  const brush = () => byId("brush");
  const days = () => Number(brush().dataset.days);

  function shown() {
    return [Number(byId("brush-from").getAttribute("aria-valuenow")), Number(byId("brush-to").getAttribute("aria-valuenow"))];
  }

  function dayAt(offset) {
    const day = new Date(`${brush().dataset.first}T00:00:00Z`);
    day.setUTCDate(day.getUTCDate() + offset);
    return day.toISOString().slice(0, 10);
  }

  function words(day) {
    const long = { dateStyle: "long", timeZone: "UTC" };
    return new Intl.DateTimeFormat(document.documentElement.lang, long).format(new Date(`${day}T00:00:00Z`));
  }

  function put(left, right) {
    const set = (id, values) => Object.entries(values).forEach(([name, value]) => byId(id).setAttribute(name, value));
    set("brush-before", { width: left });
    set("brush-after", { x: right, width: days() - right });
    set("brush-window", { x: left, width: right - left });
    for (const [id, at, day] of [["brush-from", left, left], ["brush-to", right, right - 1]]) {
      set(id, { "aria-valuenow": at, "aria-valuetext": words(dayAt(day)) });
      byId(id).querySelectorAll("line").forEach((line) => { line.setAttribute("x1", at); line.setAttribute("x2", at); });
    }
  }

  function ask() {
    clearTimeout(pause);
    pause = 0;
    const [left, right] = shown();
    window.tensionView.setDays(dayAt(left), dayAt(right - 1));
  }

  function offset(event) {
    const box = brush().getBoundingClientRect();
    return ((event.clientX - box.left) / box.width) * days();
  }

  const within = (value, low, high) => Math.round(Math.min(Math.max(value, low), high));

  // Where the window's ends stand when `part` of it has been moved by some days.
  function moved(part, [left, right], by) {
    if (part === "brush-from") return [within(left + by, 0, right - LEAST_DAYS), right];
    if (part === "brush-to") return [left, within(right + by, left + LEAST_DAYS, days())];
    const start = within(left + by, 0, days() - (right - left));
    return [start, start + right - left];
  }

  function down(event) {
    if (!event.target.closest || !event.target.closest("#brush") || event.button) return;
    const handle = event.target.closest(".brush-handle");
    let ends = shown();
    if (!handle && event.target.id !== "brush-window") {
      // Beside the window: it comes to where was pressed.
      ends = moved("brush-window", ends, offset(event) - (ends[0] + ends[1]) / 2);
      put(...ends);
    }
    drag = { part: handle ? handle.id : "brush-window", at: offset(event), ends };
    brush().setPointerCapture(event.pointerId);
  }

  function pull(event) {
    if (drag) put(...moved(drag.part, drag.ends, offset(event) - drag.at));
  }

  function up() {
    if (!drag) return;
    drag = null;
    const { from, to } = document.getElementById("view").dataset;
    const [left, right] = shown();
    if (dayAt(left) !== from || dayAt(right - 1) !== to) ask();
  }

  function pressed(event) {
    const handle = event.target.closest && event.target.closest(".brush-handle");
    if (!handle || event.ctrlKey || event.metaKey || event.altKey) return;
    const far = { Home: -days(), End: days() }[event.key];
    const by = far === undefined ? STEPS[event.key] : far;
    if (by !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      put(...moved(handle.id, shown(), by));
      clearTimeout(pause);
      pause = setTimeout(ask, KEY_PAUSE_MS);
    } else if (event.key === "Enter") {
      ask();
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.body.addEventListener("pointerdown", down);
    document.body.addEventListener("pointermove", pull);
    document.body.addEventListener("pointerup", up);
    document.body.addEventListener("pointercancel", up);
    document.body.addEventListener("keydown", pressed);
  });
})();
