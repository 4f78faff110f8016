import { reviewTokens } from "../../../src/app/lint/review-tokens.ts";
import { trustGivenKeys, verifyToken } from "../../../src/app/token/verify-token.ts";
import { AppError } from "../../../src/core/base/errors.ts";
import { errorText } from "../../../src/output/error-view.ts";
import { reviewsText } from "../../../src/output/lint/lint-view.ts";
import { createStyle } from "../../../src/output/style.ts";
import { decodeText } from "../../../src/output/token/decode-view.ts";
import { explainText } from "../../../src/output/token/explain-view.ts";
import { fullJson } from "../../../src/output/token/special-json.ts";
import { SPECIAL } from "../../../src/output/token/special-view.ts";
import { verifyText } from "../../../src/output/token/verify/verify-view.ts";
import { unfolded } from "./decoded.ts";
import { candidate, nodeJws, secretKey } from "./node-jws.ts";

const time = { now: Date.UTC(2026, 2, 1), utcOffset: () => 0 };
const style = createStyle({ color: true, isTerminal: true, columns: 80 });
const trust = trustGivenKeys([candidate(secretKey("s".repeat(32)))]);
const options = {
  time,
  leeway: 0,
  algorithms: [],
  types: [],
  tryAll: true,
  issuers: ["i"],
  audiences: ["a"],
  require: ["x"],
};
const lintOptions = {
  now: time.now,
  maxLifetime: 86_400,
  as: "access-token" as const,
  ignore: new Set<string>(),
};

/** A refusal is an answer, and is shown; anything else that is thrown is a bug. */
async function answered(work: () => unknown): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AppError) || error.code === "internal") throw error;
    errorText(error, style);
  }
}

/** What `decode`, `verify` and `lint` do with a text, in full. @throws whatever is no refusal */
export async function readEveryWay(text: string): Promise<void> {
  await answered(() => {
    const shown = unfolded(text, time.now);
    decodeText(shown, time, style, { special: SPECIAL, explanation: explainText(shown, style) });
    fullJson(shown);
  });
  await answered(async () =>
    verifyText(await verifyToken({ text, options }, { trust, jws: nodeJws }), style),
  );
  await answered(async () => {
    const review = await reviewTokens(
      { inputs: [{ source: null, text }], options: lintOptions, failOn: "error", secret: undefined },
      { jws: async () => nodeJws },
    );
    reviewsText(review, 1, style);
  });
}
