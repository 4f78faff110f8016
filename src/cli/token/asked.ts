import type { Asked } from "../../app/token/verify-asked.ts";
import type { AskedKind } from "../../core/analysis/expectations/asked.ts";
import { asUtf8, isFromStdin, readSecret, type SecretPorts } from "../input.ts";
import type { VerifyChosen } from "./verify-options.ts";

/** Whether something that belongs to the token is read from stdin, so that the token cannot be. */
export function asksStdin({ accessToken, code }: VerifyChosen): boolean {
  return isFromStdin(accessToken) || isFromStdin(code);
}

/**
 * What is asked of the token beside the checks that every token gets; undefined when nothing is.
 * @throws AppError `usage`, `file_unreadable`
 */
export async function askedOf(chosen: VerifyChosen, ports: SecretPorts): Promise<Asked | undefined> {
  const { expect, scope } = chosen;
  if (expect.length + scope.length === 0 && chosen.as === undefined) return undefined;
  const { parseExpectation } = await import("../../core/analysis/expectations/claim-expectations.ts");
  const expected = expect.map((text) => parseExpectation(text, "--expect"));
  return {
    ...(expected.length + scope.length === 0 ? {} : { claims: { expected, scopes: scope } }),
    kind: await askedKind(chosen, ports),
  };
}

async function askedKind(chosen: VerifyChosen, ports: SecretPorts): Promise<AskedKind | undefined> {
  const { as, clientId, nonce, maxAge, method, url } = chosen;
  if (as === undefined) return undefined;
  return {
    kind: as === "dpop" ? "dpop-proof" : as,
    ...{ clientId, nonce, maxAge, method, url },
    accessToken: await companion(chosen.accessToken, "--access-token", "access token", ports),
    code: await companion(chosen.code, "--code", "authorization code", ports),
  };
}

/** What came with the token, without the scheme that stands before it in a header field. */
async function companion(
  source: string | undefined,
  flag: string,
  what: string,
  ports: SecretPorts,
): Promise<string | undefined> {
  if (source === undefined) return undefined;
  const { bytes } = await readSecret(ports, source, flag, false, what);
  return asUtf8(bytes, flag)
    .trim()
    .replace(/^(?:Bearer|DPoP)\s+/i, "");
}
