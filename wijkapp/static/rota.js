// Duties. What is on the page keeps itself up to date by htmx; this keeps the paper of tonight on the device.

const TONIGHT = "/dienst/vannacht";

/** So that it is there when nothing else is. sw.js puts it away, unless it did so just now. */
function keepTonight() {
  navigator.serviceWorker?.controller?.postMessage({ keep: [TONIGHT, `${TONIGHT}.pdf`] });
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
