import type { SessionPorts, SignAccessToken } from "./ports.ts";

/**
 * Makes ready to sign for the holder of a refresh token, so that a missing or wrong passphrase does not cost the token.
 * Only for a token that could buy something. Undefined for any other: the trade then says why, and does what is due,
 * without a passphrase; a used token that comes back is an alarm, whether or not its holder has the passphrase.
 *
 * @param presentedAt ms: when the token was given
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
