// What a lesson may hold: exactly what the Markdown of lms/core/markup.py can say.
import { Mark, Node } from "@tiptap/core";
import { Blockquote } from "@tiptap/extension-blockquote";
import { Bold } from "@tiptap/extension-bold";
import { Code } from "@tiptap/extension-code";
import { CodeBlock } from "@tiptap/extension-code-block";
import { Document } from "@tiptap/extension-document";
import { HardBreak } from "@tiptap/extension-hard-break";
import { Heading } from "@tiptap/extension-heading";
import { HorizontalRule } from "@tiptap/extension-horizontal-rule";
import { Italic } from "@tiptap/extension-italic";
import { BulletList, ListItem, ListKeymap, OrderedList } from "@tiptap/extension-list";
import { Paragraph } from "@tiptap/extension-paragraph";
import { Strike } from "@tiptap/extension-strike";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { Text } from "@tiptap/extension-text";
import { FILM, SOUND, safe } from "./dialect.js";

const Link = Mark.create({
  name: "link",
  priority: 1000,
  inclusive: false,
  addAttributes: () => ({ href: { default: null }, title: { default: null } }),
  parseHTML: () => [{ tag: "a[href]", getAttrs: (element) => safe(element.getAttribute("href")) && null }],
  renderHTML: ({ HTMLAttributes: { href, title } }) => ["a", { href: safe(href) ? href : "#", title, rel: "noopener noreferrer" }, 0],
});

// The end of a line in the text's source, which a reader sees as a blank.
const SoftBreak = Node.create({
  name: "softBreak",
  inline: true, group: "inline", selectable: false,
  parseHTML: () => [{ tag: "span.soft-break" }],
  renderHTML: () => ["span", { class: "soft-break" }, " "],
  renderText: () => " ",
});

const pictured = () => ({
  src: { default: "" }, alt: { default: "" }, title: { default: null }, captions: { default: [] },
});

// How a picture travels when it is cut and pasted inside the editor.
const copied = (tag) => ({
  parseHTML: () => [{ tag: `${tag}[data-media]`, getAttrs: (element) => JSON.parse(element.dataset.media) }],
  renderHTML: ({ node }) => [tag, { "data-media": JSON.stringify(node.attrs) }],
});

// `address` of the storage tells where a file of the course is shown from.
function shown({ node, editor }) {
  const figure = document.createElement(node.isInline ? "span" : "figure");
  const { src, alt, title, captions } = node.attrs;
  const address = editor.storage.media?.address(src);
  const kind = SOUND.test(src) ? "audio" : FILM.test(src) ? "video" : "img";
  const show = document.createElement(address ? kind : "span");
  if (address) show.src = address;
  else show.textContent = src;
  if (kind === "img") show.alt = alt;
  else if (address) Object.assign(show, { controls: true, preload: "none", ariaLabel: alt });
  figure.className = "editor-media";
  figure.append(show);
  const words = [title === "decorative" && !alt ? "" : title || (kind === "img" ? "" : alt), ...captions.map(({ label }) => `CC ${label}`)].filter(Boolean);
  if (words.length && !node.isInline) figure.append(Object.assign(document.createElement("figcaption"), { textContent: words.join(" · ") }));
  return { dom: figure };
}

const Media = Node.create({
  name: "media",
  addStorage: () => ({ words: {}, files: new Map(), address: () => null }),
  group: "block", atom: true, draggable: true,
  addAttributes: pictured,
  ...copied("figure"),
  renderText: ({ node }) => node.attrs.alt,
  addNodeView: () => shown,
});

const Picture = Node.create({
  name: "picture",
  inline: true, group: "inline", atom: true, draggable: true,
  addAttributes: pictured,
  ...copied("span"),
  renderText: ({ node }) => node.attrs.alt,
  addNodeView: () => shown,
});

