// For the tests: texts in as JSON, and for each how it is written after opening once and twice, with its raw blocks.
import { getSchema } from "@tiptap/core";
import { read, same } from "./src/reading.js";
import { extensions } from "./src/schema.js";
import { write } from "./src/writing.js";

const schema = getSchema(extensions);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);

const told = JSON.parse(Buffer.concat(chunks)).map((text) => {
  const doc = read(text);
  schema.nodeFromJSON(doc).check();
  const first = write(schema.nodeFromJSON(doc).toJSON());
  return { first, second: write(schema.nodeFromJSON(read(first)).toJSON()), raw: doc.content.filter((block) => block.type === "raw").map((block) => block.attrs.markdown), alike: same(text, first) };
});
process.stdout.write(JSON.stringify(told));
