// Passkeys: the buttons that stand in templates where a browser can use them, and the talk with the device.
// A place for one says by data-passkey where its ceremony is, and by data-does whether to create or to get.
const encode = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
const decode = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const decoded = (keys) => (keys || []).map((key) => ({ ...key, id: decode(key.id) }));

class Fault extends Error {}

function asked(options) {
  const found = { ...options, challenge: decode(options.challenge) };
  if (options.user) found.user = { ...options.user, id: decode(options.user.id) };
  found[options.user ? "excludeCredentials" : "allowCredentials"] = decoded(
    options.excludeCredentials || options.allowCredentials,
  );
  return found;
}

function answered(credential) {
  const response = {};
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  for (const part of parts) {
    if (credential.response[part]) response[part] = encode(credential.response[part]);
  }
  return { id: credential.id, rawId: encode(credential.rawId), type: credential.type, response };
}

async function post(path, sent) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(sent),
  });
  if (response.redirected) {
    // Somebody must sign in, or show once more who it is, first.
    location.assign(response.url);
    return new Promise(() => {});
  }
  const told = await response.json();
  if (!response.ok) throw new Fault(told.fault);
  return told;
}

async function perform(place, fields, more) {
  const begun = await post(`${place.dataset.passkey}/begin`, fields);
  const wanted = { publicKey: asked(begun.options), ...more };
  const credential = await navigator.credentials[place.dataset.does](wanted);
  const sent = { ...fields, token: begun.token, answer: answered(credential) };
  location.assign((await post(`${place.dataset.passkey}/finish`, sent)).to);
}

function tell(place, error) {
  const { cancelled, known, failed } = place.dataset;
  const words = { NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known };
  const line = place.querySelector("[role=alert]");
  line.textContent = error instanceof Fault ? error.message : words[error.name] || failed;
  line.hidden = false;
}

function prepare(place) {
  const form = place.closest("form");
  place.append(place.querySelector("template").content);
  place.prepend(place.querySelector("button"));
  const button = place.querySelector("button");
  const waiting = new AbortController();

  const run = async (event) => {
    event.preventDefault();
    const fields = {};
    for (const name of ["name", "code", "then"]) {
      const field = form?.elements[name];
      if (!field) continue;
      if (!field.reportValidity()) return;
      fields[name] = field.value;
    }
    waiting.abort();
    button.disabled = true;
    place.querySelector("[role=alert]").hidden = true;
    try {
      await perform(place, fields);
    } catch (error) {
      tell(place, error);
      button.disabled = false;
    }
  };

  if (form) form.addEventListener("submit", (event) => event.submitter === button && run(event));
  else button.addEventListener("click", run);
  if (place.dataset.does === "get" && "offers" in place.dataset) offer(place, waiting.signal);
}

// The browser may offer passkeys where the name is typed: whoever takes one up there is in.
async function offer(place, signal) {
  const can = await window.PublicKeyCredential.isConditionalMediationAvailable?.();
  if (!can || signal.aborted) return;
  try {
    await perform(place, {}, { mediation: "conditional", signal });
  } catch (error) {
    if (error instanceof Fault && !signal.aborted) tell(place, error);
  }
}

const places = window.PublicKeyCredential ? document.querySelectorAll("[data-passkey]") : [];
for (const place of places) prepare(place);
if (places.length) {
  for (const other of document.querySelectorAll("[data-second] .primary")) other.classList.remove("primary");
  for (const folded of document.querySelectorAll("details[data-folded]")) folded.open = false;
}
