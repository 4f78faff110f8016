import type { LintRule, Severity } from "../../core/lint/rule.ts";
import type { ShownReviews } from "./lint-view.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** What SARIF calls the severities (section 3.27.10). */
const LEVELS = { error: "error", warning: "warning", info: "note" } as const satisfies Record<
  Severity,
  string
>;

/**
 * The findings as a SARIF 2.1.0 log (OASIS), the format of code scanning systems. Tokens are named, never quoted.
 *
 * @param rules those that were asked
 * @param version of jwtctl
 */
export function sarifLog({ reviews }: ShownReviews, rules: readonly LintRule[], version: string) {
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "jwtctl", version, semanticVersion: version, rules: rules.map(ruleDescriptor) },
        },
        columnKind: "utf16CodeUnits",
        results: reviews.flatMap(({ source, findings }) =>
          findings.map(({ rule, severity, message, where }) => ({
            ruleId: rule,
            ruleIndex: rules.findIndex(({ id }) => id === rule),
            level: LEVELS[severity],
            message: { text: message },
            locations: [location(source, where)],
          })),
        ),
      },
    ],
  };
}

function ruleDescriptor({ id, severity, title, why, reference }: LintRule) {
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text: `${sentence(why)} See ${reference}.` },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A token's file, when it has one, and the place inside the token. */
function location(source: string | null, where: string) {
  const file = source === null || source === "stdin" ? {} : { physicalLocation: fileLocation(source) };
  const name = where === "" ? "/" : where;
  return { ...file, logicalLocations: [{ fullyQualifiedName: name, kind: "property" }] };
}

/** Tokens stand in one line; a path becomes a URI reference (section 3.4.3). */
function fileLocation(path: string) {
  const uri = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  const isAbsolute = uri.startsWith("/");
  return { artifactLocation: { uri: isAbsolute ? `file://${uri}` : uri }, region: { startLine: 1 } };
}
