import { type MintedToken, mintWithKey, mintWithStore } from "../../app/token/mint-token.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { MintRequest } from "../../core/jose/minting/mint.ts";
import { mintJson, mintText } from "../../output/token/mint-view.ts";
import { defineVerb, type Needs } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import type { SecretPorts } from "../input.ts";
import { KEY_PASSPHRASE_FILE, readKeyFile } from "../keys/key-files.ts";
import { ALGORITHM } from "../keys/key-options.ts";
import { CLAIM_OPTIONS, mintRequest } from "./mint-request.ts";
import { givenSecret, secretOptions } from "./secret.ts";

const KEY_OPTIONS = {
  key: {
    value: "file",
    help: "sign with this private key: PEM, DER or JWK; env:NAME, or - for stdin",
    completes: "file",
    conflicts: ["secret", "secretFile"],
  },
  keyPassphraseFile: KEY_PASSPHRASE_FILE,
  ...secretOptions("sign with this HMAC secret"),
  alg: { ...ALGORITHM, help: "the algorithm, when the key could be used with several" },
  allowWeak: { help: "take a key that is too short, for teaching and testing" },
} as const satisfies DeclaredOptions;

type KeyOptions = OptionsOf<typeof KEY_OPTIONS>;

export const mint = defineVerb({
  arguments: {
    claims: { help: "claims as a JSON object, @file or - (stdin)", optional: true, completes: "file" },
  },
  options: { ...CLAIM_OPTIONS, ...KEY_OPTIONS },
  excessHint: `Put quotes around the claims, as in '{"sub":"bob"}'; --claim sub=bob and @claims.json need none`,
  examples: [
    ["jwtctl mint --sub bob --ttl 5m", "with the store's active key, issuer and audience"],
    [
      "jwtctl mint --sub bob --claim role=admin --claim level:=3 --secret env:JWT_SECRET",
      "text and JSON values",
    ],
    ['jwtctl mint \'{"sub":"bob","scope":"read"}\' --key private.pem', "claims as JSON, a key of your own"],
    [
      'jwtctl decode "$TOKEN" --json | jq ".payload.role = \\"admin\\"" | jwtctl mint - --key private.pem',
      "edited",
    ],
    ["jwtctl mint --sub bob --iat -2h --exp -1h", "an expired token, for a test"],
  ],
  async run({ claims, ...chosen }, ports) {
    if (claims === "-" && [chosen.key, chosen.secret].includes("-")) {
      throw new AppError("usage", "claims and key cannot both be read from stdin");
    }
    const request = await mintRequest(chosen, claims, ports);
    const minted = await sign(chosen, request, ports);
    const { terminal } = ports;
    for (const { message } of minted.notes) terminal.note(message);
    terminal.show({ json: () => mintJson(minted), text: () => mintText(minted) });
  },
});

type SignPorts = SecretPorts & Needs<"clock" | "jws" | "keyPorts" | "keyTools" | "passphrase" | "random">;

async function sign(chosen: KeyOptions, request: MintRequest, ports: SignPorts): Promise<MintedToken> {
  const { alg: algorithm, allowWeak } = chosen;
  const { clock, random, passphrase } = ports;
  const signing = { keyTools: await ports.keyTools(), jws: await ports.jws(), clock, random };
  const key = await givenKey(chosen, ports);
  return key === undefined
    ? mintWithStore({ request, algorithm }, { ...signing, ...(await storePorts(ports)), passphrase })
    : mintWithKey({ request, key, algorithm, allowWeak }, signing);
}

async function storePorts({ keyPorts }: Needs<"keyPorts">) {
  try {
    return await keyPorts();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "store_not_found") throw error;
    throw new AppError("store_not_found", `no key was given, and ${error.message}`, {
      hints: ["Name the key with --key, --secret or --secret-file", ...error.hints],
      data: error.data,
      cause: error,
    });
  }
}

/** Undefined: the store's. */
async function givenKey(chosen: KeyOptions, ports: SignPorts): Promise<Jwk | undefined> {
  if (chosen.secret !== undefined || chosen.secretFile !== undefined) {
    return (await givenSecret(chosen, ports)).jwk;
  }
  if (chosen.key === undefined) return undefined;
  const { keys, name } = await readKeyFile(
    chosen.key,
    { flag: "--key", keyPassphraseFile: chosen.keyPassphraseFile },
    await ports.keyTools(),
    ports,
  );
  const [key] = keys;
  if (key !== undefined && keys.length === 1) return key;
  throw new AppError(
    "key_ambiguous",
    `${name} holds ${keys.length} keys, and nothing says which is to sign`,
    {
      hints: ["Give a file with one key"],
    },
  );
}
