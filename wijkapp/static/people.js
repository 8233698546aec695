// Passkeys: ask the server a question, let the browser sign it, send the answer as an ordinary form.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The question as the browser wants it: its binary parts come as text. */
function question(options) {
  const publicKey = { ...options, challenge: bytes(options.challenge) };
  if (options.user) publicKey.user = { ...options.user, id: bytes(options.user.id) };
  for (const list of ["excludeCredentials", "allowCredentials"]) {
    if (options[list]) publicKey[list] = options[list].map((one) => ({ ...one, id: bytes(one.id) }));
  }
  return { publicKey };
}

/** The answer as the server wants it. */
function answer(credential) {
  const { response } = credential;
  const said = { clientDataJSON: text(response.clientDataJSON) };
  for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[part]) said[part] = text(response[part]);
  }
  if (response.getTransports) said.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    response: said,
    clientExtensionResults: credential.getClientExtensionResults(),
  });
}

async function fill(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value, Accept: "application/json" };
  const reply = await fetch(form.dataset.ask, { method: "POST", headers });
  if (reply.redirected) return location.assign(reply.url); // first confirm who you are
  if (!reply.ok) throw new Error(reply.status);
  const asked = question(await reply.json());
  const credential = await navigator.credentials[form.dataset.passkey](asked);
  form.elements.credential.value = answer(credential);
  HTMLFormElement.prototype.submit.call(form);
}

const possible = Boolean(window.PublicKeyCredential) && !/^[\d.]+$|:/.test(location.hostname);
for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (form.dataset.passkey === "get") form.hidden = !possible;
  else if (!possible) {
    form.querySelector("[data-passkey-missing]").hidden = false;
    form.querySelector("button").disabled = true;
  }
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.asking) return; // a second tap
    const wrong = form.querySelector("[data-passkey-error]");
    wrong.hidden = true;
    if (!form.reportValidity()) return;
    form.dataset.asking = "1";
    try {
      await fill(form);
    } catch {
      wrong.hidden = false;
      delete form.dataset.asking;
    }
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-asking]")) delete form.dataset.asking;
});
