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
import { type Check, fail, pass } from "./check.ts";
import { hasDuplicates } from "./header-checks.ts";
import { checkHolderProof, finishHolderProof, type HolderProof } from "./holder-proof.ts";
import {
  addChecks,
  type DisclosureReport,
  type VerificationOptions,
  type VerificationReport,
} from "./report.ts";

/** What an SD-JWT discloses, and the proof of its holder, of which the signature remains to be verified. */
export interface PendingDisclosures extends Omit<DisclosureReport, "holderProven" | "checks"> {
  readonly check: Check;
  readonly proof: HolderProof | undefined;
}

/**
 * Compares the disclosures of an SD-JWT with the digests that its issuer signed (RFC 9901 section 7.1), and its Key
 * Binding JWT with the disclosures and with what is asked of it (section 7.3).
 *
 * @returns undefined for a token that is no SD-JWT
 */
export function verifyDisclosures(
  token: InspectedToken,
  digest: TextDigest,
  options: Pick<VerificationOptions, "time" | "leeway" | "holder">,
): PendingDisclosures | undefined {
  if (token.disclosed === undefined) return undefined;
  const signed = objectOf(token.payload?.content);
  const disclosed = signed && applyDisclosures(signed, token.disclosed, digest);
  const check = checkDisclosures(token, disclosed);
  const text = token.disclosed.keyBinding;
  const proof = text === undefined ? undefined : inspectIfToken(text);
  const keyBinding =
    text === undefined ? undefined : compareKeyBinding(token, proof, disclosed?.algorithm ?? "", digest);
  const claims = check.status === "pass" ? disclosed?.claims : undefined;
  return {
    ...{ disclosed, claims, keyBinding, check },
    proof: checkHolderProof(proof, claims, keyBinding, options),
  };
}

/**
 * Adds the disclosures to the report on the token that the issuer signed.
 * @param isProven whether the signature of the holder's proof was verified; undefined when there was none to verify
 */
export function addDisclosures(
  report: VerificationReport,
  { disclosed, claims, keyBinding, check, proof }: PendingDisclosures,
  isProven: boolean | undefined,
): VerificationReport {
  const checks = proof ? [check, finishHolderProof(proof, isProven), ...proof.further] : [check];
  const holderProven = isProven === true;
  return { ...addChecks(report, checks), sdJwt: { disclosed, claims, keyBinding, holderProven, checks } };
}

/** Refuses a token that is no SD-JWT where its holder's proof is asked for. */
export function demandHolder(
  report: VerificationReport,
  { holder }: Pick<VerificationOptions, "holder">,
): VerificationReport {
  if (holder === undefined) return report;
  const detail = "there is no proof of the holder: the token is no SD-JWT with one behind its last ~";
  return addChecks(report, [fail("key_binding", "key_binding_invalid", detail)]);
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
  proof: InspectedToken | undefined,
  algorithm: string,
  digest: TextDigest,
): DisclosureReport["keyBinding"] {
  if (proof === undefined) return "unreadable";
  const fits = matchesSdHash(proof, keyBindingInput(token), algorithm, digest);
  return fits === undefined ? "unknown" : fits ? "fits" : "other";
}
