// The page on what this browser keeps: it alone knows.
"use strict";
(() => {
  const outbox = self.rungOutbox;
  const root = document.getElementById("device");
  const box = document.getElementById("keep");
  const part = (name) => root.querySelector(`[data-part="${name}"]`);
  const moments = new Intl.DateTimeFormat(document.documentElement.dataset.locale, { dateStyle: "medium", timeStyle: "short" });

  async function show() {
    const [pocket, isOff] = await Promise.all([outbox.kept("pocket"), outbox.kept("pocket-off")]);
    box.checked = !isOff;
    const told = [];
    if (pocket?.ladders.length) {
      const list = document.createElement("ul");
      for (const ladder of pocket.ladders) {
        const line = document.createElement("li");
        line.textContent = ladder.name;
        list.append(line);
      }
      const when = document.createElement("p");
      when.className = "small soft";
      when.textContent = root.dataset.when.replace("{when}", moments.format(new Date(pocket.at)));
      told.push(list, when);
    } else {
      told.push(document.createTextNode(root.dataset.none));
    }
    const made = document.createElement("div");
    made.append(...told);
    if (made.innerHTML !== part("pocket").innerHTML) part("pocket").replaceChildren(...made.childNodes);
    root.hidden = false;
  }

  async function empty() {
    await outbox.setKept("pocket-off", true);
    await outbox.forgetPocket();
  }

  box.addEventListener("change", async () => {
    part("removed").textContent = "";
    if (!box.checked) return empty();
    await outbox.setKept("pocket-off", undefined);
    return outbox.refreshPocket();
  });

  part("remove-all").addEventListener("click", async () => {
    await empty();
    const accounts = (await outbox.kept("accounts")) ?? [];
    const found = await outbox.items();
    await outbox.drop(found.filter((item) => accounts.includes(item.account)).map((item) => item.id));
    part("removed").textContent = part("removed").dataset.words;
  });

  outbox.onChange(() => show().catch(() => {}));
  show().catch(() => {});
})();
