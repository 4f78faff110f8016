import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineConfig, type TestProjectConfiguration } from "vitest/config";
import { LongFirst } from "./test/support/long-first.mts";
import { TimeReport } from "./test/support/time-report.mts";

// What all projects share, and this file is read anew for each of them: one seed for all the chance of a run, and a
// directory for what is made once.
process.env["JWTCTL_TEST_SEED"] ??= String(Date.now() % 1_000_000);
process.env["JWTCTL_TEST_SCRATCH"] ??= join(tmpdir(), `jwtctl-run-${process.pid}`);

/** A machine that is busy with other things may take fifty times as long; only what hangs is ever cut off. */
const TIMEOUT_MS = 900_000;

/** @param isolate whether each file has a process of its own: what they load costs more than what they do */
function project(name: string, { isolate = false } = {}): TestProjectConfiguration {
  return { extends: true, test: { name, isolate, include: [`test/${name}/**/*.test.ts`] } };
}

// The gate reads the counts from a file beside the readable report.
const report = process.env["JWTCTL_TEST_REPORT"];
const time = new TimeReport();

export default defineConfig({
  test: {
    projects: [
      project("e2e"),
      project("contract"),
      project("command"),
      project("unit"),
      project("architecture"),
    ],
    // Local times in golden output are rendered in this zone.
    env: { TZ: "UTC" },
    globalSetup: ["test/support/scratch.ts"],
    setupFiles: ["test/support/setup.ts"],
    testTimeout: TIMEOUT_MS,
    hookTimeout: TIMEOUT_MS,
    maxWorkers: 2,
    sequence: { sequencer: LongFirst },
    reporters: report ? ["default", time, ["json", { outputFile: report }]] : ["default", time],
  },
});
