#!/usr/bin/env node
// The launcher: nothing here but what must happen before the program is loaded.
"use strict";
const nodeModule = require("node:module");
// Node 22.1 and later keep compiled code between runs; older runtimes have no such call.
nodeModule.enableCompileCache?.();

const { start } = require("../dist/start.js");
start();
