import { AppError, type ErrorCode } from "../../core/base/errors.ts";
import { displayUrl } from "../../core/remote/remote-url.ts";
import { NOT_LOOPBACK } from "./loopback.ts";

/** A failure of node:http, node:https or node:tls in plain words. */
export function networkFailure(error: unknown, url: URL): AppError {
  const code = codeOf(error);
  const reason = REASONS[code] ?? TLS_REASONS[code] ?? patternReason(code);
  const names = code === "ERR_TLS_CERT_ALTNAME_INVALID" ? certificateNames(error) : "";
  return new AppError(reason.code, `${displayUrl(url)} cannot be fetched: ${reason.words(url)}${names}`, {
    hints: reason.hints,
    data: { url: displayUrl(url), reason: code },
    cause: error,
  });
}

/** @param limit ms */
export function timedOut(url: URL, limit: number): AppError {
  return new AppError(
    "network_timeout",
    `${displayUrl(url)} did not answer completely within ${limit / 1000} seconds`,
    {
      hints: ["Check the connection and the URL, and try again"],
      data: { url: displayUrl(url) },
    },
  );
}

interface Reason {
  readonly code: ErrorCode;
  readonly words: (url: URL) => string;
  readonly hints: readonly string[];
}

const CONNECTION_HINT = "Check the host, the port and the connection";
const RENEW_HINT =
  "Check this machine's clock; if it is right, the server's operator must renew the certificate";
const OWN_CA_HINT =
  "If it is your own authority's, name that authority's certificate file in the environment: NODE_EXTRA_CA_CERTS=ca.pem";

const unknownName: Reason = {
  code: "network_name_unknown",
  words: (url) => `the name ${url.hostname} cannot be resolved`,
  hints: ["Check the spelling of the host and the connection"],
};

function unreachable(words: string): Reason {
  return { code: "network_unreachable", words: () => words, hints: [CONNECTION_HINT] };
}

const interrupted: Reason = {
  code: "network_interrupted",
  words: () => "the server broke the connection off",
  hints: ["Try again; if it stays so, check the URL"],
};

const REASONS: Readonly<Record<string, Reason>> = {
  ENOTFOUND: unknownName,
  EAI_AGAIN: unknownName,
  EAI_FAIL: unknownName,
  EAI_NONAME: unknownName,
  ENODATA: unknownName,
  ECONNREFUSED: unreachable("connection refused"),
  EHOSTUNREACH: unreachable("there is no way to the host"),
  ENETUNREACH: unreachable("there is no way to the network"),
  ENETDOWN: unreachable("the network is down"),
  EADDRNOTAVAIL: unreachable("the address cannot be reached from here"),
  [NOT_LOOPBACK]: unreachable("the name does not lead to this machine, and http is for this machine only"),
  ETIMEDOUT: {
    code: "network_timeout",
    words: () => "the server does not answer",
    hints: [CONNECTION_HINT],
  },
  ECONNRESET: interrupted,
  ECONNABORTED: interrupted,
  EPIPE: interrupted,
  ERR_STREAM_PREMATURE_CLOSE: interrupted,
  HPE_HEADER_OVERFLOW: {
    code: "network_too_large",
    words: () => "the header of the answer is too large",
    hints: ["Check the URL"],
  },
};

function tls(words: string, hint: string): Reason {
  return { code: "network_tls", words: () => words, hints: [hint] };
}

const notTls = tls(
  "the server does not speak TLS on this port",
  "Check the port; http is only fetched from this machine",
);
const unknownAuthority = tls(
  "its certificate is signed by an authority that this machine does not know",
  OWN_CA_HINT,
);

/** The verdicts of OpenSSL about certificates, as Node names them. */
const TLS_REASONS: Readonly<Record<string, Reason>> = {
  CERT_HAS_EXPIRED: tls("its certificate has expired", RENEW_HINT),
  CERT_NOT_YET_VALID: tls("its certificate is not valid yet", RENEW_HINT),
  DEPTH_ZERO_SELF_SIGNED_CERT: tls("its certificate is self-signed", OWN_CA_HINT),
  SELF_SIGNED_CERT_IN_CHAIN: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT: unknownAuthority,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: unknownAuthority,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: unknownAuthority,
  CERT_UNTRUSTED: unknownAuthority,
  CERT_REVOKED: tls("its certificate has been revoked", "Ask the server's operator"),
  ERR_TLS_CERT_ALTNAME_INVALID: tls(
    "its certificate is for another host",
    "Check the host in the URL; it must be one that the certificate names",
  ),
  EPROTO: notTls,
  ERR_SSL_WRONG_VERSION_NUMBER: notTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: notTls,
};

function patternReason(code: string): Reason {
  if (code.startsWith("HPE_")) {
    return { code: "network_bad_content", words: () => "the answer is not HTTP", hints: ["Check the port"] };
  }
  if (
    /^(?:ERR_SSL_|ERR_TLS_|CERT_|CRL_|UNABLE_TO_|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH|HOSTNAME_)/.test(code)
  ) {
    return tls(`TLS handshake failed (${code})`, "Ask the server's operator");
  }
  return unreachable(code);
}

/** The hosts a certificate is for. They are the server's words: cut short here, escaped by the view. */
function certificateNames(error: unknown): string {
  const names = (error as { cert?: { subjectaltname?: string } }).cert?.subjectaltname;
  return names === undefined || names === "" ? "" : ` (${names.slice(0, 200)})`;
}

function codeOf(error: unknown): string {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] };
  if (typeof code === "string") return code;
  // Several addresses were tried: the first failure stands for all.
  return errors?.[0] === undefined ? "no connection" : codeOf(errors[0]);
}
