import { MAX_LEEWAY_SECONDS } from "../../core/authority/keys/signing-key.ts";
import { AppError } from "../../core/base/errors.ts";
import { formatDuration, parseDuration } from "../../core/base/time/duration.ts";
import type { VerificationOptions } from "../../core/jose/verification/report.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { ALGORITHM } from "../keys/key-options.ts";
import { DPOP, KIND_OPTIONS } from "./kind-options.ts";
import { LINE_OPTIONS } from "./line-options.ts";
import { TIME_OPTIONS } from "./times.ts";
import { TRUST_OPTIONS } from "./trust.ts";

/** A DPoP proof is verified with the key that it brings along, and with no other. */
const NOT_FOR_PROOFS = {
  notWith: DPOP,
  hint: "A DPoP proof is verified with the key in its header: give no other",
} as const;

export const VERIFY_OPTIONS = {
  ...TRUST_OPTIONS,
  key: { ...TRUST_OPTIONS.key, notWith: DPOP },
  secret: { ...TRUST_OPTIONS.secret, ...NOT_FOR_PROOFS },
  secretFile: { ...TRUST_OPTIONS.secretFile, ...NOT_FOR_PROOFS },
  jwks: { ...TRUST_OPTIONS.jwks, ...NOT_FOR_PROOFS },
  issuerUrl: { ...TRUST_OPTIONS.issuerUrl, ...NOT_FOR_PROOFS },
  alg: {
    ...ALGORITHM,
    repeatable: true,
    help: "the only algorithm allowed",
    defaultHelp: "the key's own",
  },
  iss: { value: "issuer", repeatable: true, help: "iss must be this, or one of these" },
  aud: { value: "audience", repeatable: true, help: "aud must name this, or one of these" },
  typ: { value: "type", repeatable: true, help: "typ must be this, as in at+jwt, or one of these" },
  require: { value: "claim", repeatable: true, help: "this claim must be there", completes: "claim" },
  expect: {
    value: "claim=text",
    repeatable: true,
    help: "a claim, or what a JSON Pointer leads to, must be this or hold it; name:=json for other values than text",
  },
  scope: { value: "scope", repeatable: true, help: "scope (or scp) must have this word" },
  leeway: {
    value: "duration",
    help: `how far clocks may differ, up to ${formatDuration(MAX_LEEWAY_SECONDS)}`,
    default: "0s",
    parse: parseLeeway,
  },
  ...KIND_OPTIONS,
  pick: { value: "which", help: "which token to use if there are several (number or name)" },
  paste: { help: "read the token from the clipboard", conflicts: ["token"] },
  tryAll: { help: "try every key given, whichever the token names" },
  session: { help: "ask the store too whether the login of the token (sid) still lives" },
  payload: {
    value: "file",
    help: "the payload that was sent apart from a detached JWS, byte for byte",
    completes: "file",
    conflicts: ["iss", "aud", "require", "expect", "scope", "as", "session", "lines"],
    hint: "What is sent apart is no claims set: only its signature is verified",
  },
  jsonForm: { help: "take the JSON form of a JWS, too; a JWT has the compact one" },
  holderAud: { value: "audience", help: "the proof of an SD-JWT's holder must be there, and for this" },
  holderNonce: { value: "nonce", help: "the proof of an SD-JWT's holder must be there, and answer this" },
  allowWeak: { help: "take an RSA key below 1024 bits or a secret below 14 bytes, for teaching" },
  checks: { help: "list every check and every cause" },
  noDiagnose: { help: "do not look for the causes of a failure" },
  ...TIME_OPTIONS,
  ...LINE_OPTIONS,
  lines: { ...LINE_OPTIONS.lines, conflicts: ["pick", "paste", "session", "as", "checks"] },
} as const satisfies DeclaredOptions;

export type VerifyChosen = Omit<OptionsOf<typeof VERIFY_OPTIONS>, "lines" | "jobs" | "paste">;

/** What the options say about verification, but for the time. */
export function policyOf(chosen: VerifyChosen): Omit<VerificationOptions, "time"> {
  const { leeway, alg, typ, iss, aud, require, tryAll, allowWeak, jsonForm } = chosen;
  const { as, clientId, holderAud: audience, holderNonce: nonce } = chosen;
  const isAsked = audience !== undefined || nonce !== undefined;
  // What OpenID Connect sends to a client names that client in its aud.
  const isForClient = clientId !== undefined && (as === "id-token" || as === "logout-token");
  const audiences = aud.length === 0 && isForClient ? [clientId] : aud;
  return {
    ...{ leeway, require, tryAll, allowWeak, jsonForm },
    ...{ algorithms: alg, types: typ, issuers: iss, audiences },
    ...(isAsked ? { holder: { audience, nonce } } : {}),
  };
}

/** @returns seconds */
function parseLeeway(text: string, flag: string): number {
  const seconds = parseDuration(text, flag);
  if (seconds <= MAX_LEEWAY_SECONDS) return seconds;
  throw new AppError("usage", `${flag} is at most ${formatDuration(MAX_LEEWAY_SECONDS)}`, {
    hints: ["To ask about another time there is --at"],
  });
}
