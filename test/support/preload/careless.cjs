// Loaded before jwtctl (NODE_OPTIONS=--require): breaks one of the things it stands on, in the worst way: with errors
// that quote all that they were given, and every secret of the test, wherever an error can carry text.
// JWTCTL_TEST_BREAK says what: `sqlite`, `argon2`, `sign`, `hash`, or `later` for an error that nobody waits for.
"use strict";
const crypto = require("node:crypto");
const Module = require("node:module");
const { changeSqlite } = require("./sqlite.cjs");

const { JWTCTL_TEST_BREAK: broken, JWTCTL_TEST_SECRETS: secrets } = process.env;

function fail(...given) {
  const quoted = [...given, secrets].map((value) =>
    String(typeof value === "object" ? JSON.stringify(value) : value),
  );
  // Also where a line of a stack is expected, which a report of a crash is made of.
  const error = new TypeError(`cannot use ${quoted.join("\n    at ")}`);
  error.cause = new Error(quoted.join());
  error.input = quoted;
  throw error;
}

if (broken === "sign") {
  crypto.webcrypto.subtle.sign = fail;
  crypto.sign = fail;
}
if (broken === "hash") crypto.createHash = fail;

const load = Module._load;
Module._load = function (request, ...rest) {
  const loaded = load.call(this, request, ...rest);
  if (request === "@node-rs/argon2" && broken === "argon2") return { ...loaded, hash: fail, verify: fail };
  return loaded;
};
changeSqlite((prototype) => {
  if (broken === "sqlite") prototype.prepare = fail;
  if (broken === "later") setImmediate(fail);
});
