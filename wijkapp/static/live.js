// The live line. Tells the page when something changed; the page fetches what its reader may see.
//
// data-live="<id> <id>"        fetch this part again (htmx, hx-trigger="live") when one of these changed; "*": at any news
// data-watch="request:<id>"    hear every change of this one thing, when the server allows it
// data-live-dot, -word         show whether the line is there

import { io } from "./vendor/socket.io.esm.min.js";

const GATHER = 60; // ms: one change is often told twice, to the person and to whoever has the page open
const OFFLINE_AFTER = 20_000; // ms without a line before the page looks by itself
const LOOK_EVERY = 30_000; // ms

// When the server made this page, by its own clock: what happened since then the page has not seen.
const MADE_AT = Number(document.querySelector('meta[name="push"]')?.dataset.madeAt);

/** The line itself, for rooms that say more on it than "look again". */
export const socket = io({
  transports: ["websocket"],
  auth: { since: MADE_AT },
  reconnectionDelay: 500,
  reconnectionDelayMax: 10_000,
  randomizationFactor: 0.5,
});

const watched = new Set();
let changed = new Set();
let timer = 0;
let wasConnected = false;
let disconnectedAt = Date.now();

/** Fetch again whatever shows one of these ids; "*" is everything that is live. */
function refresh(about) {
  changed.add(about);
  timer ||= setTimeout(() => {
    const ids = changed;
    changed = new Set();
    timer = 0;
    for (const part of document.querySelectorAll("[data-live]")) {
      const wanted = part.dataset.live.split(/\s+/);
      if (ids.has("*") || wanted.includes("*") || wanted.some((id) => ids.has(id))) window.htmx?.trigger(part, "live");
    }
  }, GATHER);
}

function watch(root = document) {
  for (const part of root.querySelectorAll("[data-watch]")) {
    const [kind, id] = part.dataset.watch.split(":");
    if (watched.has(id)) continue;
    watched.add(id);
    socket.emit("about.watch", { kind, id, since: MADE_AT }, (answer) => answer.changed && refresh(id));
  }
}

function show(state) {
  let text = "";
  for (const dot of document.querySelectorAll("[data-live-dot]")) {
    dot.dataset.state = state;
    dot.title = text = state === "live" ? dot.dataset.on : dot.dataset.off;
  }
  for (const word of document.querySelectorAll("[data-live-word]")) {
    // Said when it changes only: a screen reader need not hear at each page that all is well.
    if (state === "offline" || word.textContent) word.textContent = text;
  }
}

socket.on("connect", () => {
  show("live");
  watched.clear();
  watch();
  if (wasConnected) {
    refresh("*"); // what was missed meanwhile
    countUnread();
  }
  wasConnected = true;
});
socket.on("disconnect", (reason) => {
  disconnectedAt = Date.now();
  setTimeout(() => socket.connected || show("offline"), 3_000); // a blink is no news
  if (reason === "io server disconnect") socket.connect(); // dropped because we lagged: start afresh
});
socket.on("connect_error", () => (!navigator.onLine || Date.now() - disconnectedAt > 3_000) && show("offline"));
addEventListener("online", () => socket.connect());

socket.on("told", (news) => {
  refresh(news.about);
  document.dispatchEvent(new CustomEvent("wijkapp:told", { detail: news }));
});
socket.on("changed", (news) => refresh(news.about));

document.addEventListener("htmx:afterSettle", (event) => socket.connected && watch(event.target.parentElement ?? document));

/** In how many conversations something is new: the number on the tab. */
export async function countUnread() {
  const badges = document.querySelectorAll("[data-unread]");
  if (!badges.length) return;
  try {
    const answer = await fetch(badges[0].dataset.unread, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { unread } = await answer.json();
    for (const badge of badges) {
      badge.hidden = !unread;
      badge.firstChild.data = unread;
    }
  } catch {
    // No connection: the next page counts again.
  }
}
document.addEventListener("wijkapp:told", ({ detail }) => detail.name.startsWith("chat.") && countUnread());

// A network that lets no websocket through: look now and then, while somebody is looking too.
setInterval(() => {
  const alone = !socket.connected && Date.now() - disconnectedAt > OFFLINE_AFTER;
  if (alone && document.visibilityState === "visible" && navigator.onLine) refresh("*");
}, LOOK_EVERY);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible" && !socket.connected) socket.connect();
});

// A part that changed by itself is named, for who cannot see it move. Numbers do not count: minutes go by.
const parts = new WeakMap();
const words = (part) => part.textContent.replace(/[\d\s]+/g, " ");
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.target.matches("[data-live]")) parts.set(detail.target, words(detail.target));
});
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const [news, now] = [document.querySelector("[data-news]"), document.getElementById(detail.target.id)];
  if (!news || !now || !parts.has(detail.target) || parts.get(detail.target) === words(now)) return;
  const heading = now.querySelector("h2, h3") ?? document.querySelector("h1");
  news.textContent = news.dataset.news.replace("{what}", heading.textContent.trim());
});

// What somebody typed stays, also in a part that is fetched again.
if (window.Idiomorph) window.Idiomorph.defaults.ignoreActiveValue = true;
