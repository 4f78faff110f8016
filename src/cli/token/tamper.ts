import { KEY_FORMS, type KeyForm, publicKeyBytes } from "../../app/attacks/public-key.ts";
import { isOmission, type TamperResult, tamper as tamperToken } from "../../app/attacks/tamper.ts";
import type { PublicFormPorts } from "../../app/keys/public-forms.ts";
import { findOneToken } from "../../app/token/find-token.ts";
import { keyHintOf, type Trust, verifyToken } from "../../app/token/verify-token.ts";
import type { Attack } from "../../core/analysis/attacks/attack.ts";
import { ATTACKS, attackNamed } from "../../core/analysis/attacks/attacks.ts";
import type { Edit } from "../../core/analysis/attacks/edits.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { parseClaims } from "../../core/jose/minting/claims-input.ts";
import type { InspectedToken } from "../../core/jose/token/inspect.ts";
import {
  attackListJson,
  attackListText,
  attemptsJson,
  attemptsText,
} from "../../output/attacks/attacks-view.ts";
import { forgedTokenText, tamperingJson, tamperingText } from "../../output/attacks/tamper-view.ts";
import type { Context } from "../context.ts";
import { MAX_SECRET_BYTES, readText } from "../input.ts";
import { choiceOption, refuseTogether } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { collect } from "../options.ts";
import { timeContext } from "./times.ts";
import { readsStdin, type TrustOptions, trustOptions, trustSource } from "./trust.ts";

interface Options extends TrustOptions {
  readonly claim?: readonly string[];
  readonly remove?: readonly string[];
  readonly header?: readonly string[];
  readonly removeHeader?: readonly string[];
  readonly attack?: string;
  readonly all?: boolean;
  readonly list?: boolean;
  readonly keyForm: string;
  readonly pick?: string;
}

export const tamper: Verb = {
  configure: (command) =>
    trustOptions(command.argument("[token]", "the token, @file, - or nothing for stdin"))
      .option("--claim <name=value>", "set a claim: name=text or name:=json (repeatable)", collect)
      .option("--remove <name>", "remove a claim (repeatable)", collect)
      .option("--header <name=value>", "set a member of the header (repeatable)", collect)
      .option("--remove-header <name>", "remove a member of the header (repeatable)", collect)
      .option("--attack <name>", "how it is forged; --list has the names (default with --claim: edit)")
      .option("--all", "try every attack (default without --claim and --attack)")
      .option("--pick <which>", "of several tokens in the input, the one with this number or name")
      .option("--list", "explain the attacks")
      .option("--key-form <form>", `how hs-rs writes the public key: ${KEY_FORMS.join(", ")}`, "file"),
  excessHint: 'Put quotes around what belongs together, as in "Bearer eyJ…"',
  examples: [
    ['jwtctl tamper "$TOKEN"', "try every attack and see how each is refused"],
    [
      'jwtctl tamper "$TOKEN" --claim role=admin --quiet | jwtctl verify -',
      "change one claim, and watch it fail",
    ],
    ['jwtctl tamper "$TOKEN" --attack hs-rs --key public.pem', "the public key taken for an HMAC secret"],
    ["jwtctl tamper --list", "what the attacks do, and what stops them"],
  ],
  async run(context, invocation) {
    const chosen = options<Options>(invocation);
    if (chosen.list) {
      context.show({ json: () => attackListJson(ATTACKS), text: (style) => attackListText(ATTACKS, style) });
      return;
    }
    const attack = chosenAttack(chosen);
    const [given] = invocation.args;
    if (readsStdin(chosen) && (given === undefined || given === "-")) {
      throw new AppError("usage", "the key is read from stdin: the token cannot be read from there too", {
        hints: ["Give the token as an argument or as @file"],
      });
    }
    const { token, leftOut } = findOneToken(await readText(context, given, "token"), chosen.pick);
    for (const text of leftOut) context.note(text);
    const result = await carryOut(context, token, attack, chosen);
    return attack === undefined ? showAll(context, result) : showOne(context, result);
  },
};

/** Undefined: all of them. */
function chosenAttack(chosen: Options): Attack | undefined {
  refuseTogether(chosen.all && "--all", chosen.attack && "--attack");
  if (chosen.attack !== undefined) return attackNamed(chosen.attack);
  const edits = [chosen.claim, chosen.remove, chosen.header, chosen.removeHeader];
  return !chosen.all && edits.some((list) => list !== undefined) ? attackNamed("edit") : undefined;
}

