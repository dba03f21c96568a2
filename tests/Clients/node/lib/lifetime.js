'use strict';
// Metadata, cancellation and deadlines.

const { status, Metadata } = require('@grpc/grpc-js');
const { scenario, check, equal, zeros, expectStatus, finish, CALL_SECONDS } = require('./session');
const { largeRequest, outputRequest } = require('./calls');

const ECHO_INITIAL = 'x-grpc-test-echo-initial';
const ECHO_TRAILING = 'x-grpc-test-echo-trailing-bin';
// Not of the public description: the server answers with the milliseconds it has left for the call, or "none".
const ASK_REMAINING = 'x-interop-ask-time-remaining';
const TIME_REMAINING = 'x-interop-time-remaining-ms';

function metadataOf(...pairs) {
  const metadata = new Metadata();
  for (const [key, value] of pairs) metadata.add(key, value);
  return metadata;
}

scenario('custom_metadata', async (session) => {
  const initial = 'test_initial_metadata_value';
  const trailing = Buffer.from('ababab', 'hex');
  const metadata = metadataOf([ECHO_INITIAL, initial], [ECHO_TRAILING, trailing]);
  const expectEcho = (outcome, what) => {
    equal(outcome.initial.get(ECHO_INITIAL), [initial], `initial metadata, ${what}`);
    equal(outcome.status.metadata.get(ECHO_TRAILING), [trailing], `trailing metadata, ${what}`);
  };
  const unary = await session.ok('UnaryCall', largeRequest(), { metadata });
  zeros(unary.response.payload, 314159, 'unary response');
  expectEcho(unary, 'unary');

  const call = session.client.FullDuplexCall(metadata, session.deadline());
  call.write(outputRequest(271828, [314159]));
  call.end();
  const duplex = await finish(call);
  expectStatus(duplex, status.OK);
  equal(duplex.messages.length, 1, 'number of stream responses');
  zeros(duplex.messages[0].payload, 314159, 'stream response');
  expectEcho(duplex, 'full duplex');
});

scenario('metadata_with_error', async (session) => {
  // A failed call carries its trailing metadata too.
  const value = Buffer.from([0, 255]);
  const request = { response_status: { code: status.FAILED_PRECONDITION, message: 'refused' } };
  const outcome = await session.unary('UnaryCall', request, { metadata: metadataOf([ECHO_TRAILING, value]) });
  expectStatus(outcome, status.FAILED_PRECONDITION, 'refused');
  equal(outcome.status.metadata.get(ECHO_TRAILING), [value], 'trailing metadata');
});

scenario('metadata_edge_cases', async (session) => {
  const text = {
    'an empty value': '',
    'printable ASCII with percent signs, commas and quotes': 'a b%20c,d;e="f"~!@#$^&*()',
    'a value of 6,000 characters': 'v'.repeat(6000),
  };
  for (const [what, value] of Object.entries(text)) {
    const { initial } = await session.ok('UnaryCall', {}, { metadata: metadataOf([ECHO_INITIAL, value]) });
    equal(initial.get(ECHO_INITIAL), [value], `initial metadata with ${what}`);
  }
  const binary = {
    'every byte': [Buffer.from(Array.from({ length: 256 }, (_, i) => i))],
    'an empty value': [Buffer.alloc(0)],
    'Unicode as UTF-8': [Buffer.from('Z\u00fcrich \u263a \u{1f608}')],
    'one and two bytes of padding': [Buffer.from([1]), Buffer.from([1, 2])],
    'two values of one key, in order': [Buffer.from('first,comma'), Buffer.from('second')],
  };
  for (const [what, values] of Object.entries(binary)) {
    const metadata = metadataOf(...values.map((value) => [ECHO_TRAILING, value]));
    const outcome = await session.ok('UnaryCall', {}, { metadata });
    equal(outcome.status.metadata.get(ECHO_TRAILING), values, `trailing metadata with ${what}`);
  }
});

scenario('initial_metadata_before_first_message', async (session) => {
  // A client may wait for the headers before it says anything: they must not wait for the first response.
  const call = session.client.FullDuplexCall(metadataOf([ECHO_INITIAL, 'early']), session.deadline());
  const outcome = finish(call);
  const metadata = await new Promise((resolve) => {
    call.on('metadata', resolve);
    call.on('status', () => resolve(new Metadata()));
  });
  equal(metadata.get(ECHO_INITIAL), ['early'], 'initial metadata of a silent stream');
  call.end();
  expectStatus(await outcome, status.OK);
});

scenario('cancel_after_begin', async (session) => {
  const call = session.client.StreamingInputCall(new Metadata(), session.deadline(), () => {});
  const outcome = finish(call);
  call.cancel();
  expectStatus(await outcome, status.CANCELLED);
  await session.stillAlive('a cancelled call');
});

scenario('cancel_after_first_response', async (session) => {
  const call = session.client.FullDuplexCall(session.deadline());
  call.once('data', () => call.cancel());
  call.write(outputRequest(27182, [31415]));
  const outcome = await finish(call);
  expectStatus(outcome, status.CANCELLED);
  equal(outcome.messages.length, 1, 'number of responses');
  zeros(outcome.messages[0].payload, 31415, 'response');
  await session.stillAlive('a cancelled stream');
});

scenario('cancel_many_streams', async (session) => {
  // Abandoned streams must give their slots back: more of them than a connection allows at once. Cancelled only once the
  // headers are there: before that, Node 20 keeps the RST_STREAM(CANCEL) of grpc-js to itself, and no server could know.
  for (let round = 0; round < 3; round++) {
    const calls = Array.from({ length: 100 }, () => session.client.FullDuplexCall(session.deadline()));
    const outcomes = calls.map((call) => finish(call));
    for (const call of calls) call.once('metadata', () => call.cancel());
    for (const outcome of await Promise.all(outcomes)) expectStatus(outcome, status.CANCELLED);
  }
  await session.stillAlive('300 cancelled streams');
});

scenario('timeout_on_sleeping_server', async (session) => {
  const call = session.client.FullDuplexCall(session.deadline(0.001));
  call.write(outputRequest(27182, []));
  expectStatus(await finish(call), status.DEADLINE_EXCEEDED);
  await session.stillAlive('an expired deadline');
});

scenario('deadline_propagation', async (session) => {
  const metadata = metadataOf([ASK_REMAINING, '1']);
  const remaining = async (options) => {
    const values = (await session.ok('UnaryCall', {}, { metadata, options })).initial.get(TIME_REMAINING);
    equal(values.length, 1, `number of ${TIME_REMAINING} values`);
    return values[0];
  };
  const left = await remaining(session.deadline());
  check(Number(left) > 0 && Number(left) <= 1100 * CALL_SECONDS, `the server sees ${left} ms of ${CALL_SECONDS} s`);
  equal(await remaining({}), 'none', 'time remaining without a deadline');

  const sleepy = { response_parameters: [{ size: 1, interval_us: 60000000 }] };
  expectStatus(await finish(session.client.StreamingOutputCall(sleepy, session.deadline(0.2))), status.DEADLINE_EXCEEDED);
  await session.stillAlive('an expired deadline');
});
