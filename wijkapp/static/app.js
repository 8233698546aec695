// What every page needs: steppers, double taps, leaving CSRF to htmx.

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-step]");
  if (!button) return;
  const input = button.closest("[data-stepper]").querySelector("input");
  const value = (parseFloat(input.value) || 0) + parseFloat(button.dataset.step);
  input.value = Math.min(Math.max(value, parseFloat(input.min)), parseFloat(input.max));
  input.dispatchEvent(new Event("change", { bubbles: true }));
});

// A second tap on a button that is already sending does nothing. Coming back with the back button frees it.
// Without a connection a form stays as it is: a browser would show a page of its own, and what was typed is gone.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) event.preventDefault();
  if (event.defaultPrevented || form.method !== "post") return;
  if (navigator.onLine) form.dataset.sending = "1";
  else {
    event.preventDefault();
    toast(document.body.dataset.offline, "error");
  }
});
function free() {
  const sent = document.querySelectorAll("form[data-sending]");
  for (const form of sent) delete form.dataset.sending;
  return sent.length;
}
addEventListener("pageshow", free);
navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (data === "not sent" && free()) toast(document.body.dataset.offline, "error");
});

document.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
});

/** Say something for a moment at the bottom of the screen. kind: "" | "warning" | "error" */
export function toast(text, kind = "") {
  document.querySelector(".toast")?.remove();
  const box = document.createElement("p");
  box.className = `flash toast ${kind && `flash--${kind}`}`;
  box.setAttribute("role", "status");
  document.body.append(box);
  requestAnimationFrame(() => (box.textContent = text)); // first the box, or a screen reader misses what it says
  setTimeout(() => box.remove(), 6000);
}

document.addEventListener("htmx:responseError", (event) => {
  const said = event.detail.xhr.getResponseHeader("X-Sentence");
  toast(said ? decodeURIComponent(said) : document.body.dataset.failed, "error");
});

// A form that comes back begins at what is wrong: on a phone that is often below what one sees first.
const wrong = document.querySelector("main .field--wrong, main [aria-invalid=true], main [data-wrong]");
if (wrong) {
  for (let fold = wrong.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  (wrong.matches("[aria-invalid]") ? wrong : wrong.querySelector("[aria-invalid=true]"))?.focus({ preventScroll: true });
  wrong.scrollIntoView({ block: "center" });
}

if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/sw.js", { scope: "/" });
  // A page that was still loading when its worker took over stays without one, unless it asks.
  navigator.serviceWorker.ready.then(({ active }) => {
    if (!navigator.serviceWorker.controller) active.postMessage("claim");
  });
}

// The ring of time left: empties towards `data-until`, and turns red for the last quarter.
function drawRings() {
  for (const ring of document.querySelectorAll("[data-ring]")) {
    const [from, until, now] = [Date.parse(ring.dataset.from), Date.parse(ring.dataset.until), Date.now()];
    const left = Math.max(0, until - now);
    const part = Math.min(1, left / (until - from));
    ring.style.setProperty("--part", `${Math.round(part * 100)}%`);
    ring.classList.toggle("ring--short", part < 0.25);
    const minutes = Math.ceil(left / 60_000);
    const { late, min, h, hours } = ring.dataset; // words of the page
    const [number, unit] = left === 0 ? late.split(" ") : minutes < 60 ? [minutes, min]
      : minutes < 600 && minutes % 60 ? [`${Math.floor(minutes / 60)} ${h}`, `${minutes % 60} ${min}`] : [Math.round(minutes / 60), hours];
    const face = ring.querySelector("b");
    const text = `${number}\n${unit}`;
    if (face.textContent !== text) face.textContent = text;
  }
}
drawRings();
setInterval(drawRings, 15_000);
document.addEventListener("htmx:afterSettle", drawRings);

document.addEventListener("click", (event) => event.target.closest("[data-print]") && print());

// A menu shuts when one taps beside it, or presses Escape.
function shut(but) {
  for (const menu of document.querySelectorAll("details[data-shuts][open]")) if (!menu.contains(but)) menu.open = false;
}
document.addEventListener("click", (event) => shut(event.target));
document.addEventListener("keydown", (event) => event.key === "Escape" && shut(null));

// A part that is fetched again keeps what somebody opened or is filling in.
document.addEventListener("input", (event) => { const form = event.target.closest("form"); if (form) form.dataset.touched = "1"; });
if (window.Idiomorph) {
  window.Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.tagName === "DETAILS");
  window.Idiomorph.defaults.callbacks.beforeNodeMorphed = (old, fresh) => !(old.dataset?.touched && fresh.tagName === old.tagName);
}
