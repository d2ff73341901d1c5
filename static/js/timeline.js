// The timeline page: one view arrives from the server at a time; this file asks for views, takes them in and
// tells the page's other parts (chart.js, brush.js, list.js). Every request leads to an address of its own.
"use strict";

(() => {
  const DATE_PAUSE_MS = 600;
  let view = null; // the view on the page
  let last = {}; // what the view that arrived last had open
  let asked = false; // a view was asked for by the reader, so focus may follow
  let pause = 0; // until the form is sent
  let inFlight = null; // the request whose answer will be the next view
  const listeners = [];

  const byId = (id) => document.getElementById(id);

  window.tensionView = {
    // Call `taken` with each view that is on the page, the first one at once.
    onView(taken) {
      listeners.push(taken);
      if (view) taken(view);
    },
    // Ask for the present view with some of its address changed; null takes a parameter away.
    visit(changes) {
      const query = new URLSearchParams(location.search);
      for (const [name, value] of Object.entries({ page: null, ...changes })) {
        if (value === null) query.delete(name);
        else query.set(name, value);
      }
      window.tensionView.open(`${location.pathname}?${query}`.replace(/\?$/, ""));
    },
    // Ask for the view of an address. Whether it came, htmx's events tell.
    open(address) {
      const swap = "morph show:none settle:0";
      window.htmx.ajax("GET", address, { source: view, target: view, swap }).catch(() => null);
    },
    // Ask for the days from `from` to `to` (2020-01-31), as far as they lie in the timeline.
    setDays(from, to) {
      const { first, last } = view.dataset;
      const inside = (day) => (day < first ? first : day > last ? last : day);
      window.tensionView.visit({ from: inside(from), to: inside(to < from ? from : to) });
    },
    say(words) {
      byId("announce").textContent = words;
    },
  };

  function settled(event) {
    if (event.detail.target && event.detail.target.id === "view") arrived();
  }

  function arrived() {
    const first = view === null;
    view = byId("view");
    if (!view) return;
    const before = last;
    last = { event: view.dataset.event, day: view.dataset.day };
    listeners.forEach((taken) => taken(view));
    if (first) return;
    byId("trouble").hidden = true;
    window.tensionView.say(view.dataset.announce);
    if (asked) follow(last.event, before.event, before.day);
    asked = false;
  }

  // Focus goes into an event or a day that was opened, back to its line when it is closed, and is never lost.
  function follow(opened, before, day) {
    const quiet = { preventScroll: true };
    if (opened && opened !== before) {
      byId("drawer-title").focus(quiet);
    } else if (view.dataset.day && view.dataset.day !== day) {
      byId("day-title").focus(quiet);
      byId("day").scrollIntoView();
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
    if (whole || !typing) {
      pause = setTimeout(() => byId("filters").requestSubmit(), typing ? DATE_PAUSE_MS : 0);
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.documentElement.classList.add("js");
    const body = document.body;
    body.addEventListener("change", changed);
    body.addEventListener("submit", () => clearTimeout(pause), true);
    body.addEventListener("htmx:beforeSend", (event) => {
      asked = true;
      inFlight = event.detail.xhr;
    });
    body.addEventListener("htmx:historyCacheMiss", goingBack);
    body.addEventListener("htmx:afterSettle", settled);
    body.addEventListener("htmx:historyRestore", arrived);
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
      body.addEventListener(name, () => { byId("trouble").hidden = false; });
    }
    arrived();
  });
})();
