// The service worker: shows messages, and keeps pages that were seen for when there is no connection.
// The server puts `const ASSETS = "/static/<build>/"` in front, so that another build is another worker.

const SHELL = `shell ${ASSETS}`; // files of this build; they never change
const PAGES = "pages"; // pages somebody saw, until they log out
const OFFLINE = "/zonder-verbinding";
const PATIENCE = 4000; // ms for the network, when there is a kept page to show instead
const RECENT = 30 * 60_000; // ms a page kept ahead is not fetched again
const MOST_PAGES = 40;
const KEPT_FILES = [
  "app.css",
  "app.js",
  "live.js",
  "notify.js",
  "vendor/htmx.min.js",
  "vendor/idiomorph-ext.min.js",
  "vendor/socket.io.esm.min.js",
  "vendor/icons.svg",
  "vendor/atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "icons/icon.svg",
  "icons/icon-192.png",
  "icons/badge.png",
];

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

async function keepShell() {
  const shell = await caches.open(SHELL);
  await shell.addAll(KEPT_FILES.map((name) => ASSETS + name));
  await shell.add(new Request(OFFLINE, { credentials: "omit" })); // as a stranger sees it
}

self.addEventListener("activate", (event) => {
  event.waitUntil(forgetOldBuilds().then(() => self.clients.claim()));
});

async function forgetOldBuilds() {
  for (const name of await caches.keys()) if (name.startsWith("shell ") && name !== SHELL) await caches.delete(name);
}

// --- pages and files

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== location.origin) return;
  // Whoever comes in or goes out: what somebody else saw on this device is not for them.
  if (/^\/(inloggen|uitloggen|demo|uitnodiging)/.test(url.pathname)) event.waitUntil(caches.delete(PAGES));
  else if (isForm(request)) event.respondWith(sent(request));
  else if (request.method !== "GET" || /^\/(socket\.io|api)\//.test(url.pathname)) return;
  else if (url.pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (request.mode === "navigate") event.respondWith(page(event));
});

async function file(request) {
  return (await caches.match(request)) ?? fetch(request);
}

/** The page from the network; a kept one when that takes too long or there is no connection. */
async function page(event) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(event.request);
  const fresh = fetch(event.request).then((answer) => {
    if (keepable(answer)) event.waitUntil(keep(pages, event.request, answer.clone()));
    return answer;
  });
  event.waitUntil(fresh.catch(() => {}));
  try {
    return await (kept ? Promise.race([fresh, late()]) : fresh);
  } catch {
    return kept ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}

/** Files are left to the browser: not every one gives them to a worker whole. */
function isForm({ method, mode, headers }) {
  return method === "POST" && mode === "navigate" && !headers.get("Content-Type")?.startsWith("multipart/");
}

/** A form. Without a connection its page stays there as it is, and says so. */
async function sent(request) {
  try {
    return await fetch(request);
  } catch {
    for (const window of await self.clients.matchAll({ type: "window" })) window.postMessage("not sent");
    return new Response(null, { status: 204 });
  }
}

const late = () => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), PATIENCE));

/** Only whole pages that somebody may see; a redirect to the log in is not the page that was asked for. */
function keepable(answer) {
  const { pathname } = new URL(answer.url);
  // Secrets are shown at /account, once; what is about a client, or was said or handed over, is on no device.
  if (/^\/(account|berichten|clienten|privacy)(\/|$)/.test(pathname)) return false;
  if (/^\/dienst\/[^/]+\/overdracht$/.test(pathname)) return false;
  const html = answer.headers.get("Content-Type")?.startsWith("text/html");
  return answer.ok && html && !answer.redirected && !answer.headers.get("Cache-Control")?.includes("no-store");
}

/** Put away whole, at once: a connection that ends halfway leaves the page that was there. The newest is last. */
async function keep(pages, request, answer) {
  const { status, statusText, headers } = answer;
  await pages.put(request, new Response(await answer.blob(), { status, statusText, headers }));
  const all = await pages.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await pages.delete(old);
}

self.addEventListener("message", (event) => {
  if (event.data === "logged out") event.waitUntil(caches.delete(PAGES));
  if (event.data === "claim") event.waitUntil(self.clients.claim());
  if (event.data?.keep) event.waitUntil((ahead = ahead.then(() => keepAhead(event.data.keep)).catch(() => {})));
});

let ahead = Promise.resolve(); // one after the other: the second finds what the first put away

