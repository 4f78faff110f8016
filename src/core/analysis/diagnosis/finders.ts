import { algorithmMixupTrials } from "./algorithm-mixup.ts";
import { algorithmNameTrials, explainAlgorithmName } from "./algorithm-name.ts";
import { type Case, type Explainer, type Explanation, failed, type Planner, signatureHolds } from "./case.ts";
import { explainChangedContent } from "./changed-content.ts";
import { explainClock } from "./clock.ts";
import { explainDateUnits } from "./date-units.ts";
import { ecdsaDerTrials, explainEcdsaDer } from "./ecdsa-der.ts";
import { explainAudience, explainEnvironment, explainIssuer, explainSwapped } from "./issuer-audience.ts";
import { explainWithdrawnKey, otherKeyTrials, pinTrials, withdrawnKeyTrials } from "./key-choice.ts";
import { explainForeignSize } from "./key-size.ts";
import { explainCut, explainDamaged, explainMissingStart, missingStartTrials } from "./missing-part.ts";
import { rewrittenTrials } from "./rewritten.ts";
import {
  keyGivenAsSecretTrials,
  publicKeyAsSecretTrials,
  secretSourceTrials,
  secretVariantTrials,
  wellKnownSecretTrials,
} from "./secret.ts";
import {
  explainHexSignature,
  explainSignatureEncoding,
  hexSignatureTrials,
  signatureEncodingTrials,
} from "./signature-encoding.ts";
import { pssSaltTrials, signingInputTrials } from "./signing-input.ts";
import { explainTokenKind } from "./token-kind.ts";
import {
  damagedTextTrials,
  explainDetached,
  explainEncrypted,
  explainNested,
  explainUnsigned,
} from "./token-text.ts";
import { explainKeyType, explainOtherKey, explainUnknownKey } from "./wrong-key.ts";

/** Readings under which the signature could fit, the likeliest first; the first that does ends the search. */
const PLANNERS: readonly Planner[] = [
  otherKeyTrials,
  withdrawnKeyTrials,
  pinTrials,
  keyGivenAsSecretTrials,
  publicKeyAsSecretTrials,
  algorithmNameTrials,
  algorithmMixupTrials,
  pssSaltTrials,
  ecdsaDerTrials,
  signatureEncodingTrials,
  hexSignatureTrials,
  secretVariantTrials,
  secretSourceTrials,
  signingInputTrials,
  rewrittenTrials,
  wellKnownSecretTrials,
];

/** All readings worth trying. Lazily: the first that fits spares the rest. */
export function* trialsFor(suspect: Case): ReturnType<Planner> {
  if (signatureHolds(suspect)) return;
  yield* damagedTextTrials(suspect);
  yield* missingStartTrials(suspect);
  if (suspect.signature.length === 0) return;
  for (const plan of PLANNERS) yield* plan(suspect);
}

/** What is plain to see when no reading fits, the first that says anything. */
const FORM_EXPLAINERS: readonly Explainer[] = [
  explainEncrypted,
  explainUnsigned,
  explainEcdsaDer,
  explainSignatureEncoding,
  explainHexSignature,
  explainDetached,
  explainMissingStart,
  explainCut,
  explainDamaged,
  explainChangedContent,
  explainAlgorithmName,
  explainEnvironment,
  explainKeyType,
];

/** What is left to say when the signature was tried with keys of the right type, the first that says anything. */
const LAST_EXPLAINERS: readonly ((suspect: Case, tried: number) => readonly Explanation[])[] = [
  explainUnknownKey,
  explainForeignSize,
  explainOtherKey,
];

/** What the claims show. Only worth saying of a token whose signature holds, or would but for a mistake. */
const CLAIM_EXPLAINERS: readonly Explainer[] = [
  explainDateUnits,
  explainClock,
  explainSwapped,
  explainTokenKind,
  explainIssuer,
  explainAudience,
];

/**
 * Puts what was found in order: the reading that fits, or what is plain to see, then what the claims show.
 *
 * @param proven the reading that fitted
 * @param tried how many readings were tried
 */
export function explain(
  suspect: Case,
  proven: Explanation | undefined,
  tried: number,
): readonly Explanation[] {
  const withdrawn = explainWithdrawnKey(suspect);
  if (withdrawn.length > 0) return withdrawn;
  const nested = failed(suspect, "payload") ? explainNested(suspect) : [];
  if (proven === undefined && !signatureHolds(suspect)) {
    const looks = [...FORM_EXPLAINERS, ...(wasTried(suspect) ? LAST_EXPLAINERS : [])];
    return looks.map((look) => look(suspect, tried)).find((found) => found.length > 0) ?? [];
  }
  const claims = isTrustworthy(proven) ? CLAIM_EXPLAINERS.flatMap((look) => look(suspect)) : [];
  return [...(proven === undefined ? [] : [proven]), ...nested, ...claims];
}

/** Whether the signature was held against the keys as it is, by the policy or by the trials for other keys. */
function wasTried(suspect: Case): boolean {
  if (failed(suspect, "signature")) return true;
  if (failed(suspect, "format") || failed(suspect, "crit") || failed(suspect, "duplicates")) return false;
  return failed(suspect, "key") || failed(suspect, "algorithm");
}

const FORGERIES: ReadonlySet<string> = new Set([
  "public_key_as_secret",
  "secret_well_known",
  "key_withdrawn",
]);

/** What a forger wrote into the claims needs no explanation. */
function isTrustworthy(proven: Explanation | undefined): boolean {
  return proven === undefined || !FORGERIES.has(proven.cause);
}
