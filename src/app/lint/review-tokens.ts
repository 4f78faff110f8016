import {
  isAsSevere,
  type LintOptions,
  lint,
  lintSubject,
  type Threshold,
} from "../../core/analysis/lint/lint.ts";
import type { LintFinding } from "../../core/analysis/lint/rule.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";
import { checkSecret } from "./check-secret.ts";
import { type TokenToReview, tokensToReview, told, type Unread } from "./tokens-to-review.ts";

export interface ReviewInput {
  readonly inputs: readonly {
    /** Where it came from, for reports: a file's name, `stdin`; null when it was typed. */
    readonly source: string | null;
    /** Any text with tokens in it. */
    readonly text: string;
  }[];
  readonly options: LintOptions;
  readonly failOn: Threshold;
  readonly secret: Uint8Array | undefined;
}

export interface Review extends TokenToReview {
  /** The gravest first. */
  readonly findings: readonly LintFinding[];
}

export interface ReviewResult {
  readonly reviews: readonly Review[];
  /** What could not be reviewed. */
  readonly unread: readonly Unread[];
  readonly failOn: Threshold;
  /** Whether anything was found that is as grave as `failOn`, or graver. */
  readonly failed: boolean;
}

/**
 * Reviews every token in the inputs against the rules. No key is needed and nothing is verified. What cannot be read
 * does not keep the others from being reviewed.
 */
export async function reviewTokens(
  { inputs, options, failOn, secret }: ReviewInput,
  { jws }: { jws: () => Promise<Pick<Jws, "verify">> },
): Promise<ReviewResult> {
  const found = inputs.map((input, index) => tokensToReview({ ...input, index }));
  const reviews: Review[] = [];
  const unread: Unread[] = found.flatMap((input) => input.unread);
  for (const place of found.flatMap(({ tokens }) => tokens)) {
    try {
      const subject = lintSubject(place.token, options, await checkSecret(place.token, secret, jws));
      reviews.push({ ...place, findings: lint(subject, options.ignore) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { token, ...where } = place;
      unread.push({ ...where, ...told(error) });
    }
  }
  const failed = reviews.some(({ findings }) =>
    findings.some(({ severity }) => isAsSevere(severity, failOn)),
  );
  return { reviews, unread, failOn, failed };
}

/** What a review comes to: what was found outweighs what could not be read (docs/errors.md). */
export function verdictOfReview({ failed, unread }: ReviewResult): ErrorCode | undefined {
  return failed ? "lint_findings" : unread[0]?.code;
}

/** The refusal of inputs of which nothing could be reviewed; undefined when something was. */
export function refusalOf({ reviews, unread }: ReviewResult): AppError | undefined {
  const [first] = unread;
  if (reviews.length > 0 || first === undefined) return undefined;
  return new AppError(first.code, first.message, { hints: first.hints });
}
