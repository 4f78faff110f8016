/** A number with its noun: `1 session`, `2 sessions`; `1 entry`, `2 entries`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/**
 * Quotes a word for a shell when it needs quotes: `alice`, `'alice smith'`. For names and paths in commands that users
 * copy. (`=ls` needs quotes because zsh expands it.)
 */
export function shellWord(word: string): string {
  return /^[\w@%+:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * Removes these characters from the end of a text. A pattern like `/=+$/` takes quadratic time on a long run of them in
 * the middle of a hostile text.
 *
 * @param characters each of them one UTF-16 unit
 */
export function withoutEnding(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
