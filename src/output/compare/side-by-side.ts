import stringWidth from "fast-string-width";
import { wrapAnsi } from "fast-wrap-ansi";
import { largest } from "../../core/base/largest.ts";
import type { Style } from "../style.ts";

/** One member of two tokens, formatted. */
export interface Line {
  /** One column wide. */
  readonly mark: string;
  readonly name: string;
  /** Undefined when the token does not have it. */
  readonly left: string | undefined;
  readonly right: string | undefined;
  readonly same: boolean;
  /** Shown under the values; empty for nothing. */
  readonly note: string;
  readonly paint: (text: string) => string;
}

type Sections = readonly (readonly [title: string, body: readonly Line[]])[];

/** The width from which two columns are shown. */
const TWO_COLUMNS = 80;
const LONGEST_NAME = 24;
const GAP = 2;

/** The sections as lines: in two columns, or with one value under the other on narrow terminals and in pipes. */
export function lines(
  sections: Sections,
  names: { readonly left: string; readonly right: string },
  style: Style,
): string[] {
  const { columns } = style;
  const width = nameWidth(sections, columns);
  if (columns === undefined || columns < TWO_COLUMNS) {
    const legend = [style.bad(`- ${names.left}`), style.good(`+ ${names.right}`)];
    return [
      ...legend,
      ...sections.flatMap(([title, body]) => ["", style.strong(title), ...stacked(body, width, style)]),
    ];
  }
  const cell = Math.floor((columns - width - 2 * GAP - 2) / 2);
  return sections.flatMap(([title, body], index) => [
    ...(index === 0 ? [] : [""]),
    heading(title, index === 0 ? names : undefined, { width, cell }, style),
    ...body.flatMap((line) => beside(line, { width, cell }, style)),
  ]);
}

function nameWidth(sections: Sections, columns = Number.POSITIVE_INFINITY): number {
  const widths = sections.flatMap(([, body]) => body.map(({ name }) => stringWidth(name)));
  return Math.min(LONGEST_NAME, Math.max(8, Math.floor(columns / 4)), largest(widths, 8));
}

interface Layout {
  readonly width: number;
  readonly cell: number;
}

function heading(
  title: string,
  names: { readonly left: string; readonly right: string } | undefined,
  { width, cell }: Layout,
  style: Style,
): string {
  const titled = style.strong(padded(title, width + 2));
  if (names === undefined) return titled.trimEnd();
  const [left = ""] = folded(names.left, cell);
  const [right = ""] = folded(names.right, cell);
  return `${titled}${" ".repeat(GAP)}${style.dim(padded(left, cell))}${" ".repeat(GAP)}${style.dim(right)}`;
}

function beside(
  { mark, name, left, right, same, note, paint }: Line,
  { width, cell }: Layout,
  style: Style,
): string[] {
  const columns = [folded(name, width), folded(left ?? "", cell), folded(right ?? "", cell)] as const;
  const height = largest(columns.map((column) => column.length));
  const rows = Array.from({ length: height }, (_, index) => {
    const [label = "", first = "", second = ""] = columns.map((column) => column[index] ?? "");
    const start = `${index === 0 ? mark : " "} ${padded(label, width)}`;
    const values = `${padded(first, cell)}${" ".repeat(GAP)}${second}`;
    return `${paint(start)}${" ".repeat(GAP)}${same ? style.dim(values.trimEnd()) : paint(values.trimEnd())}`.trimEnd();
  });
  return [...rows, ...notes(note, width + 2 + GAP, style)];
}

function stacked(body: readonly Line[], width: number, style: Style): string[] {
  return body.flatMap(({ mark, name, left, right, same, note, paint }) => {
    const row = (sign: string, value: string) => one(sign, name, value, { width, style, paint });
    const below = notes(note, width + 2 + GAP, style);
    if (same) return row(mark, left ?? "");
    const first = left === undefined ? [] : row(mark === "≈" ? mark : "-", left);
    const second = right === undefined ? [] : row(mark === "≈" ? mark : "+", right);
    return [...first, ...second, ...below];
  });
}

/** One value after its name, wrapped on a terminal. */
function one(
  sign: string,
  name: string,
  value: string,
  { width, style, paint }: { width: number; style: Style; paint: (text: string) => string },
): string[] {
  const margin = " ".repeat(width + 2 + GAP);
  const room = style.columns === undefined ? undefined : Math.max(20, style.columns - margin.length);
  const labels = room === undefined ? [name] : folded(name, width);
  const values = room === undefined ? [value] : folded(value, room);
  const height = Math.max(labels.length, values.length);
  return Array.from({ length: height }, (_, index) => {
    const label = `${index === 0 ? sign : " "} ${padded(labels[index] ?? "", width)}`;
    return paint(`${label}${" ".repeat(GAP)}${values[index] ?? ""}`.trimEnd());
  });
}

function notes(note: string, margin: number, style: Style): string[] {
  if (note === "") return [];
  const room = style.columns === undefined ? undefined : Math.max(20, style.columns - margin);
  const pieces = room === undefined ? [note] : wrapAnsi(note, room, { hard: true }).split("\n");
  return pieces.map((piece) => " ".repeat(margin) + style.dim(piece));
}

/** Wraps at blanks, and inside words that are too long. */
function folded(text: string, width: number): string[] {
  return wrapAnsi(text, width, { hard: true, trim: false })
    .split("\n")
    .map((line) => line.trimEnd());
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - stringWidth(text)));
}
