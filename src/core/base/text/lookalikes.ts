import { escapeCodeUnits } from "./unsafe-characters.ts";

/**
 * Characters of other scripts that most fonts draw like a character of ASCII, by what they look like (after the
 * "confusables" of Unicode Technical Standard 39): Cyrillic, Greek, Armenian, and marks. What Unicode itself calls a
 * form of a letter (full width, mathematical, ligatures) is found by its normalisation.
 */
const LOOKALIKES: Readonly<Record<string, string>> = {
  a: "аαɑ",
  b: "Ьƅ",
  c: "сϲ",
  d: "ԁ",
  e: "еҽ",
  f: "ք",
  g: "ɡց",
  h: "һհ",
  i: "іιıɩ",
  j: "јϳ",
  k: "κк",
  l: "ӏ",
  m: "м",
  n: "ոп",
  o: "оοօ",
  p: "рρ",
  q: "ԛզ",
  r: "г",
  s: "ѕ",
  t: "т",
  u: "սυ",
  v: "ѵν",
  w: "ԝա",
  x: "хχ",
  y: "уүγ",
  z: "ᴢ",
  A: "АΑ",
  B: "ВΒ",
  C: "СϹ",
  E: "ЕΕ",
  F: "Ϝ",
  G: "Ԍ",
  H: "НΗ",
  I: "ІΙӀ",
  J: "ЈͿ",
  K: "КΚ",
  M: "МΜ",
  N: "Ν",
  O: "ОΟՕ",
  P: "РΡ",
  S: "ЅՏ",
  T: "ТΤ",
  U: "Ս",
  V: "Ѵ",
  X: "ХΧ",
  Y: "ҮΥ",
  Z: "Ζ",
  "/": "∕⁄",
  "-": "‐‑‒–—−",
  ".": "٠",
  ":": "꞉ː։׃",
};

const PLAIN: ReadonlyMap<string, string> = new Map(
  Object.entries(LOOKALIKES).flatMap(([plain, others]) =>
    [...others].map((other) => [other, plain] as const),
  ),
);

/** A text with every character replaced by the ASCII one it looks like. For comparison only. */
export function skeleton(text: string): string {
  return [...text.normalize("NFKC")].map((character) => PLAIN.get(character) ?? character).join("");
}

/** Whether two different texts look the same to a reader. */
export function looksLike(first: string, second: string): boolean {
  return first !== second && skeleton(first) === skeleton(second);
}

/** A text with everything beyond ASCII as `\uXXXX` escapes, to show how look-alikes differ. */
export function withVisibleCharacters(text: string): string {
  return text.replace(/[^\0-\x7f]+/g, escapeCodeUnits);
}

/** Up to three look-alike characters of a text that `other` does not have: `U+0430 for "a"`. */
export function lookalikeCharacters(text: string, other: string): readonly string[] {
  const found = [...new Set(text.normalize("NFC"))].flatMap((character) => {
    const plain = skeleton(character);
    const code = character.codePointAt(0) ?? 0;
    return plain === character || other.includes(character)
      ? []
      : [`U+${code.toString(16).toUpperCase().padStart(4, "0")} for "${plain}"`];
  });
  return found.slice(0, 3);
}
