#!/usr/bin/env node
'use strict';
// A tour of two-stage retrieval, texts in and reranked passages out: every step checks what it did and prints one line.
//
//   searchengine encode --model MODEL --port 7701 &
//   searchengine serve --port 7700 --encoder localhost:7701 &
//   node tests/Clients/node/retrieve_tour.js --server localhost:7700 --encoder localhost:7701
//
// The encoder has to have a model that encodes and one that scores. The tour asks it directly only to check what the search server
// made of the texts: a client of the search server needs no encoder.

const assert = require('node:assert/strict');
const { parseArgs } = require('node:util');
const { connect, all } = require('./search/api');
const refusals = require('./search/refusals');

const ROUNDING = 2e-3; // Vectors are stored as float16.
const QUESTION = 'the cat sits on the house';
const PLACES = ['house', 'tree', 'the red house', 'the green tree'];
const BODIES = ['cat', 'dog'].flatMap((animal) => ['sits', 'runs'].flatMap((verb) => PLACES.flatMap(
  (place) => ['fast', 'slow', 'day', 'night'].map((mood) => `the ${animal} ${verb} on ${place} ${mood}`))));

const numbers = (hits) => hits.map(({ id }) => Number(id.number));

class Tour {
  constructor(server, encoder, collection) {
    this.api = connect(server);
    this.encoder = connect(encoder).Encoder;
    this.header = { collection };
  }

  // The tour, in its order.

  async describe() {
    const { models } = await this.encoder.Describe({});
    this.model = models.find(({ purposes }) => purposes.includes('MODEL_PURPOSE_ENCODE'));
    assert.ok(this.model.selfTestPassed, 'the model serves although its self-test failed');
    return `${this.model.model} gives space ${this.model.fingerprint.space}`;
  }

  async create() {
    const config = {
      vectors: [{ dimension: this.model.encoder.dimension, space: { model: this.model.model }, sourceTextField: 'body' }],
      texts: [{ name: 'body', index: 'TEXT_INDEX_NONE' }],
    };
    const { collection } = await this.api.Collections.Create({ header: this.header, config });
    assert.equal(collection.vectors[0].fingerprint.space, this.model.fingerprint.space);
    return 'texts of "body" become vectors of the model\'s space';
  }

  async writeTexts() {
    const points = BODIES.map((body, i) => ({ id: { number: i + 1 }, texts: { body } }));
    const reply = await this.api.Points.Upsert({ header: this.header, points });
    assert.deepEqual([reply.written, reply.encodedTexts], [BODIES.length, []]);
    return `${reply.written} points without a vector of their own`;
  }

  async searchByText() {
    const byText = await this.api.Search.Search({ header: this.header, query: { text: { text: QUESTION } } });
    const { items: [{ dense }], fingerprint: { space } } = await this.#encode('SIDE_QUERY');
    const byVector = await this.api.Search.Search({ header: this.header, query: { vector: dense, origin: { space, side: 'SIDE_QUERY' } } });
    byText.hits.forEach((hit, i) => assert.ok(Math.abs(hit.score - byVector.hits[i].score) < ROUNDING, 'text and vector find other scores'));
    assert.deepEqual([byText.fingerprint.space, byText.textUse.truncated], [space, false]);
    return `as by the query's vector, ${byText.textUse.tokensUsed} tokens were read`;
  }

  async refuseTheWrongSide() {
    const { items: [{ dense }], fingerprint: { space } } = await this.#encode('SIDE_DOCUMENT');
    const query = { vector: dense, origin: { space, side: 'SIDE_DOCUMENT' } };
    const failure = await this.api.Search.Search({ header: this.header, query })
      .then(() => assert.fail('a document\'s vector was searched with'), (error) => error);
    const refusal = refusals.read(failure);
    assert.equal(refusal.reason, 'SIDE_MISMATCH');
    return `${refusal.reason}: ${refusal.fix}`;
  }

