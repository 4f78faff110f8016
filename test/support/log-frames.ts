/**
 * A database as the frames of a write-ahead log that would put it in the place of another one
 * (https://sqlite.org/fileformat2.html section 4.1).
 */
export function asLog(database: Buffer): Buffer {
  const bytes = Buffer.from(database);
  bytes.fill(2, 18, 20);
  const pageSize = bytes.readUInt16BE(16);
  const pages = bytes.length / pageSize;
  const sum = checksum();
  const header = words([0x377f0682, 3007000, pageSize, 0, 1, 2]);
  const parts = [header, words(sum(header))];
  for (let page = 0; page < pages; page++) {
    const content = bytes.subarray(page * pageSize, (page + 1) * pageSize);
    const frame = words([page + 1, page === pages - 1 ? pages : 0]);
    sum(frame);
    parts.push(frame, words([1, 2, ...sum(content)]), content);
  }
  return Buffer.concat(parts);
}

function words(numbers: readonly number[]): Buffer {
  const buffer = Buffer.alloc(numbers.length * 4);
  numbers.forEach((number, at) => {
    buffer.writeUInt32BE(number, at * 4);
  });
  return buffer;
}

function checksum(): (bytes: Buffer) => [number, number] {
  let first = 0;
  let second = 0;
  return (bytes) => {
    for (let at = 0; at < bytes.length; at += 8) {
      first = (first + bytes.readUInt32LE(at) + second) >>> 0;
      second = (second + bytes.readUInt32LE(at + 4) + first) >>> 0;
    }
    return [first, second];
  };
}
