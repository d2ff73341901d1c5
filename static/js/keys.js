// Keys of one letter or sign. What each does stands in the help dialog's rows, the one list of them:
// data-click or data-focus (a selector), data-else (where the first finds nothing), data-in (only while focus
// is there), data-unfold (a box to tick first, where it shows).
"use strict";

(() => {
  const STORE = "tensionline.keys";
  const byId = (id) => document.getElementById(id);

  function on() {
    return localStorage.getItem(STORE) !== "off";
  }

  function typing(element) {
    if (element.isContentEditable || /^(TEXTAREA|SELECT)$/.test(element.tagName)) return true;
    return element.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(element.type);
  }

  function rowFor(key) {
    const rows = [...document.querySelectorAll("#keys-help tr[data-key]")];
    return rows.find((row) => row.dataset.key.split(" ").includes(key));
  }

  const usable = (selector) => [...document.querySelectorAll(selector)].find(
    (element) => element.getAttribute("aria-disabled") !== "true" && element.getClientRects().length,
  );

  function act(row) {
    const box = row.dataset.unfold && usable(row.dataset.unfold);
    if (box && !box.checked) box.click();
    const element = usable(row.dataset.click || row.dataset.focus) || (row.dataset.else && usable(row.dataset.else));
    if (!element) return;
    if (row.dataset.click) element.click();
    else element.focus();
  }

  function close(event) {
    const button = byId("close-drawer") || byId("close-day");
    if (button && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      button.click();
    }
  }

  function pressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (event.key === "Escape") {
      close(event);
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const row = rowFor(event.key);
    if (!row) return;
    const place = row.dataset.in;
    // Keys with a name of their own work in their place only and cannot be pressed by speech.
    if (place ? !event.target.matches(place) : !on()) return;
    event.preventDefault();
    act(row);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const dialog = byId("keys-help");
    byId("keys-on").checked = on();
    byId("keys-on").addEventListener("change", (event) => {
      localStorage.setItem(STORE, event.target.checked ? "on" : "off");
    });
    document.body.addEventListener("click", (event) => {
      if (event.target.closest("#help-open")) dialog.showModal();
    });
    document.body.addEventListener("keydown", pressed);
  });
})();
