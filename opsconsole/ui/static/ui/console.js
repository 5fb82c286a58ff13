// What HTML and htmx cannot do alone: keys, copying, and refusing to lose what was typed. Pages work without it.
"use strict";
(() => {
  const typing = (el) => el.closest("input, textarea, select, dialog[open]");
  let went = 0;

  // g then a letter goes to a department.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    if (event.key === "g") { went = Date.now(); return; }
    if (Date.now() - went < 1500) {
      const link = document.querySelector(`.rail [data-go="${CSS.escape(event.key)}"]`);
      if (link) { event.preventDefault(); link.click(); }
      went = 0;
    }
  });

  // Escape closes the menu of the phone.
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.querySelector(".menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
  });

  // <button data-copy="#id"> copies an element's text.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const said = button.textContent;
    await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = said; }, 1500);
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

  // An error of the server is said, not swallowed.
  document.addEventListener("htmx:responseError", () => {
    const note = document.createElement("p");
    note.className = "notice bad"; note.setAttribute("role", "alert");
    note.textContent = "That did not reach the console. Check the connection and try again; nothing was changed.";
    document.getElementById("page")?.prepend(note);
  });
})();
