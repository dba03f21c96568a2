'use strict';
// Compression both ways, with the wire's byte counts as the witness.

const { status, compressionAlgorithms, Metadata } = require('@grpc/grpc-js');
const { scenario, check, equal, zeros, expectStatus, finish } = require('./session');
const { largeRequest } = require('./calls');

// 271,828 zeros take about 300 bytes as gzip; headers and frames of a call take well under 2,000.
const SMALL = 10000;
const GZIP = { 'grpc.default_compression_algorithm': compressionAlgorithms.gzip };
const DEFLATE = { 'grpc.default_compression_algorithm': compressionAlgorithms.deflate };
// grpc-js' write flag "do not compress this message".
const NO_COMPRESS = 2;

scenario('client_compressed_unary', async (session) => {
  // An uncompressed message that claims to be compressed must be refused: so the server really looks.
  expectStatus(await session.unary('UnaryCall', largeRequest({ expect_compressed: { value: true } })), status.INVALID_ARGUMENT);
  await session.measured(GZIP, async (client, since) => {
    const { response } = await session.ok('UnaryCall', largeRequest({ expect_compressed: { value: true } }), { client });
    zeros(response.payload, 314159, 'response');
    check(since().up < SMALL, 'this client did not compress its request');
  });
  const { response } = await session.ok('UnaryCall', largeRequest({ expect_compressed: { value: false } }));
  zeros(response.payload, 314159, 'response');
});

scenario('client_compressed_unary_deflate', async (session) => {
  // A server without deflate must say so: UNIMPLEMENTED, never garbage.
  const client = session.open(session.TestService, DEFLATE);
  const outcome = await session.unary('UnaryCall', largeRequest(), { client });
  client.close();
  if (outcome.status.code !== status.OK) expectStatus(outcome, status.UNIMPLEMENTED);
  await session.stillAlive('a deflate request');
});

scenario('server_compressed_unary', async (session) => {
  await session.measured({}, async (client, since) => {
    for (const value of [true, false]) {
      const { response } = await session.ok('UnaryCall', largeRequest({ response_compressed: { value } }), { client });
      zeros(response.payload, 314159, 'response');
      const { down } = since();
      check(value ? down < SMALL : down > 314159, `response_compressed ${value}, but ${down} bytes came over the wire`);
    }
  });
});

scenario('client_compressed_unary_again', async (session) => {
  // grpc-js splits grpc-accept-encoding at commas without trimming: a server that writes "identity, gzip" with a space
  // silently loses this client's compression from the second call of a channel on.
  await session.measured(GZIP, async (client, since) => {
    for (let call = 1; call <= 3; call++) {
      await session.ok('UnaryCall', largeRequest({ expect_compressed: { value: true } }), { client });
      check(since().up < SMALL, `request ${call} of the channel was not compressed`);
    }
  });
});

// Node's streams refuse a number as the encoding argument of write(), which is where grpc-js would read the flag from;
// an interceptor sets it for the messages of the given indexes instead.
function leavingUncompressed(...indexes) {
  return (options, nextCall) => {
    const call = nextCall(options);
    const send = call.sendMessageWithContext.bind(call);
    let index = 0;
    call.sendMessageWithContext = (context, message) => {
      const flags = indexes.includes(index++) ? NO_COMPRESS : 0;
      send({ ...context, flags }, message);
    };
    return call;
  };
}

scenario('client_compressed_streaming', async (session) => {
  const compressed = { expect_compressed: { value: true }, payload: { body: Buffer.alloc(27182) } };
  const plain = { expect_compressed: { value: false }, payload: { body: Buffer.alloc(45904) } };
  const refused = session.client.StreamingInputCall(new Metadata(), session.deadline(), () => {});
  refused.write(compressed);
  refused.end();
  expectStatus(await finish(refused), status.INVALID_ARGUMENT);

  await session.measured(GZIP, async (client, since) => {
    let response;
    const options = { ...session.deadline(), interceptors: [leavingUncompressed(1)] };
    const call = client.StreamingInputCall(new Metadata(), options, (_, answer) => { response = answer; });
    call.write(compressed);
    call.write(plain);
    call.end();
    expectStatus(await finish(call), status.OK);
    await new Promise(setImmediate);
    equal(response.aggregated_payload_size, 73086, 'aggregated payload size');
    const { up } = since();
    check(up > 45904 && up < 45904 + SMALL, `expected one compressed and one plain message, sent ${up} bytes`);
  });
});

scenario('server_compressed_streaming', async (session) => {
  const request = { response_parameters: [{ size: 31415, compressed: { value: true } }, { size: 92653, compressed: { value: false } }] };
  await session.measured({}, async (client, since) => {
    const outcome = await finish(client.StreamingOutputCall(request, session.deadline()));
    expectStatus(outcome, status.OK);
    equal(outcome.messages.length, 2, 'number of responses');
    zeros(outcome.messages[0].payload, 31415, 'compressed response');
    zeros(outcome.messages[1].payload, 92653, 'uncompressed response');
    const { down } = since();
    check(down > 92653 && down < 92653 + SMALL, `expected only the first compressed, got ${down} bytes`);
  });
});

scenario('compressed_over_limit', async (session) => {
  // 16 times the limit, 65 KB on the wire: the limit counts what a message unfolds to.
  const client = session.open(session.TestService, GZIP);
  const bomb = { payload: { body: Buffer.alloc(16 * session.options.max_message_bytes) } };
  const outcome = await session.unary('UnaryCall', bomb, { client });
  client.close();
  expectStatus(outcome, status.RESOURCE_EXHAUSTED);
  await session.stillAlive('a message that unfolds over the limit');
});
