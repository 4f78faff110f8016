import { cborToken } from "./cbor.ts";
import { bytesOf } from "./framework-sessions.ts";
import { ONLY_ITS_ISSUER, type Recognition } from "./recognition.ts";

const CBOR_HINT = "jwtctl reads JWTs; CBOR is read with a library or viewer of its own (cbor.me)";

/** A token that is not text: as hexadecimal or base64 of a form of its own. */
export function recogniseBinary(text: string): Recognition | undefined {
  if (/^HC1:/.test(text))
    return {
      what: "a health certificate of the EU: a CWT (CBOR Web Token), compressed, in base45",
      hints: [CBOR_HINT],
    };
  if (/^gAAAAA[\w-]+=*$/.test(text))
    return {
      what: `a Fernet token, not a JWT: it is encrypted${fernetTime(text)}`,
      hints: ["Only the holder of its key can read it"],
    };
  const macaroon = /^(?:pypi-)?(?:MDA[\w+/=-]{40,}|AgE[\w+/=-]{30,})$/.test(text)
    ? locationOf(text)
    : undefined;
  if (macaroon !== undefined) return macaroon;
  const bytes = binaryOf(text);
  if (bytes === undefined) return undefined;
  const cbor = cborToken(bytes);
  if (cbor !== undefined) return { what: `${cbor}, not a JWT`, hints: [CBOR_HINT] };
  return isBiscuit(bytes)
    ? {
        what: "a Biscuit, not a JWT: signed blocks of facts and rules",
        hints: ["Read it with: biscuit inspect FILE"],
      }
    : undefined;
}

function binaryOf(text: string): Uint8Array | undefined {
  const bare = text.replace(/^(?:biscuit:|0x|h')/, "").replace(/'$/, "");
  if (bare.length < 16) return undefined;
  if (/^(?:[0-9a-f]{2})+$/i.test(bare))
    return Uint8Array.from(bare.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(bare) ? bytesOf(bare) : undefined;
}

/** Version, then the time in 8 bytes. */
function fernetTime(text: string): string {
  const bytes = bytesOf(text).subarray(1, 9);
  const seconds = bytes.reduce((sum, byte) => sum * 256 + byte, 0);
  return seconds > 1e9 && seconds < 5e9 ? "" : ", or damaged";
}

/** Macaroons of version 1 (`0021location …`) and 2; PyPI's have a prefix. */
function locationOf(text: string): Recognition | undefined {
  const decoded = new TextDecoder("latin1").decode(bytesOf(text.replace(/^pypi-/, "")));
  const first = /^[0-9a-f]{4}(?:location|identifier) /.test(decoded);
  if (!first && !/^\x02[\x01\x02]/.test(decoded)) return undefined;
  const pypi = text.startsWith("pypi-") || decoded.includes("pypi.org");
  return {
    what: `a macaroon${pypi ? " of PyPI" : ""}, not a JWT: a secret with conditions, each signed with the one before`,
    hints: [pypi ? "It is an API token: give it to twine or uv as the password" : ONLY_ITS_ISSUER],
  };
}

const LENGTH_DELIMITED = 2;

/** Biscuit's outermost message: a root key id, signed blocks, and a proof, in this order, and nothing behind them. */
function isBiscuit(bytes: Uint8Array): boolean {
  let at = 0;
  let last = 0;
  let seen = 0;
  while (at < bytes.length) {
    const tag = bytes[at++] ?? 0;
    const field = tag >> 3;
    if (field < Math.max(1, last) || field > 4) return false;
    let [value, shift] = [0, 0];
    for (let byte = 0x80; byte & 0x80; shift += 7) {
      byte = bytes[at++] ?? 0;
      value += (byte & 0x7f) * 2 ** shift;
      if (shift > 28) return false;
    }
    if ((tag & 7) === LENGTH_DELIMITED) at += value;
    else if (field !== 1) return false;
    last = field;
    seen |= 1 << field;
  }
  return at === bytes.length && (seen & 0b10100) === 0b10100 && bytes.length > 100;
}
