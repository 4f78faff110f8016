import { encodeBase64Url } from "../../base/base64url.ts";
import { stringMember } from "../../jose/token/content.ts";
import { type FailedVerification, fixForIssuer, fixForVerifier, type Trial } from "./failed-verification.ts";
import { bytesOf } from "./secret-variants.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

/**
 * Cause: a token for Microsoft Graph. Entra ID signs it with the SHA-256 of the header's `nonce` in place of the nonce, so
 * that nobody else can verify it.
 */
export function* graphNonceTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, header, facts, report, signature } = failure;
  const nonce = stringMember(header, "nonce");
  const { nonceHash } = facts;
  const { content } = report.token.header;
  if (alg === undefined || nonce === undefined || nonceHash === undefined || content.kind !== "json") return;
  const text = new TextDecoder().decode(report.token.header.bytes);
  const hashed = text.replace(JSON.stringify(nonce), () => JSON.stringify(nonceHash));
  if (hashed === text) return;
  const signingInput = `${encodeBase64Url(bytesOf(hashed))}.${report.token.segments[1] ?? ""}`;
  for (const candidate of keysFor(failure, alg)) {
    yield {
      ...{ alg, key: candidate.jwk, signingInput, signature },
      cause: "graph_nonce",
      evidence: `with the SHA-256 of nonce in its place in the header, the token verifies with ${nameOf(candidate)}: it is genuine, and made so that only Microsoft Graph can verify it`,
      fix: `${fixForIssuer(
        "ask for a token of your own API: a scope of it, as in api://…/.default, and none of Graph in the same request",
      )}. ${fixForVerifier("to learn who has logged in, verify the ID token; hand a token for Graph to Graph alone")}`,
    };
  }
}
