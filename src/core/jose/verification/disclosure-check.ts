import { decodeBase64Url } from "../../base/base64url.ts";
import { counted } from "../../base/text/wording.ts";
import { objectOf, readContent } from "../token/content.ts";
import {
  applyDisclosures,
  type Disclosed,
  keyBindingInput,
  matchesSdHash,
  type TextDigest,
} from "../token/disclosures.ts";
import { type InspectedToken, inspectIfToken } from "../token/inspect.ts";
import { type Check, fail, pass, skip } from "./check.ts";
import { hasDuplicates } from "./header-checks.ts";
import { addChecks, type DisclosureReport, type VerificationReport } from "./report.ts";

/**
 * Compares the disclosures of an SD-JWT with the digests that its issuer signed (RFC 9901 section 7.1), and the
 * `sd_hash` of its Key Binding JWT with the disclosures. The signature of the Key Binding JWT is not verified.
 *
 * @returns undefined for a token that is no SD-JWT
 */
export function verifyDisclosures(token: InspectedToken, digest: TextDigest): DisclosureReport | undefined {
  if (token.disclosed === undefined) return undefined;
  const signed = objectOf(token.payload?.content);
  const disclosed = signed && applyDisclosures(signed, token.disclosed, digest);
  const check = checkDisclosures(token, disclosed);
  const keyBinding = compareKeyBinding(token, disclosed?.algorithm ?? "", digest);
  return {
    disclosed,
    claims: check.status === "pass" ? disclosed?.claims : undefined,
    keyBinding,
    checks: keyBinding === undefined ? [check] : [check, checkKeyBinding(keyBinding)],
  };
}

/** Adds the disclosures to the report on the token that the issuer signed. */
export function addDisclosures(report: VerificationReport, sdJwt: DisclosureReport): VerificationReport {
  return { ...addChecks(report, sdJwt.checks), sdJwt };
}

function checkDisclosures(
  { warnings, disclosed: parts }: InspectedToken,
  disclosed: Disclosed | undefined,
): Check {
  const refuse = (why: string) => fail("disclosures", "disclosure_invalid", why);
  if (disclosed === undefined) return refuse("there is no claims set that something could be disclosed of");
  const isCut = warnings().find(({ code }) => code === "final_tilde_missing");
  if (isCut) return refuse(isCut.message);
  const [first, ...more] = disclosed.warnings;
  if (first !== undefined) {
    return refuse(more.length === 0 ? first.message : `${first.message}; and ${more.length} more like it`);
  }
  const twofold = parts?.disclosures.findIndex((text) =>
    hasDuplicates(readContent(decodeBase64Url(text).bytes)),
  );
  if (twofold !== undefined && twofold >= 0) {
    return fail("disclosures", "duplicate_member", `disclosure ${twofold + 1} has a name more than once`);
  }
  const { disclosures, algorithm, hidden } = disclosed;
  const rest = hidden === 0 ? "" : `; ${counted(hidden, "hash", "hashes")} of what is not disclosed`;
  const found =
    disclosures.length === 0
      ? "nothing is disclosed"
      : `${counted(disclosures.length, "disclosure")}, each by its hash in the token (${algorithm})`;
  return pass("disclosures", `${found}${rest}`);
}

function compareKeyBinding(
  token: InspectedToken,
  algorithm: string,
  digest: TextDigest,
): DisclosureReport["keyBinding"] {
  const text = token.disclosed?.keyBinding;
  if (text === undefined) return undefined;
  const proof = inspectIfToken(text);
  if (proof === undefined) return "unreadable";
  const fits = matchesSdHash(proof, keyBindingInput(token), algorithm, digest);
  return fits === undefined ? "unknown" : fits ? "fits" : "other";
}

function checkKeyBinding(found: NonNullable<DisclosureReport["keyBinding"]>): Check {
  if (found === "unreadable") {
    return fail("key_binding", "token_malformed", "what stands behind the last ~ is no token");
  }
  if (found === "other") {
    const detail = "the holder's proof is about other disclosures (sd_hash)";
    return fail("key_binding", "disclosure_invalid", detail);
  }
  return skip(
    "key_binding",
    "the holder's proof (key-binding JWT) is not verified: anybody may have sent this",
  );
}
