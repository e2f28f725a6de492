// The worker: keeps the page for "no network" and the files that it is made of, and nothing else. A page of
// somebody is never kept. Whether there is a network is found out by asking, never by what the browser thinks.
// VERSION, SHELL and what it loads are put in front by the server.
const CACHE = `rung-shell-${VERSION}`;
const PATIENCE = 8000;
const GATEWAY_TROUBLE = [502, 504];

self.addEventListener("install", (event) => {
  self.skipWaiting();
  event.waitUntil(
    caches.open(CACHE).then((cache) => Promise.allSettled(SHELL.map((url) => keepOne(cache, url)))),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys();
      const old = names.filter((name) => name.startsWith("rung-shell-") && name !== CACHE);
      await Promise.all(old.map((name) => caches.delete(name)));
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  // What is downloaded takes as long as it takes, and the page for "no network" is no substitute.
  if (pathname.startsWith("/data/")) return;
  if (request.mode === "navigate") event.respondWith(pathname === "/offline" ? shell(request) : page(request));
  else if (SHELL.includes(pathname)) event.respondWith(file(request, pathname));
});

self.addEventListener("sync", (event) => {
  if (event.tag === "rung-outbox") event.waitUntil(sendAll());
});

async function keepOne(cache, url) {
  const response = await fetch(url, { cache: "no-cache" });
  if (response.ok && !response.redirected) await cache.put(url, response);
}

async function page(request) {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE);
  try {
    const response = await fetch(request, { signal: late.signal });
    if (!GATEWAY_TROUBLE.includes(response.status)) return response;
  } catch {
    // No network, no server, or too slow to wait for.
  } finally {
    // A page that has begun to come may take its time.
    clearTimeout(timer);
  }
  return (await kept("/offline")) ?? Response.error();
}

async function shell(request) {
  return (await kept("/offline")) ?? fetch(request);
}

async function file(request, pathname) {
  return (await kept(pathname)) ?? fetch(request);
}

async function kept(pathname) {
  const cache = await caches.open(CACHE);
  return cache.match(pathname, { ignoreVary: true });
}

async function sendAll() {
  const accounts = (await self.rungOutbox.kept("accounts")) ?? [];
  const { trouble } = await self.rungOutbox.send(accounts);
  // The browser tries again later, where it is told that it did not work.
  if (trouble === "unreachable") throw new Error("The server cannot be reached");
}
