import { shellWord } from "../../base/text/wording.ts";
import type { Explanation, FailedVerification } from "./failed-verification.ts";

/** Explains how an issuer that is not the expected one is the same one all the same; undefined when it is not. */
export type IssuerAlias = (
  iss: string,
  wanted: string,
  failure: FailedVerification,
) => Explanation | undefined;

/** The option that expects this issuer, as it is typed in a shell. */
export const expecting = (iss: string): string => `--iss ${shellWord(iss)}`;
