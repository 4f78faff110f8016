import { parseSetting } from "../../app/config/parse-setting.ts";
import { DEFAULT_SETTINGS } from "../../core/authority/settings.ts";
import { AppError } from "../../core/base/errors.ts";
import { isJwsAlgorithm, type JwsAlgorithm } from "../../core/jose/algorithms.ts";
import type { DeclaredArgument, DeclaredOption } from "../declare.ts";

/** @throws AppError `usage` with the list */
export function parseAlgorithm(text: string): JwsAlgorithm {
  // Some are only verified with; who cannot sign with them says so.
  if (isJwsAlgorithm(text)) return text;
  return parseSetting("algorithm", text).algorithm ?? DEFAULT_SETTINGS.algorithm;
}

/** @throws AppError `usage` */
function parseBits(text: string, flag: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new AppError("usage", `${flag} needs a number of bits, not "${text}"`, {
    hints: [`Give it as in ${flag} 3072`],
  });
}

export const KID = {
  help: "the key, by any beginning of its kid that fits only one",
  completes: "kid",
} as const satisfies DeclaredArgument;

export const ALGORITHM = {
  value: "name",
  help: "the signing algorithm",
  parse: parseAlgorithm,
  completes: "algorithm",
} as const satisfies DeclaredOption;

export const BITS = {
  value: "number",
  help: "size of an RSA key or an HMAC secret",
  parse: parseBits,
} as const satisfies DeclaredOption;

export const KEEP_PRIVATE = {
  help: "keep the private half of the key that stops signing, to be able to go back",
} as const satisfies DeclaredOption;

export const NOW = {
  help: "sign with the standby although verifiers may not know it yet",
} as const satisfies DeclaredOption;

export const DRY_RUN = {
  help: "say what would be done, and change nothing",
} as const satisfies DeclaredOption;
