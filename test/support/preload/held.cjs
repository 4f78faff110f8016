// Loaded before jwtctl (NODE_OPTIONS=--require): a process that has to wait for the store, and for whom the wait takes as
// long as a test says, on whatever machine. Its clock stands still at JWTCTL_TEST_NOW (ms) and moves on by
// JWTCTL_TEST_WAIT (ms) while it waits before its transaction number JWTCTL_TEST_HELD_AT, counted from 1. Another process
// must hold the lock by then; when this one has found it held, it makes the file JWTCTL_TEST_ASKED and really waits.
"use strict";
const { writeFileSync } = require("node:fs");
const { changeSqlite } = require("./sqlite.cjs");

const { JWTCTL_TEST_NOW, JWTCTL_TEST_WAIT, JWTCTL_TEST_HELD_AT, JWTCTL_TEST_ASKED } = process.env;
let now = Number(JWTCTL_TEST_NOW);
let reached = 0;

const RealDate = Date;
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now] : args));
  }
  static now() {
    return now;
  }
};
performance.now = () => now - Number(JWTCTL_TEST_NOW);

function begin(database, exec) {
  exec.call(database, "PRAGMA busy_timeout = 0");
  try {
    exec.call(database, "BEGIN IMMEDIATE");
    process.kill(process.pid, "SIGABRT"); // Nobody holds the lock.
  } catch (error) {
    if (error.code !== "SQLITE_BUSY") throw error;
  }
  writeFileSync(JWTCTL_TEST_ASKED, "");
  // For as long as the test lasts.
  exec.call(database, "PRAGMA busy_timeout = 600000");
  exec.call(database, "BEGIN IMMEDIATE");
  now += Number(JWTCTL_TEST_WAIT);
}

changeSqlite((prototype) => {
  const { exec } = prototype;
  prototype.exec = function (sql) {
    if (sql !== "BEGIN IMMEDIATE" || ++reached !== Number(JWTCTL_TEST_HELD_AT)) return exec.call(this, sql);
    begin(this, exec);
    return undefined;
  };
});
