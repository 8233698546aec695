// The steppers on the cards save by themselves; the week of one figure is filled by tapping.

import { toast } from "./app.js";

const GATHER = 450; // ms: three quick taps are one change
const HIGHEST_BY_TAP = 4; // hours; the fine stepper and the keyboard go on
const MOST = 24; // hours in one cell

// --- steppers

const waiting = new Map(); // id of the card -> { timer, before }
const sending = new Set(); // ids of cards

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-places]");
  if (form) later(form.closest("article"));
});
document.addEventListener("submit", (event) => {
  if (!event.target.matches("form[data-places]")) return;
  event.preventDefault();
  later(event.target.closest("article"), 0);
}, true);

/** A sentence that the page brought along, in its own language. */
const said = (part, name) => part.closest(".figures").dataset[name];

function later(card, wait = GATHER) {
  const was = waiting.get(card.id);
  clearTimeout(was?.timer);
  const before = was?.before ?? card.querySelector("[name=places]").defaultValue;
  waiting.set(card.id, { before, timer: setTimeout(() => save(card.id), wait) });
}

async function save(id) {
  if (sending.has(id)) return later(document.getElementById(id), 100); // one at a time: the next needs the new version
  const form = document.getElementById(id)?.querySelector("form[data-places]");
  const { before } = waiting.get(id) ?? {};
  waiting.delete(id);
  if (!form) return;
  const input = form.elements.places;
  if (input.value === before) return;
  sending.add(id);
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true" }, keepalive: true });
    await show(id, answer, before);
  } catch {
    input.value = input.defaultValue;
    waiting.delete(id);
    toast(said(form, "offline"), "error");
  } finally {
    sending.delete(id);
  }
}

async function show(id, answer, before) {
  const card = document.getElementById(id);
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(id);
  if (!fresh || answer.redirected) {
    const sentence = answer.headers.get("X-Sentence");
    const input = card.querySelector("[name=places]");
    input.value = input.defaultValue;
    return toast(sentence ? decodeURIComponent(sentence) : said(card, "failed"), "error");
  }
  const input = card.querySelector("[name=places]");
  const typed = waiting.has(id) && answer.ok ? input.value : null; // tapped on while this was under way
  const focused = document.activeElement?.closest("article") === card ? document.activeElement : null;
  const step = focused?.dataset.step;
  card.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (typed !== null) fresh.querySelector("[name=places]").value = typed;
  else waiting.delete(id);
  if (step) fresh.querySelector(`[data-step="${step}"]`)?.focus();
  else if (focused?.name === "places") fresh.querySelector("[name=places]")?.focus();
  if (answer.ok && typed === null) saved(fresh, before);
}

function saved(card, before) {
  const input = card.querySelector("[name=places]");
  toast(input.value === "1" ? said(card, "one") : said(card, "many").replace("#", input.value));
  const undo = document.createElement("button");
  undo.type = "button";
  undo.className = "toast__undo";
  undo.textContent = said(card, "undo");
  undo.addEventListener("click", () => {
    const now = document.getElementById(card.id)?.querySelector("[name=places]");
    if (!now) return;
    now.value = before;
    later(now.closest("article"), 0);
  });
  document.querySelector(".toast")?.append(undo);
}

addEventListener("pagehide", () => {
  for (const [id, { timer }] of waiting) {
    clearTimeout(timer);
    save(id);
  }
});

// --- the week of one figure

const cells = document.querySelector("[data-cells]");
if (cells) tapCells(document.querySelector("form[data-figure]"), [...cells.querySelectorAll("input")]);

function tapCells(form, inputs) {
  const comma = (number) => String(Math.round(number * 100) / 100).replace(".", ",");
  const read = (input) => parseFloat(input.value.replace(",", ".")) || 0;
  const write = (input, hours) => {
    const right = Math.min(Math.max(hours, 0), MOST);
    input.value = right ? comma(right) : "";
  };
  const fine = form.querySelector("[data-fine]");
  const total = form.querySelector("[data-total]");
  let last = null;

  const redraw = () => {
    total.textContent = total.dataset.word.replace("#", comma(inputs.reduce((sum, input) => sum + read(input), 0)));
    fine.hidden = !last;
    if (!last) return;
    fine.querySelector("[data-fine-name]").textContent = last.getAttribute("aria-label").replace(/^\S+ /, "");
    fine.querySelector("[data-fine-hours]").textContent = comma(read(last));
  };

  for (const part of form.querySelectorAll("[data-with-script]")) part.hidden = false;
  for (const part of form.querySelectorAll("[data-without-script]")) part.hidden = true;
  for (const input of inputs) {
    input.inputMode = "none"; // a tap counts: no keyboard over the grid
    input.addEventListener("click", () => {
      const hours = read(input);
      write(input, hours >= HIGHEST_BY_TAP ? 0 : Math.floor(hours) + 1);
      last = input;
      redraw();
    });
    input.addEventListener("focus", () => {
      last = input;
      input.select();
      redraw();
    });
    input.addEventListener("keydown", (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1, " ": 1 }[event.key];
      if (!step) return;
      event.preventDefault();
      write(input, read(input) + step);
      redraw();
    });
    input.addEventListener("input", redraw);
  }
  form.addEventListener("click", (event) => {
    const { pick, days, fineStep } = event.target.closest("button")?.dataset ?? {};
    if (fineStep && last) write(last, read(last) + parseFloat(fineStep));
    if (pick === "") for (const input of inputs) write(input, 0);
    if (pick) fill(inputs.filter((_, slot) => pick.includes(String(slot % 4)) && slot < days * 4));
    if (fineStep || pick !== undefined) redraw();
  });
  // A second tap on a full row empties it.
  const fill = (row) => {
    const full = row.every((input) => read(input));
    for (const input of row) write(input, full ? 0 : read(input) || 1);
  };
  redraw();
}
