// A thread that does what the bytes of a batch say: for the tests of what starts threads.
"use strict";
const { parentPort, workerData } = require("node:worker_threads");

const encoder = new TextEncoder();
const waiting = new Map();

function reply(id, text) {
  const value = { entries: encoder.encode(text), tally: { tokens: 1, failures: {} } };
  parentPort.postMessage({ kind: "result", id, reply: { ok: true, value } });
}

parentPort.on("message", (message) => {
  if (message.kind === "answer") {
    reply(waiting.get(message.id), JSON.stringify(message.reply));
    return;
  }
  const { id, batch, now } = message;
  const text = Buffer.from(batch.bytes).toString();
  if (text === "task") reply(id, JSON.stringify({ task: workerData, now }));
  else if (text === "crash") throw new TypeError("crashed");
  else if (text === "leave") process.exit(3);
  else if (text === "hang") return;
  else if (text.startsWith("ask ")) {
    waiting.set(id, id);
    parentPort.postMessage({ kind: "question", id, question: text.slice(4) });
  } else if (text === "refuse") {
    const error = { kind: "refusal", code: "usage", message: "no", hints: ["do"], data: { n: 1 } };
    parentPort.postMessage({ kind: "result", id, reply: { ok: false, error } });
  } else if (text === "bug") {
    const error = { kind: "bug", name: "RangeError", stack: "RangeError\n    at there (file.js:1:2)" };
    parentPort.postMessage({ kind: "result", id, reply: { ok: false, error } });
  } else reply(id, text.toUpperCase());
});
