import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { defineConfig, mergeConfig } from "vitest/config";
import gate from "../../vitest.config.mts";

const ROOT = resolve(import.meta.dirname, "../..");
const HOURS = 3_600_000;

// Beside what is here alone, the tests of which the gate does a part: all of it.
process.env["JWTCTL_TEST_SOAK"] = "1";
const parted = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" }).filter(
  (name) =>
    name.endsWith(".test.ts") &&
    /support\/(amount|kill-everywhere)\.ts"/.test(readFileSync(join(ROOT, "test", name), "utf8")),
);

const { projects: _, ...test } = gate.test ?? {};

export default mergeConfig(
  { test },
  defineConfig({
    root: ROOT,
    test: {
      name: "soak",
      include: ["test/soak/**/*.test.ts", ...parted.map((name) => `test/${name}`)],
      testTimeout: 3 * HOURS,
      hookTimeout: HOURS,
    },
  }),
);
