// One conversation, live. What is said stands on the page at once and is sent until the server has it: the id
// is made here, so sending twice is saying once. What was not sent yet lives in memory only: it may be about a
// client, so it goes nowhere else in the browser, and leaving the page asks first.

import { countUnread, socket } from "./live.js";
import { panel } from "./guard.js";
import { toast } from "./app.js";
import { composer } from "./composer.js";
import { lines, says, talk } from "./talk.js";

const THREAD = talk.dataset.thread;
const ME = document.body.dataset.me;
const PARTIAL = "partial" in talk.dataset; // older messages are shown: what is new stands elsewhere
const PATIENCE = 8_000; // ms to wait for an answer
const RETRY = [2_000, 5_000, 10_000, 30_000]; // ms
const NEAR = 160; // px from the end is at the end
const EDITABLE = 5 * 60_000; // ms

let last = Number(talk.dataset.last);
let read = Number(talk.dataset.read);
let asOf = talk.dataset.asOf;
let gone = false;

// --- asking the server

async function ask(event, body) {
  if (!socket.connected) throw new Error("no live line");
  return socket.timeout(PATIENCE).emitWithAck(event, body);
}

async function post(path, values = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
    body: new URLSearchParams(values),
    signal: AbortSignal.timeout(PATIENCE),
  });
  const said = await answer.json().catch(() => ({}));
  return answer.ok ? said : { error: document.body.dataset.failed, ...said, status: answer.status };
}

const address = (rest = "") => `/berichten/${THREAD}${rest}`;

// --- saying

const queue = new Map(); // message id -> what is not on the server yet
let pumping = false;
let failures = 0;
let timer = 0;

/** Show a message and send it, now or as soon as there is a connection. */
function say(text, { priority = false, vouched = false } = {}) {
  const message = { id: newId(), text, priority, vouched, mentions: composer.mentioned(text), state: "waiting" };
  message.node = lines.pending({ id: message.id, author_id: ME, organisation_id: talk.dataset.organisation, author: "", organisation: "", text, priority, said_at: new Date().toISOString(), mentions: message.mentions, acknowledgements: [] });
  queue.set(message.id, message);
  toEnd();
  pump();
}

/** A UUIDv7, as the server makes them: in order of time. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let ms = Date.now();
  for (let n = 5; n >= 0; n--, ms = Math.floor(ms / 256)) bytes[n] = ms % 256;
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** One after the other, so that they arrive in the order in which they were said. */
async function pump() {
  clearTimeout(timer);
  if (pumping || gone) return;
  pumping = true;
  for (let next; (next = [...queue.values()].find((one) => one.state === "waiting")); ) {
    const slow = setTimeout(() => lines.state(next.node, says(navigator.onLine ? "sending" : "waiting")), 700);
    try {
      answered(next, await send(next));
      failures = 0;
    } catch {
      for (const one of queue.values()) {
        if (one.state === "waiting") lines.state(one.node, says("waiting"), { label: says("retry"), then: pump });
      }
      timer = setTimeout(pump, RETRY[Math.min(failures++, RETRY.length - 1)]);
      break;
    } finally {
      clearTimeout(slow);
    }
  }
  pumping = false;
}

async function send({ id, text, priority, mentions, vouched }) {
  if (socket.connected) return again(await ask("chat.say", { thread: THREAD, id, text, priority, mentions, vouched }));
  if (!navigator.onLine) throw new Error("offline");
  const flags = { ...(priority && { priority: "1" }), ...(vouched && { vouched: "1" }) };
  return again(await post(address(), { message_id: id, text, ...flags }));
}

/** Refused for a moment only: too often, or the server was in trouble. */
function again(answer) {
  if (answer.status === 429 || answer.status >= 500) throw new Error(answer.error);
  return answer;
}

