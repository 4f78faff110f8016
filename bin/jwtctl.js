#!/usr/bin/env node
// The launcher: nothing here but what must happen before the program is loaded.
"use strict";
const nodeModule = require("node:module");

if (nodeModule.enableCompileCache) {
  // Node 22.1 and later keep compiled code between runs.
  nodeModule.enableCompileCache();
  require("../dist/start.js").start();
} else {
  require("../dist/compiled.js").run("start.js").start();
}
