import type { TokenSet } from "../../core/authority/sessions/current-session.ts";
import { acceptRefreshToken } from "./accept-refresh-token.ts";
import { issueTokenSet } from "./issue-token-set.ts";
import type { SessionPorts } from "./ports.ts";
import { prepareSigning } from "./prepare-signing.ts";
import { rotateRefreshToken } from "./rotate-refresh-token.ts";

/**
 * A refresh token for an access token and the next refresh token. Whoever loses the answer gets the same one again
 * with the same token, within the reuse window.
 *
 * @param text the refresh token, perhaps with white space around it
 * @throws AppError `refresh_malformed`, those of {@link rotateRefreshToken}, and what opening the signing key throws
 */
export async function refreshGiven(text: string, ports: SessionPorts): Promise<TokenSet> {
  const token = acceptRefreshToken(text, ports.secrets);
  const presentedAt = ports.clock.now();
  const sign = await prepareSigning({ token, presentedAt }, ports);
  const traded = await rotateRefreshToken({ token, successor: ports.secrets.create(), presentedAt }, ports);
  return issueTokenSet(traded, sign ?? (await ports.accessTokens.prepare()));
}
