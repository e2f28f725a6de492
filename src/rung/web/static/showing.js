// The month follows the levers: the same page is asked for, and what it shows takes the place of what stood here.
for (const form of document.querySelectorAll("[data-levers]")) {
  const PAUSE = 150;
  const told = form.querySelector("[data-told]");
  const address = () => `${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`;
  let timer = 0, asking = null;

  const put = (page) => {
    for (const part of form.querySelectorAll("[data-part]")) {
      const wasOpen = part.querySelector("details")?.open;
      part.replaceChildren(...page.querySelector(`[data-part="${part.dataset.part}"]`).childNodes);
      if (wasOpen) part.querySelector("details").open = true;
    }
    told.textContent = page.querySelector("[data-told]").textContent;
  };

  const ask = async () => {
    asking?.abort();
    const mine = (asking = new AbortController());
    try {
      const answer = await fetch(address(), { signal: mine.signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!mine.signal.aborted) put(page);
    } catch {
      if (!mine.signal.aborted) told.textContent = form.dataset.unreachable;
    }
  };

  const soon = () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE);
  };

  for (const button of form.querySelectorAll("[data-needless]")) button.hidden = true;
  form.addEventListener("input", soon);
  // Once it is let go of, and not at every place that it passes: browsers count how often an address changes.
  form.addEventListener("change", () => history.replaceState(history.state, "", address()));
}
