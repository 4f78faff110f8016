import type { PublicKeyText } from "../../core/analysis/diagnosis/failed-verification.ts";
import { looksLikeKey } from "../../core/analysis/diagnosis/secret.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import { layouts, publicForms } from "../keys/public-forms.ts";
import type { DiagnosisInput, DiagnosisPorts } from "./ports.ts";

type Ports = Pick<DiagnosisPorts, "keyTools" | "probe">;

/**
 * The public keys as texts that a careless library could use as an HMAC secret (RFC 8725 section 2.1): the given files
 * and the usual forms of each key. The first form of every key comes before the second form of any.
 */
export async function publicKeyTexts(
  keys: readonly CandidateKey[],
  { given }: DiagnosisInput,
  ports: Ports,
): Promise<readonly PublicKeyText[]> {
  const files = given
    .filter(({ bytes }) => looksLikeKey(bytes))
    .flatMap(({ bytes }) => layouts("the text of the file", bytes));
  const perKey = await Promise.all(keys.map(({ jwk }) => publicForms(jwk, ports)));
  const rounds = Math.max(0, ...perKey.map((forms) => forms.length));
  const texts = Array.from({ length: rounds }, (_, round) =>
    perKey.flatMap((forms) => forms[round] ?? []),
  ).flat();
  return distinct([...files, ...texts]);
}

function distinct(texts: readonly PublicKeyText[]): readonly PublicKeyText[] {
  const seen = new Map(texts.map((text) => [encodeBase64Url(text.bytes), text] as const).reverse());
  return texts.filter((text) => seen.get(encodeBase64Url(text.bytes)) === text);
}
