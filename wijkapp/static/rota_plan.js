// A rota repaired by drag: somebody onto a duty, or a duty onto another to exchange them. Tapping does the same.
//
// data-plan     address of the rota; the page's own words: data-no, data-done
// data-duty     a duty that can be dropped on; data-member who has it, or, in the list, who is dragged

import { toast } from "./app.js";

const plan = () => document.querySelector("[data-plan]");
let carried = null; // { member, duty } while something is dragged

/** Show where this person may lawfully be. */
async function showPlaces(member) {
  try {
    const answer = await fetch(`${plan().dataset.plan}/mag/${member}`, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { duties } = await answer.json();
    if (carried?.member !== member) return; // dropped meanwhile
    const fits = new Set(duties);
    for (const one of document.querySelectorAll("[data-duty]")) one.toggleAttribute("data-fits", fits.has(one.dataset.duty));
    plan().setAttribute("data-dragging", "");
  } catch {
    // No connection: dropping says so.
  }
}

function letGo() {
  carried = null;
  plan()?.removeAttribute("data-dragging");
  for (const one of document.querySelectorAll("[data-fits], [data-over]")) {
    one.removeAttribute("data-fits");
    one.removeAttribute("data-over");
  }
}

/** Put somebody in a duty; the server judges. */
async function put(duty, { member, duty: from }) {
  const sent = new FormData();
  sent.set("member", member);
  if (from) sent.set("from_duty", from);
  let answer;
  try {
    answer = await fetch(`${plan().dataset.plan}/dienst/${duty}`, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": document.querySelector('meta[name="csrf-token"]').content },
      body: sent,
    });
  } catch {
    return toast(plan().dataset.no, "error");
  }
  const said = answer.headers.get("X-Sentence");
  if (!answer.ok) return toast(said ? decodeURIComponent(said) : plan().dataset.no, "error");
  window.htmx.trigger(plan(), "live");
  toast(plan().dataset.done);
}

document.addEventListener("dragstart", (event) => {
  const one = event.target.closest?.("[data-member][draggable]");
  if (!one) return;
  carried = { member: one.dataset.member, duty: one.dataset.duty };
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", one.querySelector("b")?.textContent ?? "");
  showPlaces(carried.member);
});

function duty(event) {
  return carried ? event.target.closest?.("[data-duty]") : null;
}

document.addEventListener("dragover", (event) => {
  if (!duty(event)) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
});
document.addEventListener("dragenter", (event) => {
  for (const one of document.querySelectorAll("[data-over]")) one.removeAttribute("data-over");
  duty(event)?.setAttribute("data-over", "");
});
document.addEventListener("drop", (event) => {
  const onto = duty(event);
  if (!onto) return;
  event.preventDefault();
  if (onto.dataset.duty !== carried.duty && onto.dataset.member !== carried.member) put(onto.dataset.duty, carried);
  letGo();
});
document.addEventListener("dragend", letGo);
