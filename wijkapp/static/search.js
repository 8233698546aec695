// The map of Zoek zorg. It reads the list on the page, so both always say the same; without tiles it asks nobody.

import { lands, middleOf } from "./land.js";

const { L } = window; // vendor/leaflet.js
const box = document.getElementById("kaart");
const toggle = document.querySelector("[data-switch]");
const TINTS = 3;
const RANK = ["free", "few", "later", "unknown", "full", "closed"]; // the best light of a wijk is its colour
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const narrow = matchMedia("(max-width: 899px)");

let map = null;
let drawn = null; // what is on the map now, but for the background
let land = null;
let background = ""; // what the background was drawn from

const found = () => document.getElementById("gevonden");

/** Postcodes with a place on earth, as [pc4, latitude, longitude, code of the wijk]. */
const dots = () => JSON.parse(found().dataset.dots ?? "[]");

function start() {
  map = L.map(box, { zoomControl: false, attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, minZoom: 7, maxZoom: 16, zoomSnap: 0.25, fadeAnimation: !calm, zoomAnimation: !calm, inertia: !calm });
  if (calm) map.panBy = (by) => L.Map.prototype.panBy.call(map, by, { animate: false });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out, position: "bottomright" }).addTo(map);
  if (box.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit }).addTo(map);
  }
  land = L.layerGroup().addTo(map);
  drawn = L.layerGroup().addTo(map);
}

/** Calm land with its wijken in soft tints. With tiles the pictures do that. */
function drawLand(all) {
  land.clearLayers();
  const codes = [...new Set(all.map((dot) => dot[3]))];
  if (!box.dataset.tiles) {
    lands(all).forEach((shape, n) => {
      const code = all[n][3];
      const tint = code === found().dataset.here ? "here" : codes.indexOf(code) % TINTS;
      L.polygon(shape, { className: `land land--${tint}`, interactive: false }).addTo(land);
    });
  }
  map.fitBounds(L.latLngBounds(all.map((dot) => [dot[1], dot[2]])).pad(0.08), { animate: false });
}

function drawHits(all) {
  drawn.clearLayers();
  const names = JSON.parse(found().dataset.wijken ?? "{}");
  const hits = [...document.querySelectorAll("[data-hit]")];
  for (const code of Object.keys(names)) {
    const here = all.filter((dot) => dot[3] === code);
    if (!here.length) continue;
    const at = middleOf(here);
    const those = hits.filter((hit) => hit.dataset.wijk === code);
    if (!box.dataset.tiles || those.length) {
      const name = L.divIcon({ className: "name", iconSize: null, html: "" });
      const label = L.marker(at, { icon: name, interactive: false, keyboard: false, zIndexOffset: -100 }).addTo(drawn);
      label.getElement().textContent = names[code];
    }
    if (those.length) drawPin(at, names[code], those);
  }
}

function drawPin(at, name, hits) {
  const best = RANK.find((light) => hits.some((hit) => hit.dataset.light === light)) ?? "unknown";
  const icon = L.divIcon({ className: `pin pin--${best}`, iconSize: [44, 44], html: String(hits.length) });
  const pin = L.marker(at, { icon, keyboard: true }).addTo(drawn);
  const word = hits.find((hit) => hit.dataset.light === best).querySelector(".tag").textContent.trim();
  pin.getElement().setAttribute("aria-label", `${name}: ${hits.length}, ${word}`);
  pin.bindPopup(() => card(name, hits), { minWidth: 220, maxWidth: 280, autoPanPadding: [12, 12] });
}

/** What opens at a pin: the same names, lights and buttons to call as in the list. */
function card(name, hits) {
  const lines = document.createElement("div");
  lines.className = "near";
  const title = document.createElement("b");
  title.textContent = name;
  lines.append(title);
  for (const hit of hits) {
    const line = document.createElement("div");
    const who = document.createElement("span");
    who.className = "grow";
    who.append(hit.querySelector("h3").textContent, document.createElement("br"), hit.querySelector(".tag").cloneNode(true));
    line.append(who);
    const call = hit.querySelector('a[href^="tel:"]');
    if (call) line.append(call.cloneNode(true));
    lines.append(line);
  }
  return lines;
}

function draw() {
  const all = dots();
  toggle.hidden = !all.length;
  const shown = all.length && (!narrow.matches || toggle.getAttribute("aria-pressed") === "true");
  box.hidden = !shown;
  document.querySelector(".seek").classList.toggle("seek--map", Boolean(shown) && narrow.matches);
  if (!shown) return;
  if (!map) start();
  map.invalidateSize({ animate: false });
  const wanted = JSON.stringify([found().dataset.here, all]);
  if (wanted !== background) drawLand(all);
  background = wanted;
  drawHits(all);
}

toggle.addEventListener("click", () => {
  const on = toggle.getAttribute("aria-pressed") !== "true";
  toggle.setAttribute("aria-pressed", on);
  toggle.querySelector("span").textContent = on ? toggle.dataset.list : toggle.dataset.map;
  draw();
});
narrow.addEventListener("change", draw);

// On a phone the question folds away once it is asked.
document.getElementById("zoek").addEventListener("submit", () => {
  if (narrow.matches) document.querySelector(".seek__ask").open = false;
});
document.addEventListener("htmx:afterSettle", draw);
draw();
