// Loaded before jwtctl (NODE_OPTIONS=--require): a clock that is wrong by JWTCTL_TEST_CLOCK seconds.
"use strict";
const offset = Number(process.env.JWTCTL_TEST_CLOCK) * 1000;
const RealDate = Date;
const now = () => RealDate.now() + offset;

globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length === 0 ? [now()] : args));
  }
  static now() {
    return now();
  }
};
