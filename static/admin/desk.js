// The review desk: one key for each decision, the next proposal fetched ahead, and focus that follows.
// Every key presses something that is on the page (data-key), so the page says what the keys do; without
// this file the same buttons are plain forms and links.
"use strict";

(() => {
  const SCREEN = "desk-screen";
  let ahead = null; // the next proposal's screen, fetched while this one is read: {key, html}
  let asked = null; // the fetch that is under way

  const byId = (id) => document.getElementById(id);

  // --- keys ------------------------------------------------------------------------------
  function typing(element) {
    return element.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
  }

  function pressed(event) {
    if (event.key === "Escape") return void leavePanel(event);
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.defaultPrevented) return;
    if (typing(event.target)) return;
    if (document.querySelector("form.htmx-request")) return event.preventDefault();
    const goal = bearer(event.key);
    if (!goal) return;
    event.preventDefault();
    if (goal.tagName === "SUMMARY") openPanel(goal.parentElement);
    else if (goal.matches("input, textarea, select, section")) goal.focus();
    else goal.click();
  }

  // An open panel's keys come first: in it "1" is its first choice, not the first match.
  function bearer(key) {
    const panel = document.querySelector("details.desk-panel[open]");
    for (const root of [panel, document]) {
      const found = root && [...root.querySelectorAll("[data-key]")].find((e) => e.dataset.key === key && shown(e));
      if (found) return found;
    }
    return null;
  }

  // What lies in a closed panel has no key, although browsers give it a box: a stray "1" must not reject.
  const folded = (element) => element.tagName !== "SUMMARY" && element.closest("details:not([open])");
  const shown = (element) => !element.disabled && !folded(element) && element.getClientRects().length > 0;

  function openPanel(panel) {
    panel.open = !panel.open;
    const first = panel.open && panel.querySelector("[data-first]");
    if (first) first.focus();
  }

  function leavePanel(event) {
    const panel = document.querySelector("details.desk-panel[open]");
    if (panel) {
      panel.open = false;
      panel.querySelector("summary").focus();
      event.preventDefault();
    } else if (typing(event.target)) {
      event.target.blur(); // keys work again
    }
  }

  // Enter presses the button beside the field; in the event's own fields it saves, also in the title, which is
  // one line although it wraps.
  function entered(event) {
    const field = event.target;
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !field.closest("#desk-form")) return;
    if (field.dataset.enter) {
      event.preventDefault();
      const found = field.dataset.enter === "find" && document.querySelector("#desk-found button");
      if (found) found.focus();
      else field.closest("p").querySelector("button").click();
    } else if (field.dataset.line !== undefined) {
      event.preventDefault();
      byId("desk-save").click();
    }
  }

  // --- showing ---------------------------------------------------------------------------
  function scrollToSentence() {
    const pane = byId("desk-text");
    const mark = pane && pane.querySelector("mark[data-here]");
    if (mark) pane.scrollTop += mark.getBoundingClientRect().top - pane.getBoundingClientRect().top - pane.clientHeight / 3;
  }

  function focusTitle() {
    const goal = byId("desk-problem") || byId("desk-title");
    if (goal) goal.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  // A new screen stands: bring its sentence into sight and fetch what comes after it.
  function settle() {
    scrollToSentence();
    fetchAhead();
  }

  async function fetchAhead() {
    const screen = byId(SCREEN);
    const url = screen && screen.dataset.next;
    if (asked) asked.abort();
    ahead = null;
    setAhead("");
    if (!url) return;
    asked = new AbortController();
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "desk-next" }, signal: asked.signal });
      if (!answer.ok || answer.redirected || answer.status === 204) return;
      ahead = { key: answer.headers.get("X-Desk-Item"), html: await answer.text() };
      setAhead(ahead.key);
    } catch (error) {
      if (error.name !== "AbortError") ahead = null; // it will be asked for when it is needed
    }
  }

  function setAhead(key) {
    const field = byId("desk-ahead");
    if (field) field.value = key || "";
  }

  // The server took the decision and holds the next proposal for us: show the one fetched ahead.
  function showAhead(event) {
    if (!ahead || ahead.key !== event.detail.key) {
      location.assign(event.detail.url);
      return;
    }
    const holder = document.createElement("template");
    holder.innerHTML = ahead.html;
    const screen = holder.content.firstElementChild;
    byId(SCREEN).replaceWith(screen);
    window.htmx.process(screen);
    document.title = screen.dataset.title;
    settle();
    focusTitle();
  }

  function swapped(event) {
    const lineAlone = event.detail.xhr.getResponseHeader("HX-Reswap") === "none";
    if (event.detail.target.id !== SCREEN || lineAlone) return;
    if (byId(SCREEN).dataset.title) document.title = byId(SCREEN).dataset.title;
    settle();
    focusTitle();
  }

  // --- the list: one box for all -----------------------------------------------------------
  function ticked(event) {
    if (event.target.id === "desk-all") {
      document.querySelectorAll("input.desk-tick").forEach((box) => (box.checked = event.target.checked));
    }
  }

  document.addEventListener("keydown", entered);
  document.addEventListener("keydown", pressed);
  document.addEventListener("change", ticked);
  document.addEventListener("desk-show", showAhead);
  document.addEventListener("htmx:afterSwap", swapped);
  document.addEventListener("DOMContentLoaded", settle);
})();
