// `tokens prune` of 900,000 refresh tokens whose logins ended long ago.
import { spawn } from "node:child_process";
import { resolve } from "node:path";
import Database from "better-sqlite3";
import { JWTCTL, peakOf } from "./measure.mjs";
import { filledStore, TOKENS_A_SESSION } from "./store.mjs";

const SIZES = [9_000, 900_000];
/** The absolute end of a login, 90 days after its beginning, must lie 30 days back. */
const AGE = 200;
const PROBE = resolve(import.meta.dirname, "probe.mjs");

export async function prune() {
  const rows = [];
  for (const tokens of SIZES) rows.push(await pruneOf(tokens));
  return {
    title: ["time", "tokens a second", "longest wait of others", "peak memory"],
    rows,
    notes: [
      `${TOKENS_A_SESSION} tokens a login, start included. The wait is that of a process that takes the write lock and ` +
        "gives it back, again and again. Promised: progress on a terminal, and Ctrl-C at any moment (tested).",
    ],
  };
}

async function pruneOf(tokens) {
  const { env } = filledStore(`prune-${tokens}`, tokens, AGE);
  const began = performance.now();
  // peakOf() runs to the end without letting anything else happen here, so the other process is one of its own.
  const prober = probing(env.JWTCTL_DB);
  const peak = peakOf(`${JWTCTL.join(" ")} tokens prune --quiet --db ${env.JWTCTL_DB}`);
  const seconds = (performance.now() - began) / 1000;
  const wait = await prober.end();
  const left = new Database(env.JWTCTL_DB, { readonly: true });
  const rest = left.prepare("SELECT count(*) FROM refresh_tokens").pluck().get();
  left.close();
  if (rest !== 1) throw new Error(`${rest} tokens were left`);
  return [
    `${tokens} tokens`,
    `${seconds.toFixed(1)} s`,
    String(Math.round(tokens / seconds)),
    `${Math.round(wait)} ms`,
    `${Math.round(peak)} MiB`,
  ];
}

/** A process that wants to write all the time. @returns its end: the longest time that it waited, in ms */
function probing(path) {
  const child = spawn(process.execPath, [PROBE, path], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.on("data", (text) => {
    said += text;
  });
  return {
    end: () =>
      new Promise((done) => {
        child.on("close", () => done(Number(said)));
        child.stdin.end();
      }),
  };
}
