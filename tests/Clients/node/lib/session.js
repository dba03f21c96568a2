'use strict';
// What every scenario is given: channels to the server, stubs, messages and strict checks.

const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');
const { Relay } = require('./relay');

// Every call has a deadline, so that a server that hangs is a failed case and not a hung test.
const CALL_SECONDS = 30;

const TESTS = path.resolve(__dirname, '..', '..', '..');
const ROOTS = [path.join(TESTS, 'SearchEngine.Rpc.Interop', 'Protos'), path.join(TESTS, 'Clients', 'protos')];
const FILES = [
  'grpc/testing/test.proto',
  'grpc/health/v1/health.proto',
  'grpc/reflection/v1/reflection.proto',
  'grpc/reflection/v1alpha/reflection.proto',
];

class Failed extends Error {}
class Skipped extends Error {}

const scenarios = new Map();

function scenario(name, run) {
  scenarios.set(name, run);
}

function check(condition, message) {
  if (!condition) throw new Failed(message);
}

function show(value) {
  return Buffer.isBuffer(value) ? `<${value.toString('hex')}>` : JSON.stringify(value, (_, v) => (v?.type === 'Buffer' ? Buffer.from(v.data).toString('hex') : v));
}

function equal(actual, expected, what) {
  check(show(actual) === show(expected), `${what}: expected ${show(expected)}, got ${show(actual)}`);
}

function zeros(payload, size, what) {
  equal(payload.body.length, size, `${what} payload size`);
  check(payload.body.every((byte) => byte === 0), `${what} payload is not all zeros`);
}

// The outcome of a finished call. `code` and `details` are what the application is told.
function expectStatus(outcome, code, details) {
  const name = (value) => `${value} ${grpc.status[value]}`;
  equal(name(outcome.status.code), name(code), `status code (details ${show(outcome.status.details)})`);
  if (details !== undefined) equal(outcome.status.details, details, 'status message');
}

// Collects everything a call of any shape says until its status.
function finish(call, messages = []) {
  const outcome = { messages, initial: new grpc.Metadata(), status: undefined };
  return new Promise((resolve) => {
    call.on('metadata', (metadata) => { outcome.initial = metadata; });
    call.on('data', (message) => messages.push(message));
    call.on('error', () => {}); // The status event carries the same, for every shape of call.
    call.on('status', (status) => { outcome.status = status; resolve(outcome); });
  });
}

class Session {
  #package;

  constructor(options) {
    this.options = options;
    this.#package = grpc.loadPackageDefinition(loader.loadSync(FILES, { includeDirs: ROOTS, keepCase: true, defaults: true, enums: String, longs: Number, oneofs: true }));
    this.client = this.open(this.#package.grpc.testing.TestService);
    this.health = this.open(this.#package.grpc.health.v1.Health);
    this.unimplemented = this.open(this.#package.grpc.testing.UnimplementedService);
    this.reflection = (version) => this.open(this.#package.grpc.reflection[version].ServerReflection);
  }

  get TestService() { return this.#package.grpc.testing.TestService; }

  open(Service, channelOptions = {}, host = this.options.server_host, port = this.options.server_port) {
    return new Service(`${host}:${port}`, this.#credentials(), { 'grpc.use_local_subchannel_pool': 1, ...this.#override(), ...channelOptions });
  }

  deadline(seconds = CALL_SECONDS) {
    return { deadline: Date.now() + 1000 * seconds };
  }

  // One request, one response: resolves with { response, messages, initial, status }, whatever the status.
  unary(method, request, { client = this.client, metadata = new grpc.Metadata(), options = this.deadline() } = {}) {
    let response;
    const call = client[method](request, metadata, options, (error, answer) => { response = answer; });
    return finish(call).then((outcome) => new Promise((resolve) => {
      // grpc-js calls back in the turn after the status event.
      setImmediate(() => resolve({ ...outcome, response }));
    }));
  }

  async ok(method, request, more) {
    const outcome = await this.unary(method, request, more);
    expectStatus(outcome, grpc.status.OK);
    return outcome;
  }

  async stillAlive(after) {
    const outcome = await this.unary('EmptyCall', {});
    check(outcome.status.code === grpc.status.OK, `the channel is unusable after ${after}: ${outcome.status.details}`);
  }

  // Runs `use(client, since)` over a counting relay; since() gives the bytes { up, down } since it was last asked.
  async measured(channelOptions, use) {
    const relay = new Relay(this.options.server_host, this.options.server_port);
    const port = await relay.open();
    const client = this.open(this.TestService, channelOptions, '127.0.0.1', port);
    try {
      let last = { up: 0, down: 0 };
      await use(client, () => {
        const delta = { up: relay.up - last.up, down: relay.down - last.down };
        last = { up: relay.up, down: relay.down };
        return delta;
      });
    } finally {
      client.close();
      relay.close();
    }
  }

  close() {
    for (const client of [this.client, this.health, this.unimplemented]) client.close();
  }

  #override() {
    if (!this.options.use_tls) return {};
    return { 'grpc.ssl_target_name_override': this.options.server_host_override ?? this.options.server_host };
  }

  #credentials() {
    if (!this.options.use_tls) return grpc.credentials.createInsecure();
    const read = (file) => (file ? fs.readFileSync(file) : null);
    return grpc.credentials.createSsl(read(this.options.ca_file), read(this.options.client_key_file), read(this.options.client_cert_file));
  }
}

module.exports = { Session, Failed, Skipped, scenarios, scenario, check, equal, zeros, expectStatus, finish, show, CALL_SECONDS };
