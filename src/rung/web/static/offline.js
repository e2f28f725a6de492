// The page without a network: made of the pocket, in words that the server put into it. What is logged here is
// kept first, and sent when Rung can be reached; that is found out by asking.
"use strict";
(() => {
  const outbox = self.rungOutbox;
  const shell = document.getElementById("shell");
  const views = [...shell.querySelectorAll("[data-view]")];
  const EVERY = 60000;
  let pocket = null;

  const view = (name) => views.find((one) => one.dataset.view === name);
  const part = (name, under) => under.querySelector(`[data-part="${name}"]`);

  function show(name) {
    for (const one of views) one.hidden = one.dataset.view !== name;
    return view(name);
  }

  function link(name, href) {
    const line = document.createElement("li");
    const made = document.createElement("a");
    made.className = "way";
    made.href = href;
    made.textContent = name;
    line.append(made);
    return line;
  }

  // Sliders and their number boxes follow each other, as on every page.
  function tie(under) {
    for (const slider of under.querySelectorAll("input[type=range][data-for]")) {
      const box = slider.parentElement.querySelector("input.digits");
      const follow = () => {
        slider.value = box.value === "" ? slider.max / 2 : box.value;
        slider.classList.toggle("unset", box.value === "");
      };
      slider.hidden = false;
      follow();
      slider.addEventListener("input", () => {
        box.value = slider.value;
        follow();
      });
      box.addEventListener("input", follow);
    }
  }

  const nextFirst = (ladder) => {
    const next = ladder.steps.find((step) => step.id === ladder.next);
    return next ? [next, ...ladder.steps.filter((step) => step !== next)] : ladder.steps;
  };

  const logHref = (ladder, step) => `#log/${ladder.id}/${step.id}`;

  function card(ladder) {
    const made = document.getElementById("card").content.cloneNode(true).firstElementChild;
    const [first, ...others] = nextFirst(ladder);
    part("ladder", made).textContent = ladder.name;
    part("step", made).textContent = first.name;
    if (ladder.next !== first.id) made.querySelectorAll("[data-part=over]").forEach((one) => one.remove());
    const log = part("log", made);
    log.href = logHref(ladder, first);
    const steps = part("steps", made);
    steps.append(...others.map((step) => link(step.name, logHref(ladder, step))));
    if (!others.length) steps.closest("details").remove();
    part("judge", made).href = `#judge/${ladder.id}`;
    return made;
  }

  function home() {
    const root = show("home");
    part("cards", root).replaceChildren(...pocket.ladders.map(card));
    const open = pocket.ladders.flatMap((ladder) =>
      ladder.waiting
        .filter((deed) => deed.did !== "avoided")
        .map((deed) => link(stepOf(ladder, deed.step)?.name ?? ladder.name, `#reflect/${deed.event}`)),
    );
    part("open", root).hidden = open.length === 0;
    part("open", root).querySelector("ul").replaceChildren(...open);
  }

  const ladderOf = (id) => pocket.ladders.find((ladder) => ladder.id === id);
  const stepOf = (ladder, id) => ladder?.steps.find((step) => step.id === id);

  const made = (kind, more) => ({
    id: outbox.newId(),
    account: pocket.accounts[0],
    at: new Date().toISOString(),
    kind,
    ...more,
  });

  async function keep(item, next) {
    await outbox.keep(item);
    pocket = (await outbox.kept("pocket")) ?? pocket;
    location.hash = next;
    const registration = await navigator.serviceWorker?.getRegistration();
    await registration?.sync?.register("rung-outbox").catch(() => {});
  }

  function log(ladder, step) {
    const root = show("log");
    part("ladder", root).textContent = ladder.name;
    part("step", root).textContent = step.name;
    const others = ladder.steps.filter((one) => one !== step).reverse();
    part("others", root).replaceChildren(...others.map((one) => link(one.name, logHref(ladder, one))));
    part("others", root).closest("details").hidden = !others.length;
    root.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      event.currentTarget.onsubmit = (again) => again.preventDefault();
      const did = event.submitter.value;
      const item = made("log", { ladder: ladder.id, step: step.id, did, fields: {} });
      keep(item, did === "skipped" ? "#kept" : `#reflect/${item.id}`);
    };
  }

  function reflect(ladder, deed, isUnsent) {
    const root = show("reflect");
    const asked = shell.querySelector(`template[data-asked="${deed.did}"]`);
    part("step", root).textContent = stepOf(ladder, deed.step)?.name ?? "";
    part("title", root).textContent = asked.dataset.title;
    part("asked", root).replaceChildren(asked.content.cloneNode(true));
    tie(root);
    const back = part("take-back", root);
    back.hidden = !isUnsent;
    back.onclick = async () => {
      await outbox.takeBack(deed.event);
      pocket = (await outbox.kept("pocket")) ?? pocket;
      location.hash = "#home";
    };
    root.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      const form = event.currentTarget;
      form.onsubmit = (again) => again.preventDefault();
      const fields = {};
      for (const [name, value] of new FormData(form)) {
        if (name === "circumstances") fields[name] = [...(fields[name] ?? []), value];
        else fields[name] = value;
      }
      keep(made("reflect", { event: deed.event, fields }), "#kept");
    };
  }

  function judge(ladder) {
    const root = show("judge");
    part("ladder", root).textContent = ladder.name;
    part("fault", root).textContent = "";
    const lines = ladder.steps.map((step, place) => {
      const line = document.getElementById("rated").content.cloneNode(true).firstElementChild;
      const [box, slider] = [line.querySelector("input.digits"), line.querySelector("input[type=range]")];
      box.id = `rating-${place}`;
      box.name = step.id;
      slider.setAttribute("aria-label", step.name);
      line.querySelector("label").htmlFor = box.id;
      line.querySelector("label").textContent = step.name;
      return line;
    });
    part("steps", root).replaceChildren(...lines);
    tie(root);
    root.querySelector("form").onsubmit = (event) => {
      event.preventDefault();
      const form = event.currentTarget;
      const said = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
      if (!said.length) {
        part("fault", root).textContent = part("fault", root).dataset.words;
        return;
      }
      form.onsubmit = (again) => again.preventDefault();
      keep(made("judge", { ladder: ladder.id, ratings: Object.fromEntries(said), feared: {}, fields: {} }), "#kept");
    };
  }

  // What is asked for: behind the mark where there is one, else the page that could not be reached.
  function wanted() {
    const said = location.hash.slice(1).split("/");
    if (said[0]) return said;
    const [, area, id, page] = location.pathname.split("/");
    if (area === "ladders" && page === "log") return ["log", id, new URLSearchParams(location.search).get("step")];
    if (area === "ladders" && page === "judge") return ["judge", id];
    if (area === "attempts" && page === "reflect") return ["reflect", id];
    const first = pocket?.ladders.find((ladder) => ladder.next);
    if (area === "log" && first) return ["log", first.id, first.next];
    return ["home"];
  }

  async function render() {
    const [what, first, second] = wanted();
    if (what === "main") return;
    pocket = (await outbox.kept("pocket")) ?? null;
    if (what === "kept") show("kept");
    else if (!pocket?.ladders.length) show("none");
    else {
      const ladder = ladderOf(first);
      const step = stepOf(ladder, second);
      const found = pocket.ladders.find((one) => one.waiting.some((deed) => deed.event === first));
      const deed = found?.waiting.find((one) => one.event === first);
      if (what === "log" && step) log(ladder, step);
      else if (what === "judge" && ladder) judge(ladder);
      else if (what === "reflect" && deed) {
        const unsent = (await outbox.items()).some((item) => item.id === first);
        reflect(found, deed, unsent);
      } else home();
    }
    const heading = views.find((one) => !one.hidden).querySelector("h1");
    document.title = `${heading.textContent.trim()} · Rung`;
  }

  async function turn() {
    await render();
    if (location.hash === "#main") return;
    scrollTo(0, 0);
    views.find((one) => !one.hidden).querySelector("h1").focus({ preventScroll: true });
  }

  async function look() {
    const back = document.getElementById("back");
    let isBack = false;
    try {
      const response = await fetch("/pocket", { redirect: "manual", signal: AbortSignal.timeout(8000) });
      isBack = response.status === 200 || response.status === 401;
    } catch {
      // Not yet.
    }
    if (isBack === !back.hidden) return;
    back.hidden = !isBack;
    back.replaceChildren();
    if (!isBack) return;
    const words = document.createElement("p");
    const way = document.createElement("a");
    words.textContent = back.dataset.words;
    way.className = "tap";
    way.href = "/";
    way.textContent = back.dataset.way;
    back.append(words, way);
  }

  addEventListener("hashchange", turn);
  addEventListener("online", look);
  setInterval(look, EVERY);
  render().catch(() => show("none"));
  look();
})();
