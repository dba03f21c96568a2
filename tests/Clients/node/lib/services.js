'use strict';
// The two standard services that tools expect of every server: health and reflection.

const { status } = require('@grpc/grpc-js');
const protobuf = require('protobufjs');
const descriptor = require('protobufjs/ext/descriptor');
const { scenario, check, equal, expectStatus, finish } = require('./session');

const TEST_SERVICE = 'grpc.testing.TestService';

scenario('health_check', async (session) => {
  for (const service of ['', TEST_SERVICE]) {
    const { response } = await session.ok('Check', { service }, { client: session.health });
    equal(response.status, 'SERVING', `status of '${service}'`);
  }
  const unknown = await session.unary('Check', { service: 'no.such.Service' }, { client: session.health });
  expectStatus(unknown, status.NOT_FOUND);
});

scenario('health_watch', async (session) => {
  const expected = { '': 'SERVING', [TEST_SERVICE]: 'SERVING', 'no.such.Service': 'SERVICE_UNKNOWN' };
  for (const [service, first] of Object.entries(expected)) {
    const call = session.health.Watch({ service }, session.deadline());
    call.once('data', () => call.cancel());
    const outcome = await finish(call);
    // The stream stays open, also for an unknown service, so it ends by our cancellation and nothing else.
    expectStatus(outcome, status.CANCELLED);
    equal(outcome.messages.map((each) => each.status), [first], `watched status of '${service}'`);
  }
});

// One open reflection stream; every question waits for its answer.
class Reflection {
  constructor(session, version) {
    this.client = session.reflection(version);
    this.call = this.client.ServerReflectionInfo(session.deadline());
    this.waiting = [];
    this.outcome = finish(this.call);
    this.call.on('data', (answer) => this.waiting.shift()?.(answer));
    this.call.on('status', () => this.waiting.forEach((resolve) => resolve(undefined)));
  }

  async ask(question) {
    const answer = new Promise((resolve) => this.waiting.push(resolve));
    this.call.write({ host: 'localhost', ...question });
    const response = await answer;
    check(response !== undefined, `the stream ended instead of answering ${JSON.stringify(question)}`);
    equal(response.original_request.host, 'localhost', 'host in original_request');
    equal(response.original_request.message_request, Object.keys(question)[0], 'kind of original_request');
    return response;
  }

  async files(question) {
    const response = await this.ask(question);
    equal(response.message_response, 'file_descriptor_response', `answer to ${JSON.stringify(question)}`);
    return response.file_descriptor_response.file_descriptor_proto.map((bytes) => descriptor.FileDescriptorProto.decode(bytes));
  }

  async error(question) {
    const response = await this.ask(question);
    equal(response.message_response, 'error_response', `answer to ${JSON.stringify(question)}`);
    return response.error_response.error_code;
  }
}

// Every file needed for a symbol, as a tool would gather them: by asking for each missing import.
async function closure(reflection, symbol) {
  const files = new Map((await reflection.files({ file_containing_symbol: symbol })).map((file) => [file.name, file]));
  const wanted = () => [...files.values()].flatMap((file) => file.dependency).filter((name) => !files.has(name));
  for (let missing = wanted(); missing.length > 0; missing = wanted()) {
    for (const file of await reflection.files({ file_by_filename: missing[0] })) files.set(file.name, file);
    check(files.has(missing[0]), `the server does not know ${missing[0]}, which one of its files imports`);
  }
  return protobuf.Root.fromDescriptor({ file: [...files.values()] }).resolveAll();
}

async function reflect(session, version) {
  const reflection = new Reflection(session, version);
  const list = await reflection.ask({ list_services: '' });
  const names = list.list_services_response.service.map((service) => service.name);
  equal(new Set(names).size, names.length, 'number of distinct services');
  for (const name of [TEST_SERVICE, 'grpc.health.v1.Health']) check(names.includes(name), `${name} is missing in ${names}`);
  check(!names.includes('grpc.testing.UnimplementedService'), 'a service that is not served is listed');

  const root = await closure(reflection, TEST_SERVICE);
  const method = root.lookupService(TEST_SERVICE).methods.UnaryCall;
  equal(method.resolve().resolvedRequestType.fullName, '.grpc.testing.SimpleRequest', 'input type of UnaryCall');
  const field = Object.values(method.resolvedRequestType.fields).find((each) => each.id === 8);
  check(/^expect_?compressed$/i.test(field?.name ?? ''), `field 8 of SimpleRequest is ${field?.name}`);

  equal(await reflection.error({ file_containing_symbol: 'no.such.Symbol' }), status.NOT_FOUND, 'error for an unknown symbol');
  equal(await reflection.error({ file_by_filename: 'no/such/file.proto' }), status.NOT_FOUND, 'error for an unknown file');
  // An error answers one question; the stream goes on.
  check((await reflection.files({ file_by_filename: 'grpc/testing/empty.proto' })).length > 0, 'no answer after an error');
  reflection.call.end();
  expectStatus(await reflection.outcome, status.OK);
  reflection.client.close();
}

scenario('reflection_v1', (session) => reflect(session, 'v1'));
scenario('reflection_v1alpha', (session) => reflect(session, 'v1alpha'));
