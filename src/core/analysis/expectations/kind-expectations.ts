import { objectOf } from "../../jose/token/content.ts";
import type { TextDigest } from "../../jose/token/disclosures.ts";
import { algOf } from "../../jose/token/inspect.ts";
import type { Check } from "../../jose/verification/check.ts";
import type { VerificationOptions, VerificationReport } from "../../jose/verification/report.ts";
import { kindNamed } from "../kinds/token-kinds.ts";
import type { AskedKind } from "./asked.ts";
import { checkDpopProof } from "./dpop-checks.ts";
import { checkKind } from "./kind-checks.ts";
import { checkClientAssertion, checkIdToken } from "./openid-checks.ts";

/**
 * Holds a verified token to one kind: what the kind's specification demands of all of them, then what the user asks of
 * this one.
 *
 * @param thumbprint of the key in the header of a DPoP proof
 */
export function checkAskedKind(
  { token, sdJwt }: VerificationReport,
  asked: AskedKind,
  { time: { now }, leeway }: Pick<VerificationOptions, "time" | "leeway">,
  { digest, thumbprint }: { readonly digest: TextDigest; readonly thumbprint: string | undefined },
): readonly Check[] {
  const header = objectOf(token.header.content);
  const claims = sdJwt?.claims ?? objectOf(token.payload?.content);
  const general = checkKind(header, claims, kindNamed(asked.kind));
  if (claims === undefined) return general;
  const context = { claims, header, thumbprint, alg: algOf(token), now, leeway, digest };
  switch (asked.kind) {
    case "id-token":
      return [...general, ...checkIdToken(context, asked)];
    case "dpop-proof":
      return [...general, ...checkDpopProof(context, asked)];
    case "client-assertion":
      return [...general, checkClientAssertion(context, asked)];
    default:
      return general;
  }
}
