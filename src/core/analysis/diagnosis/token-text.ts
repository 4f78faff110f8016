import { decodeBase64Url, encodeBase64Url } from "../../base/base64url.ts";
import { withoutEnding } from "../../base/text/wording.ts";
import { objectOf, stringMember } from "../../jose/token/content.ts";
import { isAlgNone } from "../../jose/token/inspect-warnings.ts";
import type { CauseId } from "./causes.ts";
import {
  checkFailed,
  type Explanation,
  type FailedVerification,
  fixForIssuer,
  fixForVerifier,
  type Trial,
} from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

export const ON_THE_WAY = "On the way between the two sides: hand the token on as it is, as one line";

/** Cause: the token's text was changed on the way: foreign characters, padding, unused bits. */
export function* damagedTextTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, report } = failure;
  const { text } = report.token;
  if (alg === undefined || !checkFailed(failure, "format")) return;
  const signer = stringMember(failure.header, "signer");
  const isFromLoadBalancer = signer !== undefined && /^arn:aws[\w-]*:elasticloadbalancing:/.test(signer);
  const readings = [...padded(text, isFromLoadBalancer), ...respelled(text), ...foreign(text)];
  for (const candidate of keysFor(failure, alg)) {
    for (const { cause, reading, signed, evidence, fix } of readings) {
      const parts = partsOf(reading, signed);
      if (parts === undefined) continue;
      yield {
        ...{ cause, alg, key: candidate.jwk, ...parts, fix },
        evidence: `${evidence} the token verifies with ${nameOf(candidate)}`,
      };
    }
  }
}

interface Reading {
  readonly cause: CauseId;
  /** The repaired text. */
  readonly reading: string;
  /** The text whose first two parts are the signing input. */
  readonly signed: string;
  readonly evidence: string;
  readonly fix: string;
}

const ALB_ADVICE =
  "it is of an AWS Application Load Balancer, which pads its tokens, and nobody but AWS can change that: verify it with a library that takes the padding on purpose (aws-jwt-verify: AlbJwtVerifier), over the text as it is. Its exp, iss, client and signer stand in the header; compare signer with the ARN of your load balancer";

function padded(text: string, isFromLoadBalancer: boolean): readonly Reading[] {
  const parts = text.replaceAll("+", "-").replaceAll("/", "_").split(".");
  const reading = parts.map((part) => withoutEnding(part, "=")).join(".");
  if (reading === text) return [];
  const cause = "token_padded";
  const fix = isFromLoadBalancer
    ? fixForVerifier(ALB_ADVICE)
    : fixForIssuer("write base64url without = and with - _ instead of + / (RFC 7515 section 2)");
  return [
    { cause, reading, signed: reading, fix, evidence: "in base64url without padding" },
    { cause, reading, signed: text, fix, evidence: "with its signature in base64url without padding" },
  ];
}

/** Repairs unused bits in the last character of a part. */
function respelled(text: string): readonly Reading[] {
  const parts = text.split(".").map((part) => ({ part, bytes: decodeBase64Url(part) }));
  const reading = parts
    .map(({ part, bytes }) =>
      !bytes.ok && bytes.fault.kind === "trailing_bits" ? encodeBase64Url(bytes.bytes) : part,
    )
    .join(".");
  if (reading === text) return [];
  const evidence = "with the last character of a part in its one right spelling";
  return [{ cause: "token_respelled", reading, signed: reading, fix: ON_THE_WAY, evidence }];
}

function foreign(text: string): readonly Reading[] {
  const reading = text.replace(/[^A-Za-z0-9_.-]/g, "");
  const count = text.length - reading.length;
  if (count === 0) return [];
  const position = text.search(/[^A-Za-z0-9_.-]/) + 1;
  const what = count === 1 ? "1 character that does not belong" : `${count} characters that do not belong`;
  return [
    {
      ...{ cause: "foreign_characters", reading, signed: reading },
      evidence: `without ${what} into a token (the first at position ${position})`,
      fix: `${ON_THE_WAY}, without wrapping, quoting or escaping it`,
    },
  ];
}

function partsOf(
  reading: string,
  signed: string,
): { signingInput: string; signature: Uint8Array } | undefined {
  const end = signed.lastIndexOf(".");
  const decoding = decodeBase64Url(reading.slice(reading.lastIndexOf(".") + 1));
  return end < 0 || !decoding.ok
    ? undefined
    : { signingInput: signed.slice(0, end), signature: decoding.bytes };
}

