// Text that may say who a client is: shows what the server found in it, and takes it away with one tap.
// The text stays on the page and goes with it: nothing here may store it anywhere in the browser.
//
// <template id="guard-panel">  the panel, with the words for each kind of finding (templates/_guard.html)

// As kit.forms does before it looks: what is found is counted in the text that the server sees.
const UNSEEN = /[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

/** The text as the server reads it. */
export const clean = (text) => text.normalize("NFC").replace(/\r\n?|[\u2028\u2029]/g, "\n").replace(UNSEEN, "").trim();

/** The text in pieces; `found` says what a piece is that should not be there. Findings count code points. */
export function pieces(text, findings) {
  const letters = [...text];
  const parts = [];
  let at = 0;
  for (const found of [...findings].sort((a, b) => a.start - b.start)) {
    if (found.start < at || found.end > letters.length) continue;
    if (found.start > at) parts.push({ text: letters.slice(at, found.start).join("") });
    parts.push({ text: letters.slice(found.start, found.end).join(""), found });
    at = found.end;
  }
  if (at < letters.length) parts.push({ text: letters.slice(at).join("") });
  return parts;
}

/** The text with "[naam]" and the like for everything that was found. */
export function redacted(text, findings) {
  return pieces(text, findings)
    .map((piece) => piece.found?.instead ?? piece.text)
    .join("");
}

/** The text as a paragraph's content, with what was found marked by colour, line and word. */
export function marked(text, findings) {
  const names = JSON.parse(document.getElementById("guard-panel").dataset.kinds);
  const content = document.createDocumentFragment();
  for (const { text: part, found } of pieces(text, findings)) {
    if (!found) {
      content.append(part);
      continue;
    }
    const mark = document.createElement("mark");
    mark.className = `guard__mark guard__mark--${found.level}`;
    mark.title = names[found.kind];
    mark.append(part);
    content.append(mark);
  }
  return content;
}

/**
 * A panel that asks what to do with a text that was held back. Returns the element.
 *
 * said      what the server answered: {error, findings, may_vouch}
 * redact    called with the text without what was found, to send
 * vouch     called when the writer says that it is no client
 */
export function panel(text, said, { redact, vouch }) {
  const box = document.getElementById("guard-panel").content.firstElementChild.cloneNode(true);
  const certain = !said.may_vouch;
  for (const part of box.querySelectorAll("[data-guard-if]")) part.hidden = part.dataset.guardIf !== (certain ? "certain" : "likely");
  box.querySelector("[data-guard-text]").replaceChildren(marked(text, said.findings));
  const wrong = box.querySelector("[data-guard-wrong]");
  wrong?.addEventListener("click", () => report(wrong, said.findings.map((found) => found.kind)));
  const does = { redact: () => redact(redacted(text, said.findings)), vouch };
  for (const [name, act] of Object.entries(does)) {
    box.querySelector(`[data-guard-${name}]`)?.addEventListener("click", (event) => {
      event.preventDefault(); // the form that it stands in is not what must be sent
      act();
    });
  }
  return box;
}

/** The writer says that the guard was wrong: the kinds are counted, the text goes nowhere. */
async function report(button, kinds) {
  const token = document.querySelector('meta[name="csrf-token"]').content;
  const body = new URLSearchParams([...new Set(kinds)].map((kind) => ["kind", kind]));
  button.disabled = true;
  const answer = await fetch(button.dataset.guardWrong, { method: "POST", body, headers: { "X-CSRFToken": token } }).catch(() => null);
  if (!answer?.ok) return void (button.disabled = false);
  const thanks = document.createElement("small");
  thanks.setAttribute("role", "status");
  thanks.textContent = button.dataset.thanks;
  button.replaceWith(thanks);
}

// --- in a form: the server says what it found (templates/_guard.html, macro `field`)

// What was found belongs to the text as it was sent: another text is looked at again when it is sent.
document.addEventListener("input", (event) => {
  const field = event.target.closest?.("[data-guarded]");
  if (!field || event.target.tagName !== "TEXTAREA") return;
  field.querySelector("[data-found]")?.remove();
  field.classList.remove("field--wrong");
  event.target.removeAttribute("aria-invalid");
});

document.querySelector("[data-found]")?.scrollIntoView({ block: "center" });

// "Klopt niet?" in a form works by itself; with a script nothing else on the page is sent again.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-found] [data-guard-wrong]");
  if (!button) return;
  event.preventDefault();
  report(button, button.dataset.kinds.split(" "));
});
