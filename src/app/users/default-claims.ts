import { AppError } from "../../core/base/errors.ts";
import type { JsonObject } from "../../core/base/json/value.ts";

/** The claims that the issuer sets for each token (RFC 9068 section 2.2); a user's default cannot replace them. */
export const PROTOCOL_CLAIMS = ["iss", "sub", "aud", "exp", "iat", "nbf", "jti", "sid", "client_id"] as const;

/** Checks the default claims of a user's access tokens. @throws AppError `usage` for protocol claims */
export function checkDefaultClaims(claims: JsonObject): JsonObject {
  const reserved = claims.members
    .map(([name]) => name)
    .filter((name) => (PROTOCOL_CLAIMS as readonly string[]).includes(name));
  if (reserved.length === 0) return claims;
  throw new AppError("usage", `${reserved.join(", ")} cannot be a default: every token gets its own`, {
    hints: [`Leave out ${PROTOCOL_CLAIMS.join(", ")}; to sign any claims at all there is jwtctl mint`],
  });
}
