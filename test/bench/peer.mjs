// node peer.mjs LIBRARY THREADS TOKENS KEY: what a careful user of a library would write to do the work of
// `jwtctl verify --lines`: every line verified, a verdict a line as NDJSON. The key is imported once, the algorithm is
// pinned, no cache of verdicts is on. With more threads, each gets an equal share of the lines.
import { createPublicKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";

const [library, threads, tokens, keyFile] = isMainThread ? process.argv.slice(2) : workerData.args;

async function createVerify() {
  const pem = readFileSync(keyFile, "utf8");
  if (library === "jsonwebtoken") {
    const { default: jwt } = await import("jsonwebtoken");
    // With the PEM in place of the key object it would be parsed anew for every token.
    const key = createPublicKey(pem);
    return (token) => jwt.verify(token, key, { algorithms: ["ES256"] });
  }
  const { createVerifier } = await import("fast-jwt");
  return createVerifier({ key: pem, algorithms: ["ES256"], cache: false });
}

async function verdicts(text, firstLine) {
  const verify = await createVerify();
  let line = firstLine;
  let output = "";
  for (const token of text.split("\n")) {
    if (token !== "") output += `${JSON.stringify({ line, ...verdict(verify, token) })}\n`;
    line++;
  }
  return output;
}

function verdict(verify, token) {
  try {
    verify(token);
    return { valid: true };
  } catch (error) {
    return { valid: false, code: error.code ?? error.name };
  }
}

if (!isMainThread) parentPort.postMessage(await verdicts(workerData.text, workerData.firstLine));
else if (threads === "1") process.stdout.write(await verdicts(readFileSync(tokens, "utf8"), 1));
else {
  const lines = readFileSync(tokens, "utf8").split("\n");
  const share = Math.ceil(lines.length / Number(threads));
  const results = Array.from({ length: Number(threads) }, (_, index) => {
    const text = lines.slice(index * share, (index + 1) * share).join("\n");
    const args = [library, threads, tokens, keyFile];
    const worker = new Worker(new URL(import.meta.url), {
      workerData: { args, text, firstLine: index * share + 1 },
    });
    return new Promise((resolve, reject) => worker.once("message", resolve).once("error", reject));
  });
  for (const result of results) process.stdout.write(await result);
}
