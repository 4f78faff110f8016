import { join, resolve } from "node:path";
import { usableName } from "../core/base/file-errors.ts";
import type { Files, InputStream, Runtime } from "./runtime.ts";
import { shellOf } from "./shell.ts";
import { createInput, createOutput } from "./streams.ts";
import type { DirectoryUse } from "./user-directories.ts";

/** The real world. What costs time to load is loaded when it is asked for. */
export function createSystemRuntime(): Runtime {
  const { env } = process;
  const stdin = createInput(0);
  return {
    env,
    clock: { now: () => Date.now() },
    stopwatch: () => performance.now(),
    // The web interface to the same source: node:crypto would be loaded by every command.
    random: { bytes: (length) => crypto.getRandomValues(new Uint8Array(length)) },
    stdin,
    stdout: createOutput(1, env),
    stderr: createOutput(2, env),
    files: lazyFiles(stdin),
    platform: {
      dataDirectory: () => directory("data"),
      stateDirectory: () => directory("state"),
      cacheDirectory: () => directory("cache"),
      join: (...parts) => join(...parts),
      absolute: (path) => resolve(usableName(path)),
      utcOffset: (instant) => -new Date(instant).getTimezoneOffset(),
      nodeVersion: process.versions.node,
      shell: shellOf(process.platform, env),
      accountName,
    },
    pause: async (ms) => (await import("node:timers/promises")).setTimeout(ms),
    network: async () => (await import("./network.ts")).createNetwork({ env }),
    credentials: async (path) => (await import("./credentials-file.ts")).createCredentialsFile(path),
    lines: async () => (await import("./lines.ts")).createLineRuntime(),
    prompter: async () => (await import("./prompter.ts")).createPrompter(),
    clipboard: async () =>
      (await import("./clipboard.ts")).createClipboard({ platform: process.platform, env }),
  };
}

/** Most commands on a token touch no file. */
function lazyFiles(stdin: InputStream): Files {
  const files = async () => (await import("./files.ts")).createFiles(stdin);
  return {
    read: async (path, limit) => (await files()).read(path, limit),
    peek: async (path, limit) => (await files()).peek(path, limit),
    async *lines(path, limit) {
      yield* (await files()).lines(path, limit);
    },
    write: async (path, content, options) => (await files()).write(path, content, options),
    exists: async (path) => (await files()).exists(path),
    isStandardOutput: async (path) => (await files()).isStandardOutput(path),
    remove: async (path) => (await files()).remove(path),
    makeTemporaryDirectory: async () => (await files()).makeTemporaryDirectory(),
    removeTemporaryDirectory: async (path) => (await files()).removeTemporaryDirectory(path),
  };
}

async function directory(use: DirectoryUse): Promise<string> {
  return (await import("./user-directories.ts")).userDirectory(use);
}

async function accountName(): Promise<string> {
  try {
    return (await import("node:os")).userInfo().username;
  } catch {
    // An account without a name, as in some containers.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
