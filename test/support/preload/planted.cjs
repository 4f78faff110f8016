// Loaded before jwtctl (NODE_OPTIONS=--require): another user puts a file, JWTCTL_TEST_PLANT, beside a store as
// JWTCTL_TEST_PLANT_AS, after jwtctl has looked for one and before it opens the store. Only root can play that user.
"use strict";
const fs = require("node:fs");

const NOBODY = 65_534;
const { JWTCTL_TEST_PLANT: file, JWTCTL_TEST_PLANT_AS: place } = process.env;
const { lstatSync } = fs;
let planted = false;

fs.lstatSync = (path, ...rest) => {
  const stats = lstatSync(path, ...rest);
  // The last name that is looked for.
  if (planted || path !== place.replace(/-wal$/, "-journal")) return stats;
  planted = true;
  fs.copyFileSync(file, place);
  fs.chownSync(place, NOBODY, NOBODY);
  // SQLite gives a log that root opens to the owner of the store; the permissions still tell whose it was.
  fs.chmodSync(place, 0o666);
  return stats;
};
