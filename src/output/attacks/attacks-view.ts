import { wrapAnsi } from "fast-wrap-ansi";
import type { Attack } from "../../core/analysis/attacks/attack.ts";
import { safe } from "../sanitize.ts";
import type { Style } from "../style.ts";
import { table } from "../table.ts";
import {
  acceptance,
  changeText,
  originalRefused,
  type ShownTampering,
  type ShownVerdict,
  tamperingJson,
  verdictJson,
} from "./tamper-view.ts";

export type ShownAttempt = ShownTampering | { readonly attack: Attack; readonly notApplicable: string };

/** The width from which the reason fits beside the outcome. */
const WIDE = 120;
const ID_WIDTH = 15;

/** The result of every attack. */
export function attemptsText(
  attempts: readonly ShownAttempt[],
  original: ShownVerdict | null,
  unverified: string,
  style: Style,
): string {
  const rows = attempts.map((attempt) => ({ attempt, ...outcomeOf(attempt) }));
  const wide = style.columns === undefined || style.columns >= WIDE;
  const shown = wide ? asTable(rows, style) : rows.map((row) => asBlock(row, style)).join("");
  return `${shown}\n${summary(attempts, original, unverified, style)}`;
}

type Row = Outcome & { readonly attempt: ShownAttempt };

function asTable(rows: readonly Row[], style: Style): string {
  return table(
    rows,
    [
      { title: "ATTACK", cell: ({ attempt }) => attempt.attack.id, paint: (text) => style.strong(text) },
      { title: "WHAT IT DOES", cell: ({ attempt }) => attempt.attack.title },
      { title: "OUTCOME", cell: ({ word }) => word, paint: (text, { tone }) => style[tone](text) },
      { title: "BECAUSE", cell: ({ why }) => safe(why), shrinks: true },
    ],
    style,
  );
}

/** For narrow terminals: the outcome under the attack, wrapped. */
function asBlock({ attempt, word, tone, why }: Row, style: Style): string {
  const { id, title } = attempt.attack;
  const width = Math.max(20, (style.columns ?? WIDE) - ID_WIDTH);
  const reason = wrapAnsi(`${style[tone](word)}: ${safe(why)}`, width, { hard: true });
  const margin = " ".repeat(ID_WIDTH);
  return `${style.strong(id.padEnd(ID_WIDTH))}${title}\n${margin}${reason.replaceAll("\n", `\n${margin}`)}\n`;
}

interface Outcome {
  readonly word: string;
  readonly tone: "good" | "bad" | "dim" | "doubtful";
  readonly why: string;
}

function outcomeOf(attempt: ShownAttempt): Outcome {
  if ("notApplicable" in attempt) return { word: "not tried", tone: "dim", why: attempt.notApplicable };
  const { verdict } = attempt;
  if (verdict === null) return { word: "forged", tone: "doubtful", why: "there is no key to verify with" };
  if (!verdict.stopped) return { word: "ACCEPTED", tone: "bad", why: acceptance(verdict) };
  const failed = verdict.checks.filter(({ status }) => status === "fail");
  const decisive =
    failed.find(({ name }) => name === attempt.attack.decisiveCheck) ??
    failed.find(({ code }) => code === verdict.verdict);
  return { word: decisive?.code ?? verdict.verdict ?? "refused", tone: "good", why: decisive?.detail ?? "" };
}

function summary(
  attempts: readonly ShownAttempt[],
  original: ShownVerdict | null,
  unverified: string,
  style: Style,
): string {
  const tried = attempts.filter((attempt): attempt is ShownTampering => !("notApplicable" in attempt));
  const changes = tried.find(({ attack }) => attack.id === "edit")?.changed ?? [];
  const wish = changes.map(changeText).join(", ");
  const lines = wish === "" ? [] : [`Each forged token says ${wish}.`.replace("says payload ", "says ")];
  const accepted = tried.filter(({ verdict }) => verdict !== null && !verdict.stopped);
  if (original === null) lines.push(style.doubtful(`Nothing was verified: ${unverified}.`));
  else if (accepted.length > 0) {
    const names = accepted.map(({ attack }) => attack.id).join(", ");
    lines.push(style.bad(`${accepted.length} of ${tried.length} forgeries were ACCEPTED: ${names}.`));
  } else lines.push(style.good(`All ${tried.length} forgeries were refused.`));
  if (original !== null && !original.valid) {
    lines.push(style.doubtful(`But ${originalRefused(original)}.`));
  }
  lines.push(
    `See one closely: ${style.command(`jwtctl tamper TOKEN --attack ${tried[0]?.attack.id ?? "edit"}`)}`,
  );
  const width = style.columns;
  return `${lines.map((line) => (width === undefined ? line : wrapAnsi(line, width))).join("\n")}\n`;
}

export function attemptsJson(attempts: readonly ShownAttempt[], original: ShownVerdict | null) {
  return {
    original: verdictJson(original),
    attacks: attempts.map((attempt) => {
      if ("notApplicable" in attempt) return { attack: attempt.attack.id, not_tried: attempt.notApplicable };
      const { original: _, ...tampering } = tamperingJson(attempt, null);
      return tampering;
    }),
  };
}

/** The list of attacks (`--list`). */
export function attackListText(attacks: readonly Attack[], style: Style): string {
  const width = Math.max(20, Math.min(96, style.columns ?? 96) - ID_WIDTH);
  const margin = " ".repeat(ID_WIDTH);
  const wrapped = (text: string) => wrapAnsi(text, width).replaceAll("\n", `\n${margin}`);
  const blocks = attacks.map(({ id, title, how, defence, reference }) =>
    [
      `${style.command(id.padEnd(ID_WIDTH))}${style.strong(title)}`,
      margin + wrapped(how),
      margin + wrapped(`Stopped because ${defence}.`),
      style.dim(margin + wrapped(reference)),
    ].join("\n"),
  );
  return `${blocks.join("\n\n")}\n`;
}

export function attackListJson(attacks: readonly Attack[]) {
  return attacks.map(({ id, title, how, defence, reference, needs }) => ({
    id,
    title,
    how,
    defence,
    reference,
    needs: needs?.replace("-", "_") ?? null,
  }));
}
