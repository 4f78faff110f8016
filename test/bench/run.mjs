// npm run bench [-- SECTION …]: what is promised about speed, measured. Nothing is asserted: a table tells what was
// measured beside what is promised, and docs/performance.md holds such tables from quiet machines.
import { availableParallelism, cpus, loadavg } from "node:os";
import { bulk } from "./bulk.mjs";
import { memory } from "./memory.mjs";
import { prune } from "./prune.mjs";
import { startUp } from "./start-up.mjs";
import { store } from "./store.mjs";

const SECTIONS = { "start-up": startUp, bulk, memory, store, prune };

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in SECTIONS));
if (unknown.length > 0) {
  console.error(`no section ${unknown.join(", ")}; there are: ${Object.keys(SECTIONS).join(", ")}`);
  process.exitCode = 2;
} else {
  const load = () => loadavg()[0].toFixed(1);
  console.log(
    `Node ${process.version}, ${cpus()[0].model}, ${availableParallelism()} processors, load ${load()}`,
  );
  for (const name of chosen.length > 0 ? chosen : Object.keys(SECTIONS)) {
    console.log(`\n## ${name}\n`);
    const { title = [], rows, notes = [] } = await SECTIONS[name]();
    print(["", ...title], rows);
    for (const note of notes) console.log(`\n${note}`);
  }
  console.log(`\nload at the end ${load()}`);
}

/** A table in Markdown, its columns aligned. */
function print(title, rows) {
  const all = [title, ...rows];
  const widths = title.map((_, column) => Math.max(3, ...all.map((row) => String(row[column]).length)));
  const line = (row) =>
    `| ${row.map((cell, column) => (column === 0 ? String(cell).padEnd(widths[column]) : String(cell).padStart(widths[column]))).join(" | ")} |`;
  console.log(line(title));
  console.log(
    `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`,
  );
  for (const row of rows) console.log(line(row));
}
