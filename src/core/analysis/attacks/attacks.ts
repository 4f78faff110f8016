import { AppError } from "../../base/errors.ts";
import { ATTACK_IDS, type Attack } from "./attack.ts";
import { KEY_ATTACKS } from "./key-attacks.ts";
import { SECRET_ATTACKS } from "./secret-attacks.ts";
import { SIGNATURE_ATTACKS } from "./signature-attacks.ts";

/** Every attack, in the order in which they are shown. */
export const ATTACKS: readonly Attack[] = [...SIGNATURE_ATTACKS, ...SECRET_ATTACKS, ...KEY_ATTACKS].sort(
  (first, second) => ATTACK_IDS.indexOf(first.id) - ATTACK_IDS.indexOf(second.id),
);

/** @throws AppError `usage` for a name that is none of them */
export function attackNamed(name: string): Attack {
  const attack = ATTACKS.find(({ id }) => id === name);
  if (attack !== undefined) return attack;
  throw new AppError("usage", `there is no attack "${name}"`, {
    hints: [`Choose one of: ${ATTACK_IDS.join(", ")}`, "See what each does with: jwtctl tamper --list"],
  });
}
