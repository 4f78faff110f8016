import type { Demand, TokenKind } from "../../core/analysis/kinds/kind.ts";

const PREFACE = `# Kinds of tokens

Made from the program's own table by \`npm run docs\`; a test fails when it is out of date.

A JWT can be many things, and each has a specification of its own. \`decode\` says which kind a token is, as far as
something in it shows that; \`lint\` holds the token to it, and leaves out the general rules that do not apply to it.
\`lint --as KIND\` holds a token to a kind whatever it says it is, and \`verify --as KIND\` refuses it unless it has what
the kind must have.

A kind is recognised by \`typ\` first, then by members that only this kind has. That is what the token says of itself:
nothing of it is proven before the signature is verified.

The rules are \`kind-typ\`, \`kind-missing\`, \`kind-forbidden\`, \`kind-value\` (what must be) and \`kind-advice\` (what should
be) of [lint.md](lint.md); those of access tokens begin with \`access-token\`.
`;

/** The page of all kinds (docs/kinds.md). */
export function kindsPage(kinds: readonly TokenKind[]): string {
  return [PREFACE, ...kinds.map(kindSection)].join("\n");
}

function kindSection(kind: TokenKind): string {
  const { id, name, specification, purpose, exempt } = kind;
  const rules = exempt.map((exemption) =>
    typeof exemption === "string" ? `\`${exemption}\`` : `\`${exemption[0]}\` at \`${exemption[1]}\``,
  );
  return [
    `## ${id}\n`,
    `${capital(name)} (${specification}): ${purpose}.\n`,
    `- recognised by: ${recognition(kind)}`,
    ...levels(kind).map(([level, members]) => `- ${level}: ${members}`),
    ...(rules.length === 0 ? [] : [`- rules that do not apply: ${rules.join(", ")}`]),
    "",
  ].join("\n");
}

function recognition({ types, typed, signs }: TokenKind): string {
  const named = types.length === 0 ? [] : [`\`typ\` ${types.join(" or ")} (it ${typed} be there)`];
  return [...named, ...signs.map(({ says }) => says)].join("; ");
}

function levels({ demands }: TokenKind): readonly (readonly [string, string])[] {
  const order: readonly Demand["level"][] = ["must", "must not", "should", "should not"];
  return order.flatMap((level) => {
    const members = demands.filter((demand) => demand.level === level).map(memberText);
    const verb = `${level} have`;
    return members.length === 0 ? [] : [[verb, members.join(", ")] as const];
  });
}

function memberText({ part, name, or, form }: Demand): string {
  const names = [name, ...(or === undefined ? [] : [or])].map((each) => `\`${each}\``).join(" or ");
  return `${names}${part === "header" ? " in the header" : ""}${form === undefined ? "" : ` (${form.says})`}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
