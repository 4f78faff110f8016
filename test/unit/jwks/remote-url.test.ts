import { describe, expect, it } from "vitest";
import { AppError } from "../../../src/core/base/errors.ts";
import { isLoopbackHost, looksLikeUrl, requireFetchable } from "../../../src/core/remote/remote-url.ts";

const refusal = (text: string): AppError => {
  try {
    requireFetchable(text, "--jwks");
  } catch (error) {
    if (error instanceof AppError) return error;
  }
  throw new Error(`${text} was not refused`);
};

describe("what is an address", () => {
  it.each(["https://a.example", "HTTP://localhost", " https://a.example ", "file:///etc/passwd", "ftp://a"])(
    "%j is",
    (text) => expect(looksLikeUrl(text)).toBe(true),
  );
  it.each(["jwks.json", "C:\\keys\\jwks.json", "C:/keys", "@jwks.json", "./https:", "-", '{"keys":[]}'])(
    "%j is none",
    (text) => expect(looksLikeUrl(text)).toBe(false),
  );
});

describe("which addresses are fetched", () => {
  it.each([
    ["https://auth.example.com/jwks", "https://auth.example.com/jwks"],
    ["https://10.0.0.1:8443/jwks?v=1#x", "https://10.0.0.1:8443/jwks?v=1"],
    ["http://localhost:8080/jwks", "http://localhost:8080/jwks"],
    ["http://LOCALHOST/", "http://localhost/"],
    ["http://127.0.0.1/", "http://127.0.0.1/"],
    ["http://127.1.2.3/", "http://127.1.2.3/"],
    ["http://0x7f.1/", "http://127.0.0.1/"],
    ["http://[::1]:3000/", "http://[::1]:3000/"],
  ])("%s", (text, href) => expect(requireFetchable(text, "--jwks").href).toBe(href));

  it.each([
    "http://auth.example.com/jwks",
    "http://localhost.example.com/",
    "http://foo.localhost/",
    "http://localhost./",
    "http://127.0.0.1.nip.io/",
    "http://0.0.0.0/",
    "http://192.168.1.1/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::2]/",
    "http://128.0.0.1/",
  ])("not %s: only this machine by its own name is asked over http", (text) => {
    expect(refusal(text).code).toBe("url_refused");
  });

  it.each(["ftp://a.example/", "file:///etc/passwd", "data:application/json,{}", "https://", "nonsense", ""])(
    "not %j",
    (text) => expect(refusal(text).code).toBe("url_refused"),
  );

  it("not one with a password, which appears in no message", () => {
    for (const url of [
      "https://me:hunter2@a.example/",
      "https://hunter2@a.example/",
      "http://:hunter2@localhost/",
    ]) {
      const error = refusal(url);
      expect(error.code).toBe("url_refused");
      expect(JSON.stringify([error.message, error.hints, error.data])).not.toContain("hunter2");
    }
  });

  it("tells hosts of this machine by their text alone", () => {
    expect(isLoopbackHost("localhost")).toBe(true);
    expect(isLoopbackHost("localhost.localdomain")).toBe(false);
  });
});
