// Loaded before jwtctl (NODE_OPTIONS=--require): stops a process just before one of its transactions, until the test
// lets all of them go at once. JWTCTL_TEST_BARRIER names a directory with a named pipe, `go`, that has no writer yet;
// JWTCTL_TEST_BARRIER_AT is the number of the transaction, counted from 1, or 0 for the moment before SQLite is loaded.
"use strict";
const { closeSync, openSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { changeSqlite } = require("./sqlite.cjs");

const { JWTCTL_TEST_BARRIER: directory, JWTCTL_TEST_BARRIER_AT: at } = process.env;
let reached = 0;

function reach() {
  if (reached++ !== Number(at)) return;
  writeFileSync(join(directory, `${process.pid}`), "");
  // The kernel wakes all readers together when a writer comes.
  closeSync(openSync(join(directory, "go"), "r"));
}

changeSqlite((prototype) => {
  const { exec } = prototype;
  prototype.exec = function (sql) {
    if (sql === "BEGIN IMMEDIATE") reach();
    return exec.call(this, sql);
  };
}, reach);
