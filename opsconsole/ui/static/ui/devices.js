// Asks the browser for notifications when somebody presses the button, and sends what it gives to the console as a form.
"use strict";
(() => {
  const form = document.getElementById("subscribe");
  const note = document.getElementById("subscribe-note");
  const say = (text) => { note.textContent = text; note.hidden = false; };
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const named = (agent) => (agent.match(/Edg|OPR|Firefox|Chrome|Safari/) || ["browser"])[0].replace("Edg", "Edge").replace("OPR", "Opera");

  if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
    say("This browser has no notifications, or the console is not reached by https. On an iPhone, add the console to the home screen first.");
    return;
  }
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      if (await Notification.requestPermission() !== "granted") {
        say("Notifications are blocked for this address; allow them in the browser’s settings of this page.");
        return;
      }
      await navigator.serviceWorker.register("/push-worker.js");
      const ready = await navigator.serviceWorker.ready;
      const old = await ready.pushManager.getSubscription();
      if (old) await old.unsubscribe(); // it may be for another key
      const asked = await fetch(form.dataset.key, { method: "POST", headers: { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value } });
      const { key } = await asked.json();
      const given = (await ready.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) })).toJSON();
      form.elements.endpoint.value = given.endpoint;
      form.elements.p256dh.value = given.keys.p256dh;
      form.elements.auth.value = given.keys.auth;
      form.elements.device.value = named(navigator.userAgent);
      form.submit();
    } catch (error) {
      say(`The browser did not allow it: ${error.message}`);
    }
  });
})();
