// Shows what the console pushes, and acknowledges by POST when somebody taps the button; looking at it changes nothing.
"use strict";
self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : {};
  const actions = told.acknowledge ? [{ action: "acknowledge", title: "Acknowledge" }] : [];
  event.waitUntil(self.registration.showNotification(told.title || "Ops Console", {
    body: told.body, tag: told.tag, renotify: Boolean(told.tag), requireInteraction: Boolean(told.grave), actions, data: told,
  }));
});

async function acknowledge(told) {
  let words = "It could not be acknowledged. Tap to open it.";
  try {
    const answer = await fetch(told.acknowledge, { method: "POST", credentials: "omit" });
    if (answer.ok) words = "Acknowledged. Tap to open it.";
  } catch { /* no network: the words above say so */ }
  await self.registration.showNotification(told.title, { body: words, tag: told.tag, data: { ...told, acknowledge: "" } });
}

self.addEventListener("notificationclick", (event) => {
  const told = event.notification.data || {};
  event.notification.close();
  const acts = event.action === "acknowledge" && told.acknowledge;
  event.waitUntil(acts ? acknowledge(told) : self.clients.openWindow(told.acknowledge || told.url || "/"));
});
