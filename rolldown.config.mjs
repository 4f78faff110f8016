import { readFileSync } from "node:fs";
import { defineConfig } from "rolldown";

const { version } = JSON.parse(readFileSync(new URL("package.json", import.meta.url), "utf8"));

const common = {
  platform: "node",
  external: ["@node-rs/argon2", "better-sqlite3"],
  transform: { target: "node22", define: { __JWTCTL_VERSION__: JSON.stringify(version) } },
};
const output = { dir: "dist", format: "cjs", minify: true, exports: "named" };

export default defineConfig([
  { ...common, input: "src/start.ts", output: { ...output, cleanDir: true, chunkFileNames: "[name]-[hash].js" } },
  { ...common, input: "src/worker.ts", output: { ...output, codeSplitting: false } },
]);
