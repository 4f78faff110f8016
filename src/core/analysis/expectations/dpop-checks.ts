import { type JsonObject, JsonObject as Members, numberOf } from "../../base/json/value.ts";
import { formatSpan } from "../../base/time/format.ts";
import { PRIVATE_JWK_MEMBERS } from "../../jose/jwk.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import { inspectIfToken } from "../../jose/token/inspect.ts";
import { type Check, fail, pass, quoted, skip } from "../../jose/verification/check.ts";
import type { AskedKind } from "./asked.ts";
import { type ClaimsContext, checkNonce, formOf } from "./openid-checks.ts";

/** How old a proof may be unless the user says otherwise, in seconds. */
const USUAL_AGE = 300;

export interface ProofContext extends ClaimsContext {
  readonly header: JsonObject | undefined;
  /** The RFC 7638 thumbprint of the key in the proof's header; undefined when there is none that can be used. */
  readonly thumbprint: string | undefined;
}

/** The checks of a DPoP proof (RFC 9449 section 4.3) against the one request that it is for. */
export function checkDpopProof(context: ProofContext, asked: AskedKind): readonly Check[] {
  const { claims } = context;
  return [
    checkProofKey(context),
    checkMethod(claims.get("htm"), asked.method ?? ""),
    checkAddress(claims.get("htu"), asked.url ?? ""),
    checkProofAge(context, asked.maxAge ?? USUAL_AGE),
    ...(asked.nonce === undefined && !claims.has("nonce") ? [] : [checkNonce(claims, asked.nonce)]),
    checkTokenHash(context, asked.accessToken),
    checkBinding(context, asked.accessToken),
  ];
}

function checkProofKey({ header, thumbprint }: ProofContext): Check {
  const jwk = header?.get("jwk");
  const secret = jwk instanceof Members ? PRIVATE_JWK_MEMBERS.find((name) => jwk.has(name)) : undefined;
  if (secret !== undefined) {
    return fail(
      "proof_key",
      "proof_key_invalid",
      `the key in the header has its private member ${quoted(secret)}: whoever has seen the proof can make more`,
    );
  }
  return thumbprint === undefined
    ? fail("proof_key", "proof_key_invalid", "there is no public key in the header (jwk)")
    : pass("proof_key", `the key in the header, whose thumbprint is ${thumbprint}`);
}

function checkMethod(htm: unknown, method: string): Check {
  if (htm === method) return pass("htm", method);
  const has = typeof htm === "string" ? `the proof is for ${quoted(htm)}` : "htm is no text";
  const isCase = typeof htm === "string" && htm.toUpperCase() === method.toUpperCase();
  return fail(
    "htm",
    "request_mismatch",
    `${has}; the request is ${quoted(method)}${isCase ? " (methods are compared in upper and lower case)" : ""}`,
  );
}

function checkAddress(htu: unknown, url: string): Check {
  const [said, wanted] = [typeof htu === "string" ? plainAddress(htu) : undefined, plainAddress(url)];
  if (said !== undefined && said === wanted) return pass("htu", said);
  const has = typeof htu === "string" ? `the proof is for ${quoted(htu)}` : "htu is no text";
  return fail("htu", "request_mismatch", `${has}; the request is to ${quoted(wanted ?? url)}`);
}

/** An address without query and fragment, in one spelling (RFC 3986 sections 6.2.2 and 6.2.3). */
function plainAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  url.search = "";
  url.hash = "";
  return url.href.replace(/%[\da-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16));
    return /[\w.~-]/.test(character) ? character : triplet.toUpperCase();
  });
}

function checkProofAge({ claims, now, leeway }: ProofContext, maxAge: number): Check {
  const iat = numberOf(claims.get("iat"));
  if (iat === undefined) return skip("proof_age", "there is no iat");
  const age = now / 1000 - iat;
  const told = `made ${formatSpan(Math.max(0, age) * 1000)} ago`;
  return age <= maxAge + leeway
    ? pass("proof_age", told)
    : fail(
        "proof_age",
        "proof_too_old",
        `${told}; at most ${formatSpan(maxAge * 1000)} are allowed (--max-age)`,
      );
}

function checkTokenHash({ claims, digest }: ProofContext, accessToken: string | undefined): Check {
  const ath = claims.get("ath");
  if (accessToken === undefined) {
    return skip(
      "ath",
      `no access token was given (--access-token)${ath === undefined ? "" : "; the proof is for one"}`,
    );
  }
  if (ath === undefined) {
    return fail("ath", "claim_missing", "there is no ath: the proof is for no access token");
  }
  const hash = digest("sha-256", accessToken);
  if (ath === hash) return pass("ath", "is the hash of the access token given");
  const form = formOf(ath, hash);
  const detail =
    form === undefined
      ? "the proof is for another access token (ath)"
      : `ath is the hash of the access token given in ${form}, and base64url without padding is defined (RFC 9449 section 4.2): have the client write ${hash}`;
  return fail("ath", "token_hash_mismatch", detail);
}

/** Whether the access token is bound to the key that made the proof (section 6.1). It is not verified itself. */
function checkBinding({ thumbprint }: ProofContext, accessToken: string | undefined): Check {
  if (accessToken === undefined) return skip("jkt", "no access token was given (--access-token)");
  const claims = objectOf(inspectIfToken(accessToken)?.payload?.content);
  if (claims === undefined) {
    return skip("jkt", "the access token is opaque: only its issuer can tell which key it is bound to");
  }
  const cnf = claims.get("cnf");
  const jkt = cnf instanceof Members ? stringMember(cnf, "jkt") : undefined;
  if (jkt === undefined) {
    return fail("jkt", "key_binding_mismatch", "the access token is bound to no key (cnf.jkt)");
  }
  return jkt === thumbprint
    ? pass("jkt", "the access token, which is not verified here, is bound to the key of the proof")
    : fail("jkt", "key_binding_mismatch", `the access token is bound to another key: ${quoted(jkt)}`);
}
