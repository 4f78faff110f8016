import { withPayload } from "../../jose/token/detached.ts";
import { type FailedVerification, fixForVerifier, type Trial } from "./failed-verification.ts";
import { keysFor, nameOf } from "./trusted-keys.ts";

const LINE_FEED = 0x0a;

/** Cause: a payload that was sent apart is given with a line break that was not signed, or without one that was. */
export function* detachedPayloadTrials(failure: FailedVerification): Iterable<Trial> {
  const { alg, report, signature } = failure;
  const { detached, payload, segments, signature: last } = report.token;
  if (alg === undefined || detached === undefined || payload === undefined || last === undefined) return;
  const bare = { ...report.token, segments: [segments[0] ?? "", "", last.text] };
  for (const candidate of keysFor(failure, alg)) {
    for (const { bytes, how } of readings(payload.bytes)) {
      const { text } = withPayload(bare, bytes);
      yield {
        ...{ alg, key: candidate.jwk, signature, signingInput: text.slice(0, text.lastIndexOf(".")) },
        cause: "payload_line_break",
        evidence: `the signature fits, with ${nameOf(candidate)}, when ${how}`,
        fix: fixForVerifier(
          "keep the payload byte for byte as it was sent, before any program reads and writes it: a line break more or less is another payload",
        ),
      };
    }
  }
}

function readings(bytes: Uint8Array): readonly { readonly bytes: Uint8Array; readonly how: string }[] {
  const end = bytes.at(-1) === LINE_FEED ? (bytes.at(-2) === 0x0d ? 2 : 1) : 0;
  if (end > 0) {
    return [{ bytes: bytes.subarray(0, -end), how: "the line break at the end of the payload is taken off" }];
  }
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  longer[bytes.length] = LINE_FEED;
  return [{ bytes: longer, how: "a line break (\\n) is put behind the payload" }];
}
