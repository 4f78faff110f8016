import type { ReadKeys } from "../../../core/jose/ports/crypto.ts";
import type { KeyReader } from "../key-reader.ts";

/** The keys of a text in a format of its own: SSH, PuTTY, XML. Undefined when it is none of these. */
export async function foreignText(text: string, reader: KeyReader): Promise<ReadKeys | undefined> {
  if (text.startsWith("PuTTY-User-Key-File-")) return (await import("./putty.ts")).keysFromPutty(text);
  if (text.startsWith("<")) {
    const { keysFromXml, looksLikeXmlKey } = await import("./xml-keys.ts");
    return looksLikeXmlKey(text) ? keysFromXml(text, reader) : undefined;
  }
  if (!/^---- BEGIN SSH2|(?:^|[ \t,])(?:ssh-|ecdsa-sha2-|sk-)|^AAAA[B-I]/m.test(text)) return undefined;
  const { keysFromSshPublic, looksLikeSshPublic } = await import("./ssh-public.ts");
  return looksLikeSshPublic(text) ? keysFromSshPublic(text) : undefined;
}
