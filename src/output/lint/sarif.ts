import type { LintRule, Severity } from "../../core/analysis/lint/rule.ts";
import type { ShownPlace, ShownReviews, ShownUnread } from "./lint-view.ts";

const SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/** What SARIF calls the severities (section 3.27.10). */
const LEVELS = { error: "error", warning: "warning", info: "note" } as const satisfies Record<
  Severity,
  string
>;

/**
 * The findings as a SARIF 2.1.0 log (OASIS), the format of code scanning systems. Tokens are named, never quoted. What
 * GitHub's code scanning demands beyond SARIF is there too: a physical location of every result, and help for every
 * rule.
 *
 * @param rules those that were asked
 * @param version of jwtctl
 */
export function sarifLog({ reviews, unread }: ShownReviews, rules: readonly LintRule[], version: string) {
  return {
    $schema: SCHEMA,
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: { name: "jwtctl", version, semanticVersion: version, rules: rules.map(ruleDescriptor) },
        },
        invocations: [invocation(unread)],
        columnKind: "utf16CodeUnits",
        results: reviews.flatMap(({ findings, ...place }) =>
          findings.map(({ rule, severity, message, where }) => ({
            ruleId: rule,
            ruleIndex: rules.findIndex(({ id }) => id === rule),
            level: LEVELS[severity],
            message: { text: message },
            locations: [location(place, where)],
          })),
        ),
      },
    ],
  };
}

/** Whether everything was reviewed (section 3.20.14), and what was not (section 3.20.21). */
function invocation(unread: readonly ShownUnread[]) {
  if (unread.length === 0) return { executionSuccessful: true };
  return {
    executionSuccessful: false,
    toolExecutionNotifications: unread.map(({ message, ...place }) => ({
      level: "error",
      message: { text: `not reviewed: ${message}` },
      locations: [{ physicalLocation: physicalLocation(place) }],
    })),
  };
}

function ruleDescriptor({ id, severity, title, why, reference }: LintRule) {
  const text = `${sentence(why)} See ${reference}.`;
  return {
    id,
    shortDescription: { text: title },
    fullDescription: { text },
    help: { text },
    defaultConfiguration: { level: LEVELS[severity] },
  };
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** Where the token stands, and the place inside the token. */
function location(place: ShownPlace, where: string) {
  const name = where === "" ? "/" : where;
  return {
    physicalLocation: physicalLocation(place),
    logicalLocations: [{ fullyQualifiedName: name, kind: "property" }],
  };
}

/**
 * The line that a token begins in. What came from no file gets a name in place of one: a code scanning system that
 * shows results beside source code refuses a whole log for one result without.
 */
function physicalLocation({ input, source, line }: ShownPlace) {
  return {
    artifactLocation: { uri: source === null ? `argument-${input + 1}` : uriOf(source) },
    region: { startLine: line },
  };
}

/** A path as a URI reference (section 3.4.3). */
function uriOf(path: string): string {
  const uri = path.replaceAll("\\", "/").split("/").map(encodeURIComponent).join("/");
  return uri.startsWith("/") ? `file://${uri}` : uri;
}
