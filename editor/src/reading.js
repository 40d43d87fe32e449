// Markdown to the editor's document. What the editor cannot write back unchanged is a raw block, kept verbatim.
import { CALLOUT, CAPTIONS, FILM, TASK, markdown } from "./dialect.js";
import { write } from "./writing.js";

const node = (type, content, attrs) => ({
  type, ...(attrs && { attrs }), ...(content?.length && { content }),
});
const MARKS = { strong: "bold", em: "italic", s: "strike" };

class Unknown extends Error {}

// The words of a paragraph; `marks` are kept in one order, so that equal words are equal documents.
function inline(children) {
  const found = [], open = [];
  const add = (text, marks) => {
    const last = found.at(-1);
    if (last?.type === "text" && JSON.stringify(last.marks ?? []) === JSON.stringify(marks)) last.text += text;
    else if (text) found.push({ type: "text", text, ...(marks.length && { marks }) });
  };
  const marks = (...more) => [...open, ...more].sort((a, b) => ORDER.indexOf(a.type) - ORDER.indexOf(b.type))
    .filter((mark, at, all) => all.findIndex((other) => other.type === mark.type) === at);
  for (const token of children) {
    const [, tag, turn] = token.type.match(/^(\w+?)_(open|close)$/) ?? [];
    if (token.type === "text") add(token.content, marks());
    // Of blanks alone the two parsers keep different numbers.
    else if (token.type === "code_inline" && !token.content.trim()) throw new Unknown(token.type);
    else if (token.type === "code_inline") add(token.content, marks({ type: "code" }));
    else if (token.type === "softbreak") found.push(withMarks({ type: "softBreak" }, marks()));
    else if (token.type === "hardbreak") found.push(withMarks({ type: "hardBreak" }, marks()));
    else if (token.type === "image") found.push(withMarks(node("picture", null, pictured(token)), marks()));
    else if (turn === "close") open.pop();
    else if (tag === "link") open.push({ type: "link", attrs: { href: token.attrGet("href"), title: token.attrGet("title") } });
    else if (MARKS[tag]) open.push({ type: MARKS[tag] });
    else throw new Unknown(token.type);
  }
  return found;
}
export const ORDER = ["link", "bold", "italic", "strike", "code"];
const withMarks = (made, marks) => (marks.length ? { ...made, marks } : made);
const pictured = (token) => ({ src: token.attrGet("src"), alt: token.content, title: token.attrGet("title"), captions: [] });

// One picture, sound or film that stands alone; links to captions right after a film belong to it.
function media(children) {
  const [first, ...rest] = children.filter((token) => token.type !== "text" || token.content.trim());
  if (first?.type !== "image") return null;
  const captions = [];
  for (let at = 0; at < rest.length; at += 3) {
    const [opening, label, closing] = rest.slice(at, at + 3);
    const href = opening.type === "link_open" && opening.attrGet("href");
    if (!href || !CAPTIONS.test(href) || label?.type !== "text" || closing?.type !== "link_close") return null;
    captions.push({ src: href, label: label.content });
  }
  if (captions.length && !FILM.test(first.attrGet("src"))) return null;
  return node("media", null, { ...pictured(first), captions });
}

// Blocks until the token that closes them.
function blocks(tokens, until) {
  const found = [];
  while (tokens.length && tokens[0].type !== until) found.push(...block(tokens));
  tokens.shift();
  return found;
}

function block(tokens) {
  const token = tokens.shift();
  switch (token.type) {
    case "paragraph_open": {
      const { children } = tokens.shift();
      tokens.shift();
      return [media(children) ?? node("paragraph", inline(children))];
    }
    case "heading_open": {
      const { children } = tokens.shift();
      tokens.shift();
      return [node("heading", inline(children), { level: Number(token.tag[1]) })];
    }
    case "hr": return [node("horizontalRule")];
    case "fence": case "code_block": {
      const text = token.content.replace(/\n$/, "");
      return [node("codeBlock", text ? [{ type: "text", text }] : [], { language: token.info.trim() || null })];
    }
    case "bullet_list_open": return [node("bulletList", blocks(tokens, "bullet_list_close"))];
    case "ordered_list_open": {
      const start = Number(token.attrGet("start") ?? 1);
      return [node("orderedList", blocks(tokens, "ordered_list_close"), { start })];
    }
    case "list_item_open": return [item(tokens)];
    case "blockquote_open": return [quotation(tokens)];
    case "table_open": return [table(tokens)];
    default: throw new Unknown(token.type);
  }
}

