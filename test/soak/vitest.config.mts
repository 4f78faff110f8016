import { defineConfig } from "vitest/config";

const HOURS = 3_600_000;

export default defineConfig({
  test: { include: ["test/soak/**/*.test.ts"], testTimeout: 3 * HOURS, hookTimeout: HOURS, maxWorkers: 1 },
});
