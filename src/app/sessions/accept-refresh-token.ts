import type { RefreshSecrets } from "../../core/authority/ports/crypto.ts";
import { looksLikeId } from "../../core/authority/sessions/ids.ts";
import { AppError } from "../../core/base/errors.ts";

const PREFIX = "jwtctl_rt_";

/**
 * Checks the form of a refresh token and removes white space around it. The refusal names what the text is instead, and
 * never quotes it.
 *
 * @throws AppError `refresh_malformed`
 */
export function acceptRefreshToken(text: string, secrets: RefreshSecrets): string {
  const token = text.trim();
  const fault = secrets.fault(token);
  if (fault === undefined) return token;
  if (fault === "checksum") {
    throw malformed("the refresh token has a typing error or was cut off", [
      "Copy it again, whole; its last characters are a checksum that does not fit the rest",
    ]);
  }
  if (/^eyJ[\w-]*\.[\w-]*\./.test(token)) {
    throw malformed("this is a JWT, not a refresh token", [
      "An access token cannot be refreshed; give the refresh token that came with it",
      `Refresh tokens begin with ${PREFIX}`,
    ]);
  }
  if (looksLikeId(token)) {
    throw malformed("this is the id of a login, not a refresh token", [
      "The id names a login (jwtctl tokens show) but opens nothing",
      "To end the login: jwtctl tokens revoke ID",
    ]);
  }
  if (token.startsWith("{")) {
    throw malformed("this is JSON, not a refresh token", [
      'Give the value of "refresh_token" alone, as in: jq -r .refresh_token | jwtctl refresh -',
    ]);
  }
  if (token.startsWith(PREFIX)) {
    throw malformed("the refresh token was cut off or changed", ["Copy it again, whole"]);
  }
  throw malformed("this is not a refresh token", [`Refresh tokens begin with ${PREFIX}`]);
}

function malformed(message: string, hints: readonly string[]): AppError {
  return new AppError("refresh_malformed", message, { hints });
}
