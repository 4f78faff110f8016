import { AppError } from "../../core/errors.ts";
import { JsonObject } from "../../core/json/value.ts";
import { writeJson } from "../../core/json/write.ts";
import type { JwsAlgorithm } from "../../core/keys/algorithms.ts";
import type { Jwk } from "../../core/keys/jwk.ts";
import type { Jws, KeyVault } from "../../core/ports/crypto.ts";
import type { KeyStore } from "../../core/ports/store.ts";
import type { Clock, Random } from "../../core/ports/system.ts";
import { createId } from "../../core/sessions/ids.ts";
import type { PassphraseSource } from "../keys/store-passphrase.ts";
import type { AccessTokens, SignAccessToken } from "./ports.ts";

export interface AccessTokenPorts {
  readonly store: KeyStore;
  readonly keyVault: KeyVault;
  readonly jws: Jws;
  readonly clock: Clock;
  readonly random: Random;
  readonly passphrase: PassphraseSource;
}

interface OpenKey {
  readonly kid: string;
  readonly alg: JwsAlgorithm;
  readonly jwk: Jwk;
}

/** Access tokens after RFC 9068, signed with the store's active key, which is opened once. */
export function createAccessTokens(ports: AccessTokenPorts): AccessTokens {
  return {
    async prepare() {
      let key = await openActiveKey(ports);
      return async (input) => {
        const { payload, exp } = claimsFor(input, createId(ports.random));
        if ((await ports.store.reserveSignature(key.kid, exp, input.now)) === "not_active") {
          // The key was rotated since it was opened; the one that has taken its place is under the same passphrase.
          key = await openActiveKey(ports);
          await ports.store.reserveSignature(key.kid, exp, input.now);
        }
        const header = writeJson(JsonObject.of({ typ: "at+jwt", alg: key.alg, kid: key.kid }));
        const token = await ports.jws.sign({ header, payload, alg: key.alg, key: key.jwk });
        return { token, expiresAt: exp * 1000 };
      };
    },
  };
}

async function openActiveKey({ store, keyVault, clock, passphrase }: AccessTokenPorts): Promise<OpenKey> {
  const key = (await store.listKeys(clock.now())).find(({ state }) => state === "active");
  const material = key === undefined ? null : await store.readPrivateKey(key.kid);
  if (key === undefined || material === null) {
    throw new AppError("key_not_found", "the store has no active key to sign with", {
      hints: ["Make one active with: jwtctl keys rotate"],
    });
  }
  const jwk =
    material.form === "plain" ? material.jwk : await keyVault.open(material, key.kid, await passphrase());
  return { kid: key.kid, alg: key.alg, jwk };
}

/** RFC 9068 section 2.2. The default claims of a user never take the place of one of these. */
function claimsFor({ user, login, settings, now }: Parameters<SignAccessToken>[0], jti: string) {
  const iat = Math.floor(now / 1000);
  const exp = Math.min(iat + settings.access_ttl, Math.floor(login.expiresAt / 1000));
  const registered = JsonObject.of({
    iss: settings.issuer,
    sub: user.name,
    aud: settings.audience,
    exp,
    iat,
    jti,
    client_id: login.clientId,
    sid: login.id,
  });
  const defaults = user.claims.members.filter(([name]) => !registered.has(name));
  const claims = new JsonObject([...registered.members, ...defaults]);
  return { payload: new TextEncoder().encode(writeJson(claims)), exp };
}
