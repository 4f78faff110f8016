import type { PastedToken } from "../../core/analysis/extraction/find-tokens.ts";
import { sensitiveClaimWarnings } from "../../core/analysis/lint/sensitive-claims.ts";
import { AppError } from "../../core/base/errors.ts";
import { objectOf, readContent, stringMember } from "../../core/jose/token/content.ts";
import type { DecodedToken, KeyBinding } from "../../core/jose/token/decoded-token.ts";
import {
  applyDisclosures,
  type Disclosed,
  hasDigests,
  keyBindingInput,
  matchesSdHash,
  type TextDigest,
} from "../../core/jose/token/disclosures.ts";
import type { Finding } from "../../core/jose/token/finding.ts";
import { type InspectedToken, inspectToken } from "../../core/jose/token/inspect.ts";
import { inspectForm, nestedToken } from "../../core/jose/token/inspect-form.ts";
import { timesOf } from "../../core/jose/token/times.ts";

/** Decompresses raw DEFLATE (RFC 1951); undefined for other data, and beyond `limit` bytes. */
export type Inflate = (bytes: Uint8Array, limit: number) => Uint8Array | undefined;

export interface DecodePorts {
  readonly digest: TextDigest;
  readonly inflate: Inflate;
}

/** How deep nested tokens are decoded. */
const MAX_LEVELS = 8;
/** The largest decompressed payload, in bytes: a kilobyte can hold a megabyte. */
const MAX_INFLATED_BYTES = 4 * 1024 * 1024;

/**
 * Decodes all of a token: a compressed payload, a nested token, the disclosures of an SD-JWT and its Key Binding JWT.
 * Verifies nothing.
 *
 * @param now the time to report the dates against, in ms
 */
export function decodeToken(found: PastedToken, now: number, ports: DecodePorts, level = 1): DecodedToken {
  const { token, inflatedFrom } = inflated(found.token, ports.inflate);
  const claims = objectOf(token.payload?.content);
  const disclosed =
    claims !== undefined && (token.disclosed !== undefined || hasDigests(claims))
      ? applyDisclosures(claims, token.disclosed, ports.digest)
      : undefined;
  const keyBinding = disclosed && readKeyBinding(token, disclosed, now, ports);
  const inner = level < MAX_LEVELS ? readInner(token, now, ports, level) : undefined;
  return {
    token,
    repairs: found.repairs,
    times: timesOf(token, now),
    warnings: [
      ...token.warnings().filter(({ code }) => inner === undefined || !NOT_ODD_IN_NESTED.has(code)),
      ...(disclosed?.warnings ?? []),
      ...bindingWarnings(keyBinding),
      ...sensitiveClaimWarnings(disclosed?.claims ?? claims),
    ],
    ...(found.name === undefined ? {} : { name: found.name }),
    ...(found.where === undefined ? {} : { where: found.where }),
    ...(inner ? { inner } : {}),
    ...(disclosed ? { disclosed } : {}),
    ...(keyBinding ? { keyBinding } : {}),
    ...(inflatedFrom === undefined ? {} : { inflatedFrom }),
  };
}

/** Warnings that do not apply to a nested JWT, whose payload is a token. */
const NOT_ODD_IN_NESTED: ReadonlySet<string> = new Set(["payload_not_json", "payload_not_object"]);

function readInner(
  token: InspectedToken,
  now: number,
  ports: DecodePorts,
  level: number,
): DecodedToken | undefined {
  const text = nestedToken(token);
  if (text === undefined) return undefined;
  const form = { kind: "compact", text } as const;
  const inner = readable(() => inspectForm(form));
  return inner && decodeToken({ token: inner, form, repairs: inner.repairs }, now, ports, level + 1);
}

/** Undefined instead of a refusal, because the outer token could be decoded. */
function readable(read: () => InspectedToken): InspectedToken | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/**
 * Decompresses the payload. `zip` is defined for JWE only (RFC 7516 section 4.1.3); SMART Health Cards use it in a JWS.
 */
function inflated(token: InspectedToken, inflate: Inflate): { token: InspectedToken; inflatedFrom?: number } {
  const zip = stringMember(objectOf(token.header.content), "zip");
  const { payload } = token;
  if (zip !== "DEF" || payload === undefined || payload.content.kind === "json") return { token };
  const bytes = inflate(payload.bytes, MAX_INFLATED_BYTES);
  if (bytes === undefined) {
    const message = "the payload cannot be unpacked (zip): it is damaged, or larger than 4 MiB";
    return {
      token: { ...token, warnings: () => [...token.warnings(), { code: "payload_not_inflated", message }] },
    };
  }
  const warnings = () => token.warnings().filter(({ code }) => !/^payload_not_/.test(code));
  const fault = token.fault?.code === "payload_cut" ? undefined : token.fault;
  return {
    token: { ...token, fault, warnings, payload: { ...payload, bytes, content: readContent(bytes) } },
    inflatedFrom: payload.bytes.length,
  };
}

function readKeyBinding(
  token: InspectedToken,
  { algorithm }: Disclosed,
  now: number,
  ports: DecodePorts,
): KeyBinding | undefined {
  const text = token.disclosed?.keyBinding;
  if (text === undefined) return undefined;
  const proof = readable(() => inspectToken(text));
  if (proof === undefined) return undefined;
  return {
    proof: {
      token: proof,
      repairs: proof.repairs,
      times: timesOf(proof, now),
      warnings: [...proof.warnings(), ...sensitiveClaimWarnings(objectOf(proof.payload?.content))],
    },
    fits: matchesSdHash(proof, keyBindingInput(token), algorithm, ports.digest),
  };
}

function bindingWarnings(binding: KeyBinding | undefined): readonly Finding[] {
  if (binding?.fits !== false) return [];
  const message = "the holder's proof is about other disclosures (sd_hash): verification refuses it";
  return [{ code: "key_binding_mismatch", message }];
}
