import type { Provider } from "../../core/analysis/providers/provider.ts";

const PREFACE = `# Providers

Made from the program's own table by \`npm run docs\`; a test fails when it is out of date.

\`decode\` says whose token it is, and which of that issuer's tokens, when \`iss\` and a second sign show it: anybody can
write an \`iss\`, so nothing of it is proven before the signature is verified. \`--explain\` says what the issuer's claims
mean. \`verify\` knows what is peculiar about their tokens ([diagnosis.md](diagnosis.md)). Nothing of this is ever fetched,
and no address of a provider is built in.
`;

/** The page of all providers (docs/providers.md). */
export function providersPage(providers: readonly Provider[]): string {
  return [PREFACE, ...providers.map(section)].join("\n");
}

function section({ id, name, issuerSays, issuerMember, signs, tokens, claims }: Provider): string {
  return [
    `## ${id}\n`,
    `${name}.\n`,
    issuerMember === undefined ? `- \`iss\`: ${issuerSays}` : `- ${issuerSays}`,
    `- second sign: ${signs.map(({ says }) => says).join("; or ")}`,
    ...tokens.map(({ name: token, remark }) => `- ${token}${remark === undefined ? "" : `: ${remark}`}`),
    ...(claims.length === 0
      ? []
      : [
          "",
          "| claim | meaning |",
          "| --- | --- |",
          ...claims.map(([claim, , meaning]) => `| \`${claim}\` | ${meaning} |`),
        ]),
    "",
  ].join("\n");
}
