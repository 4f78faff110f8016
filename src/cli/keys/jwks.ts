import { requireTrueKid } from "../../app/keys/true-kid.ts";
import { publishedKeys } from "../../core/keys/jwks.ts";
import { jsonDocument } from "../../output/json.ts";
import { jwksWrittenJson, jwksWrittenText } from "../../output/keys/jwks-view.ts";
import { options, type Verb } from "../command.ts";
import type { Context } from "../context.ts";
import { MAX_TEXT_BYTES } from "../input.ts";
import { PUBLIC_MODE } from "./key-files.ts";

interface Options {
  readonly out?: string;
}

export const jwks: Verb = {
  configure: (command) =>
    command.option("-o, --out <file>", "write it there in one step, replacing the file only if it differs"),
  examples: [
    ["jwtctl keys jwks", "the public keys for those who verify: standby, active and retiring"],
    [
      "jwtctl keys jwks --out /var/www/.well-known/jwks.json",
      "for cron: readers see the old file or the new one",
    ],
  ],
  async run(context, invocation) {
    const { out } = options<Options>(invocation);
    const now = context.now();
    const set = publishedKeys(await (await context.store()).listKeys(now), now);
    const tools = await context.keyTools();
    for (const key of set.published) await requireTrueKid(key, tools);
    const text = jsonDocument(set.jwks);
    if (out === undefined) context.runtime.stdout.write(text);
    else {
      const written = { file: out, keys: set.published.length, changed: await publish(context, out, text) };
      context.show({
        json: () => jwksWrittenJson(written),
        text: (style) => jwksWrittenText(written, style),
      });
    }
    for (const key of set.symmetric) {
      context.warn(`left out ${key.kid} (${key.alg}): a shared secret belongs into no public file`);
    }
    if (set.published.length === 0) context.warn("the set is empty: the store has no public keys");
  },
};

/** @returns false when the file has these bytes already; its date then stays, for caches that go by it */
async function publish(context: Context, path: string, text: string): Promise<boolean> {
  const { files } = context.runtime;
  const content = new TextEncoder().encode(text);
  if ((await files.exists(path)) && same(await files.read(path, MAX_TEXT_BYTES), content)) return false;
  await files.write(path, content, { mode: PUBLIC_MODE, overwrite: true });
  return true;
}

function same(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
