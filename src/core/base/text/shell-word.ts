/**
 * A word as a shell takes it back, for commands that are shown to be copied: `alice`, `'alice smith'`. Names and paths
 * are chosen by others: whoever copies the command must not run what is in them. (zsh reads `=ls` as a path.)
 */
export function shellWord(word: string): string {
  return /^[\w@%+:,./][\w@%+=:,./-]*$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
