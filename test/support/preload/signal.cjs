// Loaded before jwtctl (NODE_OPTIONS=--require): sends the process a signal at one point of its work. Points are the
// moments before and after each statement that begins or ends a transaction or changes how the store is logged, each
// change to a file's name, each output, and each few pages that are copied from one database to another.
// JWTCTL_TEST_SIGNAL_AT is the name of a point, several of them to be passed in this order ("after rename, then before
// BEGIN"), or the number of one, counted from 1; JWTCTL_TEST_POINTS names a file that gets the names of the points that
// were passed.
"use strict";
const fs = require("node:fs");
const promises = require("node:fs/promises");
const { changeSqlite } = require("./sqlite.cjs");

const { JWTCTL_TEST_SIGNAL: signal, JWTCTL_TEST_SIGNAL_AT: at, JWTCTL_TEST_POINTS: points } = process.env;
const { appendFileSync } = fs;
let count = 0;
let sent = false;
/** Names that are still to be passed. */
const ahead = at.split(", then ");

function point(name) {
  count += 1;
  if (points) appendFileSync(points, `${name}\n`);
  if (ahead[0] === name) ahead.shift();
  if (sent || (ahead.length > 0 && at !== String(count))) return;
  sent = true;
  process.kill(process.pid, signal);
  // The signal may reach another thread a moment before this one stands still.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, signal === "SIGKILL" ? 60_000 : 100);
}

function around(object, method, nameOf) {
  const original = object[method];
  object[method] = function (...args) {
    const name = nameOf(...args);
    if (name === undefined) return original.apply(this, args);
    point(`before ${name}`);
    const result = original.apply(this, args);
    if (!(result instanceof Promise)) {
      point(`after ${name}`);
      return result;
    }
    return result.then((value) => {
      point(`after ${name}`);
      return value;
    });
  };
}

for (const method of ["open", "rename", "link", "rm", "unlink", "mkdir"])
  around(promises, method, () => method);
for (const method of ["rename", "link", "fchmod"]) around(fs, `${method}Sync`, () => method);
around(fs, "rmSync", (path) => (fs.existsSync(path) ? "rm" : undefined));
around(fs, "writeSync", (descriptor) => (descriptor === 1 ? "print" : undefined));

changeSqlite((prototype) => {
  around(prototype, "exec", (sql) => /^(?:BEGIN|COMMIT|ROLLBACK)/.exec(sql)?.[0]);
  around(prototype, "prepare", (sql) => /^PRAGMA (journal_mode) =/.exec(sql)?.[1]);
  const { backup } = prototype;
  prototype.backup = function (...args) {
    const made = backup.apply(this, args);
    const { transfer } = made;
    made.transfer = (pages) => {
      if (pages === 0) return transfer.call(made, 0);
      point("before copy");
      const progress = transfer.call(made, Math.min(pages, 10));
      point("after copy");
      return progress;
    };
    return made;
  };
});