async function carryOut(
  context: Context,
  token: InspectedToken,
  attack: Attack | undefined,
  chosen: Options,
): Promise<TamperResult> {
  const form: KeyForm = choiceOption("--key-form", chosen.keyForm, KEY_FORMS);
  const silent = attack !== undefined && context.globals.quiet && !context.globals.json;
  const needsKey = attack === undefined || attack.needs === "public-key";
  // With --quiet nobody sees how a single token is verified: no key is looked for, and no passphrase asked for.
  const trusted = silent && !needsKey ? undefined : await trustedKeys(context, token, chosen);
  const file = needsKey ? await keyFileBytes(context, chosen) : undefined;
  const publicKey =
    needsKey && trusted !== undefined
      ? await publicKeyBytes(token, trusted.candidates, { form, file }, await publicFormPorts(context))
      : undefined;
  return tamperToken(
    {
      token,
      attack,
      claims: edits(chosen.claim, chosen.remove, "--claim"),
      header: edits(chosen.header, chosen.removeHeader, "--header"),
      publicKey,
    },
    {
      jws: () => context.jws(),
      keyTools: () => context.keyTools(),
      verify: trusted === undefined || silent ? undefined : verification(context, trusted),
    },
  );
}

/**
 * Whom the honest side trusts, found out once, with the token as it was: no forged header gets a say in it.
 * @returns undefined when no key was named and there is no store
 */
async function trustedKeys(
  context: Context,
  token: InspectedToken,
  chosen: Options,
): Promise<Trust | undefined> {
  try {
    return await (await trustSource(context, chosen))(keyHintOf(token));
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return undefined;
    throw error;
  }
}

async function publicFormPorts(context: Context): Promise<PublicFormPorts> {
  return { keyTools: await context.keyTools(), probe: await context.signatureProbe() };
}

/** The key file as it is, which a careless verifier would take for a secret. What came from stdin is gone. */
async function keyFileBytes(context: Context, { key = [] }: Options): Promise<Uint8Array | undefined> {
  const [file] = key;
  if (file === undefined || key.length > 1 || file === "-") return undefined;
  return context.runtime.files.read(file.startsWith("@") ? file.slice(1) : file, MAX_SECRET_BYTES);
}

function edits(
  set: readonly string[] | undefined,
  removed: readonly string[] | undefined,
  flag: string,
): readonly Edit[] {
  const members = parseClaims(set ?? [], flag).members;
  return [
    ...members.map(([name, value]) => ({ kind: "set", name, value }) as const),
    ...(removed ?? []).map((name) => ({ kind: "remove", name }) as const),
  ];
}

/** The strict verification that `jwtctl verify` makes. */
function verification(context: Context, trusted: Trust) {
  const options = {
    time: timeContext(context, {}),
    leeway: 0,
    algorithms: [],
    types: [],
    tryAll: false,
    issuers: [],
    audiences: [],
    require: [],
  };
  return async (text: string) =>
    verifyToken({ text, options }, { trust: async () => trusted, jws: await context.jws() });
}

const NO_KEY = "there is no store, and no key was given; --key, --jwks or --secret names one";

function showOne(context: Context, { tamperings, original }: TamperResult): ErrorCode | undefined {
  const [tampering] = tamperings;
  if (tampering === undefined || isOmission(tampering)) throw new AppError("internal", "no token was forged");
  const { stderr } = context.runtime;
  if (!context.globals.json && !context.globals.quiet) {
    stderr.write(`${tamperingText(tampering, original, NO_KEY, context.style(stderr))}\n`);
  }
  context.show({
    json: () => tamperingJson(tampering, original),
    // With --quiet it is for a program, even where the stream is a terminal's.
    text: (style) =>
      context.globals.quiet
        ? `${tampering.token}
`
        : forgedTokenText(tampering.token, style),
  });
  return tampering.verdict?.stopped === false ? "forgery_accepted" : undefined;
}

function showAll(context: Context, { tamperings, original }: TamperResult): ErrorCode | undefined {
  context.show({
    json: () => attemptsJson(tamperings, original),
    text: (style) => attemptsText(tamperings, original, NO_KEY, style),
  });
  const accepted = tamperings.some((entry) => !isOmission(entry) && entry.verdict?.stopped === false);
  return accepted ? "forgery_accepted" : undefined;
}
