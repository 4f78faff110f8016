import type { JsonObject } from "../../base/json/value.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";
import type { TokenKind } from "../kinds/kind.ts";
import type { PayloadResults } from "./payload-results.ts";

/** The gravest first. */
export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** A rule of `lint`. To add one, add an object to the file of its family. */
export interface LintRule {
  /** Stable, for programs and --ignore: words with hyphens. */
  readonly id: string;
  readonly severity: Severity;
  /** The fault in a few words. */
  readonly title: string;
  /** Why it matters: one sentence without its full stop. */
  readonly why: string;
  /** The specification, with its section. */
  readonly reference: string;
  /** Finds where the token breaks the rule. */
  readonly check: (subject: LintSubject) => readonly Occurrence[];
}

/** One place where a token breaks a rule. */
export interface Occurrence {
  /** For people, without a final full stop. May quote foreign text, which views escape; never a secret value. */
  readonly message: string;
  /** A JSON Pointer (RFC 6901) into `{header, payload, signature}`; empty for the token as a whole. */
  readonly where: string;
  /** The specification, where it depends on the token's kind and not only on the rule. */
  readonly reference?: string;
}

/** What the rules look at. */
export interface LintSubject {
  readonly token: InspectedToken;
  readonly header: JsonObject;
  readonly alg: string | undefined;
  /** The claims set; undefined when the payload is none, or encrypted. */
  readonly claims: JsonObject | undefined;
  /** Asked for what takes a walk through the whole payload. */
  readonly payload: PayloadResults;
  /** ms */
  readonly now: number;
  /** The longest lifetime without a finding, in seconds. */
  readonly maxLifetime: number;
  /** Whether the token is an access token (RFC 9068): by its typ, or because the user demands it. */
  readonly accessToken: "claimed" | "demanded" | undefined;
  /** What kind of token it is, or is to be; undefined when nothing shows it. */
  readonly kind: TokenKind | undefined;
  readonly evidence: SecretEvidence;
}

/** What was found out about the HMAC secret by verifying with it. */
export interface SecretEvidence {
  /** The secret that the user gave. */
  readonly given?: {
    readonly bits: number;
    /** Whether the token's signature was made with it. */
    readonly verifies: boolean;
    /** Why it is too weak; undefined when it is strong. */
    readonly weakness: string | undefined;
  };
  /** The well-known secret that made the signature, or that the user gave. */
  readonly wellKnown?: string;
}

/** A broken rule as it is reported. */
export interface LintFinding extends Occurrence {
  readonly rule: string;
  readonly severity: Severity;
  readonly why: string;
  readonly reference: string;
}
