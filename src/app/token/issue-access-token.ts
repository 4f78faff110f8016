import type { SettingsStore } from "../../core/authority/ports/store.ts";
import type { Session } from "../../core/authority/sessions/session.ts";
import type { Settings } from "../../core/authority/settings.ts";
import type { User } from "../../core/authority/users/user.ts";
import { encodeBase64Url } from "../../core/base/base64url.ts";
import { JsonObject } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Random } from "../../core/base/ports.ts";
import { ACCESS_TOKEN_TYPE } from "../../core/jose/token/content.ts";
import type { AccessTokens } from "../sessions/ports.ts";
import { PROTOCOL_CLAIMS } from "../users/default-claims.ts";
import {
  type ActiveKey,
  askOnce,
  reserveActiveKey,
  type SigningPorts,
  signWithActiveKey,
  type UnsignedToken,
} from "./active-key.ts";

export interface AccessTokenInput {
  readonly user: User;
  readonly session: Session;
  readonly settings: Settings;
  /** ms */
  readonly now: number;
}

export interface AccessTokenPorts extends SigningPorts {
  readonly store: SigningPorts["store"] & Pick<SettingsStore, "readSettings">;
  readonly random: Random;
}

/** 128 bits cannot be guessed and do not collide. */
const JTI_BYTES = 16;

/** A random token id. */
export function newTokenId(random: Random): string {
  return encodeBase64Url(random.bytes(JTI_BYTES));
}

/**
 * The claims of an access token (RFC 9068 section 2.2) with `sid`, and the user's default claims, which cannot replace
 * them. `exp` is never after the end of the session.
 *
 * @param jti a random token id
 */
export function accessTokenClaims(
  { user, session, settings, now }: AccessTokenInput,
  jti: string,
): JsonObject {
  const iat = Math.floor(now / 1000);
  const exp = Math.min(iat + settings.access_ttl, Math.floor(session.expiresAt / 1000));
  const own = user.claims.members.filter(([name]) => !(PROTOCOL_CLAIMS as readonly string[]).includes(name));
  return new JsonObject([
    ["iss", settings.issuer],
    ["sub", user.name],
    ["aud", settings.audience],
    ["client_id", session.clientId],
    ["sid", session.id],
    ...own,
    ["iat", iat],
    ["exp", exp],
    ["jti", jti],
  ]);
}

/** How long (ms) after a signature was reserved the token is still issued with the time of the reservation. */
const A_MOMENT = 15_000;

/**
 * Issues access tokens (RFC 9068), signed with the store's active key.
 *
 * `prepare` reserves the signature, and the token has the time of that moment. So nothing has to be written after a
 * refresh token was consumed: a full disk or a held lock cannot cost the token. Another signature is reserved only when
 * the key was replaced or a long time has passed.
 */
export function createAccessTokens(given: AccessTokenPorts): AccessTokens {
  return {
    async prepare() {
      const ports = { ...given, passphrase: askOnce(given.passphrase) };
      const { access_ttl } = await ports.store.readSettings();
      const { key: opened, reservedAt } = await reserveActiveKey(access_ttl, ports);
      let key = opened;
      return async (input) => {
        const now = input.now - reservedAt <= A_MOMENT ? Math.min(input.now, reservedAt) : input.now;
        const claims = accessTokenClaims({ ...input, now }, newTokenId(ports.random));
        const signed = await signWithActiveKey(key, (active) => draftOf(claims, active), ports);
        key = signed.key;
        return { token: signed.token, expiresAt: expOf(claims) * 1000 };
      };
    },
  };
}

function draftOf(claims: JsonObject, { alg, kid }: ActiveKey): UnsignedToken {
  const header = JsonObject.of({ alg, typ: ACCESS_TOKEN_TYPE, kid });
  return {
    header: writeJson(header),
    payload: new TextEncoder().encode(writeJson(claims)),
    exp: expOf(claims),
  };
}

function expOf(claims: JsonObject): number {
  return claims.get("exp") as number;
}
