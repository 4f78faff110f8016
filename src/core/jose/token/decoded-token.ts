import type { PackedForm } from "../ports/unpack.ts";
import type { Disclosed } from "./disclosures.ts";
import type { Finding } from "./finding.ts";
import type { InspectedToken } from "./inspect.ts";
import type { TokenTimes } from "./times.ts";

/** A token with everything that can be read without a key. */
export interface DecodedToken {
  readonly token: InspectedToken;
  /** What was changed to find the token in the input and to decode it. */
  readonly repairs: readonly Finding[];
  /** Its dates compared with the clock; undefined when the payload is no claims set. */
  readonly times: TokenTimes | undefined;
  /** Oddities, and sensitive claims. */
  readonly warnings: readonly Finding[];
  /** The name the surrounding text gives it. */
  readonly name?: string;
  /** Its place in the input; undefined when the input is nothing but the token. */
  readonly where?: string;
  /** The nested JWT in its payload (RFC 7519 section 5.2). */
  readonly inner?: DecodedToken;
  /** The disclosures of an SD-JWT (RFC 9901). */
  readonly disclosed?: Disclosed;
  /** The Key Binding JWT of an SD-JWT. */
  readonly keyBinding?: KeyBinding;
  /** Of a payload that was compressed: its size before it was unpacked, in bytes, and how it was packed. */
  readonly packed?: { readonly bytes: number; readonly form: PackedForm };
  /** What kind of token it says it is; undefined when nothing shows it. Nothing of it is proven. */
  readonly identity?: TokenIdentity;
}

export interface TokenIdentity {
  readonly kind?: {
    readonly id: string;
    /** With its article, as in "an ID token". */
    readonly name: string;
    readonly specification: string;
    /** By what it was recognised, as in "its typ is at+jwt". */
    readonly sign: string;
  };
  /** Whose token it says it is. */
  readonly provider?: {
    readonly id: string;
    readonly name: string;
    /** By what it was recognised beside its `iss`. */
    readonly sign: string;
    /** Which of the provider's tokens, with its article; undefined when nothing shows it. */
    readonly token?: string;
    /** What is peculiar about it. */
    readonly remark?: string;
  };
}

export interface KeyBinding {
  readonly proof: DecodedToken;
  /** Whether `sd_hash` fits the disclosures; undefined when there is none, or its hash is unknown. */
  readonly fits: boolean | undefined;
}