/** Pages that must be there when the network is not, also when nobody opened them: who is on duty tonight. */
async function keepAhead(paths) {
  const pages = await caches.open(PAGES);
  for (const path of paths.filter((one) => /^\/dienst\/vannacht(\.pdf)?$/.test(one))) {
    if (isRecent(await pages.match(path))) continue;
    const answer = await fetch(path).catch(() => null);
    if (answer?.ok && !answer.redirected) await keep(pages, new Request(path), answer);
  }
}

/** By the clock of the device, which may be wrong: a page of the future is fetched again as well. */
const isRecent = (kept) => Math.abs(Date.now() - Date.parse(kept?.headers.get("Date"))) < RECENT;

// --- messages

self.addEventListener("push", (event) => {
  // Always shown: a browser takes the permission away from whoever pushes in silence.
  event.waitUntil(shown(event.data));
});

function shown(data) {
  let news = {};
  try {
    news = data?.json() ?? {};
  } catch {
    // A message that cannot be read still has to be shown.
  }
  return Promise.all([show(news, { url: ours(news.url), asks: asked(news) }), arrived(news)]);
}

/** Some messages ask whether they arrive, as before a duty: the phone says so by itself. */
async function arrived({ arrived: ticket, send_to }) {
  if (ticket && send_to) await post(ours(send_to), ticket).catch(() => {}); // else its owner still can, by the button
}

const post = (address, ticket) =>
  fetch(address, {
    method: "POST",
    credentials: "omit",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify({ ticket }),
  });

/** A question with its buttons, or null. Its tickets go nowhere but to this app. */
function asked(news) {
  const buttons = (Array.isArray(news.buttons) ? news.buttons : []).filter((one) => one?.action && one.ticket);
  return buttons.length ? { ...news, buttons, send_to: ours(news.send_to) } : null;
}

function show(news, data, more = {}) {
  return self.registration.showNotification(news.title || "wijkapp", {
    body: news.body || "Er is nieuws in wijkapp.",
    tag: news.tag || "wijkapp",
    renotify: true,
    lang: news.lang || "nl",
    icon: `${ASSETS}icons/icon-192.png`,
    badge: `${ASSETS}icons/badge.png`,
    actions: (data.asks?.buttons ?? []).map(({ action, title }) => ({ action, title })),
    data,
    ...more,
  });
}

/** An address of this app, whatever the message says. */
function ours(address) {
  try {
    const url = new URL(address ?? "/", location.origin);
    return url.origin === location.origin ? url.href : location.origin;
  } catch {
    return location.origin;
  }
}

self.addEventListener("notificationclick", (event) => {
  const { url, asks } = event.notification.data;
  const button = asks?.buttons.find(({ action }) => action === event.action);
  event.notification.close();
  event.waitUntil(button ? press(asks, button, url) : open(url));
});

/** The answer itself, without a page and without a log in: the ticket says who, and what. */
async function press(asks, { ticket }, url) {
  const quiet = { renotify: false, silent: true };
  let answer, said;
  try {
    answer = await post(asks.send_to, ticket);
    said = await answer.json();
  } catch {
    // No connection, or no answer of ours: the question stays, with its buttons.
  }
  if (!said || answer.status >= 500 || answer.status === 429)
    return show({ ...asks, body: `${said?.error ?? asks.offline}\n${asks.body}` }, { url, asks }, quiet);
  return show({ title: said.title ?? asks.title, body: said.sentence ?? said.error, tag: asks.tag, lang: asks.lang }, { url }, quiet);
}

async function open(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((one) => one.url === url) ?? windows[0];
  if (!there) return self.clients.openWindow(url);
  if (there.url !== url) await there.navigate(url).catch(() => self.clients.openWindow(url));
  return there.focus();
}

// The browser changed its address: subscribe again and tell the server, with the token of a page of ours.
self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil(renew(event.oldSubscription, event.newSubscription));
});

async function renew(old, made) {
  const text = await (await fetch("/meldingen")).text();
  const token = text.match(/name="csrf-token" content="([^"]+)"/)?.[1];
  const key = text.match(/data-key="([^"]+)"/)?.[1];
  if (!token || !key) return; // logged out: the next log in asks again
  const subscription = made ?? (await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
  await fetch("/meldingen/aanmelden", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ ...subscription.toJSON(), replaces: old?.endpoint ?? null }),
  });
}
