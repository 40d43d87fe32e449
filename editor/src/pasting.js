// What comes from Word, Google Docs or a page: its structure stays, what it looked like goes.

const GONE = "style, script, meta, link, title, xml, svg, iframe, object, embed, form, input, button, o\\:p, .MsoCommentReference, .MsoCommentText, [data-style*='mso-element:comment'], [data-style*='mso-list:Ignore'], a[href^='#_msocom']";
const BLOCKS = "p, div, li, h1, h2, h3, h4, h5, h6";

export function cleaned(html) {
  // The editor's own words come back as they went.
  if (html.includes("data-pm-slice")) return html;
  const quiet = html
    .replace(/<!--[\s\S]*?-->|<!\[(if|endif)[^>]*\]>|<(style|script|xml)\b[\s\S]*?<\/\2>/gi, "")
    // Under another name a style is something to read, and not something that the content policy has to forbid.
    .replace(/<[^>]*>/g, (tag) => tag.replace(/\sstyle=/gi, " data-style=").replace(/\son\w+=/gi, " data-gone="));
  const { body } = new DOMParser().parseFromString(quiet, "text/html");
  lists(body);
  for (const each of body.querySelectorAll(GONE)) each.remove();
  for (const image of body.querySelectorAll("img")) image.remove();
  for (const link of body.querySelectorAll("a")) {
    if (!/^(https?:|mailto:)/i.test(link.getAttribute("href") ?? "")) link.replaceWith(...link.childNodes);
  }
  // Google Docs wraps all in a <b> that is not bold.
  for (const wrap of body.querySelectorAll("b[data-style]")) if (/(^|;)\s*font-weight:\s*(normal|400)/i.test(wrap.dataset.style)) wrap.replaceWith(...wrap.childNodes);
  for (const title of body.querySelectorAll("p.MsoTitle")) renamed(title, "h2");
  for (const title of body.querySelectorAll("h1")) renamed(title, "h2");
  for (const table of body.querySelectorAll("table")) oneLine(table);
  for (const each of body.querySelectorAll("*")) plain(each);
  for (const each of body.querySelectorAll("p, h2, h3, h4, h5, h6")) if (!each.textContent.replace(/\u00a0/g, " ").trim() && !each.closest("td, th")) each.remove();
  return body.innerHTML;
}

// What bold, italic and struck words look like in a style becomes a mark; every other attribute goes.
function plain(element) {
  const style = element.getAttribute("data-style") ?? "";
  const marks = element.tagName === "SPAN" && { strong: /font-weight:\s*(bold|[6-9]00)/i, em: /font-style:\s*italic/i, s: /text-decoration[^;]*line-through/i };
  for (const [tag, sign] of Object.entries(marks || {})) {
    if (!sign.test(style)) continue;
    const mark = element.ownerDocument.createElement(tag);
    mark.append(...element.childNodes);
    element.append(mark);
  }
  for (const { name } of [...element.attributes]) if (!["href", "start", "colspan"].includes(name)) element.removeAttribute(name);
}

function renamed(element, tag) {
  const made = element.ownerDocument.createElement(tag);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

// A cell is one line of Markdown, and the first row is the header.
function oneLine(table) {
  for (const cell of table.querySelectorAll("td, th")) {
    for (const block of cell.querySelectorAll(BLOCKS)) block.after(" ");
    for (const block of cell.querySelectorAll(`${BLOCKS}, ul, ol, br`)) block.tagName === "BR" ? block.replaceWith(" ") : block.replaceWith(...block.childNodes);
  }
  for (const [at, row] of [...table.rows].entries()) for (const cell of row.cells) renamed(cell, at ? "td" : "th").colSpan = cell.colSpan;
}

// Word writes a list as paragraphs that say their list and level in a style.
function lists(body) {
  let open = [];
  for (const paragraph of [...body.querySelectorAll("p, h1, h2, h3, h4, h5, h6, table, ul, ol")]) {
    const found = (paragraph.getAttribute("data-style") ?? "").match(/mso-list:\s*l(\d+) level(\d+)/i);
    if (!found || paragraph.tagName !== "P") { open = []; continue; }
    const level = Number(found[2]), sign = paragraph.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']")?.textContent.trim() ?? "";
    const tag = /^[(]?([0-9]+|[a-z]{1,4}|[ivxlcdm]+)[.)]/i.test(sign) ? "ol" : "ul";
    if (open[0] && open[0].number !== found[1] && level === 1) open = [];
    while (open.length > level) open.pop();
    while (open.length < level) {
      const list = body.ownerDocument.createElement(tag), parent = open.at(-1)?.list;
      if (parent) (parent.lastElementChild ?? parent.appendChild(body.ownerDocument.createElement("li"))).append(list);
      else paragraph.before(list);
      open.push({ list, number: found[1] });
    }
    const item = body.ownerDocument.createElement("li"), words = body.ownerDocument.createElement("p");
    words.append(...paragraph.childNodes);
    item.append(words);
    open.at(-1).list.append(item);
    paragraph.remove();
  }
}
