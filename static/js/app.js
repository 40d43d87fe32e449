// Small helps; every page works without them.

const network = document.querySelector("[data-network]");
addEventListener("offline", () => { network.textContent = network.dataset.offline; });
addEventListener("online", () => { if (network.textContent) network.textContent = network.dataset.online; });

document.querySelector("[data-focus]")?.focus();

for (const button of document.querySelectorAll("[data-reveal]")) {
  const input = document.getElementById(button.dataset.reveal);
  const show = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    const hidden = input.type === "password";
    input.type = hidden ? "text" : "password";
    button.textContent = hidden ? button.dataset.hide : show;
    button.setAttribute("aria-pressed", String(hidden));
  });
}

// A second press while the first is on its way sends nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    // Downloads leave the page where it is: the button works again after a moment.
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 4000);
  });
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-sent]")) delete form.dataset.sent;
});

// Answers typed while the network is away are kept on this device until they are sent.
const keep = document.querySelector("form[data-keep]");
if (keep) {
  const name = `answer-${keep.dataset.keep}`;
  const fields = () => [...new FormData(keep)].filter(([field]) => field !== "csrf_token");
  const kept = JSON.parse(sessionStorage.getItem(name) ?? "null");
  if (kept) {
    for (const input of keep.querySelectorAll("[name]")) {
      const values = kept.filter(([field]) => field === input.name).map(([, value]) => value);
      if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
      else if (values.length && input.type !== "hidden" && input.type !== "submit") input.value = values[0];
    }
  }
  keep.addEventListener("input", () => sessionStorage.setItem(name, JSON.stringify(fields())));
}
// A page other than the question's own means that its answer arrived.
for (const saved of Object.keys(sessionStorage)) {
  if (saved.startsWith("answer-") && saved !== `answer-${keep?.dataset.keep}`) sessionStorage.removeItem(saved);
}

// Signing out leaves nothing of what an author typed on a shared device.
document.querySelector(".account form")?.addEventListener("submit", () => {
  for (const name of Object.keys(localStorage)) if (name.startsWith("unsaved-")) localStorage.removeItem(name);
});

const deadline = document.querySelector("[data-deadline]");
if (deadline) {
  // The server's clock counts; the device's may be years off.
  const ahead = Date.parse(deadline.dataset.now) - Date.now();
  const text = deadline.lastChild;
  let shown = "";
  const tick = () => {
    const left = Math.max(0, Date.parse(deadline.dataset.deadline) - Date.now() - ahead);
    const minutes = Math.ceil(left / 60000);
    const words = ` ${deadline.dataset.label.replace("{time}", `${minutes} min`)}`;
    if (words !== shown) text.textContent = shown = words;
    deadline.classList.toggle("is-short", minutes <= 5);
  };
  tick();
  setInterval(tick, 5000);
}
