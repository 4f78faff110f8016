import type { OldVerb as Verb } from "../old-command.ts";
import { setStatus } from "./set-status.ts";

export const enable: Verb = {
  configure: (command) => command.argument("<name>", "the user's name, in any case"),
  examples: [["jwtctl users enable alice", "alice can log in again; ended logins stay ended"]],
  run: (context, { args }) => setStatus(context, args[0] ?? "", "active"),
};
