/** `1 session`, `2 sessions`; `1 entry`, `2 entries`. */
export function counted(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}

/**
 * A word as a shell takes it back, for commands that are shown to be copied: `alice`, `'alice smith'`. Names and paths
 * are chosen by others: whoever copies the command must not run what is in them. (zsh reads `=ls` as a path.)
 */
export function shellWord(word: string): string {
  return /^[\w@%+:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * A text without the characters at its end that are among those given. A pattern like `/=+$/` asks at every `=` of a
 * text whether it ends there: a long run of them in the middle, in a token that someone else wrote, takes it hours.
 *
 * @param characters each of them one UTF-16 unit
 */
export function withoutEnding(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}
