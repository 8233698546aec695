// The map of a region seen from outside. It reads the table on the page, so both always say the same.

import { lands, middleOf } from "./land.js";

const { L } = window; // vendor/leaflet.js
const box = document.getElementById("kaart");
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A line of the table, as what the map needs to know of a wijk. */
const wijken = () =>
  [...document.querySelectorAll("tr[data-wijk]")].map((row) => ({
    code: row.dataset.wijk,
    state: row.dataset.state,
    word: row.dataset.word,
    name: row.querySelector("th").textContent.trim(),
    link: row.querySelector("th a").href,
  }));

function start(all) {
  const map = L.map(box, { zoomControl: false, attributionControl: Boolean(box.dataset.tiles), scrollWheelZoom: false, minZoom: 7, maxZoom: 16, zoomSnap: 0.25, fadeAnimation: !calm, zoomAnimation: !calm, inertia: !calm });
  L.control.zoom({ zoomInTitle: box.dataset.in, zoomOutTitle: box.dataset.out, position: "bottomright" }).addTo(map);
  if (box.dataset.tiles) {
    map.attributionControl.setPrefix(false);
    L.tileLayer(box.dataset.tiles, { attribution: box.dataset.credit }).addTo(map);
  }
  map.fitBounds(L.latLngBounds(all.map((dot) => [dot[1], dot[2]])).pad(0.12), { animate: false });
  return map;
}

function draw() {
  const all = JSON.parse(box.dataset.dots);
  if (!all.length) return;
  box.hidden = false;
  document.querySelector("[data-legend]").hidden = false;
  const map = start(all);
  const states = Object.fromEntries(wijken().map((wijk) => [wijk.code, wijk.state]));
  if (!box.dataset.tiles) lands(all).forEach((shape, n) => L.polygon(shape, { className: `land land--${states[all[n][3]]}`, interactive: false }).addTo(map));
  for (const wijk of wijken()) drawWijk(map, wijk, all.filter((dot) => dot[3] === wijk.code));
}

function drawWijk(map, wijk, here) {
  if (!here.length) return;
  const icon = L.divIcon({ className: `pin pin--${wijk.state}`, iconSize: [44, 44], html: "" });
  const pin = L.marker(middleOf(here), { icon, keyboard: true }).addTo(map);
  pin.getElement().setAttribute("aria-label", `${wijk.name}: ${wijk.word}`);
  const label = L.divIcon({ className: "name", iconSize: null, html: "" });
  L.marker(middleOf(here), { icon: label, interactive: false, keyboard: false, zIndexOffset: -100 }).addTo(map).getElement().textContent = wijk.name;
  pin.bindPopup(() => card(wijk), { minWidth: 200, autoPanPadding: [12, 12] });
}

/** What opens at a pin: the name, how it is there, and the way to the page of the wijk. */
function card(wijk) {
  const lines = document.createElement("div");
  lines.className = "stack";
  const [name, word, link] = ["b", "span", "a"].map((kind) => document.createElement(kind));
  name.textContent = wijk.name;
  word.textContent = wijk.word;
  link.textContent = box.dataset.go;
  link.href = wijk.link;
  link.className = "button";
  lines.append(name, word, link);
  return lines;
}

if (box) draw();
