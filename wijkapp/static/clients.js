// A client's file on a page: open only as long as somebody looks at it and may.
//
// #stand[data-open][data-version]   the outside: may it be open, and what is its newest state
// #gegevens[data-inside]            the inside; taken off the page when nobody taps, nobody looks, or the file changed
//
// Nothing of the inside is stored. What somebody was typing when the page closed itself is kept in memory, for when
// the same page is opened again; it goes when the page goes, and when the file may not be seen any more.

import { toast } from "./app.js";

const IDLE = 180_000; // ms without a tap or a key
const AWAY = 60_000; // ms that the page is not in sight, or the live line is gone
const LOOK_EVERY = 1_000;

const words = document.querySelector("[data-file]").dataset;
const drafts = new Map();
let touchedAt = Date.now();
let hiddenAt = document.visibilityState === "hidden" ? Date.now() : 0;
let offlineAt = 0;
let mustCheck = false; // the file changed while nobody looked

const stand = () => document.getElementById("stand");
const inside = () => document.querySelector("#gegevens[data-inside]");

/** Take the inside off the page. why: the sentence beside the button that opens it again. */
function lock(why = "", { forget = false } = {}) {
  const open = inside();
  if (forget) drafts.clear();
  else if (open) keepDrafts(open);
  if (!open) return;
  open.replaceWith(document.getElementById("dicht").content.cloneNode(true));
  const closed = document.getElementById("gegevens");
  closed.hidden = !stand().dataset.open;
  closed.querySelector("[data-why]").textContent = why;
  window.htmx.process(closed);
}

function keepDrafts(open) {
  for (const form of open.querySelectorAll("form[data-sealed]")) {
    if (form.dataset.touched) drafts.set(form.id, [...new FormData(form)]);
  }
}

/** Put back what was being typed, and open the part it stands in. */
function giveBackDrafts() {
  for (const [id, fields] of drafts) {
    const form = document.getElementById(id);
    if (!form) continue;
    for (const [name, value] of fields) {
      if (name !== "csrf_token" && form.elements[name]) form.elements[name].value = value;
    }
    form.dataset.touched = "1";
    const part = form.closest("details");
    if (part) part.open = true;
  }
  drafts.clear();
}

// --- somebody looks, or does not

for (const kind of ["pointerdown", "keydown", "input", "wheel", "touchmove"]) {
  addEventListener(kind, () => (touchedAt = Date.now()), { passive: true, capture: true });
}

function look() {
  if (!inside()) return;
  const now = Date.now();
  offlineAt = document.querySelector("[data-live-dot]")?.dataset.state === "offline" ? offlineAt || now : 0;
  if (now - touchedAt >= IDLE) lock(words.idle);
  else if (hiddenAt && now - hiddenAt >= AWAY) lock(words.away);
  else if (offlineAt && now - offlineAt >= AWAY) lock(words.offline);
}
setInterval(look, LOOK_EVERY);

document.addEventListener("visibilitychange", () => {
  // A page in the background gets no timer in time: what is due is done before it is painted again.
  if (document.visibilityState === "hidden") hiddenAt = Date.now();
  else {
    look();
    hiddenAt = 0;
    if (mustCheck) check();
  }
});

// A page that is left is not kept open by the browser for whoever goes back to it.
addEventListener("pagehide", () => lock("", { forget: true }));

// --- the file changed

/** Ask the outside how the file stands; until it says so, the inside is not to be read. */
function check() {
  mustCheck = false;
  window.htmx.trigger(stand(), "live");
}

document.addEventListener("live", (event) => {
  if (event.target.id !== "stand") return;
  const open = inside();
  if (open) open.dataset.waits = "1"; // out of sight at once
});

document.addEventListener("htmx:afterSettle", () => {
  const open = inside();
  if (open) giveBackDrafts();
  const { open: may, version } = stand().dataset;
  if (!may) {
    lock("", { forget: true });
    document.getElementById("gegevens").hidden = true;
    return;
  }
  document.getElementById("gegevens").hidden = false;
  if (!open) return;
  if (Number(open.dataset.version) >= Number(version)) delete open.dataset.waits;
  else if (document.visibilityState === "hidden") {
    // Nobody looks: opening it now would be a line in the log of somebody who did not.
    mustCheck = true;
  } else reopen(open);
});

function reopen(open) {
  const door = document.getElementById("dicht").content.querySelector("[data-look]");
  window.htmx.ajax("POST", door.getAttribute("action"), { source: open, target: "#gegevens", swap: "morph:outerHTML" });
}

// What may not be seen any more goes off the page, whatever it was that asked.
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (![401, 403, 404, 410].includes(status) || !event.target.closest?.("#stand, #gegevens")) return;
  if (event.target.id === "stand" || event.target.matches("#gegevens, [data-look]")) lock(words.over, { forget: true });
  if (event.target.id !== "stand") check();
});
document.addEventListener("htmx:sendError", () => inside()?.dataset.waits && lock(words.offline));

// --- writing

// What was wrong with a form comes back as that form.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status !== 422 || !event.target.matches?.("form[data-sealed]")) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  const form = document.getElementById(event.target.id);
  if (!form?.matches("form[data-sealed]")) return;
  form.dataset.touched = "1"; // what was typed is still to be stored
  form.querySelector('[aria-invalid="true"]')?.focus();
});

document.addEventListener("file-written", (event) => {
  const form = event.target.closest("form");
  if (form) {
    form.reset();
    delete form.dataset.touched;
    drafts.delete(form.id);
    const part = form.closest("details");
    if (part) part.open = false;
  }
  toast(words.saved);
  check();
});

// --- what leaves the page

let warned = false;
document.addEventListener("copy", (event) => {
  if (warned || !event.target.closest?.(".vault")) return;
  warned = true;
  toast(words.copied, "warning");
});
addEventListener("keyup", (event) => event.key === "PrintScreen" && inside() && toast(words.shot, "warning"));

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-lock]")) {
    event.preventDefault();
    lock();
  }
  if (event.target.closest("[data-print-file]")) {
    document.documentElement.dataset.printsFile = "1";
    print();
  }
});
addEventListener("afterprint", () => delete document.documentElement.dataset.printsFile);

function showButtons() {
  for (const button of document.querySelectorAll("[data-print-file][hidden]")) button.hidden = false;
  const thread = document.querySelector(".thread");
  if (thread && !thread.dataset.shown) {
    thread.dataset.shown = "1";
    thread.scrollTop = thread.scrollHeight;
  }
}
document.addEventListener("htmx:afterSettle", showButtons);
showButtons();
