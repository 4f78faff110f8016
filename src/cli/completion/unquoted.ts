/** A word as bash understands it, out of the text that was typed, which may end inside quotes. Nothing is expanded. */
export function unquoted(typed: string): string {
  let word = "";
  let quote = "";
  for (let index = 0; index < typed.length; index++) {
    const character = typed[index] ?? "";
    const next = typed[index + 1] ?? "";
    if (character === quote) quote = "";
    else if (quote === "" && /["']/.test(character)) quote = character;
    else if (character === "\\" && (quote === "" || (quote === '"' && /["\\$`]/.test(next)))) {
      word += next;
      index++;
    } else word += character;
  }
  return word;
}
