import { type BatchPorts, createBatchProcessor } from "../../app/bulk/process-batch.ts";
import { runLines } from "../../app/bulk/run-lines.ts";
import { shareWork } from "../../app/bulk/share-work.ts";
import type { TrustSource } from "../../app/token/verify-token.ts";
import type { ByteSource, LineRuntime, LineWorkers } from "../../compose/runtime.ts";
import { type LineTask, type Tally, verdictOfTally } from "../../core/analysis/bulk/batch.ts";
import type { AskedClaims } from "../../core/analysis/expectations/asked.ts";
import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import type { VerificationOptions } from "../../core/jose/verification/report.ts";
import { ENTRIES } from "../../output/bulk/entries.ts";
import { summaryJson, summaryText } from "../../output/bulk/summary-view.ts";
import type { Needs } from "../command.ts";
import type { Terminal } from "../terminal.ts";
import { createProgress } from "./bulk-progress.ts";

type LinePorts = Needs<"terminal" | "clock" | "lineRuntime">;

/** `decode --lines`. @param given the words that were typed @param jobs how many threads, undefined for all */
export async function decodeLines(
  given: readonly string[],
  jobs: number | undefined,
  ports: LinePorts,
): Promise<ErrorCode | undefined> {
  const verify = () => {
    throw new AppError("internal", "decode verifies nothing");
  };
  const reading = { trust: async () => verify(), jws: { verify }, digest: () => undefined };
  const source = given.length > 1 ? given.join(" ") : given[0];
  return runBulk(source, jobs, { kind: "decode" }, reading, ports);
}

interface VerifyLines {
  readonly jobs: number | undefined;
  readonly options: VerificationOptions;
  readonly asked: AskedClaims | undefined;
  /** What counts as now for every line, ms; undefined: the time at which it is read. */
  readonly at: number | undefined;
  readonly trust: () => Promise<TrustSource>;
}

/** `verify --lines`. @param given the positional argument */
export async function verifyLines(
  given: string | undefined,
  { jobs, options: { time: _, ...options }, asked, at, trust }: VerifyLines,
  ports: LinePorts & Needs<"bulkJws" | "textDigest">,
): Promise<ErrorCode | undefined> {
  const verifying = {
    trust: withoutRenewal(await trust()),
    jws: await ports.bulkJws(),
    digest: await ports.textDigest(),
  };
  return runBulk(given, jobs, { kind: "verify", options, asked, at }, verifying, ports);
}

/** Threads are sent plain data: of very many tokens none has a server asked again for its signature's sake. */
function withoutRenewal(source: TrustSource): TrustSource {
  return async (hint) => {
    const { renew: _, ...trust } = await source(hint);
    return trust;
  };
}

async function runBulk(
  given: string | undefined,
  wantedJobs: number | undefined,
  task: LineTask,
  ports: Omit<BatchPorts, "entries">,
  { terminal, clock, lineRuntime }: LinePorts,
): Promise<ErrorCode | undefined> {
  const runtime = await lineRuntime();
  const jobs = wantedJobs ?? runtime.parallelism;
  const source = openSource(given, runtime, terminal);
  const progress = createProgress(task.kind, { terminal, clock });
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
      write: (entries) => terminal.stdout.write(entries),
      progress: progress.show,
      // Each thread has a batch at hand and the next one waiting, while finished ones are written.
      atOnce: 3 * jobs,
    });
    progress.clear();
    summarise({ task: task.kind, tally, elapsed: progress.elapsed() }, terminal);
    return verdictOfTally(tally);
  } finally {
    progress.clear();
    source.close();
    await workers?.stop();
  }
}

function openSource(given: string | undefined, runtime: LineRuntime, terminal: Terminal): ByteSource {
  if (given?.startsWith("@")) return runtime.file(given.slice(1));
  if (given !== undefined && given !== "-") {
    throw new AppError("usage", "with --lines the tokens are not arguments", {
      hints: ["Give them through a pipe, or as @file, one a line"],
    });
  }
  if (terminal.stdin.isTerminal) {
    terminal.note("reading tokens from this terminal, one a line; Ctrl-D ends");
  }
  return runtime.stdin();
}

/** What there was, on stderr: for a person, and with --json for a program. */
function summarise(
  run: { readonly task: LineTask["kind"]; readonly tally: Tally; readonly elapsed: number },
  terminal: Terminal,
): void {
  const { stderr, quiet, json } = terminal;
  if (!quiet) stderr.write(json ? summaryJson(run) : summaryText(run, terminal.style(stderr)));
}
