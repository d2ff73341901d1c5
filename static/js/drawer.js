// An event that is opened from the list or the chart: its text is fetched first, alone, and shown at once; the view
// in which it is marked takes longer, and is asked for then. One that is closed goes at once.
"use strict";

(() => {
  const AT = "0EVENT0"; // stands for the id in the address of a text
  let coming = null; // calls off the request for a text
  let was = null; // the drawer that the last view brought, where another one stands in its place, or none

  const byId = (id) => document.getElementById(id);

  async function open(key, signal) {
    const headers = { "HX-Request": "true", "HX-Target": "event-drawer" };
    try {
      const answer = await fetch(byId("view").dataset.texts.replace(AT, encodeURIComponent(key)), { headers, signal });
      // The view itself says what became of an event that is not there.
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch (error) {
      // Called off, or no network: then the view's own request fails as well, and the page says so.
      if (!(error instanceof TypeError) && error.name !== "AbortError") throw error;
    }
  }

  function show(text) {
    take();
    const drawer = byId("drawer-frame").content.firstElementChild.cloneNode(true);
    drawer.setAttribute("aria-busy", "true");
    drawer.insertAdjacentHTML("beforeend", text);
    put(drawer);
    window.htmx.process(drawer);
  }

  function put(drawer) {
    byId("drawer-frame").before(drawer);
    byId("view").classList.add("view-open");
  }

  // Take away what is open; what the last view brought is kept.
  function take() {
    const drawer = byId("drawer");
    if (!drawer) return;
    if (!drawer.hasAttribute("aria-busy")) was = drawer;
    drawer.remove();
    drawer.hidden = false;
    byId("view").classList.remove("view-open");
  }

  // Not away: a request that is asked for by the link in it needs the link.
  function hide() {
    if (byId("drawer")) byId("drawer").hidden = true;
    byId("view").classList.remove("view-open");
  }

  // Before the page asks for a view.
  async function asking(event) {
    const { elt, target, path, issueRequest } = event.detail;
    if (!target || target.id !== "view") return;
    if (coming) coming.abort();
    coming = null;
    const asked = elt.matches("form") ? new FormData(elt) : new URL(path, location).searchParams;
    const key = asked.get("event");
    if (!key) hide();
    if (!key || key === target.dataset.event) return;
    event.preventDefault();
    byId("progress").classList.add("htmx-request"); // until the view is here
    const mine = (coming = new AbortController());
    await open(key, mine.signal);
    // Whether the view came, htmx's events tell.
    if (!mine.signal.aborted) Promise.resolve(issueRequest()).catch(() => null);
  }

  // No view came: what is open is what the last one had open.
  function failed() {
    const drawer = byId("drawer");
    if (drawer && !drawer.hidden && !drawer.hasAttribute("aria-busy")) return;
    take();
    if (was) put(was);
    was = null;
  }

  document.addEventListener("DOMContentLoaded", () => {
    const { body } = document;
    body.addEventListener("htmx:confirm", asking);
    body.addEventListener("htmx:afterSettle", (event) => {
      if (event.detail.target && event.detail.target.id === "view") was = null;
    });
    for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) body.addEventListener(name, failed);
  });
})();
