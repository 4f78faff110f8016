import { KEY_FORMS, publicKeyBytes } from "../../app/attacks/public-key.ts";
import { isOmission, type TamperResult, tamper as tamperToken } from "../../app/attacks/tamper.ts";

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
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import type { DeclaredOptions, OptionsOf } from "../declare.ts";
import { readText } from "../input.ts";
import { type KeySourcePorts, readKeySource } from "../keys/key-source.ts";
import type { Terminal } from "../terminal.ts";
import { timeContext } from "./times.ts";
import { readsStdin, TRUST_OPTIONS, type TrustOptions, type TrustPorts, trustSource } from "./trust.ts";

const TAMPER_OPTIONS = {
  ...TRUST_OPTIONS,
  claim: { value: "name=value", repeatable: true, help: "set a claim: name=text or name:=json" },
  remove: { value: "name", repeatable: true, help: "remove a claim", completes: "claim" },
  header: { value: "name=value", repeatable: true, help: "set a member of the header" },
  removeHeader: { value: "name", repeatable: true, help: "remove a member of the header" },
  attack: {
    value: "name",
    help: "how it is forged; --list has the names",
    defaultHelp: "edit, with --claim",
    completes: "attack",
    parse: attackNamed,
    conflicts: ["all"],
  },
  all: { help: "try every attack (default without --claim and --attack)" },
  pick: { value: "which", help: "which token to use if there are several (number or name)" },
  list: { help: "explain the attacks" },
  keyForm: {
    value: "form",
    choices: KEY_FORMS,
    default: "file",
    help: "how hs-rs writes the public key",
  },
} as const satisfies DeclaredOptions;

type TamperOptions = OptionsOf<typeof TAMPER_OPTIONS>;

export const tamper = defineVerb({
  arguments: {
    token: { help: "the token, @file, - or nothing for stdin", optional: true, completes: "file" },
  },
  options: TAMPER_OPTIONS,
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
  async run({ token: given, list, ...chosen }, ports) {
    const { terminal } = ports;
    if (list) {
      terminal.show({ json: () => attackListJson(ATTACKS), text: (style) => attackListText(ATTACKS, style) });
      return;
    }
    const attack = chosenAttack(chosen);
    if (readsStdin(chosen) && (given === undefined || given === "-")) {
      throw new AppError("usage", "the key is read from stdin: the token cannot be read from there too", {
        hints: ["Give the token as an argument or as @file"],
      });
    }
    const { token, leftOut } = findOneToken(await readText(ports, given, "token"), chosen.pick);
    for (const text of leftOut) terminal.note(text);
    const result = await carryOut(token, attack, chosen, ports);
    return attack === undefined ? showAll(result, terminal) : showOne(result, terminal);
  },
});

type Edits = Pick<TamperOptions, "claim" | "remove" | "header" | "removeHeader">;
type ForgePorts = TrustPorts & Needs<"jws" | "signatureProbe" | "time">;

/** Undefined: all of them. */
function chosenAttack(chosen: Edits & Pick<TamperOptions, "attack" | "all">): Attack | undefined {
  if (chosen.attack !== undefined) return chosen.attack;
  const edits = [chosen.claim, chosen.remove, chosen.header, chosen.removeHeader];
  return !chosen.all && edits.some((list) => list.length > 0) ? attackNamed("edit") : undefined;
}

async function carryOut(
  token: InspectedToken,
  attack: Attack | undefined,
  chosen: Edits & TrustOptions & Pick<TamperOptions, "keyForm">,
  ports: ForgePorts,
): Promise<TamperResult> {
  const { terminal } = ports;
  const silent = attack !== undefined && terminal.quiet && !terminal.json;
  const needsKey = attack === undefined || attack.needs === "public-key";
  // With --quiet the verification of a single token is not shown: no key is read, and no passphrase is needed.
  const trusted = silent && !needsKey ? undefined : await trustedKeys(token, chosen, ports);
  const publicKey =
    needsKey && trusted !== undefined ? await publicKeyOf(token, trusted, chosen, ports) : undefined;
  return tamperToken(
    {
      token,
      attack,
      claims: edits(chosen.claim, chosen.remove, "--claim"),
      header: edits(chosen.header, chosen.removeHeader, "--header"),
      publicKey,
    },
    {
      jws: () => ports.jws(),
      keyTools: () => ports.keyTools(),
      verify: trusted === undefined || silent ? undefined : verification(trusted, ports),
    },
  );
}

