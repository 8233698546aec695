// The field one writes in: grows, stays above the phone's keyboard, names colleagues after an @.
//
// What stands in it is kept nowhere: not in storage, not by the browser (autocomplete is off).

import { clean } from "./guard.js";
import { talk } from "./talk.js";

const box = document.querySelector("[data-composer]");
const form = box.querySelector("[data-say]");
const field = form?.querySelector("textarea");
const find = (name) => box.querySelector(`[data-${name}]`);
const names = find("names");
const members = JSON.parse(talk.dataset.members);
const LIKE = 6; // names to choose from at once

let act = {};
let editing = null; // id of the message that is being changed
let held = null; // the panel of the guard

export const composer = {
  on: (actions) => (act = actions),
  text: () => (field ? clean(field.value) : ""),
  /** Put a text (back) in the field; in front of what was typed meanwhile. */
  give(text) {
    const typed = field.value.trim();
    if (typed !== text) field.value = typed ? `${text}\n${typed}` : text;
    grow();
    field.focus();
  },
  /** This text was sent another way: it leaves the field. */
  done(text) {
    field.value = clean(field.value) === text ? "" : field.value.replace(`${text}\n`, "");
    this.letGo();
    grow();
  },
  hold(panel) {
    held?.remove();
    held = panel;
    find("guard-place").replaceChildren(panel);
    showQuick();
    panel.querySelector("h2").focus();
  },
  letGo() {
    held?.remove();
    held = null;
    find("guard-place").replaceChildren();
    field.focus();
  },
  urgent(yes) {
    form.elements.priority.checked = yes;
  },
  edit(id, text, { keep = false } = {}) {
    editing = id;
    if (!keep) field.value = text;
    find("editing").hidden = false;
    find("spoed").hidden = true;
    grow();
    showQuick();
    if (!held) field.focus();
  },
  stopEditing() {
    editing = null;
    field.value = "";
    find("editing").hidden = true;
    find("spoed").hidden = false;
    grow();
    this.letGo();
  },
  /** Nobody can say anything here any more. */
  close() {
    form?.remove();
  },
  /** There is something new below what is in sight. */
  down(yes) {
    find("down").hidden = !yes;
  },
  /** Who waits for a yes may have got it. */
  loud() {
    const link = find("loud");
    const asks = [...talk.querySelectorAll("[data-acknowledge]:not([hidden])")].find((one) => !one.closest("[hidden]"));
    if (link && !asks) link.remove();
    else if (link) link.href = `#${asks.closest(".said").id}`;
  },
  /** Accounts that are called by name in a text. */
  mentioned: (text) => members.filter((one) => text.includes(`@${one.name}`)).map((one) => one.id),
};

find("down").addEventListener("click", () => act.down());

// --- sending

form?.addEventListener("submit", (event) => {
  const tapped = event.submitter;
  if (tapped?.name === "redact" || tapped?.name === "vouched") return; // a panel that the server made
  event.preventDefault();
  const text = tapped?.name === "quick" ? tapped.value : composer.text();
  if (!text) return void field.focus();
  if (editing) return void act.change(editing, text);
  const priority = form.elements.priority.checked;
  if (tapped?.name !== "quick") field.value = "";
  composer.urgent(false);
  if (held) composer.letGo();
  grow();
  hideNames();
  act.say(text, { priority });
  showQuick();
});

// A tap on a button here leaves the focus, and so a phone's keyboard, where it is.
form?.addEventListener("mousedown", (event) => event.target.closest("button, .composer__spoed") && event.preventDefault());

/** Quick answers are for what another said, not while one is writing. */
function showQuick() {
  const quick = find("quick");
  if (!quick) return;
  const newest = [...talk.querySelectorAll(".said")].at(-1);
  quick.hidden = !newest || newest.classList.contains("said--mine") || Boolean(editing || held || field.value);
}
new MutationObserver(() => form?.isConnected && showQuick()).observe(talk.querySelector("[data-lines]"), { childList: true });

find("stop-editing")?.addEventListener("click", (event) => {
  event.preventDefault();
  composer.stopEditing();
});

// --- the field

const growsItself = CSS.supports("field-sizing", "content");
function grow() {
  if (!growsItself) {
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight + 2, innerHeight * 0.4)}px`;
  }
}

field?.addEventListener("input", () => {
  grow();
  showQuick();
  suggest();
  if (held) composer.letGo(); // what was found belongs to another text
});

field?.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (!names.hidden && chooseBy(event.key)) return void event.preventDefault();
  if (event.key === "Escape" && editing) composer.stopEditing();
  // On a keyboard Enter sends and Shift+Enter is a new line; on a phone Enter is a new line.
  if (event.key === "Enter" && !event.shiftKey && matchMedia("(pointer: fine)").matches) {
    event.preventDefault();
    form.requestSubmit();
  }
});

// The phone's keyboard covers the end of the page: the field goes above it.
const view = window.visualViewport;
function aboveKeyboard() {
  const covered = Math.max(0, innerHeight - view.height - view.offsetTop);
  document.documentElement.style.setProperty("--keyboard", `${covered > 100 ? covered : 0}px`);
}
view?.addEventListener("resize", aboveKeyboard);
view?.addEventListener("scroll", aboveKeyboard);

// --- naming somebody

let chosen = 0;

/** What is being typed after an @, in front of the cursor. */
const typing = () => /(?:^|\s)@([\p{L}.'’ -]{0,40})$/u.exec(field.value.slice(0, field.selectionStart));

function suggest() {
  const typed = typing()?.[1].toLowerCase();
  const like = typed === undefined ? [] : members.filter(({ name }) => ` ${name.toLowerCase()}`.includes(` ${typed}`) && name.toLowerCase() !== typed);
  if (!like.length) return hideNames();
  chosen = 0;
  names.replaceChildren(...like.slice(0, LIKE).map(option));
  names.hidden = false;
  field.setAttribute("aria-controls", "namen");
  highlight();
}

function option(member, n) {
  const item = document.createElement("li");
  item.role = "option";
  item.id = `naam-${n}`;
  item.className = "composer__name";
  item.dataset.name = member.name;
  const small = document.createElement("small");
  small.textContent = member.organisation;
  item.append(Object.assign(document.createElement("b"), { textContent: member.name }), " ", small);
  item.addEventListener("pointerdown", (event) => event.preventDefault()); // the field keeps the keyboard
  item.addEventListener("click", () => name(member.name));
  return item;
}

function highlight() {
  [...names.children].forEach((item, n) => item.setAttribute("aria-selected", n === chosen));
  field.setAttribute("aria-activedescendant", `naam-${chosen}`);
}

function hideNames() {
  names.hidden = true;
  field.removeAttribute("aria-activedescendant");
}

function chooseBy(key) {
  if (key === "Escape") hideNames();
  else if (key === "ArrowDown" || key === "ArrowUp") {
    chosen = (chosen + (key === "ArrowDown" ? 1 : -1) + names.children.length) % names.children.length;
    highlight();
  } else if (key === "Enter" || key === "Tab") name(names.children[chosen].dataset.name);
  else return false;
  return true;
}

function name(who) {
  const typed = typing();
  const end = field.selectionStart;
  field.setRangeText(`@${who} `, end - typed[1].length - 1, end, "end");
  hideNames();
  field.focus();
  grow();
}

if (field) grow();
if (form && find("editing") && !find("editing").hidden) editing = /\/([0-9a-f-]{36})\/wijzig$/.exec(form.action)?.[1] ?? null;
