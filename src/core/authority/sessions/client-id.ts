import { AppError } from "../../base/errors.ts";

export const DEFAULT_CLIENT_ID = "jwtctl";
const MAX_LENGTH = 128;

/** A client identifier: visible ASCII (RFC 6749 appendix A.1), at most 128 characters. @throws AppError `usage` */
export function acceptClientId(text: string): string {
  if (/^[\x20-\x7e]+$/.test(text) && text.length <= MAX_LENGTH) return text;
  throw new AppError("usage", `the client id must be 1 to ${MAX_LENGTH} visible ASCII characters`, {
    hints: ["Leave --client-id out to log in as jwtctl itself"],
  });
}
