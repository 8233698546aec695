// The messages of a conversation on the page: puts each in its place, with its day and its writer.

export const talk = document.getElementById("gesprek");
const list = talk.querySelector("[data-lines]");
const blank = document.getElementById("bericht").content.querySelector(".said");
const ME = document.body.dataset.me;
const OURS = talk.dataset.organisation;
const LANGUAGE = document.documentElement.lang;
const ZONE = "Europe/Amsterdam";
const GOES_ON = 10 * 60_000; // ms; as in chat/wording.py
const NAMED = 2;

const readers = JSON.parse(talk.dataset.readers); // organisation id -> {organisation, seq}
const names = [talk.dataset.name, ...JSON.parse(talk.dataset.members).map((one) => one.name)].sort((a, b) => b.length - a.length);

/** A sentence of the page, with its {gaps} filled. */
export function says(name, values = {}) {
  const key = `says${name[0].toUpperCase()}${name.slice(1)}`;
  return talk.dataset[key].replace(/\{(\w+)\}/g, (_, gap) => values[gap]);
}

// --- moments

const parts = new Intl.DateTimeFormat("nl", { timeZone: ZONE, hour: "numeric", minute: "2-digit", hourCycle: "h23" });
const clock = (moment) => parts.format(new Date(moment)).replace(":", ".").replace(/^0(\d)/, "$1");
const dayKey = (moment) => new Intl.DateTimeFormat("sv", { timeZone: ZONE }).format(new Date(moment)); // 2026-11-24
const weekday = new Intl.DateTimeFormat(LANGUAGE, { timeZone: ZONE, weekday: "short", day: "numeric", month: "short" });

function dayName(moment) {
  const ago = Math.round((Date.parse(dayKey(moment)) - Date.parse(dayKey(Date.now()))) / 86_400_000);
  return ago > -2 ? new Intl.RelativeTimeFormat(LANGUAGE, { numeric: "auto" }).format(ago, "day") : weekday.format(new Date(moment));
}

// --- one message

const part = (node, name) => node.querySelector(`[data-${name}]`);

function fill(node, message) {
  const mine = message.author_id === ME;
  const shown = !message.deleted;
  node.id = `bericht-${message.id}`;
  Object.assign(node.dataset, { seq: message.seq ?? "", author: message.author_id, organisation: message.organisation_id, saidAt: message.said_at });
  node.classList.toggle("said--mine", mine);
  node.classList.toggle("said--priority", Boolean(message.priority && shown));
  part(node, "by").textContent = mine ? says("you") : message.author;
  part(node, "for").textContent = mine || message.organisation.startsWith(message.author) ? "" : message.organisation;
  part(node, "text").replaceChildren(...withNames(message.text));
  part(node, "time").textContent = clock(message.said_at);
  part(node, "time").dateTime = message.said_at;
  part(node, "text").hidden = !shown;
  part(node, "gone").hidden = shown;
  part(node, "edited").hidden = !message.edited_at || !shown;
  part(node, "priority").hidden = part(node, "asked").hidden = !message.priority || !shown;
  part(node, "menu").hidden = !mine || !shown || !message.seq;
  part(node, "delete").action = `/berichten/bericht/${message.id}/verwijder`;
  part(node, "change").href = `?wijzig=${message.id}`;
  part(node, "acknowledge").action = `/berichten/bericht/${message.id}/bevestig`;
  answers(node, message.acknowledgements ?? []);
  return node;
}

/** The text, with people that are called by name set apart. */
function withNames(text) {
  if (!text.includes("@") || !names.length) return [text];
  const named = new RegExp(`(${names.map((name) => `@${name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}`).join("|")})`);
  return text.split(named).map((piece, n) => {
    if (n % 2 === 0) return piece;
    const name = document.createElement("b");
    name.className = "named";
    name.textContent = piece;
    return name;
  });
}

function answers(node, given) {
  const items = given.map((one) => {
    const item = document.createElement("li");
    item.className = one.at ? "asked__yes" : "";
    item.textContent = one.at
      ? says("yes", { organisation: one.organisation, time: clock(one.at), who: one.by ?? says("colleague") })
      : says("notYet", { organisation: one.organisation });
    return item;
  });
  const list = part(node, "acknowledgements");
  list.dataset.answers = JSON.stringify(given);
  list.replaceChildren(...items);
  part(node, "answered").textContent = says("answered", { some: given.filter((one) => one.at).length, all: given.length });
  part(node, "acknowledge").hidden = !given.some((one) => one.organisation_id === OURS && !one.at);
}

// --- its place

const seqOf = (bubble) => Number(bubble.dataset.seq) || Infinity; // what is not sent yet comes last
const isBubble = (node) => node?.classList.contains("said");

function place(node) {
  let after = list.lastElementChild;
  while (after && (after === node || !isBubble(after) || seqOf(after) > seqOf(node))) after = after.previousElementSibling;
  const behind = after ? after.nextElementSibling : [...list.children].find(isBubble) ?? null;
  if (behind !== node) list.insertBefore(node, behind);
}

