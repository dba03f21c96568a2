#!/usr/bin/env node
'use strict';
// A tour of the encoder against a running `searchengine encode`: every step checks what it did and prints one line.
//
//   searchengine encode --model MODEL_DIR --port 7701 &
//   node tests/Clients/node/encoder_tour.js --server localhost:7701

const assert = require('node:assert/strict');
const { parseArgs } = require('node:util');
const { connect } = require('./search/api');
const refusals = require('./search/refusals');

const TEXTS = ['a cat sits on the house', 'the dog runs', 'green tree. blue tree.'];
const STREAMED = 2_000;

// The elements of a vector that came as little-endian float32; typed arrays are that wherever Node runs.
const floats = ({ data }) => new Float32Array(Uint8Array.from(data).buffer);
const dot = (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0);
const cosine = (a, b) => dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
const failure = (call) => call.then(() => assert.fail('the call was expected to fail'), (error) => refusals.read(error));

class Tour {
  constructor(server) {
    this.encoder = connect(server).Encoder;
  }

  encode(texts, options = {}) { return this.encoder.Encode({ texts, options: { side: 'SIDE_DOCUMENT', ...options } }); }

  async vector(text, options) { return floats((await this.encode([text], options)).items[0].dense); }

  // The tour, in its order.

  async describe() {
    [this.model] = (await this.encoder.Describe({})).models;
    assert.ok(this.model.selfTestPassed);
    return `${this.model.model} in space ${this.model.fingerprint.space}, ${this.model.encoder.dimension} dimensions on ${this.model.providers[0]}`;
  }

