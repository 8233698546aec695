// Turning messages on for this device: asked on a tap, after the page said why.
//
// <html data-invite="ask | failed | home | denied"> says which part of the invitation is shown; none: nothing to ask.

const page = document.documentElement;
const meta = document.querySelector('meta[name="push"]');
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
// iPhone and iPad: only an app on the home screen may push.
const apple = /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
const LATER = 14 * 24 * 3600 * 1000; // ms that "not now" lasts

async function post(address, body) {
  const answer = await fetch(address, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content,
    },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

function sameKey(subscription) {
  const key = bytes(meta.content);
  const has = subscription.options?.applicationServerKey;
  return !has || new Uint8Array(has).every((byte, i) => byte === key[i]);
}

/** Subscribe this browser, or use the subscription that it has, and tell the server whose device it is now. */
async function subscribe() {
  const { pushManager } = await navigator.serviceWorker.ready;
  let old = await pushManager.getSubscription();
  let made = old;
  if (!made || !sameKey(made)) {
    await old?.unsubscribe();
    made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(meta.content) });
  }
  await post("/meldingen/aanmelden", { ...made.toJSON(), replaces: old?.endpoint ?? null });
  localStorage.setItem("push", mark(made));
}

/** This subscription on this device, as logged in now: after another log in the server has to be told again. */
const mark = (subscription) => `${meta.dataset.device} ${subscription.endpoint}`;

async function turnOn(button) {
  button.disabled = true;
  try {
    const answer = await Notification.requestPermission(); // on the tap itself: a browser asks for that
    if (answer === "granted") await subscribe();
    await show();
    if (answer === "granted" && location.pathname === "/meldingen") location.reload();
  } catch (error) {
    console.warn(error);
    page.dataset.invite = "failed";
  }
  button.disabled = false;
}

/** Which invitation fits this browser now. */
async function show() {
  const waits = Date.now() - Number(localStorage.getItem("push-later") ?? 0) < LATER;
  page.dataset.invite = waits && location.pathname !== "/meldingen" ? "" : await state();
}

async function state() {
  if (!can) return apple ? "home" : ""; // else nothing can be done here: the mail reaches them
  if (Notification.permission === "denied") return "denied";
  if (Notification.permission === "default") return "ask";
  const { pushManager } = await navigator.serviceWorker.ready;
  const current = await pushManager.getSubscription();
  if (!current) return "ask";
  return localStorage.getItem("push") === `off ${current.endpoint}` ? "ask" : "";
}

/** Permission was given before: see to it that the server knows this browser, under whoever is logged in. */
async function keepUp() {
  if (!can || Notification.permission !== "granted") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const current = await pushManager.getSubscription();
  const known = localStorage.getItem("push");
  if (current && known !== mark(current) && known !== `off ${current.endpoint}`) await subscribe();
}

/** On the page with my devices: which one is this? Turning it off there is kept in mind here. */
async function markThisDevice() {
  if (!can || location.pathname !== "/meldingen") return;
  const { pushManager } = await navigator.serviceWorker.ready;
  const current = await pushManager.getSubscription();
  if (!current) return;
  const row = document.querySelector(`[data-endpoint="${await hash(current.endpoint)}"]`);
  if (!row) {
    page.dataset.invite = "ask"; // turned off, here or on another device
    return;
  }
  row.querySelector("[data-this-device]").hidden = false;
  row.querySelector("[data-turn-off]").addEventListener("submit", () => {
    localStorage.setItem("push", `off ${current.endpoint}`);
  });
}

async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-push-on], [data-push-later]");
  if (!button) return;
  if ("pushOn" in button.dataset) return void turnOn(button);
  localStorage.setItem("push-later", Date.now());
  page.dataset.invite = "";
});

async function start() {
  await keepUp().catch(console.warn);
  await show();
  await markThisDevice();
}
if (meta) start();
