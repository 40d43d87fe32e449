// The editor's document to Markdown: one spelling for each thing, escaped only where it must be.
import { markdown } from "./dialect.js";

// What stood in the source for a block that nobody has changed yet, and what was written of the others.
const spelled = new WeakMap(), written = new WeakMap();

export function write(doc) {
  const text = writeBlocks(doc.content ?? []);
  return text ? `${text}\n` : "";
}

// The same for the document of a running editor: what is untouched keeps the spelling of its source.
export function writeLive(doc) {
  const texts = [];
  let before = null;
  doc.forEach((block) => {
    if (!written.has(block)) written.set(block, block.toJSON());
    const made = written.get(block), again = isAgain(before, made);
    const text = again ? writeBlock(made, true) : spelled.get(block) ?? writeBlock(made, false);
    if (text !== null) texts.push(text);
    before = again ? null : made;
  });
  return texts.length ? `${texts.join("\n\n")}\n` : "";
}

export function keepSpelling(block, source) {
  spelled.set(block, source);
}

// Two lists of one kind in a row would become one: the second gets the other sign.
const isAgain = (before, block) => before?.type === block.type && /List$/.test(block.type);

function writeBlocks(blocks, tight = false) {
  const texts = [];
  let before = null;
  for (const block of blocks) {
    const again = isAgain(before, block), text = writeBlock(block, again);
    if (text !== null) texts.push(text);
    before = again ? null : block;
  }
  return texts.join(tight ? "\n" : "\n\n");
}

const writeBlock = (block, flip) => KINDS[block.type](block, flip);

const KINDS = {
  paragraph: (block) => words(block.content, (text) => text) || null,
  heading: (block) => {
    const signs = "#".repeat(block.attrs.level);
    return `${signs} ${words(flat(block.content), (text) => `${signs} ${text}`)}`.trimEnd();
  },
  horizontalRule: () => "---",
  codeBlock: (block) => {
    const text = block.content?.map((each) => each.text).join("") ?? "";
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
    return `${fence}${block.attrs?.language ?? ""}\n${text}${text ? "\n" : ""}${fence}`;
  },
  blockquote: (block) => quoted(writeBlocks(block.content ?? [])),
  callout: (block) => {
    const { kind, title } = block.attrs;
    const head = `[!${kind.toUpperCase()}]${title ? ` ${title.replace(/[ \t\n]+/g, " ").trim()}` : ""}`;
    const body = writeBlocks(block.content ?? []);
    // Only a paragraph may go on right under the title; anything else would be read as part of its line.
    const gap = block.content?.[0]?.type === "paragraph" ? "\n" : "\n\n";
    return quoted(body ? `${head}${gap}${body}` : head);
  },
  bulletList: (block, flip) => list(block, () => (flip ? "* " : "- ")),
  orderedList: (block, flip) => {
    const start = block.attrs?.start ?? 1;
    return list(block, (at) => `${start + at}${flip ? ")" : "."} `);
  },
  media: (block) => [picture(block.attrs), ...(block.attrs.captions ?? []).map(({ src, label }) => `[${escaped(label)}](${destination(src)})`)].join(" "),
  table,
  raw: (block) => block.attrs.markdown,
};

function quoted(text) {
  return text.split("\n").map((line) => (line ? `> ${line}` : ">")).join("\n");
}

function list(block, sign) {
  // Tight where every item is one paragraph, perhaps with a list below it.
  const tight = !block.attrs?.loose && block.content.every(({ content = [] }) =>
    content.every((each, at) => (at ? /List$/.test(each.type) : each.type === "paragraph")) && content.length <= 2);
  const items = block.content.map((item, at) => {
    const mark = sign(at), box = { true: "[x] ", false: "[ ] " }[item.attrs?.checked] ?? "";
    const body = writeBlocks(item.content ?? [], tight);
    const indent = " ".repeat(mark.length);
    return `${mark}${box}${body.split("\n").map((line, row) => (row && line ? indent + line : line)).join("\n")}`.trimEnd();
  });
  return items.join(tight ? "\n" : "\n\n");
}

