// Choosing a suggestion writes it into the fields above, where it can be changed; without a script the server does.
for (const group of document.querySelectorAll("[data-fills]")) {
  const form = group.closest("form");
  group.addEventListener("change", (event) => {
    for (const [name, text] of Object.entries(event.target.dataset)) {
      form.elements[name].value = text;
    }
  });
}
