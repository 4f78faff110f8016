import type { AskedClaims, AskedKind } from "../../core/analysis/expectations/asked.ts";
import { checkExpectations } from "../../core/analysis/expectations/claim-expectations.ts";
import { checkAskedKind } from "../../core/analysis/expectations/kind-expectations.ts";
import { kindNamed } from "../../core/analysis/kinds/token-kinds.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import { publicJwkOf } from "../../core/jose/jwk-object.ts";
import type { KeyTools } from "../../core/jose/ports/crypto.ts";
import { objectOf } from "../../core/jose/token/content.ts";
import type { TextDigest } from "../../core/jose/token/disclosures.ts";
import { type InspectedToken, kidOf } from "../../core/jose/token/inspect.ts";
import { type Check, pass, skip } from "../../core/jose/verification/check.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import {
  addChecks,
  type VerificationOptions,
  type VerificationReport,
} from "../../core/jose/verification/report.ts";
import { orUndefined } from "../keys/public-forms.ts";

/** What is asked of a token beside the checks that every token gets. */
export interface Asked {
  readonly claims?: AskedClaims | undefined;
  readonly kind?: AskedKind | undefined;
}

export interface AskedPorts {
  readonly digest: TextDigest;
  /** Only for a kind of token. */
  readonly keyTools: Pick<KeyTools, "thumbprint" | "sizeOf">;
}

/** Adds the checks that were asked for to the report on a token. */
export async function addAskedChecks(
  report: VerificationReport,
  { claims, kind }: Asked,
  options: VerificationOptions,
  {
    digest,
    keyTools,
  }: Pick<AskedPorts, "digest"> & { readonly keyTools?: AskedPorts["keyTools"] | undefined },
): Promise<VerificationReport> {
  const said = report.sdJwt ? report.sdJwt.claims : objectOf(report.token.payload?.content);
  const further = claims === undefined ? [] : checkExpectations(said, claims);
  if (kind === undefined) return addChecks(report, further);
  const key = proofKeyOf(report.token);
  const thumbprint = key && keyTools && (await orUndefined(keyTools.thumbprint(key)));
  const checks = checkAskedKind(report, kind, options, { digest, thumbprint });
  const fitting = report.checks.map((check) => asOf(kind, check));
  return addChecks({ ...report, checks: fitting }, [...checks, ...further]);
}

/** General checks that mean something else for a kind: a DPoP proof brings its key, and some kinds never expire. */
function asOf({ kind }: AskedKind, check: Check): Check {
  if (check.status !== "warn") return check;
  if (check.name === "header_keys" && kind === "dpop-proof") {
    return pass(
      "header_keys",
      "a DPoP proof brings its key along: with that it was verified, and with no other",
    );
  }
  const { exempt, name } = kindNamed(kind);
  return check.name === "exp" && exempt.includes("no-exp") ? skip("exp", `${name} needs no exp`) : check;
}

function proofKeyOf(token: InspectedToken): Jwk | undefined {
  return publicJwkOf(objectOf(token.header.content)?.get("jwk"));
}

/**
 * The key in the header of a DPoP proof: the one case in which a token is verified with a key that it brings along (RFC
 * 9449 section 4.3). It proves that the sender holds the key, and not who that is.
 */
export function proofKeyCandidates(
  token: InspectedToken,
  keyTools: AskedPorts["keyTools"],
): readonly CandidateKey[] {
  const jwk = proofKeyOf(token);
  if (jwk === undefined) return [];
  const kid = kidOf(token);
  const named = kid === undefined ? jwk : { ...jwk, kid };
  return [{ jwk: named, source: "its header (jwk)", bits: keyTools.sizeOf(named) }];
}
