'use strict';
// The points of the tour: made-up films with made-up vectors, the same in every run.

const DIMENSION = 16;
const GENRES = ['drama', 'comedy', 'crime', 'nature', 'space'];
const COUNT = 10_000;

// Numbers between -1 and 1 (the mulberry32 generator).
function source(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return 2 * (((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) - 1;
  };
}

const numbers = (next) => Float32Array.from({ length: DIMENSION }, next);

// A vector as bytes, which the server reads in place. Typed arrays are little-endian wherever Node runs.
const vector = (values) => ({ data: Buffer.from(values.buffer, values.byteOffset, values.byteLength) });

// Rows of a multi vector as bytes.
const matrix = (rows) => ({ dimension: rows[0].length, data: Buffer.concat(rows.map((row) => vector(row).data)) });

function cosine(a, b) {
  let [dot, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i] * b[i];
    aa += a[i] * a[i];
    bb += b[i] * b[i];
  }
  return dot / Math.sqrt(aa * bb);
}

function film(number) {
  return { number, genre: GENRES[number % GENRES.length], year: 1950 + (number % 70), values: numbers(source(number)) };
}

const point = ({ number, genre, year, values }) => ({
  id: { number },
  vector: vector(values),
  attributes: { genre: { keywordValue: genre }, year: { integerValue: year } },
  texts: { title: `Film ${number}` },
});

const FILMS = Array.from({ length: COUNT }, (_, i) => film(i + 1));

// Score and number of the k films closest to the query, by the definition.
const nearest = (query, k, matches = () => true) => FILMS.filter(matches)
  .map(({ number, values }) => ({ number, score: cosine(query, values) }))
  .sort((a, b) => b.score - a.score)
  .slice(0, k);

module.exports = { cosine, COUNT, DIMENSION, FILMS, GENRES, film, matrix, nearest, numbers, point, source, vector };
