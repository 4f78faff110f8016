// Very many tokens: beside libraries, and beside what OpenSSL itself can do.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { JWTCTL, median, timesOf } from "./measure.mjs";
import { tokenFile } from "./tokens.mjs";

const COUNT = 100_000;
const ROUNDS = 5;
const PEER = join(import.meta.dirname, "peer.mjs");

export async function bulk() {
  const cores = availableParallelism();
  const { file, keyFile } = await tokenFile(COUNT);
  const peer = (library, threads) => [process.execPath, PEER, library, String(threads), file, keyFile];
  const commands = {
    "jwtctl verify --lines": [...JWTCTL, "verify", "--lines", `@${file}`, "--key", keyFile, "--quiet"],
    [`fast-jwt, ${cores} threads`]: peer("fast-jwt", cores),
    [`jsonwebtoken, ${cores} threads`]: peer("jsonwebtoken", cores),
    "fast-jwt, a loop": peer("fast-jwt", 1),
    "jsonwebtoken, a loop": peer("jsonwebtoken", 1),
    "jwtctl decode --lines": [...JWTCTL, "decode", "--lines", `@${file}`, "--quiet"],
    "jwtctl decode --lines --jobs 1": [...JWTCTL, "decode", "--lines", `@${file}`, "--jobs", "1", "--quiet"],
  };
  const runs = new Map(Object.keys(commands).map((name) => [name, []]));
  const openssl = [];
  for (let round = 0; round < ROUNDS; round++) {
    openssl.push(opensslVerifies());
    for (const [name, command] of Object.entries(commands))
      runs.get(name).push({ ...timesOf(command), round });
  }
  const rows = [...runs].map(([name, of]) => row(name, of, openssl, cores));
  return {
    title: ["time", "tokens/s", "CPU per token", "of openssl x cores", "of openssl, by CPU"],
    rows,
    notes: [
      ...promises(runs, openssl, cores),
      `${COUNT} distinct ES256 tokens of 200 bytes of payload, a verdict or the content of each written as NDJSON to ` +
        `/dev/null; whole processes, start included; medians of ${ROUNDS} interleaved rounds.`,
      `openssl speed -seconds 3 ecdsap256, verify: ${Math.round(median(openssl))}/s on one core ` +
        `(${opensslVersion()}; Node ${process.version} has OpenSSL ${process.versions.openssl}); ` +
        `fast-jwt ${versionOf("fast-jwt")}, jsonwebtoken ${versionOf("jsonwebtoken")}.`,
    ],
  };
}

function row(name, runs, openssl, cores) {
  const isDecode = name.includes("decode");
  const wall = median(runs.map((run) => run.wall));
  const cpu = median(runs.map((run) => run.cpu));
  return [
    name,
    `${wall.toFixed(2)} s`,
    Math.round(COUNT / wall),
    `${((cpu / COUNT) * 1e6).toFixed(1)} us`,
    isDecode ? "" : ratio(runs, openssl, ({ wall: seconds }) => seconds * cores).toFixed(2),
    isDecode ? "" : ratio(runs, openssl, ({ cpu: seconds }) => seconds).toFixed(2),
  ];
}

/** Tokens in a second of one core beside OpenSSL's verifies in the same round. */
function ratio(runs, openssl, coreSeconds) {
  return median(runs.map((run) => COUNT / coreSeconds(run) / openssl[run.round]));
}

function promises(runs, openssl, cores) {
  const wallOf = (name) => median(runs.get(name).map(({ wall }) => wall));
  const own = wallOf("jwtctl verify --lines");
  const peers = [...runs.keys()].filter((name) => !name.startsWith("jwtctl"));
  const ahead = peers.map((name) => {
    const pairs = runs
      .get(name)
      .map(({ wall, round }) => wall / runs.get("jwtctl verify --lines")[round].wall);
    return `${median(pairs).toFixed(2)} times as fast as ${name}`;
  });
  const share = ratio(runs.get("jwtctl verify --lines"), openssl, ({ wall }) => wall * cores);
  const decode = COUNT / median(runs.get("jwtctl decode --lines --jobs 1").map(({ cpu }) => cpu));
  return [
    `verify --lines (${own.toFixed(2)} s): ${ahead.join(", ")}. Promised: ahead of both libraries.`,
    `verify --lines: ${share.toFixed(2)} of openssl speed x ${cores} cores. Promised: 0.60 (${kept(share >= 0.6)}).`,
    `decode --lines --jobs 1: ${Math.round(decode)} tokens in a second of CPU. Promised: 100000 (${kept(decode >= 1e5)}).`,
  ];
}

function kept(isKept) {
  return isKept ? "kept" : "NOT KEPT";
}

/** ECDSA P-256 verifies a second on one core, by openssl's own benchmark, which counts CPU time. */
function opensslVerifies() {
  const { stdout, status } = spawnSync("openssl", ["speed", "-seconds", "3", "ecdsap256"], {
    encoding: "utf8",
  });
  const figures = /ecdsa \(nistp256\)\s+(.*)$/m
    .exec(stdout ?? "")?.[1]
    ?.trim()
    .split(/\s+/);
  if (status !== 0 || figures === undefined) throw new Error("this needs the program openssl");
  return Number(figures.at(-1));
}

function opensslVersion() {
  return spawnSync("openssl", ["version"], { encoding: "utf8" })
    .stdout.trim()
    .split(" ")
    .slice(0, 2)
    .join(" ");
}

function versionOf(name) {
  const path = join(import.meta.dirname, "../../node_modules", name, "package.json");
  return JSON.parse(readFileSync(path, "utf8")).version;
}
