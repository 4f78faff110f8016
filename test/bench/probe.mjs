// A process that takes the write lock of a store and gives it back, again and again, until its input ends; then it says
// how long it had to wait at most, in ms.
import { setTimeout as sleep } from "node:timers/promises";
import Database from "better-sqlite3";

const PAUSE = 20;

const database = new Database(process.argv[2], { timeout: 60_000 });
let longest = 0;
let isOver = false;
process.stdin.resume().on("end", () => {
  isOver = true;
});
while (!isOver) {
  const asked = performance.now();
  database.exec("BEGIN IMMEDIATE");
  database.exec("ROLLBACK");
  longest = Math.max(longest, performance.now() - asked);
  await sleep(PAUSE);
}
database.close();
process.stdout.write(String(longest));
