/** The shell a command is typed into. Commands are written for a POSIX shell in this program, and shown for the one in use. */
export type Shell = "posix" | "powershell" | "cmd";

/** A word in single quotes, as POSIX shells have it: `'it'\''s'`. An apostrophe inside a word is none. */
const QUOTED = /(?<![\w'])'((?:[^'\n]|'\\'')*)'(?![\w'])/g;
/** A variable that is a whole word. */
const VARIABLE = /"\$([A-Za-z_]\w*)"/g;
const EXPORT = /\bexport ([A-Za-z_]\w*)=/g;

/**
 * Rewrites the quotes and variables of the commands in a sentence for a shell. In cmd.exe only double quotes quote;
 * Windows PowerShell takes double quotes out of what it hands to a program, unless a backslash is before them.
 */
export function inShell(sentence: string, shell: Shell): string {
  if (shell === "posix") return sentence;
  const isCmd = shell === "cmd";
  return sentence
    .replace(QUOTED, (_, inside: string) => quote(inside.replaceAll("'\\''", "'"), shell))
    .replace(VARIABLE, (_, name: string) => (isCmd ? `"%${name}%"` : `"$env:${name}"`))
    .replace(EXPORT, (_, name: string) => (isCmd ? `set ${name}=` : `$env:${name} = `));
}

function quote(text: string, shell: "powershell" | "cmd"): string {
  const escaped = text.replaceAll('"', '\\"');
  return shell === "cmd" ? `"${escaped}"` : `'${escaped.replaceAll("'", "''")}'`;
}
