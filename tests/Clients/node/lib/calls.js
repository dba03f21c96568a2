'use strict';
// Plain calls of the four shapes, status and messages.

const { status, Metadata } = require('@grpc/grpc-js');
const { scenario, check, equal, zeros, expectStatus, finish } = require('./session');

const REQUEST_SIZES = [27182, 8, 1828, 45904];
const RESPONSE_SIZES = [31415, 9, 2653, 58979];
const STATUS_MESSAGE = 'test status message';
const SPECIAL_STATUS_MESSAGE = '\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \u{1f608}\t\n';

function largeRequest(fields = {}) {
  return { response_size: 314159, payload: { body: Buffer.alloc(271828) }, ...fields };
}

function outputRequest(requestSize, responseSizes) {
  return { payload: { body: Buffer.alloc(requestSize) }, response_parameters: responseSizes.map((size) => ({ size })) };
}

function expectSizes(outcome, sizes) {
  expectStatus(outcome, status.OK);
  equal(outcome.messages.length, sizes.length, 'number of responses');
  sizes.forEach((size, i) => zeros(outcome.messages[i].payload, size, `response ${i}`));
}

scenario('empty_unary', async (session) => {
  const { response } = await session.ok('EmptyCall', {});
  equal(response, {}, 'the empty response');
});

scenario('large_unary', async (session) => {
  const { response } = await session.ok('UnaryCall', largeRequest());
  zeros(response.payload, 314159, 'response');
});

scenario('concurrent_large_unary', async (session) => {
  // All are started before the first is awaited: they share one connection's flow-control window.
  const calls = Array.from({ length: session.options.concurrency }, () => session.ok('UnaryCall', largeRequest()));
  for (const { response } of await Promise.all(calls)) zeros(response.payload, 314159, 'response');
});

scenario('client_streaming', async (session) => {
  let response;
  const call = session.client.StreamingInputCall(new Metadata(), session.deadline(), (_, answer) => { response = answer; });
  for (const size of REQUEST_SIZES) call.write({ payload: { body: Buffer.alloc(size) } });
  call.end();
  expectStatus(await finish(call), status.OK);
  await new Promise(setImmediate);
  equal(response.aggregated_payload_size, 74922, 'aggregated payload size');
});

scenario('server_streaming', async (session) => {
  expectSizes(await finish(session.client.StreamingOutputCall(outputRequest(0, RESPONSE_SIZES), session.deadline())), RESPONSE_SIZES);
});

scenario('ping_pong', async (session) => {
  const call = session.client.FullDuplexCall(session.deadline());
  let sent = 0;
  const next = () => {
    if (sent === REQUEST_SIZES.length) call.end();
    else call.write(outputRequest(REQUEST_SIZES[sent], [RESPONSE_SIZES[sent++]]));
  };
  call.on('data', next);
  next();
  expectSizes(await finish(call), RESPONSE_SIZES);
});

scenario('empty_stream', async (session) => {
  const call = session.client.FullDuplexCall(session.deadline());
  call.end();
  expectSizes(await finish(call), []);
});

scenario('half_duplex', async (session) => {
  const call = session.client.HalfDuplexCall(session.deadline());
  for (const size of RESPONSE_SIZES) call.write(outputRequest(10, [size]));
  call.end();
  expectSizes(await finish(call), RESPONSE_SIZES);
});

scenario('slow_reader', async (session) => {
  // 32 MB against one paused reader: the server waits for window updates, and nothing may be lost meanwhile.
  const sizes = Array(160).fill(200000);
  const call = session.client.StreamingOutputCall(outputRequest(0, sizes), session.deadline());
  call.once('data', () => {
    call.pause();
    setTimeout(() => call.resume(), 300);
  });
  expectSizes(await finish(call), sizes);
});

scenario('status_code_and_message', async (session) => {
  const response_status = { code: 2, message: STATUS_MESSAGE };
  expectStatus(await session.unary('UnaryCall', { response_status }), status.UNKNOWN, STATUS_MESSAGE);
  const call = session.client.FullDuplexCall(session.deadline());
  call.write({ response_status });
  call.end();
  expectStatus(await finish(call), status.UNKNOWN, STATUS_MESSAGE);
  await session.stillAlive('an error status');
});

scenario('special_status_message', async (session) => {
  const response_status = { code: 2, message: SPECIAL_STATUS_MESSAGE };
  expectStatus(await session.unary('UnaryCall', { response_status }), status.UNKNOWN, SPECIAL_STATUS_MESSAGE);
});

scenario('every_status_code', async (session) => {
  for (let code = 1; code <= 16; code++) {
    const message = `100% of ${status[code]}`;
    expectStatus(await session.unary('UnaryCall', { response_status: { code, message } }), code, message);
  }
});

scenario('status_after_responses', async (session) => {
  // The status must come after the messages that were sent before it, and must not swallow them.
  const call = session.client.FullDuplexCall(session.deadline());
  call.write(outputRequest(8, RESPONSE_SIZES));
  call.write({ response_status: { code: status.ABORTED, message: STATUS_MESSAGE } });
  const outcome = await finish(call);
  expectStatus(outcome, status.ABORTED, STATUS_MESSAGE);
  equal(outcome.messages.map((each) => each.payload.body.length), RESPONSE_SIZES, 'responses before the status');
});

scenario('unimplemented_method', async (session) => {
  expectStatus(await session.unary('UnimplementedCall', {}), status.UNIMPLEMENTED);
  await session.stillAlive('an unknown method');
});

scenario('unimplemented_service', async (session) => {
  expectStatus(await session.unary('UnimplementedCall', {}, { client: session.unimplemented }), status.UNIMPLEMENTED);
});

scenario('invalid_response_size', async (session) => {
  // A size from the wire is never trusted: the server must refuse it, not fail on it.
  expectStatus(await session.unary('UnaryCall', { response_size: -1 }), status.INVALID_ARGUMENT);
});

scenario('max_message_size', async (session) => {
  const limit = session.options.max_message_bytes;
  // The payload field and its body each cost a tag of one byte and a length of four.
  const at = (extra) => ({ payload: { body: Buffer.alloc(limit - 10 + extra) } });
  await session.ok('UnaryCall', at(0));
  expectStatus(await session.unary('UnaryCall', at(1)), status.RESOURCE_EXHAUSTED);
  await session.stillAlive('a message over the limit');

  const call = session.client.StreamingInputCall(new Metadata(), session.deadline(), () => {});
  call.write(at(1));
  expectStatus(await finish(call), status.RESOURCE_EXHAUSTED);
  await session.stillAlive('a stream message over the limit');

  // The client's own limit: it refuses the response and resets the stream; the server must survive that.
  const client = session.open(session.TestService, { 'grpc.max_receive_message_length': 100000 });
  expectStatus(await session.unary('UnaryCall', largeRequest(), { client }), status.RESOURCE_EXHAUSTED);
  const after = await session.unary('EmptyCall', {}, { client });
  client.close();
  check(after.status.code === status.OK, 'the channel is unusable afterwards');
});

module.exports = { largeRequest, outputRequest };
