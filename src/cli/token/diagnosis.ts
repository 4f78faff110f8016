import type { Diagnose } from "../../app/token/verify-token.ts";
import type { GivenMaterial } from "../../core/analysis/diagnosis/failed-verification.ts";
import { decodeBase64Url } from "../../core/base/base64url.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type { Needs } from "../command.ts";
import { MAX_SECRET_BYTES } from "../input.ts";
import type { TrustOptions } from "./trust.ts";

/** The search for causes, with what was typed to name the keys; loaded only when a verification fails. */
export function diagnoser(
  chosen: TrustOptions,
  {
    files,
    jws,
    signatureProbe,
    keyTools,
    unpack,
  }: Needs<"files" | "jws" | "signatureProbe" | "keyTools" | "unpack">,
): Diagnose {
  return async (failure) => {
    const { diagnose } = await import("../../app/diagnosis/diagnose.ts");
    const peek = (path: string) => files.peek(path, MAX_SECRET_BYTES);
    const given = await givenMaterial(chosen, failure.candidates, peek);
    return diagnose(
      { ...failure, given },
      {
        jws: await jws(),
        probe: await signatureProbe(),
        keyTools: await keyTools(),
        unpack,
        peek,
      },
    );
  };
}

async function givenMaterial(
  { secret, secretFile, key, jwks }: TrustOptions,
  candidates: readonly CandidateKey[],
  peek: (path: string) => Promise<Uint8Array | undefined>,
): Promise<readonly GivenMaterial[]> {
  if (secret !== undefined || secretFile !== undefined) {
    const [option, typed] = secret === undefined ? ["--secret-file", secretFile ?? ""] : ["--secret", secret];
    return candidates.map(({ jwk }) => ({ option, typed, bytes: decodeBase64Url(jwk.k ?? "").bytes }));
  }
  const files = [...key, ...(jwks === undefined ? [] : [jwks])].filter((name) => name !== "-");
  const given: GivenMaterial[] = [];
  for (const typed of files) {
    const bytes = await peek(typed.startsWith("@") ? typed.slice(1) : typed);
    if (bytes !== undefined) given.push({ option: "--key", typed, bytes });
  }
  return given;
}
