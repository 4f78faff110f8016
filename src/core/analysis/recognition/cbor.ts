/** The first item of a CBOR text (RFC 8949 section 3): its major type, its argument, and where what follows begins. */
export interface CborHead {
  readonly major: number;
  readonly value: number;
  readonly next: number;
}

/** @returns undefined for what is no CBOR, or of indefinite length */
export function cborHead(bytes: Uint8Array, at: number): CborHead | undefined {
  const first = bytes[at];
  if (first === undefined) return undefined;
  const major = first >> 5;
  const short = first & 31;
  if (short < 24) return { major, value: short, next: at + 1 };
  const size = [1, 2, 4, 8][short - 24];
  if (size === undefined || at + size >= bytes.length) return undefined;
  let value = 0;
  for (let index = 1; index <= size; index++) value = value * 256 + (bytes[at + index] ?? 0);
  return { major, value, next: at + 1 + size };
}

const TAG = 6;
const ARRAY = 4;
const MAP = 5;
const TEXT = 3;
const BYTES = 2;

/** RFC 9052 section 2, RFC 8392 section 6. */
const COSE_TAGS: ReadonlyMap<number, string> = new Map([
  [16, "encrypted (COSE_Encrypt0)"],
  [17, "with an authentication code (COSE_Mac0)"],
  [18, "signed (COSE_Sign1)"],
  [96, "encrypted (COSE_Encrypt)"],
  [97, "with an authentication code (COSE_Mac)"],
  [98, "signed (COSE_Sign)"],
]);
const CWT_TAG = 61;
const SELF_DESCRIBED = 55_799;

/** Of "COSE Algorithms" at IANA those that sign or authenticate tokens. */
const ALGORITHMS: ReadonlyMap<number, string> = new Map([
  ...([
    [-7, "ES256"],
    [-35, "ES384"],
    [-36, "ES512"],
    [-8, "EdDSA"],
    [-9, "ESP256"],
    [-19, "Ed25519"],
  ] as const),
  ...([
    [-37, "PS256"],
    [-38, "PS384"],
    [-39, "PS512"],
    [-257, "RS256"],
    [-258, "RS384"],
    [-259, "RS512"],
  ] as const),
  ...([
    [4, "HS256/64"],
    [5, "HS256"],
    [6, "HS384"],
    [7, "HS512"],
    [1, "A128GCM"],
    [3, "A256GCM"],
  ] as const),
]);

/** What a CBOR text is, when it is a token: a CWT, another COSE message, or a mobile document; undefined for the rest. */
export function cborToken(bytes: Uint8Array): string | undefined {
  let at = 0;
  let cose: string | undefined;
  let cwt = false;
  for (let head = cborHead(bytes, at); head?.major === TAG; head = cborHead(bytes, at)) {
    if (head.value === CWT_TAG) cwt = true;
    else if (COSE_TAGS.has(head.value)) cose = COSE_TAGS.get(head.value);
    else if (head.value !== SELF_DESCRIBED) return undefined;
    at = head.next;
  }
  const head = cborHead(bytes, at);
  if (head?.major === MAP && cose === undefined) return mobileDocument(bytes, head);
  if (head?.major !== ARRAY || head.value < 3 || head.value > 5) return undefined;
  const alg = algorithmIn(bytes, head.next);
  if (cose === undefined && alg === undefined) return undefined;
  const kind = cwt ? "a CWT (CBOR Web Token, RFC 8392)" : "a message of COSE (RFC 9052), as CWTs are";
  return `${kind}, ${cose ?? "signed or authenticated (COSE without a tag)"}${alg === undefined ? "" : ` with ${alg}`}`;
}

/** The `alg` (label 1) of a protected header that is the first item of an array. */
function algorithmIn(bytes: Uint8Array, at: number): string | undefined {
  const wrapped = cborHead(bytes, at);
  if (wrapped?.major !== BYTES || wrapped.value > 200) return undefined;
  const map = cborHead(bytes, wrapped.next);
  if (map?.major !== MAP) return undefined;
  const label = cborHead(bytes, map.next);
  if (label?.major !== 0 || label.value !== 1) return undefined;
  const value = cborHead(bytes, label.next);
  if (value === undefined || value.major > 1) return undefined;
  const number = value.major === 0 ? value.value : -1 - value.value;
  return ALGORITHMS.get(number) ?? `the algorithm ${number}`;
}

/** The first name in the maps of ISO/IEC 18013-5 section 8.3.2.1. */
const MOBILE_NAMES: ReadonlySet<string> = new Set([
  "version",
  "documents",
  "docType",
  "issuerSigned",
  "nameSpaces",
  "issuerAuth",
]);

function mobileDocument(bytes: Uint8Array, map: CborHead): string | undefined {
  const name = cborHead(bytes, map.next);
  if (name?.major !== TEXT || map.value > 5) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(name.next, name.next + name.value));
  return MOBILE_NAMES.has(text) ? "a mobile document (mdoc, ISO/IEC 18013-5), in CBOR" : undefined;
}
