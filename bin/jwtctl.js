#!/usr/bin/env node
// The launcher: nothing here but what must happen before the program is loaded.
"use strict";
const nodeModule = require("node:module");

if (nodeModule.enableCompileCache) {
  // Node 22.1 and later keep compiled code between runs.
  const directory = compileCacheDirectory();
  if (directory !== undefined) nodeModule.enableCompileCache(directory);
  require("../dist/start.js").start();
} else {
  require("../dist/compiled.js").run("start.js").start();
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
