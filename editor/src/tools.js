// The toolbar: buttons that come translated in the page's template, and what they do.
import { FILM, SOUND, CAPTIONS, safe } from "./dialect.js";

export function tools(editor, bar, area) {
  const chain = () => editor.chain().focus();
  const dialog = (name) => document.querySelector(`dialog[data-dialog=${name}]`);
  const acts = {
    undo: () => chain().undo().run(), redo: () => chain().redo().run(),
    bold: () => chain().toggleBold().run(), italic: () => chain().toggleItalic().run(),
    strike: () => chain().toggleStrike().run(), code: () => chain().toggleCode().run(),
    bullets: () => chain().toggleBulletList().run(), numbers: () => chain().toggleOrderedList().run(),
    tasks: () => tasks(editor), tick: () => changeItem(editor, ({ checked }) => ({ checked: !checked })),
    quote: () => chain().toggleBlockquote().run(), codeblock: () => chain().toggleCodeBlock().run(), rule: () => chain().setHorizontalRule().run(),
    table: () => chain().insertTable({ rows: 3, cols: 2, withHeaderRow: true }).run(),
    "row-after": () => chain().addRowAfter().run(), "row-out": () => chain().deleteRow().run(),
    "column-after": () => chain().addColumnAfter().run(), "column-out": () => chain().deleteColumn().run(),
    "table-out": () => chain().deleteTable().run(),
    "box-out": () => chain().lift("callout").run(),
    link: () => askLink(editor, dialog("link")), media: () => askMedia(editor, dialog("media"), area), cite: () => askCitation(editor, dialog("cite"), area),
    law: () => { const field = document.getElementById("law"); field.scrollIntoView({ block: "center" }); field.focus(); },
  };
  const is = {
    bold: "bold", italic: "italic", strike: "strike", code: "code", link: "link", bullets: "bulletList", numbers: "orderedList",
    quote: "blockquote", codeblock: "codeBlock",
  };
  if (!document.getElementById("law")) bar.querySelector("[data-act=law]").remove();
  const near = { table: "table", box: "callout" };
  const buttons = [...bar.querySelectorAll("[data-act]")];

  // Under the last block there is always a line to go on writing in; as long as it is empty it is not saved.
  const goOn = () => {
    const { doc } = editor.state;
    if (doc.lastChild.type.name !== "paragraph") editor.commands.insertContentAt(doc.content.size, { type: "paragraph" }, { updateSelection: false });
  };
  bar.addEventListener("mousedown", (event) => { if (event.target.closest("button")) event.preventDefault(); });
  bar.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (!button || button.tagName !== "BUTTON") return;
    const [act, value] = button.dataset.act.split(":");
    if (act === "heading") chain().toggleHeading({ level: Number(value) }).run();
    else if (act === "box") { button.closest("[popover]").hidePopover(); box(editor, value); }
    else if (act === "align") changeCells(editor, value || null);
    else acts[act]();
    if (["table", "box", "rule", "codeblock", "quote"].includes(act)) goOn();
  });
  bar.querySelector("[data-act=box-kind]").addEventListener("change", ({ target }) => {
    chain().updateAttributes("callout", { kind: target.value }).run();
  });

  // One stop for the Tab key; the arrows go from button to button, as one reads.
  const stops = () => [...bar.querySelectorAll("button, select")].filter((each) => each.checkVisibility());
  const stop = (which) => { for (const each of bar.querySelectorAll("button, select")) each.tabIndex = each === which ? 0 : -1; };
  stop(bar.querySelector("button"));
  bar.addEventListener("focusin", ({ target }) => { if (target.matches("button, select")) stop(target); });
  bar.addEventListener("keydown", (event) => {
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const step = { ArrowRight: -1, ArrowLeft: -1, [forward]: 1 }[event.key], all = stops();
    const to = event.key === "Home" ? 0 : event.key === "End" ? all.length - 1 : step && (all.indexOf(document.activeElement) + step + all.length) % all.length;
    if (to === undefined) return;
    event.preventDefault();
    all[to].focus();
  });

  const show = () => {
    for (const button of buttons) {
      const [act, value] = button.dataset.act.split(":");
      const on = act === "heading" ? editor.isActive("heading", { level: Number(value) }) : act === "tasks" ? item(editor)?.attrs.checked != null : is[act] && editor.isActive(is[act]);
      if (act === "heading" || act === "tasks" || is[act]) button.setAttribute("aria-pressed", String(Boolean(on)));
      if (act === "undo" || act === "redo") button.setAttribute("aria-disabled", String(!editor.can()[act]()));
    }
    for (const group of bar.querySelectorAll("[data-when]")) {
      const when = group.dataset.when;
      group.hidden = when === "task" ? item(editor)?.attrs.checked == null : !editor.isActive(near[when]);
    }
    if (editor.isActive("callout")) bar.querySelector("[data-act=box-kind]").value = editor.getAttributes("callout").kind;
    if (!stops().includes(bar.querySelector("[tabindex='0']"))) stop(stops()[0]);
  };
  editor.on("transaction", show);
  show();

  editor.view.dom.addEventListener("keydown", (event) => {
    if (event.key === "F10" && event.altKey) { event.preventDefault(); stops().find((each) => each.tabIndex === 0)?.focus(); }
    else if (event.key === "k" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); acts.link(); }
  });
}

