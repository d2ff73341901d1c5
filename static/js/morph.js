// How a view takes the place of the one before: what is the same stays as it is, so that little is laid out and
// painted anew. `hx-swap="morph"` where this extension is on.
"use strict";

(() => {
  // Rows and pictures that are the same are passed over whole; they hold nothing that a reader fills in.
  const WHOLE = "tr, svg, g";

  // Return false where an element stays as it is, though the new view's may be written otherwise.
  function kept(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) return undefined;
    // The chart that plotly.js drew outlives the views: chart.js brings it in step.
    if (old.classList.contains("js-plotly-plot")) return false;
    // What was fetched into a fold, once, stays while it is of the same address.
    if (old.hasAttribute("hx-get") && old.getAttribute("hx-get") === fresh.getAttribute("hx-get")) return false;
    if (old.matches(WHOLE) && old.isEqualNode(fresh)) return false;
    // The content of a template is none of its children.
    if (old instanceof HTMLTemplateElement) {
      old.content.replaceChildren(...fresh.content.cloneNode(true).childNodes);
      return false;
    }
    return undefined;
  }

  window.htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap(style, target, fragment) {
      if (style !== "morph") return false;
      const callbacks = { beforeNodeMorphed: kept };
      return window.Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML", callbacks });
    },
  });
})();
