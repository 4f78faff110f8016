import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import { createFiles } from "./files.ts";
import type { Runtime } from "./runtime.ts";
import { createInput, createOutput } from "./streams.ts";

/** The real world. What costs time to load is loaded when it is asked for. */
export function createSystemRuntime(): Runtime {
  const { env } = process;
  return {
    env,
    clock: { now: () => Date.now() },
    random: { bytes: (length) => randomBytes(length) },
    stdin: createInput(0),
    stdout: createOutput(1, env),
    stderr: createOutput(2, env),
    files: createFiles(),
    platform: {
      dataDirectory: async () => (await directories()).data,
      // env-paths names the XDG state directory "log".
      stateDirectory: async () => (await directories()).log,
      cacheDirectory: async () => (await directories()).cache,
      join: (...parts) => join(...parts),
      absolute: (path) => resolve(path),
      utcOffset: (instant) => -new Date(instant).getTimezoneOffset(),
      nodeVersion: process.versions.node,
    },
    network: async () => (await import("./network.ts")).createNetwork({ env }),
    credentials: async (path) => (await import("./credentials-file.ts")).createCredentialsFile(path),
    prompter: async () => (await import("./prompter.ts")).createPrompter(),
  };
}

async function directories() {
  const { default: envPaths } = await import("env-paths");
  return envPaths("jwtctl", { suffix: "" });
}
