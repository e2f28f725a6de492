// Web push: lets this browser be notified, or no longer. Where there is no push it does nothing.
const box = document.getElementById("push");
const KEPT = "rung-push";

const shown = (...names) => {
  for (const part of box.querySelectorAll("[data-push]")) {
    part.hidden = !names.includes(part.dataset.push);
  }
};

const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(KEPT)) ?? {};
  } catch {
    return {};
  }
};

const keep = (what) => {
  try {
    localStorage.setItem(KEPT, JSON.stringify(what));
  } catch {
    // Without it this browser is only not known again.
  }
};

const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const decoded = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (one) => one.charCodeAt(0));

// Safari has a manager of its own, which needs no service worker.
const managerNow = async () =>
  window.pushManager ?? (await navigator.serviceWorker?.getRegistration())?.pushManager;

const managerMade = async () => {
  if (window.pushManager) return window.pushManager;
  await navigator.serviceWorker.register("/sw.js");
  return (await navigator.serviceWorker.ready).pushManager;
};

const post = async (path, fields) => {
  const answer = await fetch(path, { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
  if (answer.type !== "opaqueredirect" && !answer.ok) throw new Error(`${answer.status}`);
  return answer;
};

const subscribed = async (manager) => {
  const key = box.dataset.key;
  let found = await manager.getSubscription();
  if (found && encoded(found.options.applicationServerKey) !== key) {
    await found.unsubscribe();
    found = null;
  }
  found ??= await manager.subscribe({ userVisibleOnly: true, applicationServerKey: decoded(key) });
  const { endpoint, keys } = found.toJSON();
  const replaces = kept().endpoint ?? "";
  const answer = await post("/reminders/push", { endpoint, p256dh: keys.p256dh, auth: keys.auth, key, replaces });
  if (answer.type === "opaqueredirect") throw new Error("signed out");
  keep({ id: await answer.text(), endpoint });
};

const act = (work) => async (event) => {
  event.currentTarget.disabled = true;
  try {
    await work();
    location.assign("/reminders");
  } catch {
    shown(Notification.permission === "denied" ? "denied" : "failed", "on");
    event.target.disabled = false;
  }
};

const switchOn = async () => {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  await subscribed(await managerMade());
};

const switchOff = async () => {
  const found = await (await managerNow())?.getSubscription();
  await found?.unsubscribe();
  await post("/reminders/push/remove", { id: kept().id });
  keep({});
};

const start = async () => {
  const can = window.pushManager || ("serviceWorker" in navigator && "PushManager" in window);
  if (!can || !("Notification" in window)) {
    if (/iPhone|iPad/.test(navigator.userAgent)) shown("install");
    return;
  }
  const known = box.dataset.known.split(" ").includes(kept().id);
  if (Notification.permission === "denied") {
    shown("denied");
  } else if (known && Notification.permission === "granted") {
    shown("off");
    // Browsers drop subscriptions, and change their keys: what the person wants is kept up.
    await subscribed(await managerMade());
  } else {
    shown("on");
  }
};

if (box) {
  box.querySelector("[data-push=on]").addEventListener("click", act(switchOn));
  box.querySelector("[data-push=off]").addEventListener("click", act(switchOff));
  start().catch(() => shown("failed", "on"));
}