/** Cause: the token is a JWE, which has five parts. */
export function explainEncrypted({ report }: FailedVerification): readonly Explanation[] {
  const { token } = report;
  if (!token.encrypted) return [];
  const header = objectOf(token.header.content);
  const text = (name: string) => {
    const value = header?.get(name);
    return typeof value === "string" ? value.slice(0, 40) : "unknown";
  };
  const [who, fix] = readerOf(text("alg"), text("iss"));
  return [
    {
      cause: "token_encrypted",
      evidence: `the token has five parts and the header of a JWE (alg ${text("alg")}, enc ${text("enc")}): ${who}`,
      fix,
    },
  ];
}

/** Who can read an encrypted token, by its algorithm (RFC 7518 section 4), and what everyone else can do. */
function readerOf(alg: string, iss: string): readonly [who: string, fix: string] {
  const signed = "issue a signed token if others than the recipient are to verify it";
  if (alg === "dir" && /\.auth0\.com\/$/.test(iss)) {
    return [
      "only Auth0 itself can read it, for it shares that secret with nobody",
      fixForIssuer(
        "ask Auth0 for a token for the API: add audience=API-IDENTIFIER to the request; without it Auth0 gives this one, for its own userinfo",
      ),
    ];
  }
  if (alg === "dir" || /^(?:A\d|PBES2).*KW$/.test(alg)) {
    return [
      "only who has the secret that it was encrypted with can read it, often the issuer alone",
      `${fixForVerifier(
        "if you share that secret, decrypt it with it; if not, the token is not for you to read: hand it back to its issuer as it is",
      )}. ${fixForIssuer(`${signed}; Auth0 does so when the request names an audience`)}`,
    ];
  }
  return [
    "only its recipient can read it",
    `${fixForVerifier("decrypt it with the recipient's private key, and verify what is inside")}. ${fixForIssuer(signed)}`,
  ];
}

/** Cause: `alg` is `none`, or the signature was removed. */
export function explainUnsigned({ report, header, signature }: FailedVerification): readonly Explanation[] {
  const { token } = report;
  if (token.encrypted || token.signature === undefined) return [];
  const alg = header?.get("alg");
  const stripped = token.signature.text === "";
  const fix = `${fixForVerifier("do not accept it: anyone can have made or changed it")}. ${fixForIssuer(
    "sign the token; if you do, what you have here is not what was issued",
  )}`;
  if (isAlgNone(alg)) {
    const rest = stripped
      ? "there is no signature"
      : signature.length === 1
        ? "the byte in its place means nothing"
        : `the ${signature.length} bytes in its place mean nothing`;
    return [{ cause: "token_unsigned", evidence: `alg is "${String(alg)}", and ${rest}`, fix }];
  }
  if (stripped) {
    return [
      { cause: "token_unsigned", evidence: "the third part, where the signature should be, is empty", fix },
    ];
  }
  if (signature.length > 0 && signature.every((byte) => byte === 0)) {
    const evidence = `the signature is ${signature.length} bytes of zero, as attackers of CVE-2022-21449 send it`;
    return [{ cause: "signature_zero", evidence, fix: fixForVerifier("do not accept it: it is a forgery") }];
  }
  return [];
}

/** Cause: a nested JWT: the payload is a token itself (`cty: JWT`, RFC 7519 section 5.2). */
export function explainNested({ report }: FailedVerification): readonly Explanation[] {
  const content = report.token.payload?.content;
  const inner = content?.kind === "text" ? content.text : undefined;
  if (inner === undefined || !/^eyJ[\w-]+\.[\w-]+\.[\w.-]*$/.test(inner)) return [];
  return [
    {
      cause: "token_nested",
      evidence: `the payload is itself a token of ${inner.split(".").length} parts`,
      fix: fixForVerifier("verify the inner token as well: take it out with jwtctl decode --part payload"),
    },
  ];
}

/** Cause: a detached payload (RFC 7515 appendix F): there is a signature and no payload. */
export function explainDetached({
  report,
  alg,
  header,
  signature,
}: FailedVerification): readonly Explanation[] {
  const { token } = report;
  if (token.encrypted || alg === undefined || signature.length === 0 || token.segments[1] !== "") return [];
  return [
    {
      cause: "payload_detached",
      evidence: `the second part is empty, and the signature of ${signature.length} bytes does not fit an empty payload`,
      fix: fixForVerifier(
        `take the payload from where it was sent, the body of the request for example, byte for byte, and give it: --payload FILE${
          header?.get("b64") === false ? " (b64 is false: it was signed as it is, not encoded)" : ""
        }`,
      ),
    },
  ];
}