  async rerank() {
    const { scores } = await this.encoder.Score({ query: QUESTION, documents: BODIES });
    this.best = scores.map((score, i) => [score, i + 1]).sort(([a, i], [b, j]) => b - a || i - j).map(([, number]) => number);
    const reply = await this.api.Rerank.Rerank(this.#request());
    assert.deepEqual(numbers(reply.items), this.best);
    assert.deepEqual([reply.complete, reply.scored], [true, BODIES.length]);
    return `${reply.scored} stored texts by their ids, the best: "${BODIES[this.best[0] - 1]}"`;
  }

  async rerankStream() {
    const frames = await all(this.api.Rerank.RerankStream({ ...this.#request(), topN: 5 }));
    const rounds = frames.slice(1, -1).map(({ round }) => round);
    const final = frames.at(-1).reply.items.map(({ index }) => index);
    assert.equal(rounds.flatMap(({ items }) => items).length, BODIES.length, 'a candidate was lost or came twice');
    for (const { order, finalPrefix } of rounds) assert.deepEqual(order.slice(0, finalPrefix), final.slice(0, finalPrefix));
    assert.deepEqual(rounds.at(-1).order, final);
    return `${frames[0].started.predictedRounds} rounds were foreseen, ${rounds.at(-1).round} were made`;
  }

  async retrieve() {
    const frames = await all(this.api.Search.Retrieve({ header: this.header, text: QUESTION, candidates: BODIES.length }));
    const { reply } = frames.at(-1);
    assert.equal(frames[0].plan.candidates, BODIES.length);
    assert.deepEqual(numbers(reply.hits), this.best.slice(0, 10));
    assert.deepEqual([reply.complete, reply.skipped, reply.reranked], [true, [], BODIES.length]);
    for (const hit of reply.hits) {
      assert.deepEqual(hit.components.map(({ name }) => name), ['dense', 'rerank']);
      assert.equal(hit.passage.text, BODIES[hit.id.number - 1]);
    }
    for (const { result: { whole, finalPrefix } } of frames.slice(1, -1)) {
      assert.deepEqual(numbers(whole.hits).slice(0, finalPrefix), numbers(reply.hits).slice(0, finalPrefix));
    }
    const { encodeMicros, searchMicros, rerankMicros } = reply.split;
    return `${encodeMicros} us to encode, ${searchMicros} to search, ${rerankMicros} to rerank ${reply.reranked}`;
  }

  async retrieveInAHurry() {
    const request = { header: this.header, text: QUESTION, form: 'STREAM_FORM_FINAL_ONLY', split: { rerankMicros: 1 } };
    const { reply } = (await all(this.api.Search.Retrieve(request))).at(-1);
    assert.deepEqual(reply.skipped.map(({ stage, reason }) => [stage, reason]), [['RETRIEVE_STAGE_RERANK', 'ERROR_REASON_PREDICTED_LATE']]);
    assert.deepEqual([reply.complete, reply.hits.length], [false, 10]);
    return 'a microsecond for reranking: skipped, and said so';
  }

  async cleanUp() {
    await this.api.Collections.Delete({ header: this.header });
    return 'nothing is left';
  }

  // What requests have in common.

  #encode(side) { return this.encoder.Encode({ texts: [QUESTION], options: { model: this.model.model, side } }); }

  #request() { return { header: this.header, query: QUESTION, candidates: BODIES.map((_, i) => ({ id: { number: i + 1 } })) }; }
}

const STEPS = [
  'describe', 'create', 'writeTexts', 'searchByText', 'refuseTheWrongSide', 'rerank', 'rerankStream', 'retrieve', 'retrieveInAHurry', 'cleanUp',
];

async function main() {
  const { values: options } = parseArgs({
    options: {
      server: { type: 'string', default: 'localhost:7700' },
      encoder: { type: 'string', default: 'localhost:7701' },
      collection: { type: 'string', default: 'houses' },
    },
  });
  const tour = new Tour(options.server, options.encoder, options.collection);
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