  async encodeTexts() {
    const reply = await this.encode(TEXTS);
    assert.deepEqual(reply.fingerprint, this.model.fingerprint);
    for (const [i, text] of TEXTS.entries()) {
      const vector = floats(reply.items[i].dense);
      assert.equal(vector.length, this.model.encoder.dimension);
      assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-4, `${text}: no unit vector`);
      assert.ok(cosine(vector, await this.vector(text)) > 0.99999, `${text}: another vector alone than in company`);
    }
    return `${TEXTS.length} vectors in ${reply.batch.batches} batches`;
  }

  async tellTheSidesApart() {
    const [query, document] = [await this.vector(TEXTS[0], { side: 'SIDE_QUERY' }), await this.vector(TEXTS[0])];
    if (this.model.encoder.sidedness !== 'SIDEDNESS_ASYMMETRIC') return 'the model does not';
    assert.ok(cosine(query, document) < 0.9999, 'query and document have the same vector');
    const refusal = await failure(this.encode([TEXTS[0]], { side: 'SIDE_UNSPECIFIED' }));
    assert.deepEqual([refusal.code, refusal.reason, refusal.field], ['INVALID_ARGUMENT', 'INPUT_TYPE_REQUIRED', 'options.side']);
    return `${refusal.reason}: ${refusal.fix}`;
  }

  async tellWhatWasCut() {
    const text = Array(2 * this.model.encoder.maxTokens).fill('cat').join(' ');
    const refusal = await failure(this.encode([text]));
    assert.deepEqual([refusal.reason, refusal.badFields], ['TEXT_TOO_LONG', ['texts[0]']]);
    const { textUse } = (await this.encode([text], { truncation: 'TRUNCATION_HEAD' })).items[0];
    assert.ok(textUse.truncated && textUse.cut.end === text.length);
    const chunking = { maxTokens: 32, overlapTokens: 0 };
    const { chunks } = (await this.encode([text], { truncation: 'TRUNCATION_CHUNK', chunking })).items[0];
    assert.equal(chunks.map(({ span }) => text.slice(span.start, span.end)).join(''), text);
    return `${textUse.tokensUsed} of ${textUse.tokensIn} tokens were read, or all of them in ${chunks.length} chunks`;
  }

  async stream() {
    const texts = Array.from({ length: STREAMED }, (_, i) => Array(1 + (i % 30)).fill('dog').join(' '));
    const call = this.encoder.EncodeStream();
    call.on('error', () => {}); // The loop below throws it.
    call.write({ header: { options: { side: 'SIDE_DOCUMENT' } } });
    const answered = new Set();
    let [sent, items, tokens] = [0, 0, 0];
    for await (const reply of call) {
      const granted = reply.frame === 'started' ? reply.started.credits : reply.credits;
      if (reply.frame === 'started' || reply.frame === 'credits') [items, tokens] = [items + granted.items, tokens + granted.tokens];
      for (const each of reply.frame === 'items' ? reply.items.items : []) {
        assert.ok(each.outcome === 'item' && !answered.has(each.sequence), `${each.sequence}: ${each.error?.message}`);
        answered.add(each.sequence);
      }
      if (reply.frame === 'summary') {
        assert.equal(Number(reply.summary.encoded), STREAMED);
        assert.equal(answered.size, STREAMED);
        return `${STREAMED} texts in ${reply.summary.batch.batches} batches`;
      }
      const frame = [];
      // A client that does not tokenize counts one token per 3 bytes.
      for (let cost; sent + frame.length < STREAMED && items > 0 && (cost = Math.ceil(texts[sent + frame.length].length / 3)) <= tokens;) {
        frame.push(texts[sent + frame.length]);
        [items, tokens] = [items - 1, tokens - cost];
      }
      if (frame.length > 0) call.write({ items: { firstSequence: sent, texts: frame } });
      sent += frame.length;
      // Half-close: the server answers what is under way, then the summary.
      if (sent === STREAMED && !call.writableEnded) call.end();
    }
    throw new Error('the stream ended without a summary');
  }

  async score() {
    const reply = await this.encoder.Score({ query: 'a cat', documents: TEXTS });
    assert.equal(reply.scoreKind, 'SCORE_KIND_SIGMOID');
    const pairs = TEXTS.map((document) => ({ query: 'a cat', document }));
    const { scores: logits } = await this.encoder.Score({ pairs, scoreKind: 'SCORE_KIND_LOGIT' });
    for (const [i, logit] of logits.entries()) {
      assert.ok(Math.abs(reply.scores[i] - 1 / (1 + Math.exp(-logit))) < 1e-4, `${reply.scores[i]} is not the sigmoid of ${logit}`);
    }
    return reply.scores.map((score) => score.toFixed(3)).join(', ');
  }

  async classify() {
    const { classes } = (await this.encoder.Classify({ texts: [TEXTS[0]] })).items[0];
    assert.ok(Math.abs(classes.reduce((sum, { probability }) => sum + probability, 0) - 1) < 1e-4);
    assert.deepEqual(new Set(classes.map(({ label }) => label)), new Set(this.model.labels));
    return `${classes[0].label} at ${Math.round(100 * classes[0].probability)} %`;
  }

  async tokenize() {
    const [text] = TEXTS;
    const { ids, starts, ends } = (await this.encoder.Tokenize({ texts: [text] })).items[0];
    assert.equal(starts.map((start, i) => text.slice(start, ends[i])).filter((token) => token).join(' '), text);
    const sided = (await this.encoder.Tokenize({ texts: [text], side: 'SIDE_DOCUMENT' })).items[0].ids;
    const reply = await this.encoder.Encode({ tokens: [{ ids: sided }], options: { side: 'SIDE_DOCUMENT' } });
    assert.ok(cosine(floats(reply.items[0].dense), await this.vector(text)) > 0.99999, 'the tokens have another vector than the text');
    return `${ids.length} tokens, ${sided.length} with the template of a document`;
  }
}

const STEPS = ['describe', 'encodeTexts', 'tellTheSidesApart', 'tellWhatWasCut', 'stream', 'score', 'classify', 'tokenize'];

async function main() {
  const { values: options } = parseArgs({ options: { server: { type: 'string', default: 'localhost:7701' } } });
  const tour = new Tour(options.server);
  for (const step of STEPS) {
    try {
      console.log(`PASS ${step}: ${await tour[step]()}`);
    } catch (error) {
      console.log(`FAIL ${step}: ${String(error.message ?? error).replace(/\s+/g, ' ')}`);
      return 1;
    }
  }
  return 0;
}

main().then((code) => process.exit(code));
