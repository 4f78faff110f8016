import { CATALOG, NOUNS } from "./catalog.ts";
import { helpOf } from "./program.ts";

const PREFACE = `# Commands

Made from the program's own help by \`npm run docs\`; a test fails when it is out of date. Exit codes and error codes:
[errors.md](errors.md). JSON shapes: [json.md](json.md).

Every command also takes these, before or after its own:

| option | meaning |
| --- | --- |
| \`--db <path>\` | the store's file; or the environment variable \`JWTCTL_DB\`; default: the platform's data directory |
| \`--json\` | one JSON document on stdout; errors are JSON on stderr |
| \`--no-input\` | never ask; a missing answer is an error that names the flag |
| \`--color auto\\|always\\|never\` | colours; \`NO_COLOR\` and \`FORCE_COLOR\` are heard too |
| \`-q, --quiet\` | no notes and warnings on stderr |
| \`-v, --verbose\` | say more on stderr |
| \`--passphrase-file <file>\` | the store's passphrase; or \`JWTCTL_PASSPHRASE_FILE\`, \`JWTCTL_PASSPHRASE\` |
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
    const help = (await helpOf(entry)).trimEnd();
    parts.push(`## jwtctl ${entry.path.join(" ")}\n\n\`\`\`text\n${help}\n\`\`\`\n`);
  }
  return parts.join("\n");
}
