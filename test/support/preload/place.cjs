// Loaded before jwtctl (NODE_OPTIONS=--require): lets a directory look like one on another kind of file system.
// JWTCTL_TEST_MOUNTINFO is a file that is read in place of /proc/self/mountinfo; below JWTCTL_TEST_NO_MODES every file is
// open to all, whatever is done about it, as on a disk of Windows.
"use strict";
const fs = require("node:fs");

const { JWTCTL_TEST_MOUNTINFO: mountinfo, JWTCTL_TEST_NO_MODES: open } = process.env;
const { readFileSync, fstatSync, readlinkSync } = fs;

if (mountinfo) {
  fs.readFileSync = (path, ...rest) =>
    readFileSync(path === "/proc/self/mountinfo" ? mountinfo : path, ...rest);
}

function opened(stats) {
  if (stats) stats.mode |= typeof stats.mode === "bigint" ? 0o777n : 0o777;
  return stats;
}

if (open) {
  const isBelow = (path) => String(path).startsWith(open);
  for (const method of ["statSync", "lstatSync"]) {
    const original = fs[method];
    fs[method] = (path, ...rest) => {
      const stats = original(path, ...rest);
      return isBelow(path) ? opened(stats) : stats;
    };
  }
  fs.fstatSync = (descriptor, ...rest) => {
    const stats = fstatSync(descriptor, ...rest);
    return isBelow(readlinkSync(`/proc/self/fd/${descriptor}`)) ? opened(stats) : stats;
  };
}
