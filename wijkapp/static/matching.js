// The request form: one step at a time, and who would be reached while filling in.

const form = document.querySelector("[data-wizard]");
const pages = [...form.querySelectorAll("[data-page]")];
const bar = form.querySelector(".steps");
const word = form.querySelector("[data-step-word]");
const [back, next, send] = ["back", "next", "send"].map((name) => form.querySelector(`[data-${name}]`));
const planned = form.querySelector('[data-when="planned"]');

let at = 0;

function show(step, move = true) {
  at = step;
  pages.forEach((page, n) => (page.hidden = n !== at));
  [...bar.children].forEach((part, n) => part.classList.toggle("on", n <= at));
  word.textContent = pages[at].dataset.page;
  back.hidden = at === 0;
  next.hidden = at === pages.length - 1;
  send.hidden = !next.hidden;
  if (move) scrollTo({ top: 0 });
}

/** The first field of this step that still needs something, with what it needs; steps ahead may stay empty. */
function missing() {
  const data = new FormData(form);
  if (at === 0 && !/^[1-9]\d{3}$/.test(data.get("pc4") ?? "")) return form.elements.pc4;
  if (at === 0 && !data.has("products")) return form.querySelector('[name="products"]');
  if (at === 1 && ![...data].some(([name, value]) => name.startsWith("moments-") && Number(value))) return form.querySelector(".slot");
  if (at === 2 && data.get("urgency") === "planned" && !data.get("start_on")) return form.elements.start_on;
  if (at === 2 && !data.has("ehealth")) return form.querySelector('[name="ehealth"]');
  return null;
}

function complain(field) {
  const box = field.closest(".field, fieldset");
  box.classList.add("field--wrong");
  if (!box.querySelector(".error")) {
    const says = document.createElement("p");
    says.className = "error";
    says.setAttribute("role", "alert");
    says.textContent = form.getAttribute(`data-need-${field.name.split("-")[0]}`);
    box.append(says);
  }
  field.focus();
}

next.addEventListener("click", () => {
  const field = missing();
  if (field) return complain(field);
  history.pushState({ step: at + 1 }, "", `#stap-${at + 2}`);
  show(at + 1);
});
back.addEventListener("click", () => history.back());
addEventListener("popstate", (event) => show(event.state?.step ?? 0));

// Enter in a field goes on to the next step, as people expect of the arrow on a phone's keyboard.
form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || at === pages.length - 1 || event.target.tagName === "BUTTON" || event.target.tagName === "SUMMARY") return;
  event.preventDefault();
  next.click();
});

let waits = 0;
function look() {
  clearTimeout(waits);
  waits = setTimeout(() => {
    const place = document.getElementById("bereik");
    const data = new FormData(form);
    // Words stay out of addresses, where logs and histories keep them.
    for (const name of ["csrf_token", "remark", "remark_vouched"]) data.delete(name);
    window.htmx.ajax("GET", `${place.dataset.url}?${new URLSearchParams(data)}`, { target: "#bereik", swap: "outerHTML" });
  }, 250);
}

function changed(event) {
  const box = event.target.closest(".field--wrong");
  if (box) {
    box.classList.remove("field--wrong");
    box.querySelector(".error")?.remove();
  }
  planned.hidden = new FormData(form).get("urgency") !== "planned";
  look();
}
form.addEventListener("change", changed);
form.elements.pc4.addEventListener("input", changed);

for (const part of [bar, word]) part.hidden = false;
const wrong = pages.findIndex((page) => page.querySelector(".field--wrong"));
history.replaceState({ step: Math.max(wrong, 0) }, "");
planned.hidden = new FormData(form).get("urgency") !== "planned";
show(Math.max(wrong, 0), false);
look();
