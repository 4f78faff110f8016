import {
  isOmission,
  type TamperInput,
  type Tampering,
  type TamperResult,
  tamper,
} from "../../../src/app/attacks/tamper.ts";
import { attackNamed } from "../../../src/core/analysis/attacks/attacks.ts";
import type { Edit } from "../../../src/core/analysis/attacks/edits.ts";
import type { JwsAlgorithm } from "../../../src/core/jose/algorithms.ts";
import type { Jwk } from "../../../src/core/jose/jwk.ts";
import { inspectToken } from "../../../src/core/jose/token/inspect.ts";
import type { CandidateKey } from "../../../src/core/jose/verification/key-choice.ts";
import { verifyCompact } from "../../../src/core/jose/verification/verify.ts";
import { createJws } from "../../../src/crypto/jws.ts";
import { createKeyTools } from "../../../src/crypto/key-tools.ts";

export const NOW = Date.UTC(2026, 2, 1, 12);
export const SECONDS = NOW / 1000;

const jws = createJws();
const keyTools = createKeyTools({ bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) });

/** An honest issuer and verifier of one key. */
export interface Honest {
  readonly token: string;
  readonly key: Jwk;
  readonly publicKey:
    | { readonly pem: Uint8Array; readonly der: Uint8Array; readonly jwk: Uint8Array }
    | undefined;
  readonly candidates: readonly CandidateKey[];
}

const CLAIMS = {
  iss: "https://auth.example.com",
  sub: "alice",
  aud: "https://api.example.com",
  iat: SECONDS - 60,
  exp: SECONDS + 840,
  role: "reader",
};

/** @param how `nameless`: the key is given as a bare file without a kid */
export async function honest(
  alg: JwsAlgorithm,
  options: { claims?: object; nameless?: boolean } = {},
): Promise<Honest> {
  const made = await keyTools.generate(alg);
  const header = JSON.stringify({ alg, typ: "JWT", kid: made.kid });
  const payload = new TextEncoder().encode(JSON.stringify({ ...CLAIMS, ...options.claims }));
  const token = await jws.sign({ header, payload, alg, key: made.privateJwk });
  const known = made.publicJwk ?? { ...made.privateJwk, kid: made.kid };
  const { kid: _, alg: __, use: ___, ...bare } = known;
  const jwk = options.nameless ? (bare as Jwk) : known;
  const publicKey = made.publicJwk && {
    pem: await keyTools.writePublic(made.publicJwk, "pem"),
    der: await keyTools.writePublic(made.publicJwk, "der"),
    jwk: await keyTools.writePublic(made.publicJwk, "jwk"),
  };
  return {
    token,
    key: made.privateJwk,
    publicKey: publicKey ?? undefined,
    candidates: [{ jwk, source: "the test", bits: keyTools.sizeOf(jwk) }],
  };
}

/** jwtctl's own verification with the honest key. @param now ms */
export function verification(candidates: readonly CandidateKey[], { now = NOW, expected = true } = {}) {
  return (token: string) =>
    verifyCompact(
      token,
      candidates,
      {
        time: { now, utcOffset: () => 0 },
        leeway: 0,
        algorithms: [],
        types: [],
        tryAll: false,
        allowWeak: true,
        issuers: expected ? [CLAIMS.iss] : [],
        audiences: expected ? [CLAIMS.aud] : [],
        require: [],
      },
      jws,
    );
}

export interface Plan {
  readonly attack?: string;
  readonly claims?: readonly Edit[];
  readonly header?: readonly Edit[];
  readonly publicKey?: Uint8Array;
  readonly unverified?: boolean;
  readonly now?: number;
  /** False: any issuer and audience will do. */
  readonly expected?: boolean;
}

export function tamperWith(target: Honest, plan: Plan): Promise<TamperResult> {
  const input: TamperInput = {
    token: inspectToken(target.token),
    attack: plan.attack === undefined ? undefined : attackNamed(plan.attack),
    claims: plan.claims ?? [],
    header: plan.header ?? [],
    publicKey: plan.publicKey,
  };
  return tamper(input, {
    jws: async () => jws,
    keyTools: async () => keyTools,
    verify: plan.unverified ? undefined : verification(target.candidates, plan),
  });
}

/** The one forged token of an attack. */
export async function forgedBy(target: Honest, plan: Plan): Promise<Tampering> {
  const [first] = (await tamperWith(target, plan)).tamperings;
  if (first === undefined || isOmission(first)) throw new Error("the attack was not carried out");
  return first;
}

export const ADMIN: Edit = { kind: "set", name: "role", value: "admin" };
