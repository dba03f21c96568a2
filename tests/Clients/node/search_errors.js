#!/usr/bin/env node
'use strict';
// Provokes the errors of the search API, case by case, and checks what each one says: code, reason, field and fix.
// The cases stand in ../errors.json; what no client library lets one say goes over Node's own HTTP/2.
//
//   node tests/Clients/node/search_errors.js --server localhost:7700 [--pid PROCESS]

const assert = require('node:assert/strict');
const fs = require('node:fs');
const http2 = require('node:http2');
const path = require('node:path');
const { parseArgs } = require('node:util');
const grpc = require('@grpc/grpc-js');
const { connect, all, CALL_SECONDS } = require('./search/api');
const refusals = require('./search/refusals');

const TABLE = path.resolve(__dirname, '..', 'errors.json');
const WAITING_HELPS = new Set(['OVERLOADED', 'PREDICTED_LATE', 'DRAINING']);
const DEFLATE = { 'grpc.default_compression_algorithm': grpc.compressionAlgorithms.deflate };
// A client that keeps large requests to itself could not provoke the server's refusal of them.
const CHANNEL = { 'grpc.max_send_message_length': -1 };

class Skipped extends Error {}

// The table's long values: {"$repeat": [value, count]}, and {"$number": [point, count]} for points 1 to count.
function expand(value) {
  if (Array.isArray(value)) return value.map(expand);
  if (value === null || typeof value !== 'object') return value;
  if (value.$repeat) {
    const [repeated, count] = value.$repeat;
    return typeof repeated === 'string' ? repeated.repeat(count) : Array(count).fill(expand(repeated));
  }
  if (value.$number) {
    const [template, count] = value.$number;
    return Array.from({ length: count }, (_, i) => ({ ...template, id: { number: i + 1 } }));
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, expand(each)]));
}

class Caller {
  constructor(server) {
    this.server = server;
    this.api = connect(server, CHANNEL);
  }

  method({ call }) {
    const [service, method] = call.split('.');
    return (...more) => this.api[service][method](...more);
  }

  // Makes the call to its end; throws the error of one that fails.
  async call(spec) {
    if (spec.wire) return this.wire(spec);
    if (spec.path) return this.raw(spec);
    if (spec.requests) {
      const stream = this.method(spec)();
      for (const request of spec.requests) stream.write(expand(request));
      stream.end();
      return all(stream);
    }
    const reply = this.method(spec)(expand(spec.request));
    return reply instanceof Promise ? reply : all(reply);
  }

  // Many calls at once; the error of one that was refused.
  async flood(spec) {
    const request = expand(spec.request);
    const outcomes = await Promise.allSettled(Array.from({ length: spec.atOnce }, () => this.method(spec)(request)));
    const refused = outcomes.find(({ status }) => status === 'rejected');
    if (refused) throw refused.reason;
  }

  // Keeps a stream open while the server is told to stop.
  async untilStopped(spec, pid) {
    if (!pid) throw new Skipped('needs --pid');
    const stream = this.method(spec)();
    for (const request of spec.requests) stream.write(expand(request));
    for await (const _ of stream) process.kill(pid, 'SIGTERM');
  }

  raw({ path: method, messages, metadata = {}, compression }) {
    const client = new grpc.Client(this.server, grpc.credentials.createInsecure(), {
      'grpc.use_local_subchannel_pool': 1, ...(compression === 'deflate' ? DEFLATE : {}),
    });
    const same = (bytes) => bytes;
    const headers = new grpc.Metadata();
    for (const [key, value] of Object.entries(expand(metadata))) headers.set(key, value);
    return new Promise((resolve, reject) => {
      const call = client.makeClientStreamRequest(
        method, same, same, headers, { deadline: Date.now() + 1000 * CALL_SECONDS },
        (error, reply) => (error ? reject(error) : resolve(reply)));
      for (const message of messages) call.write(Buffer.from(message, 'base64'));
      call.end();
    }).finally(() => client.close());
  }

  // Headers that a library would not send, by HTTP/2 itself.
  wire({ path: method, messages, wire: headers, stayOpen = false }) {
    const session = http2.connect(`http://${this.server}`);
    return new Promise((resolve, reject) => {
      session.on('error', reject);
      const stream = session.request({ ':method': 'POST', ':path': method, 'content-type': 'application/grpc', te: 'trailers', ...headers });
      const ended = (block) => {
        if (block['grpc-status'] === undefined) return;
        const metadata = new grpc.Metadata();
        const details = block['grpc-status-details-bin'];
        if (details) metadata.set('grpc-status-details-bin', Buffer.from(details, 'base64'));
        const code = Number(block['grpc-status']);
        if (code === grpc.status.OK) resolve();
        else reject(Object.assign(new Error(block['grpc-message']), { code, metadata }));
      };
      stream.on('response', ended).on('trailers', ended).on('error', reject).resume();
      for (const message of messages) {
        const bytes = Buffer.from(message, 'base64');
        const length = Buffer.alloc(5);
        length.writeUInt32BE(bytes.length, 1);
        stream.write(Buffer.concat([length, bytes]));
      }
      if (!stayOpen) stream.end();
    }).finally(() => session.destroy());
  }
}

// What the server said of the case; throws where that is not what the table says.
async function provoke(caller, entry, pid) {
  for (const spec of entry.first ?? []) await caller.call(spec);
  const outcome = entry.atOnce ? caller.flood(entry) : entry.stopsServer ? caller.untilStopped(entry, pid) : caller.call(entry);
  const error = await outcome.then(() => assert.fail('the call succeeded'), (failure) => failure);
  if (error instanceof Skipped || !error.metadata) throw error;
  const said = refusals.read(error);
  const { code, reason, field } = said;
  assert.deepEqual({ code, reason, field }, { code: entry.code, reason: entry.reason, field: entry.field }, `got ${JSON.stringify(said)}`);
  assert.ok(said.fix, `${reason} says no fix`);
  assert.ok(code !== 'INVALID_ARGUMENT' || said.badFields.includes(field), `BadRequest names ${said.badFields}, not ${field}`);
  assert.equal(said.retrySeconds > 0, WAITING_HELPS.has(reason), `${reason} says to wait ${said.retrySeconds} s`);
  return said;
}

async function main() {
  const { values: options } = parseArgs({ options: { server: { type: 'string', default: 'localhost:7700' }, pid: { type: 'string' } } });
  const table = JSON.parse(fs.readFileSync(TABLE, 'utf8'));
  const caller = new Caller(options.server);
  for (const spec of table.setup) await caller.call(spec);
  let failed = 0;
  for (const entry of table.cases) {
    try {
      const { code, reason, field, fix } = await provoke(caller, entry, Number(options.pid));
      console.log(`PASS ${entry.name}: ${code} ${reason} ${field || '-'}: ${fix}`);
    } catch (wrong) {
      failed += wrong instanceof Skipped ? 0 : 1;
      console.log(`${wrong instanceof Skipped ? 'SKIP' : 'FAIL'} ${entry.name}: ${String(wrong.message).replace(/\s+/g, ' ')}`);
    }
  }
  return failed > 0 ? 1 : 0;
}

main().then((code) => process.exit(code), (error) => {
  console.error(error);
  process.exit(2);
});
