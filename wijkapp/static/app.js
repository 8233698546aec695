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
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sending) event.preventDefault();
  if (!event.defaultPrevented && form.method === "post") form.dataset.sending = "1";
});
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sending]")) delete form.dataset.sending;
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
  box.textContent = text;
  document.body.append(box);
  setTimeout(() => box.remove(), 6000);
}

document.addEventListener("htmx:responseError", (event) => {
  const said = event.detail.xhr.getResponseHeader("X-Sentence");
  toast(said ? decodeURIComponent(said) : "Er ging iets mis. Probeer het opnieuw.", "error");
});

if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js", { scope: "/" });
