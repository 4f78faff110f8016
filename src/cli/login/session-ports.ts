import type { SessionPorts } from "../../app/sessions/ports.ts";
import { createAccessTokens } from "../../app/token/issue-access-token.ts";
import type { Context } from "../context.ts";
import { passphraseForStore } from "../passphrase.ts";

/** What the use cases of logins work with, on the store that is open. What signs is loaded when something is signed. */
export async function sessionPorts(context: Context): Promise<SessionPorts> {
  const store = await context.store();
  const { clock, random } = context.runtime;
  return {
    store,
    secrets: await context.refreshSecrets(),
    accessTokens: {
      async prepare() {
        const keyVault = await context.keyVault();
        const jws = await context.jws();
        const passphrase = () => passphraseForStore(context);
        return createAccessTokens({ store, keyVault, jws, clock, random, passphrase }).prepare();
      },
    },
    clock,
    random,
  };
}
