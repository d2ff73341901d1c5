// "/" leads to the search field, as in many readers' other tools; typing elsewhere is left alone.
document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  // Keys of one sign can be switched off: in the list of keys on a timeline's page.
  if (localStorage.getItem("tensionline.keys") === "off" || document.querySelector("dialog[open]")) return;
  const typed = event.target.closest && event.target.closest("input, select, textarea, [contenteditable]");
  if (typed) return;
  const field = [...document.querySelectorAll("[data-search]")].find((one) => one.checkVisibility());
  const link = document.querySelector(".site-search-link");
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  } else if (link) {
    event.preventDefault();
    link.click();
  }
});
