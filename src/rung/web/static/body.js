// The exercise, one screen at a time; without a script all screens stand on one page.
for (const form of document.querySelectorAll("[data-screens]")) {
  const screens = [...form.querySelectorAll(".screen")];
  const [back, next, end] = ["back", "next", "end"].map((name) => form.querySelector(`[data-${name}]`));
  let place = Math.max(0, screens.findIndex((screen) => screen.querySelector(".fault")));

  const show = (moved) => {
    screens.forEach((screen, index) => { screen.hidden = index !== place; });
    back.hidden = place === 0;
    next.hidden = place === screens.length - 1;
    end.hidden = place < screens.length - 1;
    if (moved) {
      const title = screens[place].querySelector("h2");
      title.focus({ preventScroll: true });
      form.scrollIntoView({ block: "start" });
    }
  };
  const turn = (step) => {
    place = Math.min(Math.max(place + step, 0), screens.length - 1);
    show(true);
  };

  form.classList.add("one-by-one");
  form.querySelector(".two-minutes").hidden = false;
  back.addEventListener("click", () => turn(-1));
  next.addEventListener("click", () => turn(1));
  // Enter in a field sends a form: before the last screen it means "next".
  form.addEventListener("submit", (event) => {
    if (place < screens.length - 1) {
      event.preventDefault();
      turn(1);
    }
  });
  show(false);
}

// Breathing along: four seconds in, six out.
for (const exercise of document.querySelectorAll("[data-breathing]")) {
  const [start, stop] = ["start", "stop"].map((name) => exercise.querySelector(`[data-${name}]`));
  const [breath, told, minutes] = [".breath", ".phase", "fieldset"].map((name) => exercise.querySelector(name));
  const counts = [...exercise.querySelectorAll("[data-counts]")];
  const IN = 4, OUT = 6;
  let timer = 0, begun = 0, last = 0, phase = "";

  const tick = () => {
    const second = Math.floor((performance.now() - begun) / 1000);
    if (second >= last) {
      finish(exercise.dataset.over);
      return;
    }
    const within = second % (IN + OUT);
    const now = within < IN ? "in" : "out";
    const count = now === "in" ? within : within - IN;
    if (now !== phase) {
      phase = now;
      breath.classList.toggle("in", now === "in");
      breath.classList.toggle("out", now === "out");
      told.textContent = exercise.dataset[now];
    }
    for (const row of counts) {
      row.hidden = row.dataset.counts !== now;
      [...row.children].forEach((one, index) => one.classList.toggle("now", !row.hidden && index === count));
    }
  };
  const finish = (words) => {
    clearInterval(timer);
    phase = "";
    breath.classList.remove("in", "out");
    counts.forEach((row) => [...row.children].forEach((one) => one.classList.remove("now")));
    told.textContent = words;
    const hadFocus = document.activeElement === stop;
    stop.hidden = true;
    start.hidden = minutes.hidden = false;
    if (hadFocus) start.focus();
  };

  exercise.hidden = false;
  start.addEventListener("click", () => {
    last = 60 * Number(exercise.querySelector("[name=minutes]:checked").value);
    begun = performance.now();
    start.hidden = minutes.hidden = true;
    stop.hidden = false;
    stop.focus();
    tick();
    timer = setInterval(tick, 200);
  });
  stop.addEventListener("click", () => finish(""));
}
