// Steps are dragged by their grip to another place; one form tells the server. The buttons and the form do the
// same without dragging, so that nothing here is needed.
"use strict";
(() => {
  const list = document.querySelector("[data-order]");
  const form = list && document.getElementById(list.dataset.order);
  if (!form) return;
  const lines = () => [...list.children];
  const middle = (line) => {
    const box = line.getBoundingClientRect();
    return box.top + box.height / 2;
  };

  let held = null;
  let before = [];

  function follow(event) {
    if (!held) return;
    const others = lines().filter((line) => line !== held);
    const next = others.find((line) => event.clientY < middle(line));
    if (next !== held.nextElementSibling) {
      list.insertBefore(held, next ?? null);
    }
  }

  function let_go(keeps) {
    if (!held) return;
    const line = held;
    held = null;
    line.classList.remove("is-held");
    list.classList.remove("is-moving");
    if (!keeps) {
      list.append(...before);
    } else if (lines().indexOf(line) !== before.indexOf(line)) {
      form.elements.step.value = line.dataset.step;
      form.elements.place.value = String(before.length - lines().indexOf(line));
      form.requestSubmit();
    }
  }

  for (const grip of list.querySelectorAll("[data-grip]")) {
    grip.hidden = false;
    grip.addEventListener("pointerdown", (event) => {
      if (held || event.button !== 0) return;
      event.preventDefault();
      held = grip.closest("li");
      before = lines();
      held.classList.add("is-held");
      list.classList.add("is-moving");
    });
  }
  // On the document, for the held line leaves its place while the pointer is down.
  document.addEventListener("pointermove", follow);
  document.addEventListener("pointerup", () => let_go(true));
  document.addEventListener("pointercancel", () => let_go(false));
  document.addEventListener("keydown", (event) => event.key === "Escape" && let_go(false));
})();
