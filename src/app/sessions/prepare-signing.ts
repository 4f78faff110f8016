import type { SessionPorts, SignAccessToken } from "./ports.ts";

/**
 * Makes ready to sign for the holder of a refresh token, so that a missing or wrong passphrase does not cost the token.
 * Only for a live login: nobody is to type a passphrase for a token that buys nothing. Undefined for any other; the
 * trade then says why.
 */
export async function prepareSigning(
  { token }: { token: string; presentedAt: number },
  { store, secrets, clock, accessTokens }: SessionPorts,
): Promise<SignAccessToken | undefined> {
  const login = await store.findLoginByToken(secrets.hash(token), clock.now());
  return login?.status === "active" ? accessTokens.prepare() : undefined;
}