/** The public key as a careless verifier would take it for a secret. */
async function publicKeyOf(
  token: InspectedToken,
  { candidates }: Trust,
  { key, keyForm: form }: Pick<TamperOptions, "key" | "keyForm">,
  ports: KeySourcePorts & Needs<"keyTools" | "signatureProbe">,
) {
  const file = await keyFileBytes(key, ports);
  const formPorts = { keyTools: await ports.keyTools(), probe: await ports.signatureProbe() };
  return publicKeyBytes(token, candidates, { form, file }, formPorts);
}

/**
 * The keys that the honest side trusts, found once, with the token as it was: no forged header gets a say in it.
 * @returns undefined when no key was named and there is no store
 */
async function trustedKeys(
  token: InspectedToken,
  chosen: TrustOptions,
  ports: TrustPorts,
): Promise<Trust | undefined> {
  try {
    return await (await trustSource(chosen, ports))(keyHintOf(token));
  } catch (error) {
    if (error instanceof AppError && error.code === "store_not_found") return undefined;
    throw error;
  }
}

/** The key file as it is. What came from stdin is gone. */
async function keyFileBytes(key: readonly string[], ports: KeySourcePorts): Promise<Uint8Array | undefined> {
  const [file] = key;
  if (file === undefined || key.length > 1 || file === "-") return undefined;
  return (await readKeySource(file, "--key", ports)).bytes;
}

function edits(set: readonly string[], removed: readonly string[], flag: string): readonly Edit[] {
  const members = parseClaims(set, flag).members;
  return [
    ...members.map(([name, value]) => ({ kind: "set", name, value }) as const),
    ...removed.map((name) => ({ kind: "remove", name }) as const),
  ];
}

/** The strict verification that `jwtctl verify` makes. */
function verification(trusted: Trust, ports: Needs<"jws" | "terminal" | "time">) {
  const options = {
    time: timeContext({}, ports),
    leeway: 0,
    algorithms: [],
    types: [],
    tryAll: false,
    // A weak secret is what some attacks need: its size must not hide what the signature would allow.
    allowWeak: true,
    issuers: [],
    audiences: [],
    require: [],
  };
  return async (text: string) =>
    verifyToken({ text, options }, { trust: async () => trusted, jws: await ports.jws() });
}

const NO_KEY = "there is no store, and no key was given; --key, --jwks or --secret names one";

function showOne({ tamperings, original }: TamperResult, terminal: Terminal): ErrorCode | undefined {
  const [tampering] = tamperings;
  if (tampering === undefined || isOmission(tampering)) throw new AppError("internal", "no token was forged");
  const { stderr } = terminal;
  if (!terminal.json && !terminal.quiet) {
    stderr.write(`${tamperingText(tampering, original, NO_KEY, terminal.style(stderr))}\n`);
  }
  terminal.show({
    json: () => tamperingJson(tampering, original),
    // With --quiet it is for a program, even where the stream is a terminal's.
    text: (style) =>
      terminal.quiet
        ? `${tampering.token}
`
        : forgedTokenText(tampering.token, style),
  });
  return tampering.verdict?.stopped === false ? "forgery_accepted" : undefined;
}

function showAll({ tamperings, original }: TamperResult, terminal: Terminal): ErrorCode | undefined {
  terminal.show({
    json: () => attemptsJson(tamperings, original),
    text: (style) => attemptsText(tamperings, original, NO_KEY, style),
  });
  const accepted = tamperings.some((entry) => !isOmission(entry) && entry.verdict?.stopped === false);
  return accepted ? "forgery_accepted" : undefined;
}
