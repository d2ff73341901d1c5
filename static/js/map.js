// The map: pushed, and brought nearer with wheel or fingers, by moving the picture's own window; once it rests,
// the server is asked for that part of the world. Marks and lines of the table show each other.
"use strict";

(() => {
  const REST_MS = 280; // without a further turn of the wheel
  const LEAST_PUSH = 4; // pixels: less is a click
  const NEAREST = 24; // times the picture as it came
  const KEYS = {
    "+": "closer", "=": "closer", "-": "wider", 0: "every",
    ArrowLeft: "west", ArrowRight: "east", ArrowUp: "north", ArrowDown: "south",
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const byId = (id) => document.getElementById(id);

  let picture = null;
  let whole = null; // the picture's window as the server made it: x, y, width, height
  let shown = null; // what of it is shown now
  let rest = 0;
  let pushed = false; // the click at the end of a push opens nothing
  const fingers = new Map(); // pointer -> its last place

  function arrived() {
    const fresh = document.querySelector(".map-picture");
    if (!fresh || fresh === picture) return;
    picture = fresh;
    const { x, y, width, height } = picture.viewBox.baseVal;
    whole = { x, y, width, height };
    shown = { ...whole };
    fingers.clear();
    clearTimeout(rest);
  }

  function show() {
    picture.setAttribute("viewBox", `${shown.x} ${shown.y} ${shown.width} ${shown.height}`);
  }

  // Units of the picture for one pixel of the screen.
  const unit = () => shown.width / picture.getBoundingClientRect().width;

  function nearer(times, clientX, clientY) {
    const frame = picture.getBoundingClientRect();
    const width = Math.min(Math.max(shown.width / times, whole.width / NEAREST), whole.width * 4);
    const change = width / shown.width;
    const across = (clientX - frame.left) / frame.width;
    const down = (clientY - frame.top) / frame.height;
    shown.x += shown.width * across * (1 - change);
    shown.y += shown.height * down * (1 - change);
    shown.width *= change;
    shown.height *= change;
    show();
  }

  function move(right, down) {
    shown.x -= right * unit();
    shown.y -= down * unit();
    show();
  }

  // The part of the world that the picture's window shows.
  function box() {
    const [west, south, east, north] = picture.dataset.box.split(",").map(Number);
    const lon = (x) => west + ((x - whole.x) / whole.width) * (east - west);
    const lat = (y) => north - ((y - whole.y) / whole.height) * (north - south);
    const sides = [
      Math.max(-180, lon(shown.x)), lat(shown.y + shown.height),
      Math.min(180, lon(shown.x + shown.width)), lat(shown.y),
    ];
    return sides.map((side) => side.toFixed(2)).join(",");
  }

  function settle(wait) {
    clearTimeout(rest);
    rest = setTimeout(() => fingers.size || window.tensionView.visit({ box: box() }), wait);
  }

  // --- wheel, mouse and fingers -----------------------------------------------------------------
  function turned(event) {
    // The page scrolls past the map; with Ctrl, or once the map has the focus, the wheel is the map's.
    const meant = event.ctrlKey || event.metaKey || event.target.closest("#map").contains(document.activeElement);
    if (!picture.contains(event.target) || !meant) return;
    event.preventDefault();
    nearer(2 ** (-event.deltaY / (still.matches ? 100 : 240)), event.clientX, event.clientY);
    settle(REST_MS);
  }

  function pressed(event) {
    if (!picture || !picture.contains(event.target) || event.button > 0) return;
    clearTimeout(rest);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
    pushed = fingers.size > 1;
  }

  function slid(event) {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const right = event.clientX - before.x;
    const down = event.clientY - before.y;
    if (!pushed && Math.hypot(right, down) < LEAST_PUSH) return;
    pushed = true;
    picture.classList.add("pushed");
    const [other] = [...fingers].filter(([pointer]) => pointer !== event.pointerId).map(([, place]) => place);
    if (other) {
      const was = Math.hypot(before.x - other.x, before.y - other.y);
      const is = Math.hypot(event.clientX - other.x, event.clientY - other.y);
      if (was > 0) nearer(is / was, (event.clientX + other.x) / 2, (event.clientY + other.y) / 2);
    }
    move(other ? right / 2 : right, other ? down / 2 : down);
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY });
  }

  function lifted(event) {
    if (!fingers.delete(event.pointerId)) return;
    picture.classList.remove("pushed");
    if (pushed && !fingers.size) settle(0);
  }

  function clicked(event) {
    if (!picture || !picture.contains(event.target)) return;
    if (pushed) {
      event.preventDefault();
      event.stopPropagation();
    } else {
      byId("map").focus({ preventScroll: true });
    }
    pushed = false;
  }

  // --- keys ---------------------------------------------------------------------------------------
  function keyed(event) {
    if (event.target.id !== "map" || event.ctrlKey || event.metaKey || event.altKey) return;
    const link = byId(`map-${KEYS[event.key]}`);
    if (!link) return;
    event.preventDefault();
    link.click();
  }

  // --- marks and lines ------------------------------------------------------------------------------
  function pointed(event) {
    const from = event.target.closest && event.target.closest("[data-spots]");
    const keys = new Set(from ? from.dataset.spots.split(" ") : []);
    for (const part of document.querySelectorAll("[data-spots]")) {
      part.classList.toggle("lit", part.dataset.spots.split(" ").some((key) => keys.has(key)));
    }
  }

  document.addEventListener("DOMContentLoaded", () => {
    const body = document.body;
    body.addEventListener("wheel", (event) => picture && event.target.closest("#map") && turned(event), { passive: false });
    body.addEventListener("pointerdown", pressed);
    body.addEventListener("pointermove", slid);
    body.addEventListener("pointerup", lifted);
    body.addEventListener("pointercancel", lifted);
    body.addEventListener("dragstart", (event) => picture && picture.contains(event.target) && event.preventDefault());
    body.addEventListener("click", clicked, true);
    body.addEventListener("keydown", keyed);
    body.addEventListener("mouseover", pointed);
    body.addEventListener("focusin", pointed);
    body.addEventListener("htmx:afterSettle", arrived);
    body.addEventListener("htmx:historyRestore", arrived);
    arrived();
  });
})();