function around(editor, name) {
  const { $from } = editor.state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if ($from.node(depth).type.name === name) return { node: $from.node(depth), at: $from.before(depth) };
  }
  return null;
}
const item = (editor) => around(editor, "listItem")?.node;

function changeItem(editor, change) {
  const { from, to } = editor.state.selection, { tr } = editor.state;
  editor.state.doc.nodesBetween(from, to, (node, at) => {
    if (node.type.name === "listItem") tr.setNodeMarkup(at, null, { ...node.attrs, ...change(node.attrs) });
  });
  editor.view.dispatch(tr);
  editor.commands.focus();
}

function tasks(editor) {
  const on = item(editor)?.attrs.checked != null;
  if (!item(editor)) editor.chain().focus().toggleBulletList().run();
  changeItem(editor, () => ({ checked: on ? null : false }));
}

function changeCells(editor, align) {
  const found = around(editor, "tableCell") ?? around(editor, "tableHeader"), table = around(editor, "table");
  if (!found || !table) return;
  const column = editor.state.doc.resolve(found.at).index(), { tr } = editor.state;
  table.node.forEach((row, offset) => {
    let at = table.at + 1 + offset + 1;
    row.forEach((cell, _offset, place) => {
      if (place === column) tr.setNodeMarkup(at, null, { ...cell.attrs, align });
      at += cell.nodeSize;
    });
  });
  editor.view.dispatch(tr);
  editor.commands.focus();
}

function box(editor, kind) {
  const { words } = editor.storage.media;
  const paragraph = (text) => ({ type: "paragraph", ...(text && { content: [{ type: "text", text }] }) });
  if (kind === "decide") {
    const content = [paragraph(words.situation), { type: "callout", attrs: { kind: "reveal", title: "" }, content: [paragraph(words.follows)] }];
    editor.chain().focus().insertContent({ type: "callout", attrs: { kind, title: "" }, content }).run();
  } else if (!editor.chain().focus().wrapIn("callout", { kind, title: "" }).run()) {
    editor.chain().focus().insertContent({ type: "callout", attrs: { kind, title: "" }, content: [paragraph()] }).run();
  }
}

// Opens a dialog and gives its answer when it is confirmed; Escape and Cancel give nothing.
function ask(dialog, check = () => "") {
  const form = dialog.querySelector("form"), error = dialog.querySelector(".error");
  return new Promise((done) => {
    const finish = (answer) => { form.onsubmit = dialog.onclose = null; dialog.close(); done(answer); };
    error.textContent = "";
    form.onsubmit = (event) => {
      event.preventDefault();
      if (event.submitter?.value === "cancel") return finish(null);
      const wrong = check(new FormData(form));
      if (wrong) { error.textContent = wrong; return undefined; }
      return finish(new FormData(form));
    };
    dialog.onclose = () => finish(null);
    dialog.showModal();
  });
}

async function askLink(editor, dialog) {
  const form = dialog.querySelector("form");
  form.elements.href.value = editor.getAttributes("link").href ?? "";
  const answer = await ask(dialog, (data) => (!data.get("href") || safe(data.get("href")) ? "" : dialog.dataset.wrong));
  if (!answer) return editor.commands.focus();
  const href = answer.get("href").trim();
  const chain = editor.chain().focus().extendMarkRange("link");
  if (!href) return chain.unsetMark("link").run();
  if (editor.state.selection.empty && !editor.isActive("link")) return chain.insertContent({ type: "text", text: href, marks: [{ type: "link", attrs: { href } }] }).run();
  return chain.setMark("link", { href }).run();
}