// Its title is a field inside it, so that it is typed where it is read.
const Callout = Node.create({
  name: "callout",
  group: "block", content: "block+", defining: true,
  addAttributes: () => ({
    kind: { default: "note", parseHTML: (element) => element.dataset.kind },
    title: { default: "", parseHTML: (element) => element.dataset.title ?? "" },
  }),
  parseHTML: () => [{ tag: "div[data-kind]" }],
  renderHTML: ({ HTMLAttributes: { kind, title } }) => ["div", { "data-kind": kind, "data-title": title, class: `callout callout-${kind}` }, 0],
  addNodeView: () => ({ node, editor, getPos }) => {
    const dom = document.createElement("div"), field = document.createElement("input"), contentDOM = document.createElement("div");
    const show = ({ attrs: { kind, title } }) => {
      dom.className = `callout callout-${kind}`;
      if (field.value !== title) field.value = title;
      field.placeholder = editor.storage.media.words[`callout_${kind}`] ?? kind;
      field.setAttribute("aria-label", `${editor.storage.media.words.callout_title}: ${field.placeholder}`);
    };
    field.className = "callout-title";
    field.dir = editor.options.textDirection ?? "auto";
    field.addEventListener("input", () => {
      const at = getPos();
      editor.view.dispatch(editor.state.tr.setNodeMarkup(at, null, { ...editor.state.doc.nodeAt(at).attrs, title: field.value }));
    });
    field.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== "ArrowDown") return;
      event.preventDefault();
      editor.chain().focus(getPos() + 2).run();
    });
    dom.append(field, contentDOM);
    show(node);
    return {
      dom, contentDOM,
      update: (next) => next.type.name === "callout" && (show(next), true),
      stopEvent: (event) => event.target === field,
      ignoreMutation: (change) => !contentDOM.contains(change.target) && change.type !== "selection",
    };
  },
});

// What this editor does not know stands here as it is written, and can be changed as that.
const Raw = Node.create({
  name: "raw",
  group: "block", atom: true,
  addAttributes: () => ({ markdown: { default: "" } }),
  parseHTML: () => [{ tag: "pre[data-raw]", getAttrs: (element) => ({ markdown: element.dataset.raw }) }],
  renderHTML: ({ node }) => ["pre", { "data-raw": node.attrs.markdown }],
  renderText: ({ node }) => node.attrs.markdown,
  addNodeView: () => ({ node, editor, getPos }) => {
    const dom = document.createElement("div"), field = document.createElement("textarea");
    dom.className = "raw";
    field.value = node.attrs.markdown;
    field.rows = node.attrs.markdown.split("\n").length;
    field.dir = "auto";
    field.setAttribute("aria-label", editor.storage.media.words.raw);
    field.addEventListener("input", () => {
      editor.view.dispatch(editor.state.tr.setNodeMarkup(getPos(), null, { markdown: field.value }));
    });
    dom.append(field);
    return {
      dom,
      update: (next) => next.type.name === "raw" && ((field.value !== next.attrs.markdown && (field.value = next.attrs.markdown)), true),
      stopEvent: (event) => event.target === field,
      ignoreMutation: () => true,
    };
  },
});

const Item = ListItem.extend({
  content: "(paragraph | media) block*",
  addAttributes: () => ({
    checked: {
      default: null,
      parseHTML: (element) => ({ true: true, false: false }[element.dataset.checked] ?? null),
      renderHTML: ({ checked }) => (checked === null ? {} : { "data-checked": String(checked), class: "task" }),
    },
  }),
});

const aligned = {
  addAttributes() {
    return {
      ...this.parent?.(),
      align: {
        default: null,
        parseHTML: (element) => element.getAttribute("align"),
        renderHTML: ({ align }) => ({ class: { center: "align-center", right: "align-end" }[align] }),
      },
    };
  },
};

export const extensions = [
  Document, Paragraph, Text, Link, Bold, Italic, Strike, Code.extend({ excludes: "code" }), HardBreak, SoftBreak,
  Heading.configure({ levels: [1, 2, 3, 4, 5, 6] }),
  BulletList, OrderedList, Item, ListKeymap, Blockquote, CodeBlock, HorizontalRule,
  Table.configure({ resizable: false, renderWrapper: false }), TableRow,
  TableHeader.extend({ content: "paragraph", ...aligned }), TableCell.extend({ content: "paragraph", ...aligned }),
  Callout, Media, Picture, Raw,
];
