// One file for the pages of the studio, put in place only when it is whole.
import { build } from "esbuild";
import { renameSync } from "node:fs";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../static/built/editor.js", import.meta.url));

await build({
  absWorkingDir: here,
  entryPoints: ["src/main.js"],
  outfile: `${target}.new`,
  bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8", legalComments: "eof", logLevel: "warning",
});
renameSync(`${target}.new`, target);
