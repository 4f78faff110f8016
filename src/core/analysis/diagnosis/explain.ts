import { algorithmMixupTrials } from "./algorithm-mixup.ts";
import { algorithmNameTrials, explainAlgorithmName } from "./algorithm-name.ts";
import { byteOrderTrials, ecdsaHashTrials, recoveryIdTrials } from "./byte-order.ts";
import { explainChangedContent } from "./changed-content.ts";
import { explainClock } from "./clock.ts";
import { explainDateUnits } from "./date-units.ts";
import { detachedPayloadTrials } from "./detached-payload.ts";
import { ecdsaDerTrials, explainEcdsaDer } from "./ecdsa-der.ts";
import {
  checkFailed,
  type Explainer,
  type Explanation,
  type FailedVerification,
  signaturePassed,
  type TrialPlanner,
} from "./failed-verification.ts";
import { graphNonceTrials } from "./graph-nonce.ts";
import { explainAudience, explainEnvironment, explainIssuer, explainSwapped } from "./issuer-audience.ts";
import { explainWithdrawnKey, otherKeyTrials, pinTrials, withdrawnKeyTrials } from "./key-choice.ts";
import { explainForeignSize } from "./key-size.ts";
import { explainClaimTypes, explainHeaderTypes } from "./member-types.ts";
import { explainCut, explainDamaged, explainMissingStart, missingStartTrials } from "./missing-part.ts";
import { explainOwnWord, explainRefreshToken } from "./own-word.ts";
import { explainPayload } from "./payload-content.ts";
import { rewrittenTrials } from "./rewritten.ts";
import {
  keyGivenAsSecretTrials,
  publicKeyAsSecretTrials,
  secretSourceTrials,
  secretVariantTrials,
  wellKnownSecretTrials,
} from "./secret.ts";
import { secretWritingTrials } from "./secret-writings.ts";
import {
  explainHexSignature,
  explainSignatureEncoding,
  hexSignatureTrials,
  signatureEncodingTrials,
} from "./signature-encoding.ts";
import { signatureLengthTrials } from "./signature-length.ts";
import { pssSaltTrials, signingInputTrials } from "./signing-input.ts";
import { explainTokenKind } from "./token-kind.ts";
import {
  damagedTextTrials,
  explainDetached,
  explainEncrypted,
  explainNested,
  explainUnsigned,
} from "./token-text.ts";
import { explainKeyType, explainLeftOutKey, explainOtherKey, explainUnknownKey } from "./wrong-key.ts";

/** In the order they are tried; the first trial that succeeds ends the search. */
const PLANNERS: readonly TrialPlanner[] = [
  detachedPayloadTrials,
  otherKeyTrials,
  withdrawnKeyTrials,
  pinTrials,
  keyGivenAsSecretTrials,
  publicKeyAsSecretTrials,
  algorithmNameTrials,
  algorithmMixupTrials,
  pssSaltTrials,
  graphNonceTrials,
  ecdsaDerTrials,
  signatureLengthTrials,
  signatureEncodingTrials,
  hexSignatureTrials,
  secretVariantTrials,
  secretSourceTrials,
  signingInputTrials,
  rewrittenTrials,
  byteOrderTrials,
  recoveryIdTrials,
  ecdsaHashTrials,
  wellKnownSecretTrials,
  secretWritingTrials,
];

/** All trials, generated lazily: the first that succeeds spares the rest. */
export function* trialsFor(failure: FailedVerification): ReturnType<TrialPlanner> {
  if (signaturePassed(failure)) return;
  yield* damagedTextTrials(failure);
  yield* missingStartTrials(failure);
  if (failure.signature.length === 0) return;
  for (const plan of PLANNERS) yield* plan(failure);
}

/** Asked when no trial succeeds, for faults that can be seen in the token; the first answer counts. */
const FORM_EXPLAINERS: readonly Explainer[] = [
  explainEncrypted,
  explainUnsigned,
  explainHeaderTypes,
  explainEcdsaDer,
  explainSignatureEncoding,
  explainHexSignature,
  explainDetached,
  explainMissingStart,
  explainCut,
  explainDamaged,
  explainChangedContent,
  explainAlgorithmName,
  explainLeftOutKey,
  explainOwnWord,
  explainEnvironment,
  explainKeyType,
];

/** Asked last, when keys of the right type were tried in vain; the first answer counts. */
const LAST_EXPLAINERS: readonly ((failure: FailedVerification, tried: number) => readonly Explanation[])[] = [
  explainUnknownKey,
  explainForeignSize,
  explainOtherKey,
];

/** Asked about the claims, when the signature is valid, or was made valid by a trial. */
const CLAIM_EXPLAINERS: readonly Explainer[] = [
  explainDateUnits,
  explainClaimTypes,
  explainClock,
  explainSwapped,
  explainTokenKind,
  explainIssuer,
  explainAudience,
];

/**
 * Puts the explanations in order: the trial that succeeded, or a fault seen in the token, then those of the claims.
 *
 * @param proven the trial that succeeded
 * @param tried how many trials were made
 */
export function explain(
  failure: FailedVerification,
  proven: Explanation | undefined,
  tried: number,
): readonly Explanation[] {
  const withdrawn = explainWithdrawnKey(failure);
  if (withdrawn.length > 0) return withdrawn;
  const content = checkFailed(failure, "payload")
    ? [...explainNested(failure), ...explainPayload(failure)]
    : [];
  if (proven === undefined && !signaturePassed(failure)) {
    const looks = [...FORM_EXPLAINERS, ...(wasTried(failure) ? LAST_EXPLAINERS : [])];
    const found = looks.map((look) => look(failure, tried)).find((causes) => causes.length > 0) ?? [];
    return [...found, ...explainRefreshToken(failure)];
  }
  const claims = isTrustworthy(proven) ? CLAIM_EXPLAINERS.flatMap((look) => look(failure)) : [];
  return [...(proven === undefined ? [] : [proven]), ...content, ...claims];
}

/** Whether the signature was verified unchanged, by the verification or by a trial. */
function wasTried(failure: FailedVerification): boolean {
  if (checkFailed(failure, "signature")) return true;
  if (checkFailed(failure, "format") || checkFailed(failure, "crit") || checkFailed(failure, "duplicates"))
    return false;
  return checkFailed(failure, "key") || checkFailed(failure, "algorithm");
}

const FORGERIES: ReadonlySet<string> = new Set([
  "public_key_as_secret",
  "secret_well_known",
  "key_withdrawn",
]);

/** Whether the claims are worth explaining: not those of a forged token. */
function isTrustworthy(proven: Explanation | undefined): boolean {
  return proven === undefined || !FORGERIES.has(proven.cause);
}
