import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout = 120_000) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000 },
});

// The gate reads the counts from a file beside the readable report.
const report = process.env.JWTCTL_TEST_REPORT;

export default defineConfig({
  test: {
    projects: [
      project("unit"),
      project("architecture"),
      project("contract"),
      project("command"),
      project("e2e", 240_000),
    ],
    // Local times in golden output are rendered in this zone.
    env: { TZ: "UTC" },
    maxWorkers: 2,
    reporters: report ? ["default", ["json", { outputFile: report }]] : ["default"],
  },
});
