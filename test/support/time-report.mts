import { relative } from "node:path";
import type { Reporter, TestModule, Vitest } from "vitest/node";

/** So many of the slowest files are named. */
const SLOWEST = 12;

/** Prints at the end of a run where the time went, and the seed to run the same again. */
export class TimeReport implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const { logger, config } = this.vitest as Vitest;
    const files = modules
      .map((module) => ({
        name: relative(config.root, module.moduleId),
        project: module.project.name,
        seconds: secondsOf(module),
      }))
      .sort((a, b) => b.seconds - a.seconds);
    const totals = [...new Set(files.map(({ project }) => project))].map((name) => {
      const own = files.filter(({ project }) => project === name);
      return `${name} ${shown(own.reduce((sum, { seconds }) => sum + seconds, 0))} (${own.length} files)`;
    });
    logger.log(`\n   Time of  ${totals.join(", ")}`);
    for (const { name, seconds } of files.slice(0, SLOWEST)) {
      logger.log(`${shown(seconds).padStart(12)}  ${name}`);
    }
    const seed = process.env["JWTCTL_TEST_SEED"];
    logger.log(`\n       Seed  ${seed} (JWTCTL_TEST_SEED=${seed} runs the same again)\n`);
  }
}

function secondsOf(module: TestModule): number {
  const { duration, collectDuration, prepareDuration, setupDuration } = module.diagnostic();
  return (duration + collectDuration + prepareDuration + setupDuration) / 1000;
}

const shown = (seconds: number) => `${seconds.toFixed(1)} s`;
