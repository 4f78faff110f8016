import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Declarations, readDeclarations } from "./shape.ts";

const TEXT = readFileSync(resolve(import.meta.dirname, "../../../docs/json.md"), "utf8");

/**
 * The sections of docs/json.md by their headings, "" being the beginning: each with the types that it declares, or
 * refers to as declared elsewhere.
 */
export const SECTIONS: ReadonlyMap<string, readonly string[]> = new Map(
  TEXT.split(/^## /m).map((section, index) => {
    const [title = "", ...rest] = section.split("\n");
    const text = rest.join("\n");
    const named = [...text.matchAll(/`([A-Z]\w*)`/g)].map((match) => match[1] ?? "");
    return [index === 0 ? "" : title.trim(), [...readDeclarations(typesIn(text)).keys(), ...named]];
  }),
);

/** Every type of the page. */
export const DECLARATIONS: Declarations = readDeclarations(typesIn(TEXT));

function typesIn(markdown: string): string {
  return [...markdown.matchAll(/^```ts\n(.*?)^```/gms)].map((match) => match[1]).join("");
}
