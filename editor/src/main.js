// The lesson editor over the textarea of a form: the textarea stays what is saved, and is kept in step.
import { Editor } from "@tiptap/core";
import { Dropcursor, Gapcursor, UndoRedo } from "@tiptap/extensions";
import { Slice } from "@tiptap/pm/model";
import { cleaned } from "./pasting.js";
import { read, sources } from "./reading.js";
import { extensions } from "./schema.js";
import { tools } from "./tools.js";
import { keepSpelling, writeLive } from "./writing.js";

for (const area of document.querySelectorAll("textarea[data-editor]")) begin(area);

function begin(area) {
  const parts = document.getElementById(area.dataset.editor).content.cloneNode(true);
  const given = parts.querySelector("[data-words]").dataset, words = JSON.parse(given.words);
  const files = new Map(JSON.parse(given.files).map((file) => [file.name, file]));
  const bar = parts.querySelector("[role=toolbar]"), modes = parts.querySelector(".editor-modes");
  const place = document.createElement("div"), frame = document.createElement("div");
  frame.className = "editor-frame";
  frame.append(bar, place);
  area.before(modes, frame);
  document.body.append(...parts.querySelectorAll("dialog"));

  const label = document.querySelector(`label[for="${area.id}"]`);
  const hint = document.getElementById(`${area.id}-hint`);
  label.id ||= `${area.id}-label`;
  const editor = new Editor({
    element: place,
    extensions: [...extensions, UndoRedo, Dropcursor, Gapcursor],
    injectCSS: false,
    textDirection: area.dir || "auto",
    onBeforeCreate: ({ editor: made }) => Object.assign(made.storage.media, {
      words, files, address: (source) => files.get(source.replace(/^media\//, ""))?.url ?? null,
    }),
    editorProps: {
      attributes: {
        role: "textbox", "aria-multiline": "true", "aria-labelledby": label.id, class: "prose", lang: area.lang, spellcheck: "true",
      },
      transformPastedHTML: cleaned,
      // Plain text is read as Markdown, which it often is.
      clipboardTextParser: (text, _context, plain, view) => {
        if (plain) return null;
        const content = view.state.schema.nodeFromJSON(read(text.replace(/\r\n?/g, "\n"))).content;
        return content.childCount === 1 ? Slice.maxOpen(content) : new Slice(content, 0, 0);
      },
      handleClick: ticked,
    },
    onUpdate: ({ editor: { state } }) => {
      area.value = writeLive(state.doc);
      area.dispatchEvent(new Event("input", { bubbles: true }));
    },
  });
  tools(editor, bar, area);

  const load = () => {
    const text = area.value.replace(/\r\n?/g, "\n"), doc = read(text);
    editor.commands.setContent(doc, { emitUpdate: false });
    editor.state.doc.forEach((block, _at, place) => {
      if (sources.has(doc.content[place])) keepSpelling(block, sources.get(doc.content[place]));
    });
  };
  const show = (mode) => {
    if (mode === "text") load();
    frame.hidden = mode !== "text";
    area.hidden = mode === "text";
    // How Markdown is written helps those only who write it.
    if (hint?.textContent.includes("##")) hint.hidden = mode === "text";
    for (const button of modes.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === mode));
  };
  for (const button of modes.querySelectorAll("button")) button.addEventListener("click", () => { show(button.value); (button.value === "text" ? editor.commands : area).focus(); });
  label.addEventListener("click", () => { if (area.hidden) editor.commands.focus(); });
  area.form.addEventListener("restored", () => { if (area.hidden) load(); });
  // A link to the field, as an error has, leads to where it is written.
  addEventListener("hashchange", () => { if (area.hidden && location.hash === `#${area.id}`) editor.commands.focus(); });
  show("text");
}

// A press on a task's box ticks it; the box stands before the words.
function ticked(view, _at, event) {
  const item = event.target.closest?.("li[data-checked]");
  if (!item || event.target !== item) return false;
  const at = view.posAtDOM(item, 0) - 1, node = view.state.doc.nodeAt(at);
  if (node?.type.name !== "listItem") return false;
  view.dispatch(view.state.tr.setNodeMarkup(at, null, { ...node.attrs, checked: !node.attrs.checked }));
  return true;
}
