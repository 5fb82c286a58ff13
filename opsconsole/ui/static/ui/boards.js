// A board that is polled says when it was last read; what could not be read again stands there as old, never as fresh.
// A board that is arranged takes tiles that are dragged; its buttons and keys do the same.
"use strict";
(() => {
  const PATIENCE = 3; // times the interval, after which nobody should take the figures for the present
  const board = () => document.querySelector("#board[data-every]");
  let read = Date.now();

  function fresh(at) {
    read = Date.now();
    const shown = board();
    if (!shown) return;
    delete shown.dataset.old;
    shown.querySelector("#old").hidden = true;
    if (at) shown.querySelector("#read").textContent = at;
  }
  function old(why) {
    const shown = board();
    if (!shown || "old" in shown.dataset) return;
    shown.dataset.old = "";
    const note = shown.querySelector("#old");
    note.hidden = false;
    note.textContent = `${why} These figures were read at ${shown.querySelector("#read").textContent}; they may be wrong by now.`;
    say(note.textContent);
  }

  // Read aloud is only what changed: another sentence at the top, or that the figures are old.
  const say = (text) => { document.getElementById("said").textContent = text; };
  let heading = board()?.querySelector("h1").textContent;
  function told() {
    const done = document.getElementById("board")?.dataset.said;
    if (done) { say(done); return; }
    const now = board()?.querySelector("h1").textContent;
    if (now && now !== heading) { heading = now; say(now); }
  }

  // Heard before the script of every page, whose words are for what somebody pressed.
  const ours = (event) => event.detail.elt?.id === "board" && event.detail.requestConfig?.verb === "get";
  for (const [name, why] of [["htmx:sendError", "The console cannot be reached."], ["htmx:timeout", "The console does not answer."], ["htmx:responseError", "The console could not read them again."]]) {
    document.body.addEventListener(name, (event) => { if (ours(event)) { event.stopPropagation(); old(why); } });
  }
  document.body.addEventListener("htmx:afterRequest", (event) => {
    if (ours(event) && event.detail.successful) fresh(event.detail.xhr.getResponseHeader("X-Read"));
  });
  document.body.addEventListener("htmx:afterSwap", told);
  setInterval(() => {
    if (!document.hidden && Date.now() - read > PATIENCE * 1000 * board()?.dataset.every) old("They could not be read again for a while.");
  }, 5000);

  // A tile is put before the one it is dropped on, or behind it when it came from before.
  let dragged = null;
  const tile = (event) => event.target.closest?.("#board[data-arranging] .tile");
  const draggable = () => { for (const each of document.querySelectorAll("#board[data-arranging] .tile")) each.draggable = true; };
  document.addEventListener("dragstart", (event) => {
    dragged = tile(event);
    if (dragged) { event.dataTransfer.effectAllowed = "move"; event.dataTransfer.setData("text/plain", dragged.dataset.of); }
  });
  document.addEventListener("dragover", (event) => {
    const over = dragged && tile(event);
    document.querySelector(".tile.over")?.classList.remove("over");
    if (over && over !== dragged) { event.preventDefault(); over.classList.add("over"); }
  });
  document.addEventListener("drop", (event) => {
    const over = dragged && tile(event), form = document.getElementById("drag");
    if (!over || over === dragged) return;
    event.preventDefault();
    const came = dragged.compareDocumentPosition(over) & Node.DOCUMENT_POSITION_FOLLOWING;
    form.elements.of.value = dragged.dataset.of;
    form.elements.other.value = (came ? over.nextElementSibling : over)?.dataset.of ?? "";
    form.requestSubmit();
  });
  document.addEventListener("dragend", () => { dragged = null; document.querySelector(".tile.over")?.classList.remove("over"); });
  document.body.addEventListener("htmx:afterSwap", draggable);
  draggable();
})();
