/**
 * The encodings of the points of small order on Curve25519 (RFC 8032 section 5.1.3), those that no encoder writes
 * included; without the sign bit. Under such a public key a signature can be made for any message by who has no
 * private key: OpenSSL takes it all the same.
 */
const SMALL_ORDER: ReadonlySet<string> = new Set([
  `${"00".repeat(32)}`,
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  // p - 1, p and p + 1
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

/** The same on edwards448 (RFC 8032 section 5.2.3), whose cofactor is 4: y = 0, 1 and p - 1, and p and p + 1. */
const SMALL_ORDER_448: ReadonlySet<string> = new Set([
  "00".repeat(57),
  `01${"00".repeat(56)}`,
  `fe${"ff".repeat(27)}fe${"ff".repeat(27)}00`,
  `${"ff".repeat(28)}fe${"ff".repeat(27)}00`,
  `${"00".repeat(28)}${"ff".repeat(28)}00`,
]);

/** @param x the public half of an Ed25519 (32 bytes) or Ed448 key (57 bytes) */
export function hasSmallOrder(x: Uint8Array): boolean {
  const bytes = Buffer.from(x);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) & 0x7f;
  return (last === 56 ? SMALL_ORDER_448 : SMALL_ORDER).has(bytes.toString("hex"));
}
