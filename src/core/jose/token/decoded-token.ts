import type { Disclosed } from "./disclosures.ts";
import type { Finding } from "./finding.ts";
import type { InspectedToken } from "./inspect.ts";
import type { TokenTimes } from "./times.ts";

/** A token with all that can be read in it without a key. */
export interface DecodedToken {
  readonly token: InspectedToken;
  /** What was done to get from the input to the token, and then into it. */
  readonly repairs: readonly Finding[];
  /** What the clock says; undefined when the payload is no claims set. */
  readonly times: TokenTimes | undefined;
  /** What is odd about it, and what it gives away. */
  readonly warnings: readonly Finding[];
  /** What the text around it calls it. */
  readonly name?: string;
  /** Where it was found; undefined when it was all there was. */
  readonly where?: string;
  /** The token that is its payload (RFC 7519 section 5.2). */
  readonly inner?: DecodedToken;
  /** What an SD-JWT discloses (RFC 9901). */
  readonly disclosed?: Disclosed;
  /** The holder's proof behind an SD-JWT. */
  readonly keyBinding?: KeyBinding;
  /** The size in bytes of the compressed payload that was unpacked. */
  readonly inflatedFrom?: number;
}

export interface KeyBinding {
  readonly proof: DecodedToken;
  /** Whether its `sd_hash` fits what is disclosed; undefined when that cannot be told. */
  readonly fits: boolean | undefined;
}
