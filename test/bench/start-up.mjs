// What a command costs beside starting Node at all.
import { spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { JWTCTL, pairedRatio, scratch } from "./measure.mjs";
import { es256Token } from "./tokens.mjs";

const PASSWORD = "nine quiet lanterns drift";

export function startUp() {
  const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const keyFile = join(scratch(), "public.pem");
  writeFileSync(keyFile, keys.publicKey.export({ type: "spki", format: "pem" }));
  const token = es256Token(keys.privateKey, { sub: "bob", exp: 4_000_000_000 });
  const env = storeWithSession(join(scratch(), "start-up"));
  const bare = [process.execPath, "-e", "0"];
  const work = [
    ["decode TOKEN", ["decode", token], 1.45],
    ["verify TOKEN --key FILE", ["verify", token, "--key", keyFile], 1.9],
    ["--help", ["--help"], 1.5],
    ["mint, on a store", ["mint", "--sub", "bob"], 2.4],
    ["refresh", ["refresh"], 2.7],
    ["tokens list", ["tokens", "list"], 2],
  ];
  // Node reads the certificates that this variable names whenever it starts, which can take longer than all the rest.
  const plain = { NODE_EXTRA_CA_CERTS: undefined };
  return {
    title: ["CPU", "of node -e 0", "ratio", "promised", "kept"],
    rows: work.map(([name, words, budget]) => {
      const { ratio, a, b } = pairedRatio([...JWTCTL, ...words], bare, {
        envA: { ...env, ...plain },
        envB: plain,
      });
      const kept = ratio <= budget ? "yes" : "NO";
      return [name, ms(a), ms(b), ratio.toFixed(2), `<= ${budget.toFixed(2)}`, kept];
    }),
    notes: [
      "CPU time (user + system) of the whole process without NODE_EXTRA_CA_CERTS; medians of 21 paired runs.",
    ],
  };
}

/** A store with one user, who is logged in. @returns the environment that leads to it */
export function storeWithSession(path) {
  const env = { JWTCTL_DB: `${path}.db`, JWTCTL_CREDENTIALS: `${path}.json` };
  for (const [words, input] of [
    [["init", "--no-passphrase"], ""],
    [["users", "add", "alice", "--password-stdin"], PASSWORD],
    [["login", "alice", "--password-stdin"], PASSWORD],
  ]) {
    const [node, ...rest] = [...JWTCTL, ...words];
    const { status, stderr } = spawnSync(node, rest, {
      input,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    if (status !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
  }
  return env;
}

export { PASSWORD };

function ms(seconds) {
  return `${Math.round(seconds * 1000)} ms`;
}
