// Turning messages on for this device: asked on a tap, after the page said why.

const card = document.querySelector("[data-push]");
const can = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
// iPhone and iPad: only an app on the home screen may push.
const iPhone = /iP(hone|ad|od)/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

const part = (name) => card.querySelector(`[data-push-${name}]`);

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
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error ?? answer.statusText);
}

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

async function subscription() {
  const registration = await navigator.serviceWorker.ready;
  return registration.pushManager.getSubscription();
}

/** Subscribe this browser and tell the server. An old subscription with another key is replaced. */
async function subscribe() {
  const registration = await navigator.serviceWorker.ready;
  const key = bytes(card.dataset.key);
  const old = await registration.pushManager.getSubscription();
  if (old && !sameKey(old, key)) await old.unsubscribe();
  const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await post(card.dataset.subscribe, { ...made.toJSON(), replaces: old && old.endpoint !== made.endpoint ? old.endpoint : null });
}

function sameKey(old, key) {
  const has = old.options?.applicationServerKey;
  return !has || new Uint8Array(has).every((byte, i) => byte === key[i]);
}

async function turnOn() {
  const button = part("on");
  button.disabled = true;
  part("error").hidden = true;
  try {
    const answer = await Notification.requestPermission(); // on the tap itself: a browser asks for that
    if (answer === "granted") {
      await subscribe();
      location.reload();
      return;
    }
    show(answer);
  } catch (error) {
    console.warn(error);
    part("error").hidden = false;
  }
  button.disabled = false;
}

function show(permission) {
  part("why").hidden = permission === "denied";
  part("denied").hidden = permission !== "denied";
  part("home").hidden = can || !iPhone;
  part("on").hidden = !can || permission === "denied";
  card.hidden = !can && !iPhone; // nothing to be done here: the mail reaches them
}

async function hash(text) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Is this browser in the server's list? Marks it there; says false when the server does not know it (any more). */
async function known(current) {
  const row = document.querySelector(`[data-endpoint="${await hash(current.endpoint)}"]`);
  const badge = row?.querySelector("[data-this-device]");
  if (badge) badge.hidden = false;
  return Boolean(row) || !document.querySelector("[data-endpoints]");
}

async function start() {
  if (!can) return show("default");
  part("on").addEventListener("click", turnOn);
  const current = Notification.permission === "granted" ? await subscription() : null;
  if (!current || !(await known(current))) show(Notification.permission);
}

if (card) start();
