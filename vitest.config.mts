import { defineConfig } from "vitest/config";

const project = (name: string, testTimeout = 20_000) => ({
  test: { name, include: [`test/${name}/**/*.test.ts`], testTimeout, hookTimeout: 120_000 },
});

export default defineConfig({
  test: {
    projects: [
      project("unit"),
      project("architecture"),
      project("contract", 120_000),
      project("command", 60_000),
      project("e2e", 240_000),
    ],
    // Local times in golden output are rendered in this zone.
    env: { TZ: "UTC" },
    maxWorkers: 2,
  },
});
