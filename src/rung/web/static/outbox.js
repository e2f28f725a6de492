// What waits on this device to be sent, and what it takes to log without a network. Used by pages and by the
// worker alike, so it knows no document. Everything is kept in IndexedDB first, and sent afterwards: what is
// sent twice is stored once, so that nothing here needs to know whether an earlier sending came through.
"use strict";
(() => {
  const DATABASE = "rung";
  const MOST_AT_ONCE = 20;
  const MOST_CHARACTERS = 50000;
  const SENT = ["id", "account", "kind", "at", "ladder", "step", "did", "event", "ratings", "feared", "likely", "bad", "fields"];

  let opening = null;

  function database() {
    opening ??= new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("items", { keyPath: "id" });
        request.result.createObjectStore("kept");
      };
      request.onsuccess = () => {
        const opened = request.result;
        opened.onversionchange = opened.onclose = () => {
          opened.close();
          opening = null;
        };
        resolve(opened);
      };
      request.onerror = request.onblocked = () => reject(request.error ?? new Error("blocked"));
    }).catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function within(store, mode, work) {
    const opened = await database();
    return new Promise((resolve, reject) => {
      const change = opened.transaction(store, mode, { durability: "strict" });
      const request = work(change.objectStore(store));
      change.oncomplete = () => resolve(request?.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  }

  const channel = "BroadcastChannel" in self ? new BroadcastChannel("rung-outbox") : null;
  const listeners = [];
  channel?.addEventListener("message", () => listeners.forEach((listener) => listener()));

  function tell() {
    channel?.postMessage("changed");
    listeners.forEach((listener) => listener());
  }

  async function items() {
    const found = await within("items", "readonly", (store) => store.getAll());
    return found.sort((one, other) => (one.at < other.at ? -1 : 1));
  }

  async function keep(item) {
    const step = item.kind === "reflect" ? await stepOf(item.event) : "";
    const named = step ? { ...item, shown: { step } } : item;
    await within("items", "readwrite", (store) => store.put(named));
    await noteInPocket(item);
    tell();
  }

  // The name of the step that a deed of the pocket was of, for the list of what waits.
  async function stepOf(event) {
    for (const ladder of (await kept("pocket"))?.ladders ?? []) {
      const deed = ladder.waiting.find((one) => one.event === event);
      if (deed) return ladder.steps.find((one) => one.id === deed.step)?.name ?? "";
    }
    return "";
  }

  // Keeps the pocket's list of what waits to be looked back on in step with what is logged without a network.
  async function noteInPocket(item) {
    const pocket = await kept("pocket");
    if (!pocket || !pocket.accounts.includes(item.account)) return;
    for (const ladder of pocket.ladders) {
      const { id, at, step, did } = item;
      const isNew = item.kind === "log" && ladder.id === item.ladder && did !== "skipped";
      ladder.waiting = ladder.waiting.filter((deed) => deed.event !== item.event && deed.event !== id);
      if (isNew) ladder.waiting.push({ event: id, step, did, at });
    }
    await within("kept", "readwrite", (store) => store.put(pocket, "pocket"));
  }

  // Takes back what was logged here and is not sent yet, with what was made of it.
  async function takeBack(id) {
    const gone = (await items()).filter((item) => item.id === id || item.event === id).map((item) => item.id);
    const pocket = await kept("pocket");
    for (const ladder of pocket?.ladders ?? [])
      ladder.waiting = ladder.waiting.filter((deed) => deed.event !== id);
    if (pocket) await within("kept", "readwrite", (store) => store.put(pocket, "pocket"));
    await drop(gone);
  }

  async function drop(ids) {
    await within("items", "readwrite", (store) => {
      ids.forEach((id) => store.delete(id));
    });
    tell();
  }

  const kept = (name) => within("kept", "readonly", (store) => store.get(name));

  async function setKept(name, value) {
    await within("kept", "readwrite", (store) =>
      value === undefined ? store.delete(name) : store.put(value, name),
    );
    tell();
  }

  function newId() {
    if (self.crypto.randomUUID) return self.crypto.randomUUID();
    const bytes = self.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 0x0f) | 0x40;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    const text = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }

  function* batches(found) {
    let batch = [];
    let length = 0;
    for (const item of found) {
      const size = JSON.stringify(item).length;
      if (batch.length && (batch.length === MOST_AT_ONCE || length + size > MOST_CHARACTERS)) {
        yield batch;
        batch = [];
        length = 0;
      }
      batch.push(item);
      length += size;
    }
    if (batch.length) yield batch;
  }

  const bare = (item) => Object.fromEntries(SENT.filter((name) => name in item).map((name) => [name, item[name]]));

  async function post(batch, wait) {
    let response;
    try {
      response = await fetch("/outbox", {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(batch.map(bare)),
        redirect: "manual",
        signal: AbortSignal.timeout(wait),
      });
      const isJson = (response.headers.get("content-type") ?? "").startsWith("application/json");
      const told = isJson ? await response.json() : {};
      if (response.status === 200 && told.answers?.length === batch.length) return { answers: told.answers };
      if (response.status === 401) return { trouble: "signed-out" };
      if (isJson && (response.status === 413 || response.status === 422)) return { refused: told.reason };
    } catch {
      // No network, no server, or an answer that was cut off: it is sent again later.
    }
    return { trouble: "unreachable" };
  }

  async function sendBatch(batch, wait, told) {
    const found = await post(batch, wait);
    if (found.trouble) return found.trouble;
    if (found.refused !== undefined) {
      if (batch.length === 1) {
        told.set(batch[0].id, { state: "refused", reason: found.refused });
        return "";
      }
      for (const item of batch) {
        const trouble = await sendBatch([item], wait, told);
        if (trouble) return trouble;
      }
      return "";
    }
    batch.forEach((item, place) => told.set(item.id, found.answers[place]));
    return "";
  }

  async function note(told) {
    const here = new Map((await items()).map((item) => [item.id, item]));
    const done = [];
    for (const [id, answer] of told) {
      const item = here.get(id);
      if (!item) continue;
      const isIn = answer.state === "stored" || answer.state === "known";
      // What it is about waits here, too, perhaps because it was refused: then both wait for a decision.
      const isAhead = here.has(item.event);
      if (isIn) done.push(id);
      else if (answer.state === "refused" || (answer.state === "waits" && !isAhead))
        await within("items", "readwrite", (store) =>
          store.put({ ...item, refused: answer.reason, clock: answer.clock === true }),
        );
    }
    await drop(done);
  }

  // Sends what waits for these accounts. `trouble` is empty, "unreachable" or "signed-out"; `told` holds the
  // answer to each item that was sent.
  async function send(accounts, wait = 20000) {
    const told = new Map();
    let trouble = "";
    const found = (await items()).filter((item) => !item.refused && accounts.includes(item.account));
    for (const batch of batches(found)) {
      trouble = await sendBatch(batch, wait, told);
      if (trouble) break;
    }
    if (told.size) await note(told);
    if (trouble === "signed-out") await forgetPocket();
    return { trouble, told };
  }

  async function forgetPocket() {
    await setKept("pocket", undefined);
  }

  async function refreshPocket() {
    if (await kept("pocket-off")) return false;
    try {
      const response = await fetch("/pocket", { redirect: "manual", signal: AbortSignal.timeout(20000) });
      if (response.status === 401) await forgetPocket();
      if (response.status !== 200) return false;
      const pocket = await response.json();
      // Switched off, or signed out, while it was on its way.
      const accounts = (await kept("accounts")) ?? [];
      if ((await kept("pocket-off")) || !pocket.accounts.some((key) => accounts.includes(key))) return false;
      await setKept("pocket", { ...pocket, at: new Date().toISOString() });
      return true;
    } catch {
      return false;
    }
  }

  // Whoever this page is of; a pocket of somebody else does not outlast it.
  async function enter(accounts) {
    const before = (await kept("accounts")) ?? [];
    if (before.join() === accounts.join()) return;
    const pocket = await kept("pocket");
    if (pocket && !pocket.accounts.some((key) => accounts.includes(key))) await forgetPocket();
    await setKept("accounts", accounts);
  }

  async function leave() {
    await forgetPocket();
    await setKept("accounts", undefined);
  }

  self.rungOutbox = {
    drop,
    enter,
    forgetPocket,
    items,
    keep,
    kept,
    leave,
    newId,
    onChange: (listener) => listeners.push(listener),
    refreshPocket,
    send,
    setKept,
    takeBack,
  };
})();
