// What the reference does to every code point, as text: node classify.js OUT.txt
// One line per probe: what it is as JSON, a tab, then one entry for every code point of codePoints(), run-length encoded as
// COUNTxENTRY with commas. Entries are the code points (hexadecimal, joined by +) of the result, = for "unchanged", or the
// number of pieces of "a" + c + "a".
'use strict';
const fs = require('fs');
const { Tokenizer } = require('tokenizers');

function make(section, value) {
  return Tokenizer.fromString(JSON.stringify({
    version: '1.0', truncation: null, padding: null, added_tokens: [], normalizer: null, pre_tokenizer: null,
    post_processor: null, decoder: null,
    model: { type: 'WordLevel', vocab: { '[UNK]': 0 }, unk_token: '[UNK]' }, [section]: value,
  }));
}

const bert = flags => Object.assign(
  { type: 'BertNormalizer', clean_text: false, handle_chinese_chars: false, strip_accents: false, lowercase: false }, flags);
const split = regex => ({ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false });

const normalizers = {
  NFC: { type: 'NFC' }, NFD: { type: 'NFD' }, NFKC: { type: 'NFKC' }, NFKD: { type: 'NFKD' },
  Lowercase: { type: 'Lowercase' }, StripAccents: { type: 'StripAccents' }, Nmt: { type: 'Nmt' },
  BertClean: bert({ clean_text: true }), BertChinese: bert({ handle_chinese_chars: true }),
  BertAccents: bert({ strip_accents: true }), BertLower: bert({ lowercase: true }), ByteLevel: { type: 'ByteLevel' },
};
const preTokenizers = {
  BertPreTokenizer: { type: 'BertPreTokenizer' }, Punctuation: { type: 'Punctuation', behavior: 'Isolated' },
  Whitespace: { type: 'Whitespace' }, WhitespaceSplit: { type: 'WhitespaceSplit' },
  Digits: { type: 'Digits', individual_digits: true },
};
for (const regex of ['\\p{L}', '\\p{Lu}', '\\p{Ll}', '\\p{Lt}', '\\p{Lm}', '\\p{Lo}', '\\p{M}', '\\p{Mn}', '\\p{Mc}', '\\p{N}',
  '\\p{Nd}', '\\p{Nl}', '\\p{P}', '\\p{S}', '\\p{Z}', '\\p{C}', '\\p{Cf}', '\\p{Han}', '\\s', '\\w', '\\d', '(?i:s)', '(?i:k)', '[^\\s\\p{L}\\p{N}]', '.']) {
  preTokenizers[regex] = split(regex);
}

// All but the surrogates and the insides of blocks whose characters are all alike: ideographs, Hangul, the empty planes.
const skipped = [[0x3500, 0x4d00], [0x4f00, 0x9f00], [0xac80, 0xd780], [0xd800, 0xe000], [0xe100, 0xf800], [0x17100, 0x18600],
  [0x20100, 0x2a600], [0x2a800, 0x2b600], [0x2b900, 0x2cd00], [0x2cf00, 0x2eb00], [0x30100, 0x31300], [0x31500, 0x32300],
  [0x33600, 0xe0000], [0xe0200, 0xfff00], [0x100100, 0x10ff00]];
function* codePoints() {
  for (let code = 0, gap = 0; code < 0x110000; code++) {
    if (gap < skipped.length && code === skipped[gap][0]) code = skipped[gap++][1];
    yield code;
  }
}

const out = fs.createWriteStream(process.argv[2]);
out.write(JSON.stringify(skipped) + '\n');

function probe(name, kind, value, entryOf) {
  const subject = kind === 'normalizer' ? make(kind, value).getNormalizer() : make(kind, value).getPreTokenizer();
  const runs = [];
  let last = null, count = 0;
  for (const code of codePoints()) {
    const entry = entryOf(subject, String.fromCodePoint(code));
    if (entry !== last && count) {
      runs.push(`${count}x${last}`);
      count = 0;
    }
    last = entry;
    count++;
  }
  runs.push(`${count}x${last}`);
  out.write(JSON.stringify({ name, kind, value }) + '\t' + runs.join(',') + '\n');
}

for (const [name, value] of Object.entries(normalizers)) {
  probe(name, 'normalizer', value, (subject, character) => {
    const result = subject.normalizeString(character);
    return result === character ? '=' : [...result].map(c => c.codePointAt(0).toString(16)).join('+');
  });
}
for (const [name, value] of Object.entries(preTokenizers)) {
  probe(name, 'pre_tokenizer', value, (subject, character) => subject.preTokenizeString(`a${character}a`).length);
}
out.end();
