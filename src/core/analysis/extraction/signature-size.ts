import { decodeBase64Url } from "../../base/base64url.ts";
import { ALGORITHM_TRAITS, isJwsAlgorithm } from "../../jose/algorithms.ts";
import { objectOf, readContent, stringMember } from "../../jose/token/content.ts";

/** The lengths in base64url of signatures whose algorithm is unknown or does not say: RSA, and the usual others. */
const RSA_LENGTHS = [342, 512, 683, 1366];
const USUAL_LENGTHS = [43, 64, 86, 128, 176, ...RSA_LENGTHS];

/** The lengths that a whole signature may have, in characters of base64url. @param alg of the header */
export function wholeLengths(alg: string | undefined): readonly number[] {
  if (!isJwsAlgorithm(alg)) return USUAL_LENGTHS;
  const bytes = ALGORITHM_TRAITS[alg].signatureBytes;
  return bytes === undefined ? RSA_LENGTHS : [Math.ceil((bytes * 4) / 3)];
}

/** Whether a compact JWS has a signature as long as its algorithm makes them. */
export function isWholeToken(text: string): boolean {
  const [header = "", , signature, ...more] = text.split(".", 4);
  if (signature === undefined || more.length > 0) return false;
  const object = objectOf(readContent(decodeBase64Url(header).bytes));
  return object !== undefined && wholeLengths(stringMember(object, "alg")).includes(signature.length);
}
