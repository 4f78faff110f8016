import { rotateKeys } from "../../app/keys/rotate-keys.ts";
import { parseAge } from "../../core/base/time/duration.ts";
import { rotationJson, rotationText } from "../../output/keys/rotation-view.ts";
import { options, type Verb } from "../command.ts";
import {
  algorithmOption,
  bitsOption,
  keyPorts,
  publishNext,
  storePassphrase,
  warnUnannounced,
} from "./shared.ts";

interface Options {
  readonly ifOlderThan?: string;
  readonly alg?: string;
  readonly bits?: string;
  readonly keepPrivate?: boolean;
  readonly dryRun?: boolean;
}

export const rotate: Verb = {
  configure: (command) =>
    command
      .option("--if-older-than <age>", "only when the active key has been active for longer, as in 30d")
      .option("--alg <name>", "the algorithm of the next standby (default: the store's setting)")
      .option("--bits <number>", "size of the next standby, for RSA and HMAC")
      .option("--keep-private", "keep the private half of the key that stops signing, to be able to go back")
      .option("--dry-run", "say what would be done, and change nothing"),
  examples: [
    ["jwtctl keys rotate", "the standby signs from now on; the old key verifies while its tokens live"],
    [
      "jwtctl keys rotate --if-older-than 30d",
      "for cron: does nothing while the key is younger, and exits with 0",
    ],
    ["jwtctl keys rotate --alg EdDSA", "sign with the standby now, and publish an Ed25519 key as the next"],
    ["jwtctl keys rotate --dry-run", "which key would sign, and until when the old one verifies"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const result = await rotateKeys(
      {
        alg: algorithmOption(chosen.alg),
        bits: bitsOption(chosen.bits),
        ifOlderThan:
          chosen.ifOlderThan === undefined ? undefined : parseAge(chosen.ifOlderThan, "--if-older-than"),
        keepPrivate: chosen.keepPrivate ?? false,
        dryRun: chosen.dryRun ?? false,
        passphrase: storePassphrase(context),
      },
      await keyPorts(context),
    );
    context.show({
      json: () => rotationJson(result),
      text: (style) => rotationText(result, context.time(), style),
    });
    if (result.outcome === "rotated" && result.unannounced && !result.dryRun) warnUnannounced(context);
    context.next(publishNext({ dryRun: result.dryRun, changed: result.outcome === "rotated" }));
  },
};
