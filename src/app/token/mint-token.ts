import type { MintNote, SettingsStore } from "../../core/authority/ports/store.ts";
import { DEFAULT_SETTINGS } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import type { JsonValue } from "../../core/base/json/value.ts";
import { writeJson } from "../../core/base/json/write.ts";
import type { Clock, Random } from "../../core/base/ports.ts";
import {
  algorithmsOfKeyType,
  type JwsAlgorithm,
  pinnedAlgorithm,
  sameAlgorithm,
} from "../../core/jose/algorithms.ts";
import { hasPrivateMember, type Jwk } from "../../core/jose/jwk.ts";
import {
  type ComposedToken,
  composeToken,
  type MintDefaults,
  type MintRequest,
  refuseWeakKey,
  type SigningKeyParameters,
} from "../../core/jose/minting/mint.ts";
import type { Jws, KeyTools } from "../../core/jose/ports/crypto.ts";
import { openActiveKey, type SigningPorts, signWithActiveKey } from "./active-key.ts";
import { newTokenId } from "./issue-access-token.ts";

export interface MintedToken extends ComposedToken {
  readonly token: string;
}

export interface MintPorts {
  readonly jws: Pick<Jws, "sign">;
  readonly keyTools: Pick<KeyTools, "sizeOf">;
  readonly clock: Clock;
  readonly random: Random;
}

export interface GivenKeyInput {
  readonly request: MintRequest;
  readonly key: Jwk;
  /** Undefined: the algorithm the key is pinned to. */
  readonly algorithm: JwsAlgorithm | undefined;
  /** Allow a key that is too small, for teaching and testing. */
  readonly allowWeak: boolean;
}

/**
 * Mints a token with a given key or secret, without a store.
 *
 * @throws AppError `usage`; `key_unusable` when the key cannot sign, or not with that algorithm; `key_too_weak`
 */
export async function mintWithKey(input: GivenKeyInput, ports: MintPorts): Promise<MintedToken> {
  const { key, request } = input;
  const alg = signingAlgorithm(key, input.algorithm);
  if (!input.allowWeak) refuseWeakKey(alg, ports.keyTools.sizeOf(key));
  const defaults = { ttl: DEFAULT_SETTINGS.access_ttl, jti: () => newTokenId(ports.random) };
  const composed = composeToken(request, defaults, { alg, kid: key.kid }, ports.clock.now());
  return { ...composed, token: await ports.jws.sign({ ...bytesOf(composed), alg, key }) };
}

function signingAlgorithm(key: Jwk, named: JwsAlgorithm | undefined): JwsAlgorithm {
  if (!hasPrivateMember(key)) {
    throw new AppError("key_unusable", "the key is a public one: it can verify tokens, not sign them", {
      hints: ["Give the private key"],
    });
  }
  const alg = pinnedAlgorithm(key, named);
  if (alg !== undefined) return alg;
  const possible = algorithmsOfKeyType(key);
  const wanted = named ?? key.alg ?? "";
  throw new AppError("key_unusable", `the key cannot sign with ${wanted}`, {
    hints: possible.length === 0 ? [] : [`It can be used with: ${possible.join(", ")}`],
  });
}

export interface StoreMintInput {
  readonly request: MintRequest;
  /** The algorithm the user expects of the active key; undefined: any. */
  readonly algorithm: JwsAlgorithm | undefined;
}

export interface StoreMintPorts extends MintPorts, SigningPorts {
  readonly jws: Pick<Jws, "sign">;
  readonly store: SigningPorts["store"] & Pick<SettingsStore, "readSettings">;
}

/**
 * Mints a token with the store's active key, and with its issuer and audience unless others are given. The store then
 * keeps the key until the token has expired.
 *
 * @throws AppError `usage`, `key_not_found`, `passphrase_wrong`, and the `store_*` codes
 */
export async function mintWithStore(
  { request, algorithm }: StoreMintInput,
  ports: StoreMintPorts,
): Promise<MintedToken> {
  const { issuer, audience, access_ttl } = await ports.store.readSettings();
  const jti = newTokenId(ports.random);
  const defaults = { iss: issuer, aud: audience, ttl: access_ttl, jti: () => jti };
  const now = ports.clock.now();
  const compose = (key: SigningKeyParameters) => composeForStore(request, defaults, key, algorithm, now);
  // Composed once before the passphrase is asked for, to refuse contradictions first.
  const active = (await ports.store.listKeys(now)).find((key) => key.state === "active");
  if (active) compose(active);
  const opened = await openActiveKey(ports);
  const { token, key } = await signWithActiveKey(
    opened,
    (candidate) => {
      const composed = compose(candidate);
      return { ...bytesOf(composed), exp: composed.exp, minted: noteOf(composed) };
    },
    ports,
  );
  return { ...compose(key), token };
}

function composeForStore(
  request: MintRequest,
  defaults: MintDefaults,
  key: SigningKeyParameters,
  algorithm: JwsAlgorithm | undefined,
  now: number,
): ComposedToken {
  if (algorithm !== undefined && !sameAlgorithm(algorithm, key.alg)) {
    throw new AppError("usage", `the store signs with ${key.alg}, not ${algorithm}`, {
      hints: ["Leave --alg out, or give a key of your own with --key"],
    });
  }
  return composeToken(request, defaults, key, now);
}

function noteOf({ header, payload }: ComposedToken): MintNote {
  const textOf = (value: JsonValue | undefined) => (typeof value === "string" ? value : null);
  return {
    sub: textOf(payload.get("sub")),
    jti: textOf(payload.get("jti")),
    typ: textOf(header.get("typ")),
  };
}

function bytesOf({ header, payload }: ComposedToken): { header: string; payload: Uint8Array } {
  return { header: writeJson(header), payload: new TextEncoder().encode(writeJson(payload)) };
}
