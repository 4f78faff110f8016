import { type LookupAddress, lookup as systemLookup } from "node:dns";
import { isIPv4, type LookupFunction } from "node:net";

/**
 * Resolves names to addresses of this machine only. http is allowed to `localhost` because it does not leave the
 * machine; a hosts file or a name server that says otherwise must not be believed.
 */
export function loopbackOnly(lookup: LookupFunction = systemLookup as LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, []);
      const addresses = (found as LookupAddress[]).filter(({ address }) =>
        isIPv4(address) ? address.startsWith("127.") : address === "::1",
      );
      const [first] = addresses;
      if (first === undefined) return callback(notThisMachine(hostname), []);
      if (options.all) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

export const NOT_LOOPBACK = "JWTCTL_NOT_LOOPBACK";

function notThisMachine(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${hostname} does not lead to this machine`), { code: NOT_LOOPBACK });
}
