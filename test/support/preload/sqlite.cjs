// For the other files here: a way into better-sqlite3, whose JavaScript is packed into the program. Its native part is
// loaded from its own file.
"use strict";
const Module = require("node:module");

const NATIVE_PART = /better-sqlite3[\\/]prebuilds[\\/].*\.node$/;

/**
 * Calls `change` with the prototype of the native databases, once, when the native part has been loaded.
 * @param {(prototype: { exec(sql: string): unknown; prepare(sql: string): unknown; backup(...args: unknown[]): any }) => void} change
 * @param {() => void} before called before it is loaded
 */
exports.changeSqlite = function changeSqlite(change, before = () => undefined) {
  const load = Module._load;
  let changed = false;
  Module._load = function (request, ...rest) {
    if (changed || !NATIVE_PART.test(request)) return load.call(this, request, ...rest);
    changed = true;
    before();
    const addon = load.call(this, request, ...rest);
    change(addon.Database.prototype);
    return addon;
  };
};
