// The list of what waits on this device, in words of the page; used with and without a network.
"use strict";
(() => {
  const outbox = self.rungOutbox;
  const root = document.getElementById("kept-list");
  const language = document.documentElement.dataset.locale;
  const moments = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" });
  const part = (name, under = root) => under.querySelector(`[data-part="${name}"]`);

  const filled = (words, values) => words.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  function named(item, pocket) {
    const ladder = pocket?.ladders.find((one) => one.id === item.ladder);
    const step = ladder?.steps.find((one) => one.id === item.step);
    return {
      ladder: ladder?.name || root.dataset.someLadder,
      step: step?.name || item.shown?.step || root.dataset.someStep,
    };
  }

  function capital(did) {
    return `did${did.charAt(0).toUpperCase()}${did.slice(1)}`;
  }

  function what(item, pocket) {
    const words = item.kind === "log" ? root.dataset[capital(item.did)] : root.dataset[item.kind];
    return filled(words ?? item.kind, named(item, pocket));
  }

  function written(item) {
    const texts = Object.entries(item.fields ?? {}).filter(([name]) => name.startsWith("what_"));
    return texts.map(([, text]) => text).filter(Boolean).join("\n");
  }

  function line(item, pocket) {
    const made = root.querySelector("template").content.cloneNode(true).firstElementChild;
    part("what", made).textContent = what(item, pocket);
    part("when", made).textContent = moments.format(new Date(item.at));
    const words = written(item);
    part("words", made).textContent = words;
    part("words", made).hidden = !words;
    if (item.refused) {
      part("reason", made).textContent = item.refused;
      part("reason", made).hidden = part("ways", made).hidden = false;
      part("now", made).hidden = !item.clock;
      part("again", made).hidden = Boolean(item.clock);
      const { refused, clock, ...fresh } = item;
      part("again", made).addEventListener("click", () => outbox.keep(fresh).then(send));
      part("now", made).addEventListener("click", () =>
        outbox.keep({ ...fresh, at: new Date().toISOString() }).then(send),
      );
      part("remove", made).addEventListener("click", () => outbox.drop([item.id]));
    }
    return made;
  }

  async function mine() {
    const accounts = (await outbox.kept("accounts")) ?? [];
    const all = await outbox.items();
    const found = all.filter((item) => accounts.includes(item.account));
    return { accounts, found, others: all.length - found.length };
  }

  async function show() {
    const { found, others } = await mine();
    const pocket = await outbox.kept("pocket");
    part("list").replaceChildren(...found.map((item) => line(item, pocket)));
    part("empty").hidden = found.length > 0;
    part("send").hidden = !found.some((item) => !item.refused);
    part("others").hidden = others === 0;
  }

  async function send() {
    const { accounts } = await mine();
    part("told").textContent = "";
    const { trouble } = await outbox.send(accounts);
    const { found } = await mine();
    const words = { unreachable: "unreachable", "signed-out": "signedOut" }[trouble];
    part("told").textContent = root.dataset[words ?? (found.length ? "left" : "sent")];
  }

  part("send").addEventListener("click", send);
  outbox.onChange(() => show().catch(() => {}));
  show().catch(() => {});
})();
