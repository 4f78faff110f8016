import { JsonObject } from "../../base/json/value.ts";
import { formatRelative } from "../../base/time/format.ts";
import { ALGORITHM_TRAITS, algorithmsOfProof, isJwsAlgorithm } from "../algorithms.ts";
import { publicJwkOf } from "../jwk-object.ts";
import type { SignatureToVerify } from "../ports/crypto.ts";
import { isSameMediaType, objectOf, stringMember } from "../token/content.ts";
import type { InspectedToken } from "../token/inspect.ts";
import { type Check, fail, oneOf, pass, quoted, skip, warn } from "./check.ts";
import { checkAudience, checkDates } from "./claim-checks.ts";
import { checkCritical, checkDuplicates, checkFormat } from "./header-checks.ts";
import { chooseKey } from "./key-choice.ts";
import { signatureToVerify } from "./policy.ts";
import type { AskedProof, DisclosureReport, VerificationOptions } from "./report.ts";

/** The proof of an SD-JWT's holder, checked in all but its signature. */
export interface HolderProof {
  /** Undefined when it is refused, or cannot be verified, for another reason. */
  readonly toVerify: SignatureToVerify | undefined;
  /** The check without a signature; when there is one to verify, that for a signature that fits. */
  readonly check: Check;
  /** Those of what the verifier asked for. */
  readonly further: readonly Check[];
}

type Options = Pick<VerificationOptions, "time" | "leeway" | "holder">;

const TYPE = "kb+jwt";

/**
 * Checks the Key Binding JWT of an SD-JWT (RFC 9901 section 7.3) in all but its signature.
 *
 * @param proof undefined when there is none
 * @param claims of the credential, with what is disclosed
 * @param fits whether its `sd_hash` fits
 */
export function checkHolderProof(
  proof: InspectedToken | undefined,
  claims: JsonObject | undefined,
  fits: DisclosureReport["keyBinding"],
  options: Options,
): HolderProof | undefined {
  const { holder } = options;
  if (fits === undefined)
    return holder === undefined ? undefined : refused("there is no proof of the holder");
  const said = objectOf(proof?.payload?.content);
  const further = said === undefined ? [] : askedChecks(said, holder);
  if (proof === undefined) {
    const check = fail("key_binding", "token_malformed", "what stands behind the last ~ is no token");
    return { toVerify: undefined, check, further };
  }
  if (fits === "other") {
    const detail = "the holder's proof is about other disclosures (sd_hash)";
    return { toVerify: undefined, check: fail("key_binding", "disclosure_invalid", detail), further };
  }
  const fault = faultOf(proof, said, options);
  if (fault !== undefined) return { ...refused(fault), further };
  if (claims === undefined) {
    const check = skip("key_binding", "not verified: what is disclosed does not fit");
    return { toVerify: undefined, check, further };
  }
  return { ...withHolderKey(proof, claims, options), further };
}

function refused(detail: string): HolderProof {
  return { toVerify: undefined, check: fail("key_binding", "key_binding_invalid", detail), further: [] };
}

/** Why the proof is refused whoever has signed it; undefined when it is not. */
function faultOf(
  proof: InspectedToken,
  said: JsonObject | undefined,
  { time, leeway }: Options,
): string | undefined {
  const header = objectOf(proof.header.content);
  if (header === undefined || said === undefined) return "the holder's proof is no JWT";
  const typ = stringMember(header, "typ");
  if (typ === undefined || !isSameMediaType(typ, TYPE)) {
    return `the holder's proof has ${typ === undefined ? "no typ" : `the typ ${quoted(typ)}`}; it must be ${TYPE}`;
  }
  const missing = ["iat", "aud", "nonce", "sd_hash"].filter((name) => !said.has(name));
  if (missing.length > 0) return `the holder's proof has no ${missing.join(", no ")}`;
  const strict = { ...time, leeway, expRequired: undefined, brief: true };
  const form = [
    checkFormat(proof),
    checkDuplicates(proof.header.content, proof.payload?.content),
    checkCritical(header),
    ...checkDates(said, strict),
  ].find(({ status }) => status === "fail");
  return form && `the holder's proof: ${form.detail}`;
}

/** The signature to verify with the key that the issuer bound the credential to (RFC 7800 section 3.2). */
function withHolderKey(
  proof: InspectedToken,
  claims: JsonObject,
  { time, holder }: Options,
): Omit<HolderProof, "further"> {
  const cnf = claims.get("cnf");
  const confirmation = cnf instanceof JsonObject ? cnf : undefined;
  const jwk = publicJwkOf(confirmation?.get("jwk"));
  if (jwk === undefined) {
    const names = confirmation?.members.map(([name]) => name).join(", ");
    const detail = `nobody can tell who sent this: the credential ${
      confirmation === undefined
        ? "names no key of its holder (cnf)"
        : `names its holder's key by ${quoted(names ?? "")}, not as cnf.jwk`
    }`;
    return holder === undefined
      ? { toVerify: undefined, check: warn("key_binding", detail) }
      : refused(detail);
  }
  const alg = objectOf(proof.header.content)?.get("alg");
  const isSymmetric = isJwsAlgorithm(alg) && ALGORITHM_TRAITS[alg].family === "hmac";
  const candidate = { jwk, source: "cnf.jwk", bits: undefined };
  const { usable, algorithm } = chooseKey(
    { alg, kid: undefined },
    [candidate],
    algorithmsOfProof(jwk),
    false,
  );
  const [key] = usable;
  if (key === undefined || isSymmetric) return refused(`the holder's proof: ${algorithm.detail}`);
  const iat = objectOf(proof.payload?.content)?.get("iat");
  const made = typeof iat === "number" ? `, ${formatRelative(iat * 1000, time.now)}` : "";
  return {
    toVerify: signatureToVerify(key, proof),
    check: pass("key_binding", `the holder's proof is made with the key of the credential (cnf.jwk)${made}`),
  };
}

function askedChecks(said: JsonObject, holder: AskedProof | undefined): readonly Check[] {
  return [checkProofAudience(said, holder?.audience), checkProofNonce(said.get("nonce"), holder?.nonce)];
}

function checkProofAudience(said: JsonObject, audience: string | undefined): Check {
  if (audience === undefined) {
    return skip("holder_aud", "whom the holder's proof is for was not asked (--holder-aud)");
  }
  return { ...checkAudience(said, [audience]), name: "holder_aud" };
}

function checkProofNonce(nonce: unknown, expected: string | undefined): Check {
  if (expected === undefined) {
    return skip("holder_nonce", "which request the holder's proof answers was not asked (--holder-nonce)");
  }
  return nonce === expected
    ? pass("holder_nonce", expected)
    : fail(
        "holder_nonce",
        "nonce_mismatch",
        `nonce is ${typeof nonce === "string" ? quoted(nonce) : "no text"}; expected ${oneOf([expected])}`,
      );
}

/** The check of the proof when its signature has been looked at. */
export function finishHolderProof({ check, toVerify }: HolderProof, isSigned: boolean | undefined): Check {
  if (toVerify === undefined || isSigned) return check;
  return fail(
    "key_binding",
    "key_binding_invalid",
    "the holder's proof is not made with the key that the credential names (cnf.jwk): its sender is not its holder",
  );
}
