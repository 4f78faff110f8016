import { type BatchPorts, createBatchProcessor } from "../../app/bulk/process-batch.ts";
import { runLines } from "../../app/bulk/run-lines.ts";
import { shareWork } from "../../app/bulk/share-work.ts";
import type { TrustSource } from "../../app/token/verify-token.ts";
import { type LineTask, type Tally, verdictOfTally } from "../../core/analysis/bulk/batch.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { VerificationOptions } from "../../core/jose/verification/report.ts";
import { ENTRIES } from "../../output/bulk/entries.ts";
import { summaryJson, summaryText } from "../../output/bulk/summary-view.ts";
import type { ByteSource, LineRuntime, LineWorkers } from "../../runtime/runtime.ts";
import type { Context } from "../context.ts";
import { createProgress } from "./bulk-progress.ts";
import type { LineOptions } from "./line-options.ts";

/** `decode --lines`. @param given the positional argument @param typed all options, as they were typed */
export async function decodeLines(
  context: Context,
  given: string | undefined,
  typed: LineOptions,
): Promise<ErrorCode | undefined> {
  refuseOthers(typed, (name) => !["lines", "jobs"].includes(name));
  const verify = () => {
    throw new AppError("internal", "decode verifies nothing");
  };
  const ports = { trust: async () => verify(), jws: { verify }, digest: () => undefined };
  return runBulk(context, given, typed, { kind: "decode" }, ports);
}

/** `verify --lines`. @param typed all options, as they were typed */
export async function verifyLines(
  context: Context,
  given: string | undefined,
  typed: LineOptions & { readonly at?: string },
  verification: { readonly options: VerificationOptions; readonly trust: () => Promise<TrustSource> },
): Promise<ErrorCode | undefined> {
  refuseOthers(typed, (name) => ["session", "pick", "paste"].includes(name));
  const { time, ...options } = verification.options;
  const task = { kind: "verify", options, at: typed.at === undefined ? undefined : time.now } as const;
  return runBulk(context, given, typed, task, {
    trust: await verification.trust(),
    jws: await context.bulkJws(),
    digest: await context.textDigest(),
  });
}

/** What concerns one token means nothing for many. */
function refuseOthers(typed: object, isOther: (name: string) => boolean): void {
  const [other] = Object.entries(typed).filter(([name, value]) => isOther(name) && value !== false);
  if (other === undefined) return;
  const flag = `--${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  throw new AppError("usage", `--lines and ${flag} cannot be combined`, {
    hints: [`Use ${flag} on a single token`],
  });
}

async function runBulk(
  context: Context,
  given: string | undefined,
  typed: LineOptions,
  task: LineTask,
  ports: Omit<BatchPorts, "entries">,
): Promise<ErrorCode | undefined> {
  const { stdout, clock } = context.runtime;
  const runtime = await context.runtime.lines();
  const jobs = jobsOption(typed.jobs) ?? runtime.parallelism;
  const source = openSource(context, runtime, given);
  const progress = createProgress(context, task.kind);
  let workers: LineWorkers | undefined;
  const startWorkers = () => {
    workers = runtime.startWorkers(jobs, task, ports.trust);
    return workers;
  };
  const here = createBatchProcessor(task, { ...ports, entries: ENTRIES });
  try {
    const tally = await runLines({
      chunks: source.chunks,
      // A single thread beside this one would cost more than it brings.
      work: shareWork(task.kind, here, jobs > 1 ? startWorkers : undefined, clock),
      write: (entries) => stdout.write(entries),
      progress: progress.show,
      // Each thread has a batch at hand and the next one waiting, while finished ones are written.
      atOnce: 3 * jobs,
    });
    progress.clear();
    summarise(context, task.kind, tally, progress.elapsed());
    return verdictOfTally(tally);
  } finally {
    progress.clear();
    source.close();
    await workers?.stop();
  }
}

const MOST_JOBS = 256;

function jobsOption(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const jobs = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (jobs >= 1 && jobs <= MOST_JOBS) return jobs;
  throw new AppError("usage", `--jobs needs a number of threads from 1 to ${MOST_JOBS}, not "${text}"`);
}

function openSource(context: Context, runtime: LineRuntime, given: string | undefined): ByteSource {
  if (given?.startsWith("@")) return runtime.file(given.slice(1));
  if (given !== undefined && given !== "-") {
    throw new AppError("usage", "with --lines the tokens are not arguments", {
      hints: ["Give them through a pipe, or as @file, one a line"],
    });
  }
  if (context.runtime.stdin.isTerminal) {
    context.note("reading tokens from this terminal, one a line; Ctrl-D ends");
  }
  return runtime.stdin();
}

/** What there was, on stderr: for a person, and with --json for a program. */
function summarise(context: Context, task: LineTask["kind"], tally: Tally, elapsed: number): void {
  const { globals, runtime } = context;
  if (globals.quiet) return;
  const run = { task, tally, elapsed };
  const { stderr } = runtime;
  stderr.write(globals.json ? summaryJson(run) : summaryText(run, context.style(stderr)));
}
