import { Option } from "commander";
import { type CheckUpInput, checkUp, type RepairPorts, repair } from "../../app/doctor/check-up.ts";
import { generateKey } from "../../app/keys/generate-key.ts";
import type { JwksFile } from "../../core/analysis/doctor/check-jwks.ts";
import { AppError } from "../../core/base/errors.ts";
import { doctorJson, doctorText } from "../../output/doctor/doctor-view.ts";
import type { Context } from "../context.ts";
import { MAX_TEXT_BYTES } from "../input.ts";
import { keyPorts } from "../keys/shared.ts";
import { options, type OldVerb as Verb } from "../old-command.ts";
import { givenPassphrase } from "../passphrase.ts";

interface Options {
  readonly full?: boolean;
  readonly fix?: boolean;
  readonly jwks?: string;
  readonly failOn: "warn" | "fail";
}

export const doctor: Verb = {
  configure: (command) =>
    command
      .option(
        "--full",
        "thorough and slower: compares every index with its table, opens sealed keys if the passphrase is given",
      )
      .option("--jwks <file>", "the published JWK Set, to compare it with the store's keys")
      .option("--fix", "do the repairs that are safe, and say which")
      .addOption(
        new Option("--fail-on <status>", "end with exit code 1 from this status on")
          .choices(["warn", "fail"])
          .default("fail"),
      ),
  examples: [
    ["jwtctl doctor", "looks at everything and changes nothing; exit code 1 when something is wrong"],
    ["jwtctl doctor --full --jwks /var/www/.well-known/jwks.json", "for a nightly check"],
    ["jwtctl doctor --fix", "closes files to others, wipes what is overdue, makes a missing standby key"],
  ],
  async run(context, invocation) {
    const { full, fix, jwks, failOn } = options<Options>(invocation);
    const path = await context.absoluteStorePath();
    const ports = await repairPorts(context);
    const input: CheckUpInput = {
      path,
      full: full ?? false,
      jwks: jwks === undefined ? undefined : await publishedFile(context, jwks),
    };
    const found = await checkUp(input, ports);
    const repairs = fix ? await repair(found, path, ports) : undefined;
    const { findings } = repairs?.some(({ done }) => done) ? await checkUp(input, ports) : found;
    const view = { db: found.store.path, findings, repairs };
    context.show({ json: () => doctorJson(view), text: (style) => doctorText(view, style) });
    const grave = findings.some(({ status }) => status === "fail" || status === failOn);
    return grave ? "doctor_findings" : undefined;
  },
};

async function repairPorts(context: Context): Promise<RepairPorts> {
  const { clock } = context.runtime;
  const credentials = await context.runtime.credentials(await context.credentialsPath());
  return {
    examiner: await context.storeExaminer(),
    clock,
    credentials,
    keyVault: await context.keyVault(),
    passphrase: () => givenPassphrase(context),
    store: () => context.store(),
    // Reading it is what closes it.
    async closeCredentials() {
      await credentials.read();
    },
    async makeStandby() {
      const plan = { alg: undefined, bits: undefined, activate: false, keepPrivate: false, dryRun: false };
      const onlyIfMissing = true;
      const made = await generateKey(
        { ...plan, onlyIfMissing, passphrase: () => passphraseUnasked(context) },
        await keyPorts(context),
      );
      return { kid: made.key.kid ?? "", made: made.wasThere === undefined };
    },
  };
}

/** A repair asks nobody: the passphrase is given, or not needed. */
async function passphraseUnasked(context: Context): Promise<string | undefined> {
  if ((await (await context.store()).readEncryption()) === "none") return undefined;
  const given = await givenPassphrase(context);
  if (given !== undefined) return given;
  throw new AppError(
    "input_required",
    "a new key needs the store's passphrase: give --passphrase-file FILE",
    {
      hints: ["Run this again with --passphrase-file FILE"],
    },
  );
}

async function publishedFile(context: Context, path: string): Promise<JwksFile> {
  try {
    const bytes = await context.runtime.files.read(path, MAX_TEXT_BYTES);
    return { path, text: new TextDecoder().decode(bytes) };
  } catch (error) {
    if (error instanceof AppError) return { path, text: null, why: error.message };
    throw error;
  }
}
