// How a view takes the place of the one before: what is the same stays as it is, so that little is laid out and
// painted anew. `hx-swap="morph"` where this extension is on. Lines of the list that lie below the screen come
// right after the rest is on it.
"use strict";

(() => {
  // Rows and pictures that are the same are passed over whole; they hold nothing that a reader fills in.
  const WHOLE = "tr, svg, g";
  const LEAST_LINE = 24; // pixels; no line of the list is lower
  let late = []; // lines that are not in the list yet

  // Return false where an element stays as it is, though the new view's may be written otherwise.
  function kept(old, fresh) {
    if (old.nodeType !== Node.ELEMENT_NODE) return undefined;
    // The chart that plotly.js drew outlives the views: chart.js brings it in step.
    if (old.classList.contains("js-plotly-plot")) return false;
    // What was fetched into a fold, once, stays while it is of the same address.
    if (old.hasAttribute("hx-get") && old.getAttribute("hx-get") === fresh.getAttribute("hx-get")) return false;
    if (old.matches(WHOLE) && old.isEqualNode(fresh)) return false;
    // Of a chart that changed, nearly every mark did.
    if (old.matches(".still")) {
      old.replaceChildren(...fresh.childNodes);
      old.setAttribute("class", fresh.getAttribute("class"));
      old.setAttribute("height", fresh.getAttribute("height"));
      return false;
    }
    // The content of a template is none of its children.
    if (old instanceof HTMLTemplateElement) {
      old.content.replaceChildren(...fresh.content.cloneNode(true).childNodes);
      return false;
    }
    return undefined;
  }

  const listIn = (root) => root.querySelector("#events tbody");

  // Take the lines that the screen has no room for out of a new view, unless the list has them already.
  function heldBack(fragment) {
    const [old, fresh] = [listIn(document), listIn(fragment)];
    if (!old || !fresh) return [];
    const room = Math.ceil((innerHeight - old.getBoundingClientRect().top) / LEAST_LINE);
    const first = Math.max(room, 1);
    const lines = [...fresh.rows].slice(first);
    const there = [...old.rows].slice(first);
    if (lines.length <= there.length && lines.every((line, n) => line.isEqualNode(there[n]))) return [];
    const all = [...fresh.childNodes];
    const rest = all.slice(all.indexOf(lines[0]));
    rest.forEach((node) => node.remove());
    return rest;
  }

  function complete() {
    const list = listIn(document);
    if (!list || !late.length) return;
    list.append(...late);
    list.parentElement.removeAttribute("aria-busy");
    late = [];
  }

  function afterPaint(done) {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)));
  }

  window.htmx.defineExtension("morph", {
    isInlineSwap: (style) => style === "morph",
    handleSwap(style, target, fragment) {
      if (style !== "morph") return false;
      const mine = (late = heldBack(fragment));
      if (mine.length) listIn(fragment).parentElement.setAttribute("aria-busy", "true");
      const callbacks = { beforeNodeMorphed: kept };
      const swapped = window.Idiomorph.morph(target, fragment.children, { morphStyle: "outerHTML", callbacks });
      // Another view may be here by then.
      if (mine.length) afterPaint(() => mine === late && complete());
      return swapped;
    },
  });
  addEventListener("beforeprint", complete);
})();
