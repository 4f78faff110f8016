import type { Terminal } from "../terminal.ts";

/** What to do next when what signs or verifies has changed; nothing after a dry run, or when all stayed as it was. */
export function publishNext({ dryRun, changed }: { dryRun: boolean; changed: boolean }): readonly string[] {
  return changed && !dryRun ? ["publish the new set: jwtctl keys jwks --out FILE"] : [];
}

/** A key that signs before it was published meets verifiers that do not know it. */
export function warnUnannounced(terminal: Terminal): void {
  terminal.warn(
    "the new active key was not published ahead: verifiers that cache the JWKS refuse its tokens until they " +
      "fetch it again; publish it now with: jwtctl keys jwks --out FILE",
  );
}
