// The page with the code to copy: a choice shows at once, and a button copies.
"use strict";

(() => {
  const form = document.getElementById("embed-form");
  form.addEventListener("change", () => form.requestSubmit());

  const code = document.getElementById("embed-code");
  const button = document.getElementById("copy-code");
  const said = document.getElementById("copy-said");
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(code.value);
      said.textContent = button.dataset.done;
    } catch {
      code.focus();
      code.select();
      said.textContent = button.dataset.failed;
    }
  });
})();
