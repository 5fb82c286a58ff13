// What HTML and htmx cannot do alone: keys, copying, and refusing to lose what was typed. Pages work without it.
"use strict";
(() => {
  const typing = (el) => el.closest("input, textarea, select, dialog[open]") || document.querySelector("dialog[open]");
  let went = 0;

  // g then a letter goes to a department. Any other key clicks what says data-key="…": in the current row of a list first.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const key = (event.shiftKey && event.key.length > 1 ? "shift+" : "") + event.key.toLowerCase();
    if (Date.now() - went < 1500) {
      went = 0;
      const link = document.querySelector(`.rail [data-go="${CSS.escape(key)}"]`);
      if (link) { event.preventDefault(); link.click(); return; }
    }
    if (key === "g") { went = Date.now(); return; }
    if (key === "j" || key === "k") { event.preventDefault(); select(rows()[rows().indexOf(current()) + (key === "j" ? 1 : -1)], true); return; }
    const which = `[data-key="${CSS.escape(key)}"]`;
    const found = current()?.querySelector(which) ?? [...document.querySelectorAll(which)].find((el) => !el.closest("[data-rows]"));
    if (!found) return;
    event.preventDefault();
    if (found.matches("input, select")) found.focus(); else found.click();
  });

  // Escape closes the menu of the phone.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // Lists with data-rows have a current row: moved by j and k, by clicking and by focusing; kept when the list is swapped.
  const rows = () => [...document.querySelectorAll("[data-rows] > *")];
  const current = () => document.querySelector("[data-rows] > [aria-current]");
  let chosen = { id: "", index: 0 };
  function select(row, focus) {
    if (!row) return;
    current()?.removeAttribute("aria-current");
    row.setAttribute("aria-current", "true");
    chosen = { id: row.id, index: rows().indexOf(row) };
    if (focus) { row.querySelector("a")?.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
  }
  document.addEventListener("click", (event) => select(event.target.closest("[data-rows] > *"), false));
  document.addEventListener("focusin", (event) => { // not under a finger: a row that moves between press and release is missed
    if (event.target.matches(":focus-visible")) select(event.target.closest("[data-rows] > *"), false);
  });
  document.addEventListener("htmx:afterSwap", () => {
    const all = rows(), list = document.querySelector("[data-chosen]"), wanted = list?.dataset.chosen ?? chosen.id;
    list?.removeAttribute("data-chosen");
    select(all.find((row) => row.id === wanted) ?? all[Math.min(chosen.index, all.length - 1)], document.activeElement === document.body);
    vanish();
  });
  select(rows().find((row) => `#${row.id}` === location.hash), true);

  // What was typed into a row and not sent yet outlives a swap of the list: something else was done, or it came anew.
  let unsent = [];
  const given = (field) => field.matches("select") ? ([...field.options].find((each) => each.defaultSelected) ?? field.options[0])?.value : field.defaultValue;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    unsent = [...target.querySelectorAll("[data-rows] > [id] :is(input:not([type=hidden]), select)")]
      .filter((field) => field.value !== given(field) && !requestConfig?.elt.contains(field))
      .map((field) => ({ row: field.closest("[data-rows] > *").id, name: field.name, value: field.value }));
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const { row, name, value } of unsent.splice(0)) {
      const field = document.getElementById(row)?.querySelector(`[name="${CSS.escape(name)}"]:not([type=hidden])`);
      if (field) field.value = value;
    }
  });

  // data-vanish="10": gone after ten seconds. What it offered stays possible elsewhere.
  function vanish() {
    for (const bar of document.querySelectorAll("[data-vanish]:not([data-going])")) {
      bar.dataset.going = "";
      setTimeout(() => bar.remove(), bar.dataset.vanish * 1000);
    }
  }
  vanish();

  // A swap into a <dialog> opens it; what was sent from it with success closes it. data-poll waits while somebody is typing in it.
  document.addEventListener("htmx:afterSwap", (event) => {
    const dialog = event.detail.target;
    if (dialog.matches("dialog")) { if (!dialog.open) dialog.showModal(); dialog.querySelector("[aria-invalid], [autofocus]")?.focus(); }
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && !event.detail.target.matches("dialog")) event.detail.elt.closest("dialog[open]")?.close();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const el = event.detail.elt;
    if (el.matches("[data-poll]") && (document.hidden || document.querySelector("dialog[open]") || el.querySelector("input:focus, textarea:focus, select:focus"))) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) event.target.closest("textarea")?.form?.requestSubmit();
    if (event.key === "Escape") event.target.closest("[data-rows] input, [data-rows] select")?.blur();
    if (event.key === "Enter" && event.target.matches("[data-rows] select")) { event.preventDefault(); event.target.form.requestSubmit(); } // as an input does
  });
  document.addEventListener("click", (event) => event.target.closest("[data-close]")?.closest("dialog").close());

  // <button data-copy="#id"> copies an element's text. Without HTTPS a browser has no other way than to mark it and copy that.
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    getSelection().selectAllChildren(document.querySelector(button.dataset.copy));
    if (!document.execCommand("copy")) return;
    const said = button.nextElementSibling; // for those who do not see it: the button keeps its name
    button.textContent = said.textContent = "Copied";
    setTimeout(() => { button.textContent = "Copy"; said.textContent = ""; }, 1500);
  });

  // A first guess at the zone, from the browser.
  for (const input of document.querySelectorAll("input[data-guess-zone]")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (input.value === "UTC" && zone) input.value = zone;
  }

  // <button data-open="#dialog"> opens a dialog; forms inside close it with method="dialog".
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener) document.querySelector(opener.dataset.open)?.showModal();
  });

  // A form that leaves the page is sent once, however often it is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if ("sent" in form.dataset) { event.preventDefault(); return; }
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, 5000);
    keep(form);
  });
  addEventListener("pageshow", () => { for (const form of document.forms) delete form.dataset.sent; });

  // Leaving asks first while something longer was typed and not sent.
  addEventListener("beforeunload", (event) => {
    const typed = [...document.querySelectorAll("form[method=post] textarea")].some((field) => field.checkVisibility() && field.value !== field.defaultValue && !("sent" in field.form.dataset));
    if (typed) event.preventDefault();
  });

  // What was sent but met a sign-in (data-refused) instead of its page is put back into its form afterwards.
  function keep(form) {
    if (form.querySelector("[type=password]")) return;
    const typed = [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && typeof value === "string");
    sessionStorage.setItem("typed", JSON.stringify({ path: location.pathname, action: form.getAttribute("action"), typed }));
  }
  function putBack({ path, action, typed, refused }) {
    const form = refused && path === location.pathname && [...document.forms].find((each) => each.getAttribute("action") === action && each.getAttribute("method") === "post");
    if (!form) return;
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
    for (const [name, value] of typed) {
      for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]:not([type=hidden])`)) {
        if (!field.matches("[type=checkbox], [type=radio]")) field.value = value;
        else if (field.value === value) field.checked = true;
      }
    }
    say("What you had typed is here again. Send it once more.", "look");
  }
  const kept = JSON.parse(sessionStorage.getItem("typed") || "null");
  if (kept && document.querySelector("[data-refused]")) sessionStorage.setItem("typed", JSON.stringify({ ...kept, refused: true }));
  else if (kept) { sessionStorage.removeItem("typed"); putBack(kept); }

  // What did not get through is said, where it is seen, until something does.
  document.addEventListener("htmx:sendError", () => lost("The console cannot be reached, so this was probably not kept. Check the connection and try again."));
  document.addEventListener("htmx:responseError", () => lost("The console could not do that. Load the page again to see what it kept, then try once more."));
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.successful) document.querySelector(".lost")?.remove(); });
  function lost(text) {
    document.querySelector(".lost")?.remove();
    say(text, "bad lost");
  }
  function say(text, classes) {
    const note = document.createElement("p");
    note.className = `notice ${classes}`; note.setAttribute("role", "alert"); note.textContent = text;
    document.getElementById("page")?.prepend(note);
  }
})();
