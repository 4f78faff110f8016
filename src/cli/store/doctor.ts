import { type CheckUpInput, checkUp, type RepairPorts, repair } from "../../app/doctor/check-up.ts";
import { generateKey } from "../../app/keys/generate-key.ts";
import type { UserFiles } from "../../compose/user-files.ts";
import type { JwksFile } from "../../core/analysis/doctor/check-jwks.ts";
import { AppError } from "../../core/base/errors.ts";
import { usableName } from "../../core/base/file-errors.ts";
import { doctorJson, doctorText } from "../../output/doctor/doctor-view.ts";
import type { Needs } from "../command.ts";
import { defineVerb } from "../command.ts";
import { concealedName } from "../conceal.ts";
import { MAX_TEXT_BYTES } from "../input.ts";

export const doctor = defineVerb({
  options: {
    full: {
      help: "thorough and slower: compares every index with its table, opens sealed keys if the passphrase is given",
    },
    jwks: {
      value: "file",
      help: "the published JWK Set, to compare it with the store's keys",
      completes: "file",
    },
    fix: { help: "do the repairs that are safe, and say which" },
    failOn: {
      value: "status",
      choices: ["warn", "fail"],
      default: "fail",
      help: "end with exit code 1 from this status on",
    },
  },
  examples: [
    ["jwtctl doctor", "looks at everything and changes nothing; exit code 1 when something is wrong"],
    ["jwtctl doctor --full --jwks /var/www/.well-known/jwks.json", "for a nightly check"],
    ["jwtctl doctor --fix", "closes files to others, wipes what is overdue, makes a missing standby key"],
  ],
  async run({ full, fix, jwks, failOn }, { terminal, files, absoluteStorePath, ...world }) {
    const path = await absoluteStorePath();
    const ports = await repairPorts(world);
    const input: CheckUpInput = {
      path,
      full,
      jwks: jwks === undefined ? undefined : await publishedFile(jwks, files),
    };
    const found = await checkUp(input, ports);
    const repairs = fix ? await repair(found, path, ports) : undefined;
    const { findings } = repairs?.some(({ done }) => done) ? await checkUp(input, ports) : found;
    const view = { db: found.store.path, findings, repairs };
    terminal.show({ json: () => doctorJson(view), text: (style) => doctorText(view, style) });
    const grave = findings.some(({ status }) => status === "fail" || status === failOn);
    return grave ? "doctor_findings" : undefined;
  },
});

type RepairNeeds = Needs<
  "clock" | "credentialsFile" | "givenPassphrase" | "keyPorts" | "keyVault" | "store" | "storeExaminer"
>;

const NO_SESSION = { status: async () => null, read: async () => null };

async function repairPorts(ports: RepairNeeds): Promise<RepairPorts> {
  const { clock, givenPassphrase, store } = ports;
  // Without a home directory there is no current session to look at.
  const credentials = await ports.credentialsFile().catch(() => NO_SESSION);
  return {
    examiner: await ports.storeExaminer(),
    clock,
    credentials,
    keyVault: await ports.keyVault(),
    passphrase: givenPassphrase,
    store: () => store(),
    // Reading it is what closes it.
    async closeCredentials() {
      await credentials.read();
    },
    async makeStandby() {
      const plan = { alg: undefined, bits: undefined, activate: false, keepPrivate: false, dryRun: false };
      const made = await generateKey(
        { ...plan, onlyIfMissing: true, passphrase: () => passphraseUnasked(ports) },
        await ports.keyPorts(),
      );
      return { kid: made.key.kid ?? "", made: made.wasThere === undefined };
    },
  };
}

/** The passphrase for a repair, which asks nothing: given, or not needed. */
async function passphraseUnasked({
  store,
  givenPassphrase,
}: Needs<"store" | "givenPassphrase">): Promise<string | undefined> {
  if ((await (await store()).readEncryption()) === "none") return undefined;
  const given = await givenPassphrase();
  if (given !== undefined) return given;
  throw new AppError(
    "input_required",
    "a new key needs the store's passphrase: give --passphrase-file FILE",
    {
      hints: ["Run this again with --passphrase-file FILE"],
    },
  );
}

async function publishedFile(path: string, files: UserFiles): Promise<JwksFile> {
  usableName(path);
  try {
    const bytes = await files.read(path, MAX_TEXT_BYTES);
    return { path, text: new TextDecoder().decode(bytes) };
  } catch (error) {
    const shown = concealedName(path);
    if (error instanceof AppError) {
      return { path: shown, text: null, why: error.message.replaceAll(path, shown) };
    }
    throw error;
  }
}