function table(block) {
  const rows = block.content.map((row) => (row.content ?? []).flatMap((cell) =>
    [cell, ...Array((cell.attrs?.colspan ?? 1) - 1).fill({ content: [] })]));
  const width = Math.max(...rows.map((row) => row.length));
  const line = (row) => `| ${Array.from({ length: width }, (_, at) => cell(row[at])).join(" | ")} |`;
  const signs = { left: ":--", center: ":-:", right: "--:" };
  const under = Array.from({ length: width }, (_, at) => signs[rows[0][at]?.attrs?.align] ?? "---");
  return [line(rows[0]), `| ${under.join(" | ")} |`, ...rows.slice(1).map(line)].join("\n").replace(/ {2,}(?=\|)/g, " ");
}

const cell = (made) => (made?.content ?? []).map((block) => words(flat(block.content), (text) => text, true)).filter(Boolean).join(" ").trim();
// Headings and cells are one line.
const flat = (content = []) => content.map((each) => (/Break$/.test(each.type) ? { type: "text", text: " ", marks: each.marks } : each));

const destination = (address) => (/[\s()<>]/.test(address) || !address ? `<${address.replace(/[<>\n]/g, encodeURIComponent)}>` : address);
const titled = (title) => (title ? ` "${title.replace(/["\\&]/g, "\\$&").replace(/[ \t\n]+/g, " ")}"` : "");
const picture = ({ src, alt, title }) => `![${escaped(alt ?? "")}](${destination(src)}${titled(title)})`;
const escaped = (text) => text.replace(/[\\`*_[\]<&]/g, "\\$&").replace(/~~/g, "\\~~").replace(/[ \t]*\n[ \t]*/g, " ");

// Words, with as few signs escaped as give back the same words; `around` puts them where they will stand.
function words(content, around, inCell = false) {
  const parts = tidy(content ?? []);
  const plain = render(parts, (text) => text);
  const finish = (text) => (inCell ? text.replace(/\|/g, "\\|") : text);
  if (readsBack(around(plain), parts)) return finish(plain);
  return finish(render(parts, escaped).replace(/^( *)([-+#=>]|~~~|\d+(?=[.)](\s|$)))/gm, (_, gap, sign) =>
    (/\d/.test(sign) ? `${gap}${sign}` : `${gap}\\${sign}`)).replace(/^( *\d+)([.)])(?=\s|$)/gm, "$1\\$2"));
}

function readsBack(text, parts) {
  const tokens = markdown.parse(text, {});
  return tokens.length === 3 && /^(paragraph|heading)_open$/.test(tokens[0].type)
    && shape(tokens[1].children) === parts.map(({ type, text: said, marks = [], attrs }) =>
      `${type}:${said ?? JSON.stringify([attrs?.src, attrs?.alt])}:${marks.map((mark) => mark.type).join()}`).join("\u0000");
}

function shape(children) {
  const open = [], found = [];
  const names = { strong: "bold", em: "italic", s: "strike", link: "link" };
  const add = (type, said, ...more) => {
    const marks = ["link", "bold", "italic", "strike", "code"].filter((mark) => [...open, ...more].includes(mark)).join();
    const last = found.at(-1);
    if (type === "text" && last?.type === "text" && last.marks === marks) last.said += said;
    else if (type !== "text" || said) found.push({ type, said, marks });
  };
  for (const token of children) {
    const [, tag, turn] = token.type.match(/^(\w+?)_(open|close)$/) ?? [];
    if (turn === "open") open.push(names[tag]);
    else if (turn === "close") open.pop();
    else if (token.type === "text") add("text", token.content);
    else if (token.type === "code_inline") add("text", token.content, "code");
    else if (token.type === "softbreak") add("softBreak", JSON.stringify([null, null]));
    else if (token.type === "hardbreak") add("hardBreak", JSON.stringify([null, null]));
    else if (token.type === "image") add("picture", JSON.stringify([token.attrGet("src"), token.content]));
    else add(token.type, token.content);
  }
  return found.map(({ type, said, marks }) => `${type}:${said}:${marks}`).join("\u0000");
}

const SIGNS = { bold: "**", italic: "*", strike: "~~" };
const ORDER = ["link", "bold", "italic", "strike", "code"];
const LETTER = /[\p{L}\p{N}]/u;

// Marks off blanks at their edges and, where Markdown could not close them there, off signs beside a letter.
function tidy(content) {
  const parts = content.map((each) => ({ ...each, marks: ORDER.map((name) => each.marks?.find((mark) => mark.type === name)).filter(Boolean) }));
  const pieces = parts.flatMap((part) => (part.type === "text" && part.marks.some((mark) => SIGNS[mark.type]) && !part.marks.some((mark) => mark.type === "code")
    ? [...part.text].map((text) => ({ ...part, text })) : [part]));
  for (const name of Object.keys(SIGNS)) {
    const has = (piece) => piece?.marks.some((mark) => mark.type === name);
    const strip = (piece) => { piece.marks = piece.marks.filter((mark) => mark.type !== name); };
    for (let begin = 0; begin < pieces.length; begin += 1) {
      if (!has(pieces[begin]) || has(pieces[begin - 1])) continue;
      let end = begin;
      while (has(pieces[end + 1])) end += 1;
      const blank = (piece) => /Break$/.test(piece.type) || (piece.type === "text" && !piece.text.trim());
      const loose = (piece, outside) => blank(piece)
        || (piece.type === "text" && !LETTER.test(piece.text.at(-1)) && outside?.type === "text" && LETTER.test(outside.text.at(-1)) && LETTER.test(outside.text[0]));
      while (begin <= end && loose(pieces[end], pieces[end + 1])) strip(pieces[end--]);
      while (begin <= end && loose(pieces[begin], pieces[begin - 1])) strip(pieces[begin++]);
      begin = Math.max(begin, end);
    }
  }
  const found = [];
  for (const piece of pieces) {
    const last = found.at(-1);
    if (last?.type === "text" && piece.type === "text" && JSON.stringify(last.marks) === JSON.stringify(piece.marks)) last.text += piece.text;
    else found.push({ ...piece });
  }
  // A paragraph neither begins nor ends with blanks or breaks.
  while (found.length && (/Break$/.test(found.at(-1).type))) found.pop();
  while (found.length && (/Break$/.test(found[0].type))) found.shift();
  if (found.at(-1)?.type === "text") found.at(-1).text = found.at(-1).text.trimEnd();
  if (found[0]?.type === "text") found[0].text = found[0].text.trimStart();
  return found.filter((each) => each.type !== "text" || each.text);
}

function render(parts, escape) {
  let text = "";
  const open = [];
  const close = () => {
    const mark = open.pop();
    text += mark.type === "link" ? `](${destination(mark.attrs.href ?? "")}${titled(mark.attrs.title)})` : SIGNS[mark.type];
  };
  const key = (mark) => JSON.stringify([mark.type, mark.attrs ?? null]);
  parts.forEach((part, at) => {
    const wanted = part.marks.filter((mark) => mark.type !== "code");
    while (open.some((mark) => !wanted.some((other) => key(other) === key(mark)))) close();
    // What lasts longest opens first, so that marks nest.
    const lasts = (mark) => { let to = at; while (parts[to + 1]?.marks.some((other) => key(other) === key(mark))) to += 1; return to; };
    for (const mark of wanted.filter((each) => !open.some((other) => key(other) === key(each))).sort((a, b) => lasts(b) - lasts(a))) {
      open.push(mark);
      text += mark.type === "link" ? "[" : SIGNS[mark.type];
    }
    if (part.type === "softBreak") text += "\n";
    else if (part.type === "hardBreak") text += "\\\n";
    else if (part.type === "picture") text += picture(part.attrs);
    else if (part.marks.some((mark) => mark.type === "code")) text += coded(part.text);
    else text += escape(part.text);
  });
  while (open.length) close();
  return text;
}

function coded(text) {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  let fence = "`";
  while (runs.includes(fence.length)) fence += "`";
  const gap = /^`|`$|^ (?=.*[^ ]).* $/.test(text) ? " " : "";
  return fence + gap + text + gap + fence;
}
