import { JsonObject, type JsonValue } from "./value.ts";

/** How many repeated names are listed at most. */
export const MAX_DUPLICATES = 100;

/**
 * Finds members whose name occurred before in their object: JSON Pointers (RFC 6901), each once, in the order of the
 * text; at most {@link MAX_DUPLICATES}.
 */
export function duplicatesIn(document: JsonValue): readonly string[] {
  const found: string[] = [];
  search(document, "", false, found);
  return found;
}

/**
 * @param path built by concatenation, so that pointers share a long name in memory
 * @param again whether the path occurred before
 */
function search(value: JsonValue, path: string, again: boolean, found: string[]): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) search(item, `${path}/${index}`, again, found);
  }
  if (!(value instanceof JsonObject)) return;
  /** How often each name has occurred so far. */
  const names = new Map<string, number>();
  for (const [name, member] of value.members) {
    if (found.length >= MAX_DUPLICATES) return;
    const before = names.get(name) ?? 0;
    names.set(name, before + 1);
    if (before !== 1 && typeof member !== "object") continue;
    const where = `${path}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`;
    if (before === 1 && !(again && found.includes(where))) found.push(where);
    search(member, where, again || before > 0, found);
  }
}
