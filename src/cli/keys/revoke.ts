import { findKey } from "../../app/keys/find-key.ts";
import { revokeKey } from "../../app/keys/revoke-key.ts";
import { revokedJson, revokedText } from "../../output/keys/state-change-view.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { keyPorts, publishNext, storePassphrase, warnUnannounced } from "./shared.ts";

interface Options {
  readonly withSessions?: boolean;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

export const revoke: Verb = {
  configure: (command) =>
    command
      .argument("<kid>", "the key, by any beginning of its kid that fits only one")
      .option("--with-sessions", "revoke every login too: everybody has to log in again")
      .option("-y, --yes", "do not ask before every login is revoked")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys revoke dW5p", "the key is compromised: out of the JWKS at once, and another one signs"],
    ["jwtctl keys revoke dW5p --with-sessions --yes", "the store's file was stolen too: end every login"],
    ["jwtctl keys revoke dW5p --dry-run", "what would happen, and until when its tokens live elsewhere"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const dryRun = chosen.dryRun ?? false;
    const ports = await keyPorts(context);
    const given = invocation.args[0] ?? "";
    if (chosen.withSessions && !chosen.yes && !dryRun) {
      findKey(await ports.store.listKeys(context.now()), given);
      await context.confirm("Revoke every login of this store, so that everybody has to log in again?");
    }
    const result = await revokeKey(
      {
        given,
        withSessions: chosen.withSessions ?? false,
        dryRun,
        passphrase: storePassphrase(context),
      },
      { ...ports, store: await context.store() },
    );
    context.show({
      json: () => revokedJson(result),
      text: (style) => revokedText(result, context.time(), style),
    });
    if (result.unannounced && !dryRun) warnUnannounced(context);
    context.next(publishNext(result));
  },
};
