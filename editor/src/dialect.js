// The Markdown of lms/core/markup.py, parsed as the server parses it. What changes here changes there.
import MarkdownIt from "markdown-it";

export const CALLOUT = /^\[!([A-Z]+)\][ \t]*([^\n]*)\n?/;
export const TASK = /^\[([ xX])\] (?=\S)/;
export const FILM = /\.(mp4|webm)$/i;
export const SOUND = /\.(mp3|ogg|opus|m4a)$/i;
export const CAPTIONS = /^media\/.*\.vtt$/i;
const SAFE_LINK = /^(https?:\/\/|mailto:|media\/|#)/i;

export const safe = (address) => SAFE_LINK.test(address ?? "");

export const markdown = new MarkdownIt("commonmark", { html: false }).enable(["table", "strikethrough"]);
markdown.validateLink = safe;
