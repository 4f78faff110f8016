import type { SessionPorts, SignAccessToken } from "./ports.ts";

/**
 * Prepares the signature before a refresh token is consumed, so that a wrong passphrase does not cost the token.
 *
 * @param presentedAt when the token was presented, in ms
 * @returns undefined for a token that would be refused: its rotation must raise the alarm without a passphrase
 */
export async function prepareSigning(
  { token, presentedAt }: { token: string; presentedAt: number },
  { store, secrets, clock, accessTokens }: SessionPorts,
): Promise<SignAccessToken | undefined> {
  const settings = await store.readSettings();
  const foreseen = await store.foreseeRotation(
    {
      tokenHash: secrets.hash(token),
      reuseWindow: settings.reuse_window * 1000,
      idleLifetime: settings.refresh_idle * 1000,
      presentedAt,
    },
    clock.now(),
  );
  return foreseen === "rotated" || foreseen === "replayed" ? accessTokens.prepare() : undefined;
}
