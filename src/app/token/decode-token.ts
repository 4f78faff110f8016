import type { PastedToken } from "../../core/analysis/extraction/find-tokens.ts";
import { sensitiveClaimWarnings } from "../../core/analysis/lint/sensitive-claims.ts";
import { recognisePayload } from "../../core/analysis/payload/recognise-payload.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Unpack } from "../../core/jose/ports/unpack.ts";
import { objectOf } from "../../core/jose/token/content.ts";
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

export interface DecodePorts {
  readonly digest: TextDigest;
  readonly unpack: Unpack;
}

/** How deep nested tokens are decoded. */
const MAX_LEVELS = 8;

/**
 * Decodes all of a token: a payload that is compressed or in another encoding, a nested token, the disclosures of an SD-JWT and its Key Binding JWT.
 * Verifies nothing.
 *
 * @param now the time to report the dates against, in ms
 */
export function decodeToken(found: PastedToken, now: number, ports: DecodePorts, level = 1): DecodedToken {
  const { token, packed } = asRead(found.token, ports.unpack);
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
    ...(packed === undefined ? {} : { packed }),
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

/** The token with its payload as it can be read, and a warning that says what had to be done. */
function asRead(token: InspectedToken, unpack: Unpack): Pick<DecodedToken, "token" | "packed"> {
  const found = recognisePayload(token, unpack);
  const { payload } = token;
  if (found === undefined || payload === undefined) return { token };
  const { code, what, reading, packed } = found;
  if (reading === undefined) {
    const told = {
      code: packed === undefined ? code : "payload_not_inflated",
      message: `the payload is ${what}`,
    };
    return { token: { ...token, warnings: () => [...token.warnings(), told] } };
  }
  // SMART Health Cards say it in their header, and are to be so.
  const expected = packed?.form === "deflate";
  const warnings = () => [
    ...token.warnings().filter(({ code: other }) => !/^payload_not_/.test(other)),
    ...(expected ? [] : [{ code, message: `the payload is ${what}` }]),
  ];
  return {
    token: {
      ...token,
      fault: token.fault?.code === "payload_cut" ? undefined : token.fault,
      warnings,
      payload: { ...payload, ...reading },
    },
    ...(packed ? { packed: { bytes: payload.bytes.length, form: packed.form } } : {}),
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
