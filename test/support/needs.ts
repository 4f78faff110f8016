import { spawnSync } from "node:child_process";
import { describe, type SuiteFactory } from "vitest";

/**
 * A group of tests that needs a program which is not part of the project. In CI a missing program fails the group;
 * elsewhere the group is skipped, and the report says so.
 *
 * @param probe a command that ends with 0 where the program is there
 */
export function describeWith(name: string, probe: readonly [string, ...string[]], tests: SuiteFactory): void {
  const [command, ...args] = probe;
  const present = spawnSync(command, args, { stdio: "ignore" }).status === 0;
  const title = present ? name : `${name} (needs: ${probe.join(" ")})`;
  describe.skipIf(!present && !process.env.CI)(title, tests);
}