async function askMedia(editor, dialog, area) {
  const { files, words } = editor.storage.media, form = dialog.querySelector("form"), list = dialog.querySelector("[data-list]");
  const selected = editor.state.selection.node?.type.name === "media" || editor.state.selection.node?.type.name === "picture" ? editor.state.selection.node.attrs : null;
  const chosen = () => files.get(form.elements.chosen?.value ?? "");
  const follow = () => {
    const file = chosen();
    if (file) { form.elements.alt.value = selected?.src === `media/${file.name}` ? selected.alt : file.alt; }
    const film = file && FILM.test(file.name), sound = file && SOUND.test(file.name);
    for (const each of dialog.querySelectorAll("[data-for]")) each.hidden = !{ film, spoken: film || sound, picture: !film && !sound }[each.dataset.for];
  };
  const draw = (choose) => {
    list.replaceChildren(...[...files.values()].filter((file) => !CAPTIONS.test(`media/${file.name}`)).map((file) => {
      const label = document.createElement("label"), radio = document.createElement("input"), name = document.createElement("bdi");
      Object.assign(radio, { type: "radio", name: "chosen", value: file.name, checked: file.name === choose });
      name.textContent = file.name;
      const sample = file.type.startsWith("image/") ? Object.assign(document.createElement("img"), { src: file.url, alt: "", loading: "lazy" }) : Object.assign(document.createElement("span"), { textContent: file.type.split("/")[0], className: "asset-kind" });
      label.append(radio, sample, name);
      return label;
    }));
    form.elements.captions.replaceChildren(new Option("—", ""), ...[...files.values()].filter((file) => CAPTIONS.test(`media/${file.name}`)).map((file) => new Option(file.name, file.name)));
    follow();
  };
  const said = (data) => {
    const file = files.get(data.get("chosen") ?? "");
    if (!file) return words.choose_file;
    return data.get("alt").trim() || (data.get("decorative") && file.type.startsWith("image/")) ? "" : words.describe;
  };
  form.reset();
  draw(selected?.src.replace(/^media\//, ""));
  if (selected) {
    form.elements.alt.value = selected.alt;
    form.elements.caption.value = selected.title === "decorative" && !selected.alt ? "" : selected.title ?? "";
    form.elements.decorative.checked = selected.title === "decorative" && !selected.alt;
    form.elements.captions.value = selected.captions?.[0]?.src.replace(/^media\//, "") ?? "";
  }
  list.onchange = follow;
  dialog.querySelector("[data-upload]").onclick = async () => {
    const error = dialog.querySelector(".error"), file = form.elements.file.files[0];
    error.textContent = "";
    if (!file) { error.textContent = words.choose_file; return; }
    const body = new FormData();
    body.set("csrf_token", area.form.elements.csrf_token.value);
    body.set("file", file);
    body.set("alt", form.elements.alt.value);
    try {
      const answer = await fetch(dialog.dataset.files, { method: "POST", body, headers: { Accept: "application/json" } });
      const told = await answer.json();
      if (!answer.ok) { error.textContent = told.errors.join(" "); return; }
      const kept = form.elements.alt.value;
      files.set(told.name, told);
      area.dispatchEvent(new CustomEvent("files", { bubbles: true, detail: [...files.values()] }));
      draw(CAPTIONS.test(`media/${told.name}`) ? form.elements.chosen?.value : told.name);
      if (CAPTIONS.test(`media/${told.name}`)) form.elements.captions.value = told.name;
      form.elements.alt.value = kept || told.alt;
      form.elements.file.value = "";
    } catch { error.textContent = dialog.dataset.failed; }
  };
  const answer = await ask(dialog, said);
  if (!answer) return editor.commands.focus();
  const name = answer.get("chosen"), alt = answer.get("alt").trim(), decorative = Boolean(answer.get("decorative")) && !alt;
  const spoken = SOUND.test(name) || FILM.test(name), captions = FILM.test(name) && answer.get("captions");
  const attrs = { src: `media/${name}`, alt, title: decorative ? "decorative" : answer.get("caption").trim() || null, captions: captions ? [{ src: `media/${captions}`, label: answer.get("label").trim() || area.lang }] : [] };
  if (selected) return editor.chain().focus().updateAttributes(editor.state.selection.node.type.name, attrs).run();
  const blocks = [{ type: "media", attrs }];
  if (spoken && answer.get("transcript")) blocks.push({ type: "callout", attrs: { kind: "transcript", title: "" }, content: [{ type: "paragraph" }] });
  return editor.chain().focus().insertContent([...blocks, { type: "paragraph" }]).run();
}

async function askCitation(editor, dialog, area) {
  const search = dialog.querySelector("[type=search]"), lines = [...dialog.querySelectorAll("[data-cites]")];
  const sift = () => {
    const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const line of lines) line.hidden = !wanted.every((word) => line.textContent.toLowerCase().includes(word));
  };
  search.value = "";
  search.oninput = sift;
  sift();
  const answer = await ask(dialog, (data) => (data.get("cites") ? "" : dialog.dataset.wrong));
  if (!answer) return editor.commands.focus();
  const [source] = answer.get("cites").split(" "), article = answer.get("article").trim();
  editor.chain().focus().insertContent({ type: "text", text: article ? `${source} ${article}` : answer.get("cites") }).run();
  if (!answer.get("source") || dialog.querySelector(`[data-known][value="${CSS.escape(source)}"]`)) return;
  const body = new URLSearchParams({ csrf_token: area.form.elements.csrf_token.value, id: source });
  // The answer is the page of instruments; should it not come, the checklist still tells of the missing source.
  const answered = await fetch(dialog.dataset.sources, { method: "POST", body }).catch(() => null);
  if (answered?.ok) dialog.querySelector(`[value="${CSS.escape(source)}"]`)?.setAttribute("data-known", "");
}