function item(tokens) {
  let checked = null;
  const task = tokens[0]?.type === "paragraph_open" && tokens[1].children[0]?.type === "text" && tokens[1].children[0].content.match(TASK);
  if (task) {
    checked = task[1] !== " ";
    tokens[1].children[0].content = tokens[1].children[0].content.slice(task[0].length);
  }
  const content = blocks(tokens, "list_item_close");
  if (content[0]?.type !== "paragraph" && content[0]?.type !== "media") content.unshift(node("paragraph"));
  return node("listItem", content, { checked });
}

function quotation(tokens) {
  const callout = tokens[0]?.type === "paragraph_open" && tokens[1].content.match(CALLOUT);
  if (!callout) {
    const content = blocks(tokens, "blockquote_close");
    return node("blockquote", content.length ? content : [node("paragraph")]);
  }
  const rest = tokens[1].content.slice(callout[0].length);
  if (rest) tokens[1].children = markdown.parseInline(rest, {})[0].children;
  else tokens.splice(0, 3);
  const content = blocks(tokens, "blockquote_close");
  return node("callout", content.length ? content : [node("paragraph")], { kind: callout[1].toLowerCase(), title: callout[2].trim() });
}

function table(tokens) {
  const rows = [];
  for (let token = tokens.shift(); token.type !== "table_close"; token = tokens.shift()) {
    if (token.type === "tr_open") rows.push(node("tableRow", []));
    if (token.type !== "th_open" && token.type !== "td_open") continue;
    const align = (token.attrGet("style") ?? "").replace("text-align:", "") || null;
    const words = node("paragraph", inline(tokens.shift().children));
    (rows.at(-1).content ??= []).push(node(token.type === "th_open" ? "tableHeader" : "tableCell", [words], { align }));
  }
  return node("table", rows);
}

const raw = (text) => node("raw", null, { markdown: text });

// What each block of a document that was read is in its source.
export const sources = new WeakMap();

// The document of a text.
export function read(text) {
  const lines = text.split("\n"), found = [];
  const environment = {};
  const tokens = markdown.parse(text, environment);
  // Footings that links refer to have no tokens: such a text is shown as one raw block.
  if (Object.keys(environment.references ?? {}).length) return node("doc", [raw(text.replace(/\n+$/, ""))]);
  for (let at = 0; at < tokens.length;) {
    let end = at + 1;
    if (tokens[at].nesting === 1) while (!(tokens[end].level === tokens[at].level && tokens[end].nesting === -1)) end += 1;
    const group = tokens.slice(at, tokens[at].nesting === 1 ? end + 1 : end);
    const source = lines.slice(...group[0].map).join("\n").replace(/\n+$/, "");
    const made = whole(group, source);
    sources.set(made[0], source);
    found.push(...made);
    at += group.length;
  }
  const doc = node("doc", found.length ? found : [node("paragraph")]);
  // Blocks that were right each by itself may still grow together, as two lists do.
  return same(write(doc), text) ? doc : node("doc", [raw(text.replace(/\n+$/, ""))]);
}

function whole(tokens, source) {
  try {
    const made = block([...tokens]);
    return same(write(node("doc", made)), source) ? made : [raw(source)];
  } catch (problem) {
    if (!(problem instanceof Unknown)) throw problem;
    return [raw(source)];
  }
}

// Whether two texts are read alike by who renders them: the same tokens, however they were spelled.
export function same(one, other) {
  return JSON.stringify(essence(one)) === JSON.stringify(essence(other));
}

function essence(text) {
  let first = null;
  return markdown.parse(text, {}).map((token) => {
    const opening = first;
    first = token.type === "blockquote_open" || (first && token.type === "paragraph_open") ? token.type : null;
    const callout = token.type === "inline" && opening === "paragraph_open" && token.content.match(CALLOUT);
    const children = callout
      ? [callout[1], callout[2].trim(), ...(markdown.parseInline(token.content.slice(callout[0].length), {})[0].children ?? []).flatMap(bare)]
      : token.children?.flatMap(bare);
    const type = token.type === "code_block" ? "fence" : token.type;
    return [type, token.tag && type !== "fence" ? token.tag : "", token.attrs ?? [], token.hidden, type === "fence" ? token.info.trim() : "", children ?? (type === "fence" ? token.content : "")];
  });
}

const bare = (token) => [[token.type, token.attrs ?? [], token.content, token.type === "image" ? token.content : ""]];
