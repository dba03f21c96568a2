// Encodes texts with the reference tokenizer: node encode.js JOB.json OUT.bin
// JOB: {tokenizer: path, truncation: null | {length, direction}, texts: path of a file with one JSON string, or pair of
// strings, per line}. OUT, little-endian int32s: per text the number of tokens, or -1 where the reference fails, then ids,
// starts and ends (in code points), type ids and special-token mask.
'use strict';
const fs = require('fs');
const { Tokenizer } = require('tokenizers');

const BATCH = 512;

async function main() {
  const job = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
  const tokenizer = Tokenizer.fromFile(job.tokenizer);
  tokenizer.disablePadding();
  tokenizer.disableTruncation();
  if (job.truncation) {
    tokenizer.setTruncation(job.truncation.length, { direction: job.truncation.direction, strategy: 'OnlySecond' });
  }
  const texts = fs.readFileSync(job.texts, 'utf8').split('\n').filter(line => line).map(line => JSON.parse(line));
  const out = fs.openSync(process.argv[3], 'w');
  for (let start = 0; start < texts.length; start += BATCH) {
    const batch = texts.slice(start, start + BATCH);
    let encodings;
    try {
      encodings = await tokenizer.encodeBatch(batch);
    } catch {
      encodings = [];
      for (const text of batch) {
        const [first, second] = Array.isArray(text) ? text : [text, null];
        encodings.push(await tokenizer.encode(first, second).catch(() => null));
      }
    }
    const numbers = [];
    for (const encoding of encodings) {
      if (!encoding) {
        numbers.push(-1);
        continue;
      }
      const offsets = encoding.getOffsets();
      numbers.push(offsets.length, ...encoding.getIds(), ...offsets.map(o => o[0]), ...offsets.map(o => o[1]),
        ...encoding.getTypeIds(), ...encoding.getSpecialTokensMask());
    }
    fs.writeSync(out, Buffer.from(Int32Array.from(numbers).buffer));
  }
  fs.closeSync(out);
}

main().catch(fault => {
  console.error(fault.message);
  process.exit(2);
});
