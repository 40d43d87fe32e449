// Helps for authors; every page works without them.

// Typing is saved by itself a moment after it stops. What is not saved stays in the fields and is tried again.
const form = document.querySelector("form[data-autosave]");
if (form) {
  const state = form.querySelector("[data-save-state]");
  const say = (what) => { state.textContent = state.dataset[what]; state.dataset.state = what; };
  let timer = 0, dirty = false, sending = false;

  // What is typed lies on this device too until the server has it, under a name that only this person's pages know.
  const name = `unsaved-${form.dataset.autosave}`, note = form.querySelector("[data-unsaved]");
  const typed = () => [...new FormData(form)].filter(([field]) => field !== "csrf_token");
  const keep = () => {
    try { localStorage.setItem(name, JSON.stringify({ at: Date.now(), fields: typed() })); } catch { /* full or forbidden */ }
  };
  const drop = () => localStorage.removeItem(name);
  const essence = (values) => JSON.stringify(values.filter(([field]) => !form.elements[field]?.matches?.("[type=hidden]")).map(([field, value]) => [field, value.replace(/\r\n?/g, "\n").trim()]));
  for (const other of Object.keys(localStorage)) {
    if (other.startsWith("unsaved-") && Date.now() - (JSON.parse(localStorage.getItem(other)).at ?? 0) > 7 * 86_400_000) localStorage.removeItem(other);
  }
  const kept = JSON.parse(localStorage.getItem(name) ?? "null");
  if (kept && essence(kept.fields) === essence(typed())) {
    if (!document.querySelector(".error-summary")) drop();
  } else if (kept) {
    form.prepend(note);
    note.hidden = false;
    note.addEventListener("click", ({ target: { value } }) => {
      if (!value) return;
      note.remove();
      if (value === "away") return drop();
      for (const input of form.querySelectorAll("[name]")) {
        const values = kept.fields.filter(([field]) => field === input.name).map(([, each]) => each);
        if (["radio", "checkbox"].includes(input.type)) input.checked = values.includes(input.value);
        else if (values.length && input.name !== "csrf_token") input.value = values[0];
      }
      form.dispatchEvent(new Event("restored"));
      form.dispatchEvent(new Event("input"));
      return form.querySelector("input:not([type=hidden]), textarea").focus();
    });
  }

  const fields = () => new URLSearchParams(new FormData(form));
  const token = async () => {
    const page = await fetch(location.href, { headers: { Accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector("form[data-autosave] [name=csrf_token]");
    if (fresh) form.elements.csrf_token.value = fresh.value;
    return Boolean(fresh);
  };
  const send = async (again = true) => {
    if (sending || !dirty) return;
    sending = true; dirty = false; say("saving");
    try {
      const answer = await fetch(location.href, { method: "POST", body: fields(), headers: { Accept: "application/json" }, redirect: "manual" });
      if (answer.ok) {
        for (const [key, number] of Object.entries((await answer.json()).numbers)) form.elements[key].value = number;
        if (!dirty && note.hidden) drop();
        say(dirty ? "saving" : "saved");
      } else if (answer.status === 409 || answer.status === 422) {
        say("refused");
      } else if (again && await token()) {
        sending = false; dirty = true;
        return send(false);
      } else { dirty = true; say("ended"); }
    } catch {
      dirty = true; say("failed");
    }
    sending = false;
    if (dirty) later(8000);
  };
  const later = (wait) => { clearTimeout(timer); timer = setTimeout(send, wait); };
  form.addEventListener("input", () => { dirty = true; keep(); later(2000); });
  form.addEventListener("submit", () => { dirty = false; clearTimeout(timer); });
  addEventListener("online", () => later(0));
  addEventListener("visibilitychange", () => { if (dirty && !document.hidden) later(0); });
  addEventListener("beforeunload", (event) => { if (dirty) event.preventDefault(); });
}

// The lesson's weight, counted as one types.
const scale = document.querySelector("[data-weight]");
if (scale) {
  const area = document.getElementById("text"), most = Number(scale.dataset.most);
  let files = JSON.parse(scale.dataset.files);
  const note = (size) => (!size ? "0" : size < 1e6 ? `${Math.max(1, Math.round(size / 1000))} KB` : `${(size / 1e6).toFixed(1)} MB`);
  const weigh = () => {
    const shown = new Set([...area.value.matchAll(/\]\(<?media\/([A-Za-z0-9._-]+)/g)].map(([, file]) => file));
    const sum = (pictures) => files.filter((file) => shown.has(file.name) && file.type.startsWith("image/") === pictures).reduce((all, file) => all + file.phone, 0);
    const text = new TextEncoder().encode(area.value).length;
    for (const [what, size] of Object.entries({ text, pictures: sum(true), recordings: sum(false) })) {
      const field = scale.querySelector(`[data-weight-${what}]`);
      if (field.textContent !== note(size)) field.textContent = note(size);
    }
    scale.querySelector("progress").value = text;
    scale.classList.toggle("is-heavy", text > most);
  };
  area.form.addEventListener("input", weigh);
  area.form.addEventListener("restored", weigh);
  area.addEventListener("files", ({ detail }) => { files = detail; weigh(); });
}

// Activities can be dragged; the buttons beside them do the same.
let dragged = null;
const lists = [...document.querySelectorAll("[data-drop]")];
for (const list of lists) {
  for (const item of list.querySelectorAll("[data-drag]")) {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      dragged = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.drag);
      item.classList.add("dragged");
    });
    item.addEventListener("dragend", () => { item.classList.remove("dragged"); dragged = null; });
  }
  list.addEventListener("dragover", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const after = [...list.querySelectorAll("[data-drag]:not(.dragged)")].find((item) => {
      const box = item.getBoundingClientRect();
      return event.clientY < box.top + box.height / 2;
    });
    list.insertBefore(dragged, after ?? null);
  });
  list.addEventListener("drop", (event) => {
    if (!dragged) return;
    event.preventDefault();
    const send = document.createElement("form");
    send.method = "post";
    send.action = list.dataset.url;
    const place = [...list.querySelectorAll("[data-drag]")].indexOf(dragged);
    const values = { do: "move", group: "modules", id: dragged.dataset.drag, to: list.dataset.drop, place,
      csrf_token: document.querySelector("[name=csrf_token]").value };
    for (const [name, value] of Object.entries(values)) {
      const input = document.createElement("input");
      input.type = "hidden"; input.name = name; input.value = value;
      send.append(input);
    }
    document.body.append(send);
    send.submit();
  });
}

// A file on its way shows how far it is.
const upload = document.querySelector("form[data-upload]");
upload?.addEventListener("submit", (event) => {
  event.preventDefault();
  const bar = upload.querySelector("progress"), words = upload.querySelector("[role=status]");
  const request = new XMLHttpRequest();
  request.open("POST", location.href);
  request.setRequestHeader("Accept", "application/json");
  request.upload.addEventListener("progress", ({ loaded, total }) => { bar.value = 100 * loaded / total; });
  request.addEventListener("load", () => {
    if (request.status === 200) return location.reload();
    bar.hidden = true;
    let errors = [];
    try { errors = JSON.parse(request.responseText).errors; } catch { /* not from the page itself */ }
    words.textContent = errors.join(" ") || upload.dataset.failed;
    words.dataset.state = "failed";
  });
  request.addEventListener("error", () => { bar.hidden = true; words.textContent = upload.dataset.failed; words.dataset.state = "failed"; });
  bar.hidden = false;
  request.send(new FormData(upload));
});