/** Its day above it when it is the first of that day; no name when its writer goes on. */
function settleOne(node) {
  const marks = [];
  let before = node.previousElementSibling;
  for (; before && !isBubble(before); before = before.previousElementSibling) marks.push(before);
  const day = marks.find((mark) => "day" in mark.dataset);
  const isNew = marks.some((mark) => mark.id === "nieuw");
  const sameDay = before && dayKey(before.dataset.saidAt) === dayKey(node.dataset.saidAt);
  if (sameDay) day?.remove();
  else if (!day) {
    const mark = document.createElement("li");
    mark.className = "talk__day";
    mark.dataset.day = "";
    mark.append(Object.assign(document.createElement("span"), { textContent: dayName(node.dataset.saidAt) }));
    node.before(mark);
  }
  const loud = [before, node].some((one) => one?.classList.contains("said--priority"));
  const same = before?.dataset.author === node.dataset.author && before?.dataset.organisation === node.dataset.organisation;
  const soon = before && Date.parse(node.dataset.saidAt) - Date.parse(before.dataset.saidAt) <= GOES_ON;
  node.classList.toggle("said--goes-on", Boolean(sameDay && same && soon && !loud && !isNew));
}

function settleAround(node) {
  settleOne(node);
  let next = node.nextElementSibling;
  while (next && !isBubble(next)) next = next.nextElementSibling;
  if (next) settleOne(next);
  readBy();
}

/** How far the newest message came, when it is one's own. */
function readBy() {
  const bubbles = [...list.querySelectorAll(".said")].filter((one) => one.dataset.seq);
  const newest = bubbles.at(-1);
  const line = talk.querySelector("[data-read-by]");
  line.hidden = newest?.dataset.author !== ME;
  if (line.hidden) return;
  const all = Object.values(readers);
  const some = all.filter((one) => one.seq >= Number(newest.dataset.seq)).map((one) => one.organisation);
  if (!some.length) line.textContent = says("sent");
  else if (some.length <= NAMED) line.textContent = says("read", { names: some.join(", ") });
  else line.textContent = some.length === all.length ? says("readAll") : says("readSome", { some: some.length, all: all.length });
}

function parsed(html) {
  const holder = document.createElement("template");
  holder.innerHTML = html; // our own server's, escaped there
  return holder.content;
}

export const lines = {
  /** A message as the server has it: new, or in the place of what was here. */
  put(message) {
    const known = document.getElementById(`bericht-${message.id}`);
    if (!known && message.seq < (this.first() ?? 0)) return; // of before this page begins
    const node = fill(known ?? blank.cloneNode(true), message);
    this.state(node, "");
    place(node);
    talk.querySelector("[data-empty]")?.remove();
    settleAround(node);
  },
  /** A message that is not sent yet. Returns its element. */
  pending(message) {
    const node = fill(blank.cloneNode(true), message);
    node.classList.add("said--pending");
    list.append(node);
    talk.querySelector("[data-empty]")?.remove();
    document.getElementById("nieuw")?.remove(); // who answers has seen it
    settleAround(node);
    return node;
  },
  append: (node) => (list.append(node), settleAround(node)),
  /** What is to be said of a message that is not sent; one button, with what it does. */
  state(node, text, button = null) {
    const line = part(node, "state");
    line.hidden = !text;
    line.replaceChildren(text);
    node.classList.toggle("said--pending", Boolean(text) || !node.dataset.seq);
    if (!button) return;
    const tap = document.createElement("button");
    tap.type = "button";
    tap.className = "button button--quiet";
    tap.textContent = button.label;
    tap.addEventListener("click", button.then);
    line.append(tap);
  },
  first: () => Number(list.querySelector(".said[data-seq]:not([data-seq=''])")?.dataset.seq) || null,
  knows: (id) => Boolean(document.getElementById(`bericht-${id}`)),
  textOf: (bubble) => part(bubble, "text").textContent,
  reads({ organisation_id: id, organisation, seq }) {
    if (id === OURS) return;
    readers[id] = { organisation, seq: Math.max(seq, readers[id]?.seq ?? 0) };
    readBy();
  },
  acknowledged(id, given) {
    const node = document.getElementById(`bericht-${id}`);
    if (!node) return;
    const known = JSON.parse(part(node, "acknowledgements").dataset.answers);
    answers(node, known.map((one) => (one.organisation_id === given.organisation_id ? given : one)));
  },
  prepend(mark, html) {
    const old = mark.nextElementSibling;
    mark.replaceWith(parsed(html));
    let bubble = old;
    while (bubble && !isBubble(bubble)) bubble = bubble.nextElementSibling;
    if (bubble) settleOne(bubble);
  },
  replace: (html) => (list.replaceChildren(parsed(html)), readBy()),
  /** Days as this device counts them, after midnight too. */
  settle: readBy,
  empty(text) {
    list.replaceChildren();
    talk.querySelector("[data-read-by]").hidden = true;
    const says = document.createElement("p");
    says.className = "flash flash--warning";
    says.textContent = text;
    talk.prepend(says);
  },
};
