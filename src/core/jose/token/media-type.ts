/** `typ` of an access token (RFC 9068 section 2.1). */
export const ACCESS_TOKEN_TYPE = "at+jwt";

/** Media types: in any case, and `application/` may be left out when no other `/` occurs (RFC 7515 section 4.1.9). */
export function isSameMediaType(first: string, second: string): boolean {
  return mediaType(first) === mediaType(second);
}

function mediaType(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes("/") ? lower : `application/${lower}`;
}
