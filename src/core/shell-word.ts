/** A word as a shell takes it back, for commands that are shown to be copied: `alice`, `'alice smith'`. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
