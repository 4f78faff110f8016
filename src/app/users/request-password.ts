import {
  type AcceptedPassword,
  acceptPassword,
  type PasswordPolicy,
} from "../../core/authority/users/password-policy.ts";

/**
 * Where a new password comes from.
 * @param check throws `password_rejected`; called before a prompt asks for the password a second time
 */
export type PasswordSource = (check: (password: string) => void) => Promise<string>;

/** Gets a new password that meets the policy. @throws AppError `password_rejected`, and what the source throws */
export async function requestPassword(
  source: PasswordSource,
  policy: PasswordPolicy,
): Promise<AcceptedPassword> {
  return acceptPassword(await source((password) => void acceptPassword(password, policy)), policy);
}
