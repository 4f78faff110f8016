// Prints the closing line `N passed, N failed, N skipped` of a test run and fails when anything failed, when nothing
// ran, or when something was skipped: the gate has all that a test may need.
import { readFileSync } from "node:fs";

const [, , path, status] = process.argv;
let report;
try {
  report = JSON.parse(readFileSync(path, "utf8"));
} catch {
  // Lint or types failed before the first test.
  console.log("0 passed, 1 failed");
  process.exit(1);
}
const {
  numPassedTests: passed,
  numFailedTests: failed,
  numPendingTests: skipped,
  numTodoTests: todo,
} = report;
const suites = report.numFailedTestSuites ?? 0;
const broken = Math.max(
  failed,
  suites > 0 && failed === 0 ? suites : 0,
  status !== "0" && failed === 0 ? 1 : 0,
);
if (skipped + todo > 0) console.log(`${skipped + todo} tests were skipped; here none may be`);
console.log(`${passed} passed, ${broken + skipped + todo} failed`);
process.exitCode = broken + skipped + todo > 0 || passed === 0 ? 1 : 0;
