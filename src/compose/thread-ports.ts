import type { SignatureVerifier } from "../core/jose/ports/crypto.ts";
import type { TextDigest } from "../core/jose/token/disclosures.ts";
import { textDigest } from "../crypto/digest.ts";
import { createBulkJws } from "../crypto/jws-bulk.ts";

/** The cryptography of a thread of `--lines`, which needs all of it at once: nothing is loaded later. */
export function createThreadPorts(): { readonly jws: SignatureVerifier; readonly digest: TextDigest } {
  return { jws: createBulkJws(), digest: textDigest };
}