function answered(message, answer) {
  if (!queue.delete(message.id)) return; // it was heard on the line before
  if (!answer.error) {
    if (answer.message) hear(answer.message);
    else lines.state(message.node, "");
  } else if (answer.findings) {
    message.node.remove();
    hold(message.text, answer, (text, vouched) => say(text, { priority: message.priority, vouched }));
    if (message.priority) composer.urgent(true);
  } else {
    lines.state(message.node, `${says("failed")}. ${answer.error}`, {
      label: says("takeBack"),
      then: () => {
        message.node.remove();
        composer.give(message.text);
      },
    });
  }
}

/** The guard held a text back: it stands in its field again, with what was found and a way out of one tap. */
function hold(text, answer, retry) {
  composer.give(text);
  composer.urgent(false);
  const box = panel(text, answer, {
    redact: (without) => (composer.done(text), retry(without, false)),
    vouch: () => (composer.done(text), retry(text, true)),
  });
  composer.hold(box);
}

// --- hearing

const first = () => lines.first() ?? last + 1;

function hear(message) {
  if (message.thread !== THREAD) return;
  const waited = queue.get(message.id);
  queue.delete(message.id);
  if (PARTIAL && message.seq > last) return void (composer.down(true), (last = message.seq));
  if (message.seq > last + 1 && !waited) return void catchUp();
  const near = atEnd();
  lines.put(message);
  if (message.seq === last + 1) last = message.seq;
  else if (message.seq > last) catchUp();
  if (near || message.author_id === ME) toEnd();
  else if (!message.deleted) composer.down(true);
  markRead();
}

let catching = false;
async function catchUp() {
  if (catching || gone || PARTIAL) return;
  catching = true;
  try {
    const news = socket.connected
      ? await ask("chat.since", { thread: THREAD, seq: last, shown_from: first(), as_of: asOf })
      : await (await fetch(address(`/nieuw?na=${last}`), { headers: { Accept: "application/json" } })).json();
    if (news.status === 404) return wipe();
    if (news.error) return;
    if (news.more) return void (await newest(news.last_seq));
    const near = atEnd();
    for (const message of news.messages) (queue.delete(message.id), lines.put(message));
    for (const reader of news.read_by) lines.reads(reader);
    last = Math.max(last, news.last_seq);
    asOf = news.as_of;
    if (news.closed) composer.close();
    if (near) toEnd();
    markRead();
  } catch {
    // No connection: at the next one it looks again.
  } finally {
    catching = false;
  }
}

/** So much was missed that the end is fetched afresh. */
async function newest(seq) {
  const answer = await fetch(address("/eerder"));
  if (!answer.ok) return;
  lines.replace(await answer.text());
  for (const one of queue.values()) lines.append(one.node);
  last = seq;
  toEnd();
}

function wipe() {
  gone = true;
  lines.empty(says("gone"));
  composer.close();
}

const ours = (then) => (news) => news.thread === THREAD && then(news);
socket.on("chat.message", hear);
socket.on("chat.changed", ours((message) => lines.knows(message.id) && lines.put(message)));
socket.on("chat.read", ours((news) => lines.reads(news)));
socket.on("chat.acknowledged", ours((news) => lines.acknowledged(news.id, news)));
socket.on("chat.closed", ours(wipe)); // one takes no part any more
document.addEventListener("wijkapp:told", ({ detail }) => detail.name === "chat.wiped" && detail.about === THREAD && wipe());

async function join() {
  try {
    const answer = await ask("chat.open", { thread: THREAD });
    if (answer.status === 404) return wipe();
    await catchUp();
    pump();
  } catch {
    // The line was gone again; at the next connect.
  }
}
socket.on("connect", join);
if (socket.connected) join();
addEventListener("online", pump);
setInterval(() => !socket.connected && document.visibilityState === "visible" && navigator.onLine && catchUp(), 15_000);

// --- reading

const page = document.scrollingElement;
const atEnd = () => page.scrollHeight - page.scrollTop - innerHeight < NEAR;

function toEnd() {
  composer.down(false);
  page.scrollTo({ top: page.scrollHeight, behavior: "instant" });
}

