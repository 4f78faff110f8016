import type { GivenMaterial } from "../../core/analysis/diagnosis/failed-verification.ts";
import type { Jws, KeyTools } from "../../core/jose/ports/crypto.ts";
import type { SignatureProbe } from "../../core/jose/ports/signature-probe.ts";
import type { Unpack } from "../../core/jose/ports/unpack.ts";
import type { CandidateKey } from "../../core/jose/verification/key-choice.ts";
import type { VerificationOptions, VerificationReport } from "../../core/jose/verification/report.ts";

export interface DiagnosisInput {
  /** A verification that failed. */
  readonly report: VerificationReport;
  /** The keys of the verification. */
  readonly candidates: readonly CandidateKey[];
  readonly options: VerificationOptions;
  /** The keys and secrets as they were given. */
  readonly given: readonly GivenMaterial[];
}

export interface DiagnosisPorts {
  readonly jws: Pick<Jws, "verify">;
  readonly probe: SignatureProbe;
  readonly keyTools: Pick<KeyTools, "read" | "thumbprint" | "writePublic" | "publicOf">;
  unpack(): Promise<Unpack>;
  /** Reads a local file; undefined when there is none. Never waits for input. */
  readonly peek: (path: string) => Promise<Uint8Array | undefined>;
}
