import type { Command } from "commander";
import { type MintedToken, mintWithKey, mintWithStore } from "../../app/token/mint-token.ts";
import { AppError } from "../../core/base/errors.ts";
import type { Jwk } from "../../core/jose/jwk.ts";
import type { MintRequest } from "../../core/jose/minting/mint.ts";
import { mintJson, mintText } from "../../output/token/mint-view.ts";
import type { Context } from "../context.ts";
import { readKeyFile } from "../keys/key-files.ts";
import { algorithmOption, keyPorts, refuseTogether, storePassphrase } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { type ClaimOptions, mintRequest } from "./mint-request.ts";
import { givenSecret, type SecretOptions, secretOptions } from "./secret.ts";

interface Options extends ClaimOptions, SecretOptions {
  readonly key?: string;
  readonly keyPassphraseFile?: string;
  readonly alg?: string;
  readonly allowWeak?: boolean;
}

export const mint: Verb = {
  configure: (command) =>
    keyOptions(claimOptions(command.argument("[claims]", "claims as a JSON object, @file or - (stdin)"))),
  excessHint: `Put quotes around the claims, as in '{"sub":"bob"}'`,
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
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    const [claims] = invocation.args;
    if (claims === "-" && [chosen.key, chosen.secret].includes("-")) {
      throw new AppError("usage", "claims and key cannot both be read from stdin");
    }
    refuseTogether(chosen.key && "--key", chosen.secret && "--secret");
    refuseTogether(chosen.key && "--key", chosen.secretFile && "--secret-file");
    refuseTogether(chosen.secret && "--secret", chosen.secretFile && "--secret-file");
    const request = await mintRequest(context, chosen, claims);
    const minted = await sign(context, chosen, request);
    for (const { message } of minted.notes) context.note(message);
    context.show({ json: () => mintJson(minted), text: () => mintText(minted) });
  },
};

function claimOptions(command: Command): Command {
  return command
    .option("--claim <name=value>", "a claim: name=text or name:=json (repeatable)", collect)
    .option("--sub <subject>", "whom the token is about")
    .option("--iss <issuer>", "who issues it (default: the store's issuer)")
    .option("--no-iss", "leave iss out")
    .option("--aud <audience>", "for whom it is (repeatable; default: the store's audience)", collect)
    .option("--no-aud", "leave aud out")
    .option("--jti <id>", "the token's id")
    .option("--ttl <duration>", "how long it lives, as in 5m (default: the store's access_ttl, or 15m)")
    .option("--exp <time>", "when it expires: ISO 8601, Unix seconds, +1h, -5m")
    .option("--no-exp", "never expires")
    .option("--nbf <time>", "not valid before")
    .option("--iat <time>", "when it was issued (default: now)")
    .option("--no-iat", "leave iat out")
    .option("--typ <type>", 'the header\'s typ (default: JWT; "" for none; at+jwt for an access token)')
    .option("--header <name=value>", "a header member: name=text or name:=json (repeatable)", collect);
}

function keyOptions(command: Command): Command {
  return secretOptions(
    command
      .option("--key <file>", "sign with this private key: PEM, DER or JWK; - for stdin")
      .option("--key-passphrase-file <file>", "where the passphrase of an encrypted key file is"),
    "sign with this HMAC secret",
  )
    .option("--alg <name>", "the algorithm, when the key could be used with several")
    .option("--allow-weak", "take a key that is too short, for teaching and testing");
}

async function sign(context: Context, chosen: Options, request: MintRequest): Promise<MintedToken> {
  const algorithm = algorithmOption(chosen.alg);
  const { clock, random } = context.runtime;
  const ports = { keyTools: await context.keyTools(), jws: await context.jws(), clock, random };
  const key = await givenKey(context, chosen);
  if (key !== undefined) {
    return mintWithKey({ request, key, algorithm, allowWeak: chosen.allowWeak ?? false }, ports);
  }
  return mintWithStore(
    { request, algorithm },
    { ...ports, ...(await storePorts(context)), passphrase: storePassphrase(context) },
  );
}

async function storePorts(context: Context) {
  try {
    return await keyPorts(context);
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
async function givenKey(context: Context, chosen: Options): Promise<Jwk | undefined> {
  if (chosen.secret !== undefined || chosen.secretFile !== undefined) {
    return (await givenSecret(context, chosen)).jwk;
  }
  if (chosen.key === undefined) return undefined;
  const { keys, name } = await readKeyFile(
    context,
    chosen.key,
    await context.keyTools(),
    chosen.keyPassphraseFile,
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
