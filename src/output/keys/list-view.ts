import type { SigningKey } from "../../core/authority/keys/signing-key.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import { relativeText } from "../time-text.ts";
import { keyJson, stateInWords, stateText } from "./key-text.ts";

export function keyListJson(keys: readonly SigningKey[]) {
  return keys.map(keyJson);
}

/**
 * @param next the kid of the standby that signs next
 * @param now ms
 */
export function keyListText(
  keys: readonly SigningKey[],
  next: string | undefined,
  now: number,
  style: Style,
): string {
  return table(
    keys,
    [
      { title: "KID", cell: (key) => safe(key.kid), paint: (text) => style.strong(text), shrinks: true },
      { title: "ALG", cell: (key) => key.alg },
      { title: "STATE", cell: (key) => key.state, paint: stateText },
      { title: "CREATED", cell: (key) => relativeText(key.createdAt, now), dispensable: 1 },
      {
        title: "STANDING",
        cell: (key) => stateInWords(key, key.kid === next, now),
        paint: (text) => style.dim(text),
        shrinks: true,
      },
    ],
    style,
  );
}
