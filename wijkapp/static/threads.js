// The list of conversations: hears what is said in each of them, and fetches the list again.

import { socket } from "./live.js";

const MOST = 20; // as many as one line may have open
const GATHER = 400; // ms

let timer = 0;
function again() {
  clearTimeout(timer);
  timer = setTimeout(() => window.htmx?.trigger(document.getElementById("gesprekken"), "live"), GATHER);
}

function listen() {
  const shown = [...document.querySelectorAll("#gesprekken [data-thread-id]")].slice(0, MOST);
  for (const one of shown) socket.emit("chat.open", { thread: one.dataset.threadId }, () => {});
}

for (const news of ["chat.message", "chat.changed", "chat.acknowledged"]) socket.on(news, again);
socket.on("connect", listen);
if (socket.connected) listen();
