import {
  isAsSevere,
  type LintOptions,
  lint,
  lintSubject,
  type Threshold,
} from "../../core/analysis/lint/lint.ts";
import type { PayloadResults } from "../../core/analysis/lint/payload-results.ts";
import type { LintFinding } from "../../core/analysis/lint/rule.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { Jws } from "../../core/jose/ports/crypto.ts";
import { checkSecret } from "./check-secret.ts";
import { asReported, type TokenToReview, tokensToReview, type Unread } from "./tokens-to-review.ts";

export interface ReviewInput {
  readonly inputs: readonly {
    /** The input's name in reports: a file's name, `stdin`; null when it was typed. */
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
  /** The tokens that could not be reviewed. */
  readonly unread: readonly Unread[];
  readonly failOn: Threshold;
  /** Whether a finding is at least as severe as `failOn`. */
  readonly failed: boolean;
}

/**
 * Reviews every token in the inputs by the lint rules. Needs no key and verifies nothing. A token that cannot be read
 * is reported; the others are reviewed.
 */
export async function reviewTokens(
  { inputs, options, failOn, secret }: ReviewInput,
  { jws }: { jws: () => Promise<Pick<Jws, "verify">> },
): Promise<ReviewResult> {
  const found = inputs.map((input, index) => tokensToReview({ ...input, index }));
  const reviews: Review[] = [];
  const unread: Unread[] = found.flatMap((input) => input.unread);
  let payload: PayloadResults | undefined;
  for (const place of found.flatMap(({ tokens }) => tokens)) {
    try {
      const evidence = await checkSecret(place.token, secret, jws);
      const subject = lintSubject(place.token, options, evidence, payload);
      payload = subject.payload;
      reviews.push({ ...place, findings: lint(subject, options.ignore) });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { token, ...where } = place;
      unread.push({ ...where, ...asReported(error) });
    }
  }
  const failed = reviews.some(({ findings }) =>
    findings.some(({ severity }) => isAsSevere(severity, failOn)),
  );
  return { reviews, unread, failOn, failed };
}

/** The error code of a review: findings outweigh unreadable tokens (docs/errors.md); undefined when it passed. */
export function verdictOfReview({ failed, unread }: ReviewResult): ErrorCode | undefined {
  return failed ? "lint_findings" : unread[0]?.code;
}

/** The refusal when no token at all could be reviewed; undefined otherwise. */
export function refusalOf({ reviews, unread }: ReviewResult): AppError | undefined {
  const [first] = unread;
  if (reviews.length > 0 || first === undefined) return undefined;
  const { code, message, hints, data = {} } = first;
  return new AppError(code, message, { hints, data });
}
