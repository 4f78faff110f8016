import { createHash, createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A server on this machine that takes everything, remembers it, and ends with the test. */
export async function receiver(): Promise<{ origin: string; received: Received[] }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text: string) => {
      body += text;
    });
    request.on("end", () => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      );
      received.push({ method: request.method ?? "", path: request.url ?? "", headers, body });
      response.end("[]\n");
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

/** The signature that AWS Signature Version 4 demands of a request whose content is hashed. */
export function awsSignatureOf({ method, path, headers, body }: Received, secret: string): string {
  const [, credential = "", names = ""] =
    /Credential=([^,]+), ?SignedHeaders=([^,]+)/.exec(headers["authorization"] ?? "") ?? [];
  const [, day = "", region = "", service = ""] = credential.split("/");
  const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
  const hmac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();
  const listed = names.split(";").map((name) => `${name}:${headers[name]?.trim()}\n`);
  const request = [method, path, "", listed.join(""), names, sha256(body)].join("\n");
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", headers["x-amz-date"], scope, sha256(request)].join("\n");
  const key = [region, service, "aws4_request"].reduce(hmac, hmac(`AWS4${secret}`, day));
  return hmac(key, text).toString("hex");
}
