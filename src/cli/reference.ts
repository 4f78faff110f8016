import { ERROR_CODES, ERRORS, type ErrorCode } from "../core/base/errors.ts";
import { CATALOG } from "./catalog.ts";
import { GLOBAL_OPTIONS } from "./global-options.ts";
import { optionHelp, optionTerm, plainHelp } from "./help.ts";
import { NOUNS } from "./nouns.ts";

const PREFACE = `# Commands

Made from what the commands declare by \`npm run docs\`; a test fails when it is out of date. Exit codes and error codes:
[errors.md](errors.md). JSON shapes: [json.md](json.md).

Every command also takes these, before or after its own:

| option | meaning |
| --- | --- |
${Object.entries(GLOBAL_OPTIONS)
  .map(([name, option]) => `| \`${optionTerm(name, option)}\` | ${optionHelp(option)} |`)
  .join("\n")}

\`NO_COLOR\` and \`FORCE_COLOR\` decide what \`auto\` is. The passphrase itself can be in \`JWTCTL_PASSPHRASE\`.
`;

/** The whole command reference (docs/commands.md) as Markdown. */
export async function commandReference(): Promise<string> {
  const parts = [PREFACE];
  let noun: string | undefined;
  for (const entry of CATALOG) {
    const [first] = entry.path;
    if (entry.path.length === 2 && first !== noun) {
      parts.push(`# ${first}\n\n${NOUNS[first]?.summary ?? ""}.\n`);
    }
    noun = first;
    const help = (await plainHelp(entry)).trimEnd();
    parts.push(`## jwtctl ${entry.path.join(" ")}\n\n\`\`\`text\n${help}\n\`\`\`\n`);
  }
  return parts.join("\n");
}

const ERRORS_PREFACE = `# Exit codes and error codes

Made from the program's own tables by \`npm run docs\`; a test fails when it is out of date. Both tables change only with
a major version.

On failure stderr holds an \`error:\` line that says what happened and \`hint:\` lines that say what to do; with
\`--json\` it holds \`{"error": {"code", "message", "hints"}}\`. Warnings come before it, with \`--json\` each as a document
\`{"warning": {"message"}}\`. Scripts decide by the exit code, or by the code; the
messages may change. When several things are wrong the graver one decides: a forged token that has also expired is 1.
Commands in hints have the quotes of the shell in use: a POSIX shell, and on Windows cmd.exe, PowerShell or Git Bash.
`;

/** The page of exit codes and error codes (docs/errors.md). @param exitCodes the tables of src/exit-codes.ts */
export function errorReference(
  exitCodes: Readonly<Record<number, string>>,
  exitCodeOf: Readonly<Record<ErrorCode, number>>,
): string {
  const exits = Object.entries(exitCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const errors = ERROR_CODES.map((code) => `| \`${code}\` | ${exitCodeOf[code]} | ${ERRORS[code]} |`);
  return [
    ERRORS_PREFACE,
    "## Exit codes\n",
    "| code | meaning |\n| --- | --- |",
    ...exits,
    "\n## Error codes\n",
    "| error code | exit code | meaning |\n| --- | --- | --- |",
    ...errors,
    "",
  ].join("\n");
}
