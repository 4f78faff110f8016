import type { OutputStream } from "../../compose/runtime.ts";
import type { Needs } from "../command.ts";
import type { Completion } from "../declare.ts";
import type { Candidate } from "./offer.ts";

type Ports = Needs<"runInside">;

/**
 * The names of a kind: those that jwtctl knows, and those that the store holds. What cannot be read is left out: nobody
 * is asked or told anything while they are typing.
 *
 * @param store the words that say which store: `["--db", "x.db"]`
 */
export async function lookUp(
  names: Completion,
  store: readonly string[],
  ports: Ports,
): Promise<readonly Candidate[]> {
  switch (names) {
    case "algorithm":
    case "attack":
    case "audit-type":
    case "claim":
    case "rule":
    case "setting":
      return (await import("./known-names.ts")).knownNames(names);
    case "kid":
      return listed("keys list", store, ports, ({ kid, alg, state }) => [kid, `${alg}, ${state}`]);
    case "user":
      return listed("users list", store, ports, ({ name, status }) => [name, status]);
    case "session":
      return listed("tokens list", store, ports, ({ id, user, status }) => [id, `${user}, ${status}`]);
    default:
      return [];
  }
}

type Row = Readonly<Record<string, unknown>>;

/** What a command lists, out of its JSON: it opens the store as it always does, and needs no passphrase for it. */
async function listed(
  command: string,
  store: readonly string[],
  { runInside }: Ports,
  named: (row: Row) => readonly [value: unknown, description: unknown],
): Promise<readonly Candidate[]> {
  const stdout = new Kept();
  const words = [...command.split(" "), ...store, "--json", "--no-input", "--quiet"];
  const error = await runInside(words, { stdout, stderr: new Kept() });
  if (error !== undefined) return [];
  return (JSON.parse(stdout.text) as readonly Row[]).map((row) => {
    const [value, description] = named(row);
    return { value: String(value), description: String(description) };
  });
}

/** Keeps what is written to it. */
class Kept implements OutputStream {
  readonly isTerminal = false;
  readonly columns = undefined;
  text = "";

  write(text: string | Uint8Array): void {
    this.text += typeof text === "string" ? text : new TextDecoder().decode(text);
  }
}
