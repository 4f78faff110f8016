import { requireKidIsThumbprint } from "../../app/keys/thumbprints.ts";
import { publishedKeys } from "../../core/authority/keys/published-jwks.ts";
import { jsonDocument } from "../../output/json.ts";
import { jwksWrittenJson, jwksWrittenText } from "../../output/keys/jwks-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { MAX_TEXT_BYTES } from "../input.ts";
import { PUBLIC_MODE } from "./key-files.ts";

export const jwks = defineVerb({
  options: {
    out: {
      value: "file",
      short: "o",
      help: "write it there in one step, replacing the file only if it differs",
      completes: "file",
    },
  },
  examples: [
    ["jwtctl keys jwks", "the public keys for those who verify: standby, active and retiring"],
    [
      "jwtctl keys jwks --out /var/www/.well-known/jwks.json",
      "for cron: readers see the old file or the new one",
    ],
  ],
  async run({ out: named }, { terminal, ...ports }) {
    const out = await ports.files.outputName(named ?? "-");
    const set = out === "-" ? await readSet(ports) : await publish(out, { ...ports, terminal });
    if (out === "-") terminal.stdout.write(set.text);
    for (const key of set.symmetric) {
      terminal.warn(`left out ${key.kid} (${key.alg}): a shared secret belongs in no public file`);
    }
    if (set.published.length === 0) terminal.warn("the set is empty: the store has no public keys");
  },
});

interface KeySet extends Pick<ReturnType<typeof publishedKeys>, "published" | "symmetric"> {
  readonly text: string;
}

/** What the store publishes at this moment. */
type SetPorts = Needs<"store" | "keyTools" | "now">;

async function readSet({ store, keyTools, now: clock }: SetPorts): Promise<KeySet> {
  const now = clock();
  const { jwks, published, symmetric } = publishedKeys(await (await store()).listKeys(now), now);
  const tools = await keyTools();
  for (const key of published) await requireKidIsThumbprint(key, tools);
  return { text: jsonDocument(jwks), published, symmetric };
}

/**
 * Several of these may run at once, each delayed at any point. Each looks again before its file takes the place of
 * another, and once more when it has: so the last one leaves the set of that moment, and not the one that it began with.
 * A lock would not do, because its holder can be stopped for longer than the others wait.
 */
async function publish(
  out: string,
  { terminal, files, ...ports }: SetPorts & Needs<"terminal" | "files">,
): Promise<KeySet> {
  await files.refuseOwn(out);
  let set = await readSet(ports);
  let changed = false;
  for (;;) {
    const { text } = set;
    const content = new TextEncoder().encode(text);
    // Its date then stays, for caches that go by it.
    const present = await files.peek(out, MAX_TEXT_BYTES);
    const isThere = present !== undefined && same(present, content);
    const isWanted = async () => (await readSet(ports)).text === text;
    const options = {
      mode: PUBLIC_MODE,
      overwrite: true,
      isWanted,
      note: (line: string) => terminal.note(line),
    };
    if (!isThere && (await files.write(out, content, options))) {
      changed = true;
    }
    const today = await readSet(ports);
    if (today.text === text) break;
    set = today;
  }
  const written = { file: out, keys: set.published.length, changed };
  terminal.show({ json: () => jwksWrittenJson(written), text: (style) => jwksWrittenText(written, style) });
  return set;
}

function same(first: Uint8Array, second: Uint8Array): boolean {
  return first.length === second.length && first.every((byte, index) => byte === second[index]);
}
