// Duties. What is on the page keeps itself up to date by htmx; this keeps the paper of tonight on the device.

const TONIGHT = "/dienst/vannacht";
const EVERY = 30 * 60_000; // ms

let kept = 0;

/** Fetch it once in a while, so that it is there when nothing else is. sw.js puts it away. */
export function keepTonight() {
  if (Date.now() - kept < EVERY || !navigator.serviceWorker?.controller) return;
  kept = Date.now();
  navigator.serviceWorker.controller.postMessage({ keep: [TONIGHT, `${TONIGHT}.pdf`] });
}

keepTonight();
document.addEventListener("visibilitychange", () => document.hidden || keepTonight());

// An address that is shown once: easy to take along.
for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.done;
  });
}
for (const field of document.querySelectorAll("[data-select]")) field.addEventListener("focus", () => field.select());
