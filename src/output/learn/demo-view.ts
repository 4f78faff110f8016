import { wrapAnsi } from "fast-wrap-ansi";
import type { ErrorCode } from "../../core/base/errors.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";

/** One step of the demo: a real command and its output. */
export interface Scene {
  readonly title: string;
  /** The lesson, in a sentence or two. */
  readonly lesson: string;
  readonly typed: string;
  readonly stdout: string;
  readonly stderr: string;
  readonly error: ErrorCode | null;
}

const MARGIN = "  ";
const READABLE_WIDTH = 96;

export function demoIntroduction(directory: string, style: Style): string {
  return [
    style.title("The life of a token"),
    "",
    paragraph(
      "Every command below is real and runs now, on a store that is thrown away at the end:",
      style,
      "",
    ),
    `${style.dim(safe(directory))}`,
    "",
  ].join("\n");
}

export function sceneText(number: number, scene: Scene, style: Style): string {
  const output = `${scene.stdout}${scene.stderr}`.trimEnd();
  return [
    "",
    style.strong(`${number}. ${scene.title}`),
    paragraph(scene.lesson, style, ""),
    "",
    `${MARGIN}${style.dim("$")} ${style.command(scene.typed)}`,
    ...output.split("\n").map((line) => (line === "" ? "" : MARGIN + folded(line, style))),
    "",
  ].join("\n");
}

/** Folds a line that is longer than the terminal, as tokens are, with the margin. */
function folded(line: string, style: Style): string {
  if (style.columns === undefined) return line;
  return wrapAnsi(line, style.columns - MARGIN.length, { hard: true, trim: false }).replaceAll(
    "\n",
    `\n${MARGIN}`,
  );
}

function paragraph(text: string, style: Style, indent: string): string {
  const width = Math.min(READABLE_WIDTH, style.columns ?? READABLE_WIDTH) - indent.length;
  return wrapAnsi(text, width)
    .split("\n")
    .map((line) => indent + line)
    .join("\n");
}

export function demoEnd(style: Style): string {
  return [
    "",
    style.strong("That is all there is to it."),
    `Start your own: ${style.command("jwtctl init")}. Look into any token: ${style.command("jwtctl decode <token>")}.`,
    "",
  ].join("\n");
}

export function sceneJson(scene: Scene) {
  return {
    title: scene.title,
    lesson: scene.lesson,
    command: scene.typed,
    stdout: scene.stdout,
    stderr: scene.stderr,
    error: scene.error,
  };
}
