#!/usr/bin/env node
'use strict';
// A tour of the search API against a running `searchengine serve`: every step checks what it did and prints one line.
//
//   searchengine serve --port 7700 &
//   node tests/Clients/node/search_tour.js --server localhost:7700

const assert = require('node:assert/strict');
const { parseArgs } = require('node:util');
const { connect, all } = require('./search/api');
const { COUNT, DIMENSION, FILMS, GENRES, cosine, film, matrix, nearest, numbers, point, source, vector } = require('./search/films');
const refusals = require('./search/refusals');
const { upload } = require('./search/uploads');

const SPACE = 'tour/films@16'; // Who made the vectors. The server refuses vectors that come from elsewhere.
const DOCUMENT = { space: SPACE, side: 'SIDE_DOCUMENT' };
const QUERY = { space: SPACE, side: 'SIDE_QUERY' };
const EXACT = { exact: {} };
const ROUNDS = 100; // How often a busy server is asked again, and after how many milliseconds.
const PAUSE = 100;
const ROUNDING = 2e-3; // Vectors are stored as float16.

const equals = (attribute, keywordValue) => ({ equalTo: { attribute, value: { keywordValue } } });
const since = (year) => ({ range: { attribute: 'year', atLeast: { integerValue: year } } });
const idsAndScores = (hits) => hits.map((hit) => [hit.id.number, hit.score]);

class Tour {
  #next = source(0xf11b5);

  constructor(server, name) {
    this.api = connect(server);
    this.name = name;
    this.restoredName = `${name}-restored`;
    this.alias = `${name}-live`;
  }

  // What requests have in common.

  header(collection = this.name) { return { collection }; }

