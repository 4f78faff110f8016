// Loaded before jwtctl (NODE_OPTIONS=--require): a clock that is wrong by JWTCTL_TEST_CLOCK seconds, and on which each
// reading takes JWTCTL_TEST_CLOCK_STEP seconds more, if that is set: all work then takes long.
"use strict";
const offset = Number(process.env.JWTCTL_TEST_CLOCK) * 1000;
const RealDate = Date;
const step = Number(process.env.JWTCTL_TEST_CLOCK_STEP ?? 0) * 1000;
let readings = 0;
const now = () => RealDate.now() + offset + step * readings++;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }
  static now() {
    return now();
  }
};
