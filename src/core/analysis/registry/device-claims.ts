import { rows } from "./description.ts";

/** Claims about devices and networks. */
export const DEVICE_CLAIMS = [
  ...rows("RFC 9711", [
    ["eat_nonce", "nonce", "ties the device's statement to one request, against replay"],
    ["ueid", "device id", "an id of the device that no other device has"],
    ["sueids", "further device ids", "ids of the device that last for a part of its life"],
    ["oemid", "maker", "who made the device"],
    ["hwmodel", "model", "the model of the device"],
    ["hwversion", "hardware version", "the version of the device's hardware"],
    ["swname", "software", "the name of the software on the device"],
    ["swversion", "software version", "the version of the software on the device"],
    ["oemboot", "boot authorised", "whether the maker authorised the software that was started"],
    ["dbgstat", "debugging", "whether the device can be debugged"],
    ["location", "location", "where the device is"],
    ["eat_profile", "profile", "the rules this statement of a device keeps to"],
    ["submods", "parts", "what parts of the device say about themselves"],
    ["uptime", "uptime", "for how many seconds the device has been running"],
    ["bootcount", "starts", "how often the device has been started"],
    ["bootseed", "start id", "a random value of this start of the device"],
    ["dloas", "approvals", "certifications of the device"],
    ["manifests", "manifests", "what should be on the device"],
    ["measurements", "measurements", "what was found on the device"],
    ["measres", "measurement results", "how what was found compares with what should be there"],
    ["intuse", "intended use", "what this statement of the device is for"],
  ]),
  ...rows("RFC 9246", [
    ["cdniv", "version", "the version of the signed address's claims"],
    ["cdnicrit", "critical claims", "claims that must be understood, or else the address is refused"],
    ["cdniip", "client address", "from which network address the content may be fetched"],
    ["cdniuc", "address container", "which addresses may be fetched"],
    ["cdniets", "renewal", "how the expiry of the next token is set"],
    ["cdnistt", "transport", "how the next token is handed over"],
    ["cdnistd", "path depth", "for how many parts of the path the token's cookie holds"],
  ]),
];
