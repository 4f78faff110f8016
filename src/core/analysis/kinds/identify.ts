import { objectOf } from "../../jose/token/content.ts";
import type { DecodedToken, TokenIdentity } from "../../jose/token/decoded-token.ts";
import { recogniseProvider } from "../providers/recognise.ts";
import { recogniseKind } from "./token-kinds.ts";

/** The token with its kind and its issuer named, as far as they can be told. */
export function identified(decoded: DecodedToken): DecodedToken {
  const { token, disclosed } = decoded;
  const header = objectOf(token.header.content);
  const claims = disclosed?.claims ?? objectOf(token.payload?.content);
  const [kind, provider] = [recogniseKind(header, claims), recogniseProvider(header, claims)];
  if (kind === undefined && provider === undefined) return decoded;
  return {
    ...decoded,
    identity: {
      ...(kind === undefined ? {} : { kind: kindOf(kind) }),
      ...(provider === undefined ? {} : { provider: providerOf(provider) }),
    },
  };
}

function kindOf({
  kind: { id, name, specification },
  sign,
}: NonNullable<ReturnType<typeof recogniseKind>>): NonNullable<TokenIdentity["kind"]> {
  return { id, name, specification, sign };
}

function providerOf({
  provider: { id, name },
  sign,
  token,
}: NonNullable<ReturnType<typeof recogniseProvider>>): NonNullable<TokenIdentity["provider"]> {
  return {
    ...{ id, name, sign },
    ...(token === undefined ? {} : { token: token.name }),
    ...(token?.remark === undefined ? {} : { remark: token.remark }),
  };
}
