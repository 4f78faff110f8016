import type { JsonObject } from "../../base/json/value.ts";
import type { InspectedToken } from "../../jose/token/inspect.ts";

/** The gravest first. */
export const SEVERITIES = ["error", "warning", "info"] as const;
export type Severity = (typeof SEVERITIES)[number];

/** One thing that a token can do wrong. A new one is an object in its family's file, and nothing else. */
export interface LintRule {
  /** Stable, for programs and for --ignore: words with hyphens. */
  readonly id: string;
  readonly severity: Severity;
  /** What is wrong, in a few words. */
  readonly title: string;
  /** Why it matters: one plain sentence, without its full stop. */
  readonly why: string;
  /** The specification, with its section. */
  readonly reference: string;
  /** Where the token does it; empty when it does not. */
  readonly check: (subject: LintSubject) => readonly Occurrence[];
}

/** One place where a rule is broken. */
export interface Occurrence {
  /** For people, without a final full stop. May quote foreign text, which views escape; never a secret value. */
  readonly message: string;
  /** A JSON Pointer (RFC 6901) into `{header, payload, signature}`; empty for the token as a whole. */
  readonly where: string;
}

/** All that the rules may look at. */
export interface LintSubject {
  readonly token: InspectedToken;
  readonly header: JsonObject;
  readonly alg: string | undefined;
  /** Undefined when the payload is something else, or encrypted. */
  readonly claims: JsonObject | undefined;
  /** ms */
  readonly now: number;
  /** In seconds; a token that lives longer is told. */
  readonly maxLifetime: number;
  /** Whether the token is, or is demanded to be, an access token of RFC 9068. */
  readonly accessToken: "claimed" | "demanded" | undefined;
  readonly evidence: SecretEvidence;
}

/** What was found out about the HMAC secret, by trying. */
export interface SecretEvidence {
  /** The secret that was given, judged. */
  readonly given?: {
    readonly bits: number;
    /** Whether the token's signature was made with it. */
    readonly verifies: boolean;
    /** Why it must not protect anything; undefined when it is strong. */
    readonly weakness: string | undefined;
  };
  /** A secret everybody knows that made the signature, or is the one given. */
  readonly wellKnown?: string;
}

/** A broken rule, as it is reported. */
export interface LintFinding extends Occurrence {
  readonly rule: string;
  readonly severity: Severity;
  readonly why: string;
  readonly reference: string;
}
