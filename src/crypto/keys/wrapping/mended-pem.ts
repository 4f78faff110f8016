import type { AppError } from "../../../core/base/errors.ts";
import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import type { Finding } from "../../../core/jose/token/finding.ts";
import type { KeyReader } from "../key-reader.ts";
import { blockOf, type PemBlock } from "../pem.ts";
import { foreignBlock, keysFromBlocks } from "../pem-file.ts";
import { malformed } from "../refusals.ts";
import { mendedBody } from "./pem-body.ts";
import { bodyFault } from "./pem-fault.ts";
import { type Armour, armourOf } from "./pem-mending.ts";

interface RawBlock {
  readonly label: string;
  readonly body: string;
  readonly repairs: readonly Finding[];
  /** What is missing around the body, for when the body is damaged as well. */
  readonly missing: "BEGIN" | "END" | undefined;
}

/**
 * The keys of a PEM text that was damaged on its way, where undoing the damage proves it: the DER inside is then whole.
 *
 * @param fault why the text cannot be read as it is
 * @throws AppError `key_malformed`, which names the damage where it can be told
 */
export async function mendedPem(
  text: string,
  reader: KeyReader,
  fault: AppError | undefined,
): Promise<ReadKeys> {
  const raw = rawBlocks(text, armourOf(text));
  const repairs = new Map<string, Finding>();
  const blocks: PemBlock[] = [];
  for (const block of raw) {
    const whole = wholeBlock(block);
    if (whole === undefined) {
      throw (
        foreignBlock(block.label) ??
        bodyFault(block) ??
        fault ??
        malformed("this PEM text is damaged", "Copy the file again, whole")
      );
    }
    blocks.push(whole.block);
    for (const repair of whole.repairs) repairs.set(repair.code, repair);
  }
  if (repairs.size === 0 && fault !== undefined) throw fault;
  return keysFromBlocks(blocks, [...repairs.values()], reader);
}

/** A BEGIN line and its END line with what stands between them; one of the two may be missing. */
function rawBlocks(text: string, armour: readonly Armour[]): readonly RawBlock[] {
  const blocks: RawBlock[] = [];
  let from = 0;
  for (let index = 0; index < armour.length; index++) {
    const line = armour[index] as Armour;
    const next = armour[index + 1];
    const faults = [line.fault];
    if (line.kind === "END") {
      const repair = lost(line, "BEGIN");
      blocks.push(raw(line.label, text.slice(from, line.start), faults, [repair], "BEGIN"));
    } else if (next?.kind === "END") {
      const other = next.label === line.label ? [] : [renamed(line, next)];
      blocks.push(
        raw(line.label, text.slice(line.end, next.start), [...faults, next.fault], other, undefined),
      );
      index++;
    } else {
      blocks.push(raw(line.label, text.slice(line.end, next?.start), faults, [lost(line, "END")], "END"));
    }
    from = armour[index]?.end ?? text.length;
  }
  return blocks;
}

function raw(
  label: string,
  body: string,
  faults: readonly (string | undefined)[],
  repairs: readonly Finding[],
  missing: RawBlock["missing"],
): RawBlock {
  const [fault] = faults.filter((each) => each !== undefined);
  const armour = fault === undefined ? [] : [{ code: "pem_armour", message: fault }];
  return { label, body, repairs: [...armour, ...repairs], missing };
}

function lost({ label }: Armour, kind: "BEGIN" | "END"): Finding {
  return { code: "pem_armour_missing", message: `the ${kind} line of the PEM block "${label}" is missing` };
}

function renamed(begin: Armour, end: Armour): Finding {
  return {
    code: "pem_labels_differ",
    message: `the PEM block begins as "${begin.label}" but ends as "${end.label}"`,
  };
}

function wholeBlock({
  label,
  body,
  repairs,
}: RawBlock): { block: PemBlock; repairs: readonly Finding[] } | undefined {
  if (label.startsWith("PGP ") || /Proc-Type:/.test(body)) {
    try {
      return { block: blockOf(label, body), repairs };
    } catch {
      return undefined;
    }
  }
  const mended = mendedBody(body);
  if (mended === undefined) return undefined;
  const own = mended.repair === undefined ? [] : [mended.repair];
  return { block: { label, bytes: mended.bytes, legacyEncrypted: undefined }, repairs: [...repairs, ...own] };
}
