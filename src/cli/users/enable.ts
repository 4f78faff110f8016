import { defineVerb } from "../command.ts";
import { setStatus } from "./set-status.ts";
import { USER } from "./user-options.ts";

export const enable = defineVerb({
  arguments: { name: USER },
  examples: [["jwtctl users enable alice", "alice can log in again; ended logins stay ended"]],
  run: ({ name }, ports) => setStatus(name, "active", ports),
});
