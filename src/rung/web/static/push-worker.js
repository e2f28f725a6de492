// The service worker's part of web push: shows what came, opens what it is about, and stays subscribed.
// Every push shows something: a browser that got one and showed nothing soon gets none any more.
const shownOf = async (data) => {
  let said = {};
  try {
    said = data?.json()?.notification ?? {};
  } catch {
    // What cannot be read is shown without words.
  }
  await self.registration.showNotification(said.title || "Rung", {
    body: said.body ?? "",
    tag: said.tag,
    lang: said.lang ?? "",
    dir: said.dir ?? "auto",
    silent: said.silent ?? false,
    data: { navigate: said.navigate ?? "/" },
  });
};

// Whatever the message says: only a page of this very server is opened.
const ours = (address) => {
  try {
    const { pathname, search } = new URL(address, self.location.origin);
    return new URL(pathname.replace(/^\/+/, "/") + search, self.location.origin).href;
  } catch {
    return new URL("/", self.location.origin).href;
  }
};

const opened = async (address) => {
  const windows = await self.clients.matchAll({ type: "window" });
  for (const one of windows) {
    try {
      await one.focus();
      return await one.navigate(address);
    } catch {
      // A window that this worker does not control cannot be led anywhere: another one can.
    }
  }
  return self.clients.openWindow(address);
};

const encoded = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");

const renewed = async ({ oldSubscription, newSubscription }) => {
  const options = (newSubscription ?? oldSubscription)?.options;
  if (!options?.applicationServerKey) return;
  const { userVisibleOnly, applicationServerKey } = options;
  const found =
    newSubscription ?? (await self.registration.pushManager.subscribe({ userVisibleOnly, applicationServerKey }));
  const { endpoint, keys } = found.toJSON();
  const fields = {
    endpoint,
    p256dh: keys.p256dh,
    auth: keys.auth,
    key: encoded(applicationServerKey),
    replaces: oldSubscription?.endpoint ?? "",
  };
  // Signed out, nobody is subscribed anew: the page does that once somebody is signed in.
  await fetch("/reminders/push", { method: "POST", body: new URLSearchParams(fields), redirect: "manual" });
};

self.addEventListener("push", (event) => event.waitUntil(shownOf(event.data)));

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(opened(ours(event.notification.data?.navigate ?? "/")));
});

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event)));
