// The filter panel: long lists searched while typing, folds that stay as they were left, the number of
// filters on the narrow screen's button. Everything else of it is the form's own.
"use strict";

(() => {
  const folds = new Map(); // id of a fold -> whether the reader left it open
  let scrolled = 0; // how far down the sheet of a narrow screen was

  const byId = (id) => document.getElementById(id);

  function find(input) {
    const list = input.closest(".long-options");
    const letters = input.value.trim().toLocaleLowerCase();
    const more = list.querySelector("details");
    let found = 0;
    for (const option of list.querySelectorAll(".option")) {
      const fits = option.querySelector(".option-label").textContent.toLocaleLowerCase().includes(letters);
      option.hidden = !fits;
      found += fits ? 1 : 0;
    }
    more.open = letters !== "" || folds.get(more.id) === true;
    const none = list.querySelector(".none-found");
    none.textContent = found ? "" : none.dataset.none;
  }

  function arrived() {
    const form = byId("filters");
    const count = byId("filters-count");
    if (!form) return;
    if (count) count.textContent = form.dataset.inForce;
    for (const input of form.querySelectorAll(".find-option")) input.hidden = false;
    for (const fold of form.querySelectorAll("details")) {
      if (folds.has(fold.id)) fold.open = folds.get(fold.id);
    }
    // To set it, even to nothing, has the whole page laid out.
    if (scrolled) form.scrollTop = scrolled;
  }

  function folded(event) {
    const fold = event.target.closest("#filters summary");
    if (fold) folds.set(fold.parentElement.id, !fold.parentElement.open);
  }

  function keys(event) {
    const finding = event.target.closest(".find-option");
    // The field is no part of the form: Enter sends nothing.
    if (event.key === "Enter" && finding) event.preventDefault();
    if (event.key !== "Escape") return;
    if (finding && finding.value) {
      finding.value = "";
      find(finding);
      event.stopPropagation();
    } else if (event.target.closest("#filters") && byId("filters-shown").checked) {
      byId("filters-shown").checked = false;
      byId("filters-shown").focus();
      event.stopPropagation();
    }
  }

  document.addEventListener("input", (event) => event.target.closest(".find-option") && find(event.target));
  // Before the page's own listeners, which take a change in the form for a filter that was set.
  document.addEventListener("change", (event) => event.target.closest(".find-option") && event.stopPropagation(), true);
  document.addEventListener("keydown", keys, true);
  document.addEventListener("click", folded);
  document.addEventListener("htmx:beforeSwap", () => { scrolled = byId("filters") ? byId("filters").scrollTop : 0; });
  document.addEventListener("htmx:afterSettle", arrived);
  document.addEventListener("htmx:historyRestore", arrived);
  document.addEventListener("DOMContentLoaded", arrived);
})();
