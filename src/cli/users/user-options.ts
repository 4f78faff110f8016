import type { DeclaredArgument, DeclaredOption } from "../declare.ts";

export const USER = {
  help: "the user's name, in any case",
  completes: "user",
} as const satisfies DeclaredArgument;

export const ALLOW_WEAK_PASSWORD = {
  help: "take a password of fewer than 15 characters, for teaching and testing",
} as const satisfies DeclaredOption;
