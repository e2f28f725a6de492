// By which clock to tell times. A zone that the person chose is out of reach of scripts, and stays.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `rung-zone=${zone}; path=/; max-age=31536000; samesite=lax${secure}`;
}

// Sliders are shown where a script can tie them to their number box; without it the box does alone.
for (const slider of document.querySelectorAll("input[type=range][data-for]")) {
  const box = document.getElementById(slider.dataset.for);
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