const EVERY = 1_000; // ms: of a burst the server hears once
let marking = 0;
let marked = 0;
function markRead() {
  clearTimeout(marking);
  marking = setTimeout(sayRead, Math.max(0, marked + EVERY - Date.now()));
}

async function sayRead() {
  if (last <= read || PARTIAL || document.visibilityState !== "visible" || !atEnd()) return;
  const seq = last;
  marked = Date.now();
  try {
    const answer = socket.connected ? await ask("chat.read", { thread: THREAD, seq }) : await post(address("/gelezen"), { seq });
    if (answer.error) return;
    read = Math.max(read, seq);
    countUnread();
  } catch {
    // Said again at the next message or connection.
  }
}

document.addEventListener("visibilitychange", markRead);
addEventListener("scroll", () => atEnd() && (composer.down(false), markRead()), { passive: true });

let fetching = false;
async function earlier(mark) {
  if (fetching) return;
  fetching = true;
  try {
    const answer = await fetch(address(`/eerder?voor=${mark.dataset.earlier}`));
    if (answer.ok && mark.isConnected) {
      const height = page.scrollHeight;
      lines.prepend(mark, await answer.text());
      page.scrollTo({ top: page.scrollTop + page.scrollHeight - height, behavior: "instant" });
    }
  } catch {
    // The link is still there.
  }
  fetching = false;
  watchEarlier();
}

const nearTop = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && earlier(seen[0].target), { rootMargin: "300px 0px 0px" });
function watchEarlier() {
  nearTop.disconnect();
  const mark = document.querySelector("[data-earlier]");
  if (mark) nearTop.observe(mark);
}

// --- what one does with a message

talk.addEventListener("click", (event) => {
  const earlierLink = event.target.closest("[data-earlier] a");
  if (earlierLink) {
    event.preventDefault();
    earlier(earlierLink.closest("[data-earlier]"));
  }
  const change = event.target.closest("[data-change]");
  if (!change) return;
  event.preventDefault();
  const bubble = change.closest(".said");
  change.closest("details").open = false;
  composer.edit(bubble.id.replace("bericht-", ""), lines.textOf(bubble));
});

talk.addEventListener("toggle", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  if (!menu?.open) return;
  const age = Date.now() - Date.parse(menu.closest(".said").dataset.saidAt);
  menu.querySelector("[data-change]").hidden = age > EDITABLE;
}, true);

talk.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-delete], [data-acknowledge]");
  if (!form) return;
  event.preventDefault();
  const bubble = form.closest(".said");
  form.querySelector("button").disabled = true;
  try {
    const answer = await post(new URL(form.action).pathname);
    if (answer.error) toast(answer.error, "error");
    else if (answer.message) lines.put(answer.message);
    else form.hidden = true;
    composer.loud();
  } catch {
    toast(document.body.dataset.failed, "error");
  }
  form.querySelector("button").disabled = false;
  bubble.querySelector("[data-menu]").open = false;
});

async function change(id, text, vouched = false) {
  const before = lines.textOf(document.getElementById(`bericht-${id}`));
  if (before === text) return composer.stopEditing();
  try {
    const answer = await post(address(`/${id}/wijzig`), { text, ...(vouched && { vouched: "1" }) });
    if (answer.findings) {
      hold(text, answer, (fresh, yes) => change(id, fresh, yes));
      composer.edit(id, text, { keep: true });
    } else if (answer.error) toast(answer.error, "error");
    else {
      lines.put(answer.message);
      composer.stopEditing();
    }
  } catch {
    toast(document.body.dataset.failed, "error");
  }
}

// --- begin

composer.on({ say, change, down: toEnd });
lines.settle();
watchEarlier();
if (location.hash.startsWith("#bericht-")) document.querySelector(location.hash)?.scrollIntoView({ block: "center" });
else if (document.getElementById("nieuw")) document.getElementById("nieuw").scrollIntoView({ block: "start" });
else if (!PARTIAL) toEnd();
markRead();

addEventListener("beforeunload", (event) => {
  if (queue.size || composer.text()) event.preventDefault();
});
