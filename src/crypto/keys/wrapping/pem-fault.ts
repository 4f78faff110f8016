import type { AppError } from "../../../core/base/errors.ts";
import { counted } from "../../../core/base/text/wording.ts";
import { readDer } from "../der.ts";
import { malformed } from "../refusals.ts";
import { withoutHeaders } from "./pem-body.ts";

const AGAIN = "Copy the file again, whole";

interface DamagedBlock {
  readonly label: string;
  readonly body: string;
  readonly missing: "BEGIN" | "END" | undefined;
}

/**
 * Names the damage of a PEM block's base64 by what can be counted: DER says at its start how long it is.
 * @returns undefined when nothing can be told
 */
export function bodyFault({ label, body, missing }: DamagedBlock): AppError | undefined {
  const lines = withoutHeaders(body)
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const text = lines.join("");
  const block = `the PEM block "${label}"`;
  if (text === "") {
    return missing === "BEGIN" ? undefined : malformed(`${block} is empty`);
  }
  const shortened = /\.\.\.|\u2026|\*{3}|x{6}|<[^>]{1,40}>|\[[^\]]{1,40}\]/i.exec(text)?.[0];
  if (shortened !== undefined) {
    return malformed(
      `${block} has "${shortened}" in it: it was shortened or hidden where it was copied from, or is an example`,
      "Give the file of the key itself",
    );
  }
  const strange = /[^A-Za-z0-9+/=]|=(?=[^=])/.exec(text)?.[0];
  if (strange !== undefined) {
    const line = lines.findIndex((each) => each.includes(strange)) + 1;
    return malformed(
      `the base64 of ${block} is damaged: it has the character "${strange}" in line ${line}`,
      AGAIN,
    );
  }
  return lengthFault(block, text.replace(/=+$/, ""), lines, missing);
}

function lengthFault(
  block: string,
  base64: string,
  lines: readonly string[],
  missing: DamagedBlock["missing"],
): AppError | undefined {
  const bytes = Buffer.from(base64, "base64");
  const reading = readDer(bytes);
  if (bytes[0] !== 0x30) {
    return missing === "BEGIN"
      ? malformed("the PEM text has no BEGIN line: its start is missing", AGAIN)
      : undefined;
  }
  const size = reading.ok ? reading.end : reading.missing > 0 ? bytes.length + reading.missing : undefined;
  if (size === undefined) return undefined;
  const lost = Math.ceil((size * 4) / 3) - base64.length;
  if (lost === 0) {
    return malformed(
      `the base64 of ${block} has its right length, but a character of it was changed: what it holds is damaged`,
      AGAIN,
    );
  }
  const where = oddLine(lines);
  // What is whole and followed by more is told by who reads it.
  if (lost < 0 && where === "") return undefined;
  if (lost < 0) {
    return malformed(`${block} has ${counted(-lost, "character")} too many${where}`, AGAIN);
  }
  if (where === "" && lost >= 4) return malformed(cutOff(block, bytes.length, size, missing), AGAIN);
  return malformed(`${block} has lost ${counted(lost, "character")}${where}`, AGAIN);
}

function cutOff(block: string, has: number, size: number, missing: DamagedBlock["missing"]): string {
  const bytes = `${size - has} of ${size} bytes are missing`;
  return missing === "END"
    ? `${block} is cut off: its END line is missing, and ${bytes}`
    : `the key is cut off: in ${block} ${bytes}`;
}

/** The line that is longer or shorter than the others, the last apart. */
function oddLine(lines: readonly string[]): string {
  const [first = "", ...rest] = lines.slice(0, -1);
  const width =
    rest.filter((line) => line.length === first.length).length > 0 ? first.length : rest[0]?.length;
  if (width === undefined) return "";
  const odd = [first, ...rest].findIndex((line) => line.length !== width);
  if (odd < 0) return "";
  return `: line ${odd + 1} of its base64 has ${lines[odd]?.length} characters, the others ${width}`;
}
