import { AppError } from "../../base/errors.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import type { KindId, TokenKind } from "../kinds/kind.ts";
import { kindNamed, recogniseKind } from "../kinds/token-kinds.ts";
import { isAccessType } from "./access-token-rules.ts";
import { PayloadResults } from "./payload-results.ts";
import {
  type LintFinding,
  type LintRule,
  type LintSubject,
  SEVERITIES,
  type SecretEvidence,
  type Severity,
} from "./rule.ts";
import { RULES } from "./rules.ts";

export interface LintOptions {
  /** ms */
  readonly now: number;
  /** In seconds. */
  readonly maxLifetime: number;
  /** Review the token as one of this kind, whatever it says it is; undefined: as the kind it shows. */
  readonly as: KindId | undefined;
  /** Ids of rules to leave out. */
  readonly ignore: ReadonlySet<string>;
}

/**
 * Collects what the rules look at.
 *
 * @param before what was found in the payload of the token before, which may be the same
 * @throws AppError `token_malformed` when header or payload cannot be read
 */
export function lintSubject(
  token: InspectedToken,
  options: LintOptions,
  evidence: SecretEvidence = {},
  before?: PayloadResults,
): LintSubject {
  const header = objectOf(token.header.content);
  if (header === undefined || token.fault !== undefined) {
    const why = token.fault?.message ?? "its header cannot be read";
    throw new AppError("token_malformed", `only a whole token can be reviewed: ${why}`, {
      hints: ["Look at what is there with: jwtctl decode"],
    });
  }
  const claims = objectOf(token.payload?.content);
  const json = token.payload?.content.kind === "json" ? token.payload.content.value : undefined;
  const isOne = options.as === undefined && isAccessType(stringMember(header, "typ"));
  return {
    token,
    header,
    alg: stringMember(header, "alg"),
    claims,
    payload: before !== undefined && before.payload === json ? before : new PayloadResults(json),
    now: options.now,
    maxLifetime: options.maxLifetime,
    accessToken: options.as === "access-token" ? "demanded" : isOne ? "claimed" : undefined,
    kind: options.as === undefined ? recogniseKind(header, claims)?.kind : kindNamed(options.as),
    evidence,
  };
}

/**
 * Applies every rule that is not ignored and that the token's kind is not exempt from.
 * @returns findings, the gravest first, then in the order of the rules
 */
export function lint(
  subject: LintSubject,
  ignore: ReadonlySet<string>,
  rules: readonly LintRule[] = RULES,
): readonly LintFinding[] {
  const findings = rules
    .filter(({ id }) => !ignore.has(id))
    .flatMap(({ id, severity, why, reference, check }) =>
      check(subject)
        .filter(({ where }) => !isExempt(subject.kind, id, where))
        .map((mark) => ({ rule: id, severity, why, reference, ...mark })),
    );
  return SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
}

function isExempt(kind: TokenKind | undefined, rule: string, where: string): boolean {
  return (
    kind?.exempt.some((exemption) =>
      typeof exemption === "string" ? exemption === rule : exemption[0] === rule && exemption[1] === where,
    ) ?? false
  );
}

/** The severity from which findings make `lint` fail. */
export type Threshold = Severity | "never";

export const THRESHOLDS = [...SEVERITIES, "never"] as const satisfies readonly Threshold[];

export function isAsSevere(severity: Severity, threshold: Threshold): boolean {
  return threshold !== "never" && SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(threshold);
}