  numbers() { return numbers(this.#next); }

  query(values) { return { vector: vector(values), origin: QUERY }; }

  request({ values = this.numbers(), ...more } = {}) { return { header: this.header(), query: this.query(values), ...more }; }

  find(request) { return this.api.Search.Search(request); }

  async count(must = [], collection = this.name) {
    return Number((await this.api.Points.Count({ header: this.header(collection), filter: { must } })).count);
  }

  // The tour, in its order.

  async create() {
    const config = {
      vectors: [{ dimension: DIMENSION, space: { declared: SPACE, sidedness: 'SIDEDNESS_ASYMMETRIC' } }],
      attributes: [{ name: 'genre', type: 'ATTRIBUTE_TYPE_KEYWORD' }, { name: 'year', type: 'ATTRIBUTE_TYPE_INTEGER' }],
      texts: [{ name: 'title' }],
    };
    const reply = await this.api.Collections.Create({ header: this.header(), config });
    assert.equal(reply.collection.state, 'COLLECTION_STATE_READY');
    assert.deepEqual(reply.header.warnings, []);
    return `${reply.collection.name} in space ${reply.collection.vectors[0].fingerprint.space}`;
  }

  async upload() {
    const header = { header: this.header(), origin: DOCUMENT, resumeKey: 'films' };
    const points = FILMS.map(point);
    const broken = await upload(this.api.Points, header, points, { stopAfter: COUNT / 4 });
    const summary = await upload(this.api.Points, header, points);
    assert.equal(summary.acknowledgedThrough, String(COUNT));
    assert.ok(summary.written <= COUNT - broken.throughSequence, 'points that were acknowledged were written again');
    assert.equal(await this.count(), COUNT);
    return `broken off behind ${broken.throughSequence}, continued to ${COUNT}, written then: ${summary.written}`;
  }

  async refuseTheWrongSide() {
    const failure = await this.api.Points.Upsert({ header: this.header(), points: [point(FILMS[0])], origin: QUERY })
      .then(() => assert.fail('a query was stored as a document'), (error) => error);
    const refusal = refusals.read(failure);
    assert.deepEqual([refusal.code, refusal.reason, refusal.field], ['FAILED_PRECONDITION', 'SIDE_MISMATCH', 'origin.side']);
    assert.deepEqual([refusal.facts.expected, refusal.facts.actual], ['DOCUMENT', 'QUERY']);
    return `${refusal.reason}: ${refusal.fix}`;
  }

  async search() {
    const values = this.numbers();
    const reply = await this.find(this.request({ values, accuracy: EXACT, fields: { attributes: ['*'], texts: ['title'] } }));
    nearest(values, 10).forEach(({ score }, i) => {
      assert.ok(Math.abs(reply.hits[i].score - score) < ROUNDING, `hit ${i} scores ${reply.hits[i].score}, the film in its place ${score}`);
      assert.equal(reply.hits[i].point.texts.title, `Film ${reply.hits[i].id.number}`);
    });
    assert.ok(reply.complete);
    assert.equal(reply.recall.basis, 'RECALL_BASIS_EXACT');
    assert.equal(reply.fingerprint.space, SPACE);
    const exact = new Set(reply.hits.map((hit) => hit.id.number));
    const approximate = await this.find(this.request({ values }));
    const shared = approximate.hits.filter((hit) => exact.has(hit.id.number)).length;
    assert.ok(shared >= 8, `the default search finds ${shared} of the 10 best`);
    return `${reply.hits[0].point.texts.title} at ${reply.hits[0].score.toFixed(3)}, ${reply.header.cost.rowsRescored} rows scored exactly`;
  }

  async searchStream() {
    const search = this.request({ accuracy: EXACT });
    let proved = [];
    let revisions = 0;
    let closing;
    for await (const { frame, result, reply } of this.api.Search.SearchStream({ search })) {
      if (frame === 'result') {
        revisions++;
        if (result.finalBasis === 'FINAL_BASIS_PROVED') proved = idsAndScores(result.whole.hits.slice(0, result.finalPrefix));
      } else if (frame === 'reply') {
        closing = reply;
      }
    }
    assert.deepEqual(closing.hits, (await this.find(search)).hits);
    assert.deepEqual(proved, idsAndScores(closing.hits.slice(0, proved.length)));
    return `${revisions} revisions, the last ${proved.length} hits proved before the end`;
  }

  async searchPipeline() {
    const requests = new Map(Array.from({ length: 100 }, (_, i) => [i + 1, this.request({ k: 5, accuracy: EXACT })]));
    const answered = new Map();
    for (let round = 0; answered.size < requests.size; round++) {
      assert.ok(round < ROUNDS, `${requests.size - answered.size} searches were refused ${ROUNDS} times`);
      const call = this.api.Search.SearchPipeline();
      for (const [callId, search] of requests) if (!answered.has(callId)) call.write({ callId, search });
      call.end();
      for await (const { frame, callId, reply, error } of call) {
        // A busy server refuses what would wait too long; it is asked again.
        if (frame === 'error') assert.equal(error.reason, 'ERROR_REASON_OVERLOADED', `search ${callId} failed: ${error.message}`);
        if (frame !== 'reply') continue;
        assert.ok(!answered.has(Number(callId)), `search ${callId} was answered twice`);
        answered.set(Number(callId), reply);
      }
      await new Promise((resolve) => setTimeout(resolve, PAUSE));
    }
    for (const [callId, reply] of answered) {
      assert.deepEqual(reply.hits, (await this.find(requests.get(callId))).hits, `search ${callId} has the hits of another`);
    }
    const order = [...answered.keys()];
    return `${order.length} searches answered, ${order.filter((id, i) => id < order[i - 1]).length} behind a later one`;
  }

  async searchBatch() {
    const queries = Array.from({ length: 50 }, () => this.numbers());
    const rows = { data: Buffer.concat(queries.map((values) => vector(values).data)), dimension: DIMENSION };
    const reply = await this.api.Search.SearchBatch({ header: this.header(), shared: { k: 3, accuracy: EXACT, query: { origin: QUERY } }, queries: rows });
    for (const [i, item] of reply.items.entries()) {
      assert.deepEqual(item.reply.hits, (await this.find(this.request({ values: queries[i], k: 3, accuracy: EXACT }))).hits, `row ${i} has other hits alone`);
    }
    // One bad search does not spoil the others.
    const searches = [queries[0], queries[1].subarray(0, 3)].map((values) => ({ query: this.query(values) }));
    const { items: [good, bad] } = await this.api.Search.SearchBatch({ header: this.header(), searches });
    assert.equal(good.reply.hits.length, 10);
    assert.equal(bad.error.reason, 'ERROR_REASON_DIMENSION_MISMATCH');
    return `${reply.items.length} queries in one matrix; a bad one among good ones: ${bad.error.fix}`;
  }

  async searchByWords() {
    const lexical = { text: 'film 17' };
    const reply = await this.find({ header: this.header(), query: { lexical } });
    assert.equal(reply.hits[0].id.number, '17', 'another film than the one with the rare word is first');
    assert.deepEqual([reply.scoreKind, reply.plan.strategy, reply.hits.length, reply.complete], ['SCORE_KIND_BM25', 'STRATEGY_POSTINGS', 10, true]);
    const both = await this.find({ header: this.header(), query: { lexical: { ...lexical, match: 'WORD_MATCH_ALL' } } });
    assert.deepEqual(both.hits.map(({ id }) => id.number), ['17']);
    return `film 17 at ${reply.hits[0].score.toFixed(2)} before ${reply.hits[1].score.toFixed(2)}`;
  }

  async searchHybrid() {
    const values = this.numbers();
    const words = { lexical: { text: 'film 17 or 23' } };
    const lists = {
      dense: (await this.find(this.request({ values, k: 100, accuracy: EXACT }))).hits,
      lexical: (await this.find({ header: this.header(), query: words, k: 100 })).hits,
    };
    const expected = new Map();
    for (const hits of Object.values(lists)) {
      hits.forEach(({ id }, i) => expected.set(id.number, (expected.get(id.number) ?? 0) + 1 / (60 + i + 1)));
    }
    const reply = await this.find({
      header: this.header(), accuracy: EXACT, hybrid: { components: [{ query: this.query(values) }, { query: words }] },
    });
    const best = [...expected.values()].sort((a, b) => b - a).slice(0, 10);
    assert.equal(reply.hits.length, best.length);
    reply.hits.forEach(({ id, score, components }, i) => {
      assert.ok(Math.abs(score - best[i]) < 1e-6 && Math.abs(score - expected.get(id.number)) < 1e-6, `film ${id.number} scores ${score}, not ${best[i]}`);
      for (const { name, rank } of components) assert.equal(lists[name][rank - 1].id.number, id.number, `another rank is told by ${name}`);
    });
    assert.deepEqual([reply.scoreKind, reply.plan.components.length], ['SCORE_KIND_RECIPROCAL_RANK', 2]);
    return `${reply.hits.length} hits, the first by ${reply.hits[0].components.map(({ name }) => name).join(' and ')}`;
  }

  async lateInteraction() {
    // Passages with a vector per token, in a collection of their own.
    const header = this.header(`${this.name}-tokens`);
    const space = { declared: SPACE, sidedness: 'SIDEDNESS_ASYMMETRIC' };
    await this.api.Collections.Create({ header, config: { vectors: [
      { dimension: DIMENSION, space }, { name: 'tokens', kind: 'VECTOR_KIND_MULTI', dimension: DIMENSION, space },
    ] } });
    const passages = Array.from({ length: 200 }, (_, i) => Array.from({ length: 1 + (i % 9) }, () => this.numbers()));
    await this.api.Points.Upsert({ header, origin: DOCUMENT, points: passages.map((rows, i) => (
      { id: { number: i + 1 }, vector: vector(rows[0]), vectors: { tokens: { multi: matrix(rows) } } })) });
    const query = Array.from({ length: 4 }, () => this.numbers());
    const score = (rows) => query.reduce((sum, row) => sum + Math.max(...rows.map((token) => cosine(row, token))), 0);
    const best = passages.map(score).sort((a, b) => b - a);
    const late = { query: matrix(query), origin: QUERY, candidates: passages.length };
    const every = await this.find({ header, query: { multi: matrix(query), origin: QUERY } });
    const staged = await this.find({ header, query: this.query(query[0]), accuracy: EXACT, lateInteraction: late });
    for (const { hits, scoreKind } of [every, staged]) {
      assert.deepEqual([scoreKind, hits.length], ['SCORE_KIND_MAX_SIM', 10]);
      hits.forEach((hit, i) => assert.ok(Math.abs(hit.score - best[i]) < query.length * ROUNDING, `a hit scores ${hit.score}, the definition ${best[i]}`));
    }
    await this.api.Collections.Delete({ header });
    return `passage ${every.hits[0].id.number} at ${every.hits[0].score.toFixed(3)}, ${every.header.cost.rowsRescored} token vectors scored`;
  }

  // A collection with a dense and a learned sparse vector: each alone, and both fused.
  async searchSparse() {
    const header = this.header(`${this.name}-sparse`);
    const space = 'tour/splade';
    const config = {
      vectors: [
        { dimension: DIMENSION, space: { declared: SPACE } },
        { name: 'splade', kind: 'VECTOR_KIND_SPARSE', space: { declared: space, sidedness: 'SIDEDNESS_ASYMMETRIC' } },
      ],
    };
    await this.api.Collections.Create({ header, config });
    const weights = (number) => {
      const entries = new Map();
      for (let index = number % 3; index < 30; index += 3 + (number % 4)) entries.set(index, 1 + (number % (index + 2)) / 8);
      return entries;
    };
    const sparse = (entries) => ({ indices: [...entries.keys()], values: [...entries.values()] });
    const films = FILMS.slice(0, 200);
    const points = films.map((each) => {
      const { id, vector: dense } = point(each);
      return { id, vector: dense, vectors: { splade: { sparse: sparse(weights(each.number)) } } };
    });
    const upsert = (side) => this.api.Points.Upsert({ header, points, origin: DOCUMENT, vectorOrigins: { splade: { space, side } } });
    const failure = await upsert('SIDE_QUERY').then(() => assert.fail('query-side weights were stored'), (error) => error);
    assert.equal(refusals.read(failure).reason, 'SIDE_MISMATCH');
    assert.equal((await upsert('SIDE_DOCUMENT')).written, 200);

    const asked = new Map([[3, 1.5], [7, -0.5], [12, 2]]);
    const expected = new Map();
    for (const { number } of films) {
      const shared = [...asked].filter(([index]) => weights(number).has(index));
      if (shared.length > 0) expected.set(String(number), shared.reduce((sum, [index, weight]) => sum + weight * weights(number).get(index), 0));
    }
    const query = { sparse: sparse(asked), origin: { space, side: 'SIDE_QUERY' } };
    const reply = await this.find({ header, query, k: 20, fields: { vectors: ['splade'] } });
    const best = [...expected.values()].sort((a, b) => b - a).slice(0, 20);
    assert.equal(reply.hits.length, best.length);
    reply.hits.forEach(({ id, score, point: { vectors } }, i) => {
      assert.ok(Math.abs(score - best[i]) < 1e-4 && Math.abs(score - expected.get(id.number)) < 1e-4, `film ${id.number} scores ${score}, not ${best[i]}`);
      assert.deepEqual(vectors.splade.sparse.indices, [...weights(Number(id.number)).keys()]);
    });
    assert.deepEqual([reply.scoreKind, reply.complete], ['SCORE_KIND_SPARSE_DOT', true]);
    const fused = await this.find({ header, hybrid: { components: [{ query: this.query(this.numbers()) }, { query }] } });
    const parts = new Set(fused.hits.flatMap(({ components }) => components.map(({ name }) => name)));
    assert.deepEqual([[...parts].sort(), fused.hits.length], [['dense', 'sparse'], 10]);
    await this.api.Collections.Delete({ header });
    return `${expected.size} of 200 share a dimension, film ${reply.hits[0].id.number} first with ${reply.hits[0].score.toFixed(2)}`;
  }

  async searchGrouped() {
    const values = this.numbers();
    const reply = await this.find(this.request({ values, k: 4, accuracy: EXACT, grouping: { attribute: 'genre', hitsPerGroup: 3 } }));
    const { hits } = await this.find(this.request({ values, k: 1000, accuracy: EXACT, fields: { attributes: ['genre'] } }));
    const expected = new Map();
    for (const { id, point } of hits) {
      const genre = point.attributes.genre.keywordValue;
      expected.set(genre, [...(expected.get(genre) ?? []), id.number].slice(0, 3));
    }
    assert.deepEqual([reply.hits.length, reply.complete], [0, true]);
    assert.deepEqual(
      reply.grouped.groups.map((group) => [group.value.keywordValue, group.hits.map(({ id }) => id.number)]), [...expected].slice(0, 4),
      'the groups are not those of the whole ranking');
    return `three films each of ${reply.grouped.groups.map(({ value }) => value.keywordValue).join(', ')}`;
  }

  async searchDiverse() {
    const values = this.numbers();
    const { hits } = await this.find(this.request({ values, k: 40, accuracy: EXACT }));
    const plain = new Map(hits.map(({ id, score }) => [Number(id.number), score]));
    const diverse = await this.find(this.request({ values, k: 8, accuracy: EXACT, diversity: { strength: 0.6, candidates: 40 } }));
    const chosen = [];
    // The definition: close to the query, unlike what was chosen before.
    const worth = (number) => 0.4 * plain.get(number)
      - 0.6 * (chosen.length ? Math.max(...chosen.map((other) => cosine(FILMS[number - 1].values, FILMS[other - 1].values))) : 0);
    for (const { id, score } of diverse.hits) {
      const number = Number(id.number);
      const best = Math.max(...[...plain.keys()].filter((each) => !chosen.includes(each)).map(worth));
      assert.ok(worth(number) > best - ROUNDING, `film ${number} is not the best choice after ${chosen}`);
      assert.equal(score, plain.get(number), `film ${number} has another score than in the plain order`);
      chosen.push(number);
    }
    assert.equal(chosen.length, 8);
    assert.notDeepEqual(chosen, [...plain.keys()].slice(0, 8), 'the hits are those of the plain order');
    return `films ${chosen.join(', ')}`;
  }

  async searchWithFilter() {
    const values = this.numbers();
    const matches = ({ genre, year }) => genre === 'crime' && year < 1960;
    const reply = await this.find(this.request({
      values, accuracy: EXACT, filter: { must: [equals('genre', 'crime')], mustNot: [since(1960)] }, fields: { attributes: ['*'] },
    }));
    nearest(values, 10, matches).forEach(({ score }, i) => {
      assert.ok(Math.abs(reply.hits[i].score - score) < ROUNDING, 'a filtered search has other hits than the definition');
      assert.equal(reply.hits[i].point.attributes.genre.keywordValue, 'crime');
    });
    assert.equal(Number(reply.plan.matchCount), FILMS.filter(matches).length);
    return `${reply.hits.length} of ${reply.plan.matchCount} that match, by ${reply.plan.strategy}`;
  }

  async scroll() {
    const request = {
      header: this.header(), filter: { must: [equals('genre', 'space')] }, batchSize: 300,
      fields: { attributes: ['year'] }, order: { attribute: 'year', direction: 'DIRECTION_DESCENDING' },
    };
    const stream = this.api.Points.Scroll(request);
    const { value: first } = await stream[Symbol.asyncIterator]().next();
    stream.on('error', () => {}).cancel();
    // A cursor stays with the state that the scroll began on, whatever is written meanwhile.
    const late = COUNT + GENRES.length - 1;
    await this.api.Points.Upsert({ header: this.header(), points: [point(film(late))], origin: DOCUMENT });
    const rest = await all(this.api.Points.Scroll({ ...request, cursor: first.cursor }));
    await this.api.Points.Delete({ header: this.header(), points: { ids: { numbers: [late] } } });
    const read = [first, ...rest].flatMap((frame) => frame.points);
    const years = read.map(({ attributes }) => Number(attributes.year.integerValue));
    assert.deepEqual(years, [...years].sort((a, b) => b - a), 'the points do not come in the order of the year');
    const expected = FILMS.filter(({ genre }) => genre === 'space').map(({ number }) => String(number));
    assert.deepEqual(new Set(read.map(({ id }) => id.number)), new Set(expected), 'points are missing or new');
    return `${read.length} points, the newest of ${years[0]}, continued from a cursor`;
  }

  async explain() {
    const search = this.request({ filter: { must: [since(2000)] } });
    const third = (await this.find(search)).hits[2];
    const reply = await this.api.Search.Explain({ search, id: third.id });
    assert.equal(reply.rank, 3);
    assert.ok(Math.abs(reply.hit.score - third.score) < ROUNDING);
    assert.deepEqual(reply.conditions.map(({ met }) => met), [true]);
    const { number } = FILMS.find(({ year }) => year < 2000);
    const miss = await this.api.Search.Explain({ search, id: { number } });
    assert.equal(miss.missCause, 'MISS_CAUSE_FILTER');
    return `third behind ${reply.outrankedBy.id.number}, exactly it ranks ${reply.exactRank}; film ${number} is kept out by the filter`;
  }

  async calibrate() {
    const request = { header: this.header(), source: 'QUERY_SOURCE_POINTS', queries: 100, ks: [10] };
    const frames = await all(this.api.Collections.Calibrate(request));
    const { curve } = frames.at(-1).report;
    assert.ok(frames.slice(0, -1).every(({ progress }) => progress), 'a frame before the last is no progress');
    assert.deepEqual([curve.points, curve.source], [String(COUNT), 'QUERY_SOURCE_POINTS']);
    assert.ok(curve.curve.every(({ k }) => k === 10) && curve.curve.at(-1).recall > 0.99, JSON.stringify(curve.curve));
    const { collection } = await this.api.Collections.Describe({ header: this.header() });
    assert.deepEqual(collection.vectors[0].curve, curve);
    return `recall ${curve.curve[0].recall.toFixed(3)} at breadth ${curve.curve[0].breadth}, from ${curve.queries} queries`;
  }

  async snapshot() {
    const { report } = (await all(this.api.Collections.Snapshot({ header: this.header(), name: 'as-uploaded' }))).at(-1);
    assert.equal(report.snapshot.points, String(COUNT));
    return `${report.snapshot.points} points, ${report.snapshot.diskBytes} bytes`;
  }

  async updateAttributes() {
    const { updated } = await this.api.Points.UpdateAttributes({
      header: this.header(), points: { filter: { must: [equals('genre', 'nature')] } }, attributes: { genre: { keywordValue: 'documentary' } },
    });
    assert.equal(Number(updated), COUNT / GENRES.length);
    assert.deepEqual([await this.count([equals('genre', 'documentary')]), await this.count([equals('genre', 'nature')])], [Number(updated), 0]);
    const { points: [changed] } = await this.api.Points.Get({
      header: this.header(), ids: [{ number: 3 }], fields: { texts: ['*'], details: ['DETAIL_VERSION'] },
    });
    assert.deepEqual([changed.texts.title, changed.version], ['Film 3', '2']);
    return `${updated} points, nothing else of them changed`;
  }

  async delete() {
    const { deleted } = await this.api.Points.Delete({ header: this.header(), points: { filter: { must: [since(1960)] } } });
    const left = await this.count();
    assert.equal(Number(deleted) + left, COUNT);
    const { hits } = await this.find(this.request({ k: 100, fields: { attributes: ['year'] } }));
    assert.ok(hits.every((hit) => hit.point.attributes.year.integerValue < 1960), 'a deleted point was found');
    return `${deleted} points, ${left} are left`;
  }

  async restore() {
    const request = { header: this.header(this.restoredName), snapshot: { collection: this.name, name: 'as-uploaded' } };
    const { report } = (await all(this.api.Collections.Restore(request))).at(-1);
    assert.equal(report.collection.livePoints, String(COUNT));
    assert.ok(await this.count([equals('genre', 'nature')], this.restoredName) > 0, 'the snapshot has what was changed after it');
    return `${report.collection.name} with ${report.collection.livePoints} points`;
  }

  async switchAlias() {
    const answered = [];
    for (const collection of [this.name, this.restoredName]) {
      await this.api.Collections.SwitchAliases({ actions: [{ alias: this.alias, collection }] });
      answered.push((await this.find({ ...this.request(), header: this.header(this.alias) })).header.collection);
    }
    assert.deepEqual(answered, [this.name, this.restoredName]);
    const { aliases } = await this.api.Collections.ListAliases({});
    assert.equal(aliases.find(({ name }) => name === this.alias).previousCollection, this.name);
    return `${this.alias} moved from ${answered[0]} to ${answered[1]} in one step`;
  }

  async cleanUp() {
    await this.api.Collections.DeleteSnapshot({ header: this.header(), name: 'as-uploaded' });
    for (const name of [this.name, this.restoredName]) {
      await this.api.Collections.Delete({ header: this.header(name), aliases: 'ALIAS_POLICY_REMOVE' });
    }
    assert.deepEqual((await this.api.Collections.List({ prefix: this.name })).collections, []);
    return 'nothing is left';
  }
}

const STEPS = [
  'create', 'upload', 'refuseTheWrongSide', 'search', 'searchStream', 'searchPipeline', 'searchBatch', 'searchByWords', 'searchHybrid', 'searchSparse', 'lateInteraction', 'searchGrouped', 'searchDiverse',
  'searchWithFilter', 'scroll',
  'explain', 'calibrate', 'snapshot', 'updateAttributes', 'delete', 'restore', 'switchAlias', 'cleanUp',
];

async function main() {
  const { values: options } = parseArgs({
    options: { server: { type: 'string', default: 'localhost:7700' }, collection: { type: 'string', default: 'films' } },
  });
  const tour = new Tour(options.server, options.collection);
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
