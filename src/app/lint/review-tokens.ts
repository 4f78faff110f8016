import { type LintOptions, lint, lintSubject, reaches, type Threshold } from "../../core/lint/lint.ts";
import type { LintFinding } from "../../core/lint/rule.ts";
import type { Jws } from "../../core/ports/crypto.ts";
import type { InspectedToken } from "../../core/token/inspect.ts";
import { judgeSecret } from "./judge-secret.ts";

export interface ReviewInput {
  readonly tokens: readonly {
    /** Where it came from, for reports: a file's name, `stdin`; null when it was typed. */
    readonly source: string | null;
    readonly token: InspectedToken;
  }[];
  readonly options: LintOptions;
  readonly failOn: Threshold;
  readonly secret: Uint8Array | undefined;
}

export interface Review {
  readonly source: string | null;
  readonly token: InspectedToken;
  /** The gravest first. */
  readonly findings: readonly LintFinding[];
}

export interface ReviewResult {
  readonly reviews: readonly Review[];
  readonly failOn: Threshold;
  /** Whether anything was found that is as grave as `failOn`, or graver. */
  readonly failed: boolean;
}

/**
 * Reviews tokens against the rules. No key is needed and nothing is verified.
 *
 * @throws AppError `token_malformed` for a token that is not whole
 */
export async function reviewTokens(
  { tokens, options, failOn, secret }: ReviewInput,
  { jws }: { jws: () => Promise<Pick<Jws, "verify">> },
): Promise<ReviewResult> {
  const reviews: Review[] = [];
  for (const { source, token } of tokens) {
    const subject = lintSubject(token, options, await judgeSecret(token, secret, jws));
    reviews.push({ source, token, findings: lint(subject, options.ignore) });
  }
  const failed = reviews.some(({ findings }) => findings.some(({ severity }) => reaches(severity, failOn)));
  return { reviews, failOn, failed };
}
