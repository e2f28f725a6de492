// On every page: keeps what a form logs on this device before it is sent, says how much waits, and sends it.
"use strict";
(() => {
  const outbox = self.rungOutbox;
  const place = document.getElementById("waiting");
  const isShell = document.getElementById("shell") !== null;
  const accounts = (place.dataset.accounts ?? "").split(" ").filter(Boolean);
  const EVERY = 60000;
  const PATIENCE = 8000;

  const numbers = new Intl.NumberFormat(document.documentElement.dataset.locale);
  const filled = (words, count) => words.replace("{count}", numbers.format(count));

  const whose = async () => (accounts.length ? accounts : ((await outbox.kept("accounts")) ?? []));

  async function show() {
    const mine = await whose();
    const found = await outbox.items();
    // Where nobody is signed in, it may be anybody's: then it is told that there is something, and no more.
    const ours = mine.length ? found.filter((item) => mine.includes(item.account)) : found;
    const refused = ours.filter((item) => item.refused).length;
    const waiting = ours.length - refused;
    const isIn = accounts.length > 0 || isShell;
    const words = [];
    if (waiting) words.push(filled(isIn ? place.dataset.words : place.dataset.signIn, waiting));
    if (refused) words.push(filled(place.dataset.refused, refused));
    const told = words.join(" · ");
    if (place.textContent === told) return waiting;
    place.textContent = "";
    if (told) {
      const link = document.createElement("a");
      link.href = isShell ? "#kept" : isIn ? "/you/device" : "/sign-in";
      link.textContent = told;
      place.append(link);
    }
    return waiting;
  }

  async function send() {
    const mine = await whose();
    if (mine.length && (await show())) await outbox.send(mine);
  }

  function data(form) {
    const fields = {};
    for (const [name, value] of new FormData(form)) {
      if (typeof value !== "string") continue;
      if (name in fields) fields[name] = [].concat(fields[name], value);
      else if (form.querySelector(`[type=checkbox][name="${CSS.escape(name)}"]`)) fields[name] = [value];
      else fields[name] = value;
    }
    return fields;
  }

  function item(form, submitter) {
    const { outbox: kind, ladder, step, event } = form.dataset;
    const { id, did, step: steps, rating, feared, likely, bad, ...fields } = data(form);
    const base = { account: accounts[0], at: new Date().toISOString(), kind };
    if (kind === "log") return { ...base, id, ladder, step, did: submitter?.value ?? did ?? "", fields };
    if (kind === "reflect") {
      if (typeof feared === "string") fields.feared = feared;
      return { ...base, id: outbox.newId(), event, fields };
    }
    const said = (values) => {
      const given = [].concat(steps ?? []).map((one, at) => [one, [].concat(values ?? [])[at] ?? ""]);
      return Object.fromEntries(given.filter(([, value]) => value.trim() !== ""));
    };
    const [ratings, fears] = [said(rating), said(feared)];
    return { ...base, id, ladder, ratings, feared: fears, likely: said(likely), bad: said(bad), fields };
  }

  // Submits the form as without script; the button that was pressed goes along.
  function submitPlainly(form, submitter) {
    if (submitter?.name) {
      const pressed = document.createElement("input");
      Object.assign(pressed, { type: "hidden", name: submitter.name, value: submitter.value });
      form.append(pressed);
    }
    form.submit();
  }

  async function requestSync() {
    try {
      const registration = await navigator.serviceWorker?.getRegistration();
      await registration?.sync?.register("rung-outbox");
    } catch {
      // Not there, or not allowed: the pages send by themselves.
    }
  }

  const hasShell = () => Boolean(navigator.serviceWorker?.controller);

  function sayKept(form) {
    const told = document.createElement("p");
    told.className = "notice";
    told.role = "status";
    told.textContent = place.dataset.kept;
    form.replaceWith(told);
  }

  async function submit(form, submitter) {
    const made = item(form, submitter);
    try {
      await outbox.keep(made);
    } catch {
      submitPlainly(form, submitter);
      return;
    }
    const { trouble, told } = await outbox.send(accounts, PATIENCE);
    const answer = told.get(made.id);
    if (answer?.next) location.assign(answer.next);
    else if (answer?.state === "refused" || answer?.state === "waits") {
      // The page tells what is wrong, beside the field.
      await outbox.drop([made.id]);
      submitPlainly(form, submitter);
    } else if (trouble === "signed-out" || answer) location.assign("/sign-in");
    else {
      await requestSync();
      if (!hasShell()) sayKept(form);
      else location.assign(made.kind === "log" && made.did !== "skipped" ? `/offline#reflect/${made.id}` : "/offline#kept");
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.matches("form[data-outbox]") && accounts.length) {
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "yes";
      submit(form, event.submitter);
    } else if (form.getAttribute("action") === "/sign-out") {
      event.preventDefault();
      if (form.dataset.busy) return;
      form.dataset.busy = "yes";
      const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
      const away = outbox.send(accounts, PATIENCE).then(outbox.leave, outbox.leave);
      Promise.race([away, late]).finally(() => form.submit());
    }
  });

  // A page that is shown again as it was left can be sent again.
  addEventListener("pageshow", () => {
    document.querySelectorAll("form[data-busy]").forEach((form) => delete form.dataset.busy);
  });

  async function begin() {
    if (accounts.length) await outbox.enter(accounts);
    else if (location.pathname === "/sign-in" && !isShell) await outbox.leave();
    outbox.onChange(() => show().catch(() => {}));
    await show();
    await send();
    if (accounts.length && location.pathname === "/") await outbox.refreshPocket();
  }

  const sendQuietly = () => send().catch(() => {});
  addEventListener("online", sendQuietly);
  document.addEventListener("visibilitychange", () => document.hidden || sendQuietly());
  setInterval(sendQuietly, EVERY);
  begin().catch(() => {});
  navigator.serviceWorker?.register("/sw.js", { updateViaCache: "none" }).catch(() => {});
})();
