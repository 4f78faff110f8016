import { describe, expect, it } from "vitest";
import { Cli } from "../../support/run.ts";

/** Written apart, so that no linter takes it for a template of this file. */
const D = "$";

describe("what stands in place of a token on the command line", () => {
  it.each([
    ["[object Object]", 'this is the text "[object Object]", an object that was made a text'],
    [`${D}{{ secrets.API_TOKEN }}`, `this is "${D}{{ secrets.API_TOKEN }}", an expression of GitHub Actions`],
    [
      "header.payload.signature",
      'this is the text "header.payload.signature", an example of how a JWT looks',
    ],
  ])("is repeated: %s", async (text, says) => {
    const env = { S: "0123456789abcdef0123456789abcdef" };
    for (const words of [["decode"], ["verify", "--secret", "env:S"], ["lint"]]) {
      const { message, code } = await new Cli().refusal([...words, text], { env });
      expect([code, message]).toEqual(["token_malformed", expect.stringContaining(says)]);
    }
  });

  it.each([
    "getToken('hunter2-s3cr3t-Hunter2-s3cr3t')",
    "error: the password hunter2-s3cr3t-Hunter2 is wrong",
    "sk-ant-hunter2-s3cr3t-Hunter2-s3cr3t-Hunter2",
  ])("is not repeated where it may be a secret: %s", async (text) => {
    const { stdout, stderr } = await new Cli().run(["decode", text]);
    expect(`${stdout}${stderr}`).not.toContain("hunter2");
  });
});
