import { objectOf } from "../../jose/token/content.ts";
import type { DecodedToken, TokenIdentity } from "../../jose/token/decoded-token.ts";
import { recogniseKind } from "./token-kinds.ts";

/** The token with its kind named, as far as it can be told. */
export function identified(decoded: DecodedToken): DecodedToken {
  const { token, disclosed } = decoded;
  const claims = disclosed?.claims ?? objectOf(token.payload?.content);
  const found = recogniseKind(objectOf(token.header.content), claims);
  if (found === undefined) return decoded;
  const { id, name, specification } = found.kind;
  const kind: TokenIdentity["kind"] = { id, name, specification, sign: found.sign };
  return { ...decoded, identity: { kind } };
}
