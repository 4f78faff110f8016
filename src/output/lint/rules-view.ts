import type { LintRule, Severity } from "../../core/analysis/lint/rule.ts";
import { MAX_TOKENS } from "../../core/jose/token/candidate.ts";
import type { Style } from "../style.ts";
import { type Column, table } from "../table.ts";
import { wrapText } from "../wrap.ts";

type Families = readonly (readonly [title: string, rules: readonly LintRule[]])[];

const PAINT = { error: "bad", warning: "doubtful", info: "command" } as const satisfies Record<
  Severity,
  keyof Style
>;

/** The width from which the rules are shown as a table. */
const WIDE = 120;

/** The list of rules (`--rules`). */
export function rulesText(families: Families, style: Style): string {
  const columns: Column<LintRule>[] = [
    { title: "RULE", cell: ({ id }) => id, paint: (text) => style.strong(text) },
    {
      title: "LEVEL",
      cell: ({ severity }) => severity,
      paint: (text, { severity }) => style[PAINT[severity]](text),
    },
    { title: "FINDS", cell: ({ title }) => title, shrinks: true },
    { title: "SEE", cell: ({ reference }) => reference, paint: (text) => style.dim(text), shrinks: true },
  ];
  const rules = families.flatMap(([, members]) => members);
  const { columns: width } = style;
  if (width !== undefined && width < WIDE) return rules.map((rule) => asBlock(rule, width, style)).join("");
  return table(rules, columns, style);
}

/** For narrow terminals: the title of a rule under its id, wrapped. */
function asBlock({ id, severity, title, reference }: LintRule, columns: number, style: Style): string {
  const lines = [
    ...wrapText(title, columns, MARGIN.length),
    ...wrapText(`see ${reference}`, columns, MARGIN.length).map((line) => style.dim(line)),
  ];
  const text = lines.map((line) => `${MARGIN}${line}\n`).join("");
  return `${style.strong(id)}  ${style[PAINT[severity]](severity)}\n${text}`;
}

const MARGIN = "  ";

export function rulesJson(families: Families) {
  return families.flatMap(([family, rules]) =>
    rules.map(({ id, severity, title, why, reference }) => ({ id, severity, family, title, why, reference })),
  );
}

const PREFACE = `# Lint rules

Made from the program's own rules by \`npm run docs\`; a test fails when it is out of date.

\`jwtctl lint TOKEN\` reviews a token against RFC 8725 (best current practices), RFC 9068 (access tokens) and what has
gone wrong in practice. It needs no key and verifies nothing. The ids are stable: they change only with a major version.

- \`--fail-on error|warning|info|never\`: lowest level that makes the exit code 1; the default is \`error\`.
- \`--ignore RULE\`: leave a rule out (repeatable).
- \`--secret SOURCE\`, \`--secret-file FILE\`: judge the HMAC secret, too. A dictionary of secrets that everybody knows is
  tried against an HMAC signature in any case; \`notorious-secret\` means that one of them really made it.
- \`--access-token\`: hold the token to the access token profile whatever its \`typ\` says.
- \`--max-lifetime DURATION\`: what counts as long for \`long-lifetime\`; the default is 24 hours.
- \`--json\`, \`--sarif\`: for programs; SARIF 2.1.0 is what code scanning systems read.

An argument, a file or a pipe may be any text: every token in it is reviewed (up to ${MAX_TOKENS}), and every signature of a
JWS in JSON; reports name the line of each. What looks like a token and cannot be read is reported as not reviewed and
makes the exit code 5, unless findings make it 1; the other tokens are reviewed all the same. An opaque token is none that
could be reviewed.

Findings name the place as a JSON Pointer into \`{header, payload, signature}\`. They never quote a sensitive value.
`;

/** The page of all rules, docs/lint.md. */
export function rulesPage(families: Families): string {
  const sections = families.map(([family, rules]) => {
    const rows = rules.map(
      ({ id, severity, title, why, reference }) =>
        `| \`${id}\` | ${severity} | ${title}: ${why} | ${reference} |`,
    );
    return [
      `## ${family}\n`,
      "| rule | level | what it finds, and why | see |",
      "| --- | --- | --- | --- |",
      ...rows,
      "",
    ].join("\n");
  });
  return `${PREFACE}\n${sections.join("\n")}`;
}
