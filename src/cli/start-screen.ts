import type { Style } from "../output/style.ts";

/**
 * What people come with, and the commands for it: names of {@link CATALOG} or of nouns, and what they are for. Short, so
 * that all of it fits a terminal of 24 lines; `--help` tells the rest.
 */
export const NEEDS: readonly {
  readonly need: string;
  readonly commands: readonly (readonly [names: string, does: string])[];
}[] = [
  {
    need: "Got a token?",
    commands: [
      ["decode", "see what is in it; no key needed"],
      ["verify", "check signature and claims; explains every failure"],
      ["lint, diff, tamper", "review it, compare two, try to forge it"],
    ],
  },
  {
    need: "Need tokens?",
    commands: [
      ["mint", "sign one from flags or JSON"],
      ["login", "log in: access token + refresh token"],
      ["whoami, access-token, refresh, logout", ""],
    ],
  },
  {
    need: "Run an issuer",
    commands: [
      ["init", "create a store with a signing key"],
      ["keys, users, tokens, config", "manage it"],
      ["doctor, backup, restore, audit", "look after it"],
    ],
  },
];

/** Commands to begin with. */
export const FIRST_STEPS: readonly (readonly [typed: string, does: string])[] = [
  ["jwtctl decode", "then paste anything with a token in it"],
  ["jwtctl verify @token.txt --key public.pem", ""],
  ["jwtctl demo", "new to JWTs? a guided tour"],
];

const NAMES_WIDTH = 14;
const LONG_NAMES_WIDTH = 30;
const STEP_WIDTH = 34;

/** What jwtctl says when nothing else was typed: where to begin, on one screen of 24 lines. */
export function startScreen(version: string, style: Style): string {
  const needs = NEEDS.map(({ need, commands }) => {
    const lines = commands.map(([names, does]) => {
      const width = names.length > NAMES_WIDTH ? LONG_NAMES_WIDTH : NAMES_WIDTH;
      return row(`  ${style.command(names)}`, names.length, does === "" ? 0 : width, does);
    });
    return `\n${style.strong(need)}\n${lines.join("")}`;
  });
  const steps = FIRST_STEPS.map(([typed, does]) =>
    row(`  ${style.dim("$")} ${style.command(typed)}`, typed.length, does === "" ? 0 : STEP_WIDTH, does),
  );
  return [
    `${style.strong("jwtctl")} ${version}   read, check, issue and revoke JSON Web Tokens (JWTs), offline\n`,
    ...needs,
    `\n${steps.join("")}`,
    `\njwtctl help, jwtctl help COMMAND | documentation: README.md, docs\n`,
  ].join("");
}

function row(painted: string, length: number, width: number, text: string): string {
  return `${painted}${" ".repeat(Math.max(0, width - length))}${text === "" ? "" : `  ${text}`}\n`;
}
