import { expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

/** {"alg":"HS256"}, the byte FF, the byte 00. */
const ONE_BYTE_EACH = "eyJhbGciOiJIUzI1NiJ9._w.AA";

it.each(["decode", "lint"])("%s counts one byte as one", async (command) => {
  const { stdout, stderr } = await new Cli().run([command, ONE_BYTE_EACH]);
  expect(`${stdout}${stderr}`).toMatch(/\b1 byte\b/);
  expect(`${stdout}${stderr}`).not.toMatch(/\b1 [a-z]+s\b/);
});
