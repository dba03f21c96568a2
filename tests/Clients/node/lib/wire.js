'use strict';
// What no client library lets one say or see: scenarios over Node's own HTTP/2, frame by frame. Every one ends by proving
// that the connection still serves calls: a bad call may cost itself, never its neighbours.

const fs = require('node:fs');
const http2 = require('node:http2');
const zlib = require('node:zlib');
const { scenario, check, equal, CALL_SECONDS } = require('./session');

const EMPTY_CALL = '/grpc.testing.TestService/EmptyCall';
const UNARY_CALL = '/grpc.testing.TestService/UnaryCall';
const OUTPUT_CALL = '/grpc.testing.TestService/StreamingOutputCall';
const [OK, UNKNOWN, INVALID_ARGUMENT, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, UNIMPLEMENTED, INTERNAL] = [0, 2, 3, 4, 8, 12, 13];

// Hand-encoded messages, so that this file depends on nothing but the bytes of the protocol.
const hex = (text) => Buffer.from(text.replace(/ /g, ''), 'hex');
const COMPRESSED_1000 = hex('10 e807  32 02 08 01'); // SimpleRequest { response_size: 1000, response_compressed: true }
const SLEEPY = hex('12 07  08 01  10 80 8e ce 1c'); // StreamingOutputCallRequest { { size: 1, interval_us: 60 s } }

function frame(body, flag = 0, length = body.length) {
  const prefix = Buffer.alloc(5);
  prefix[0] = flag;
  prefix.writeUInt32BE(length, 1);
  return Buffer.concat([prefix, body]);
}

class Wire {
  constructor(options) {
    const scheme = options.use_tls ? 'https' : 'http';
    const tls = options.use_tls ? {
      ca: options.ca_file && fs.readFileSync(options.ca_file),
      cert: options.client_cert_file && fs.readFileSync(options.client_cert_file),
      key: options.client_key_file && fs.readFileSync(options.client_key_file),
      servername: options.server_host_override ?? options.server_host,
    } : {};
    this.session = http2.connect(`${scheme}://${options.server_host}:${options.server_port}`, tls);
    this.session.on('error', (error) => { this.broken = error.message; });
    this.session.on('goaway', (code) => { this.broken = `GOAWAY ${code}`; });
  }

  // One call: { headers, trailers, trailersOnly, status, data, reset }.
  ask({ path = EMPTY_CALL, method = 'POST', headers = {}, body = frame(Buffer.alloc(0)), halfClose = true } = {}) {
    const all = { ':method': method, ':path': path, 'content-type': 'application/grpc', te: 'trailers', ...headers };
    const seen = { headers: {}, trailers: {}, trailersOnly: false, data: Buffer.alloc(0), reset: 0 };
    const stream = this.session.request(all);
    return new Promise((resolve) => {
      const watchdog = setTimeout(() => stream.close(http2.constants.NGHTTP2_CANCEL), 1000 * CALL_SECONDS);
      stream.on('response', (block, flags) => {
        seen.headers = block;
        seen.trailersOnly = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      });
      stream.on('trailers', (block) => { seen.trailers = block; });
      stream.on('data', (chunk) => { seen.data = Buffer.concat([seen.data, chunk]); });
      stream.on('error', (error) => { seen.error = error.message; });
      stream.on('close', () => {
        clearTimeout(watchdog);
        seen.reset = stream.rstCode;
        const status = seen.trailers['grpc-status'] ?? seen.headers['grpc-status'];
        seen.status = status === undefined ? undefined : Number(status);
        seen.message = seen.trailers['grpc-message'] ?? seen.headers['grpc-message'];
        resolve(seen);
      });
      if (halfClose) stream.end(body);
      else {
        stream.write(body);
        // The server answers without waiting for the rest; then this side ends too.
        stream.on('end', () => stream.close(http2.constants.NGHTTP2_NO_ERROR));
      }
    });
  }

  // A call that must end with one of the statuses, over HTTP 200, as gRPC.
  async expect(statuses, call, what) {
    const seen = await this.ask(call);
    check(statuses.includes(seen.status), `${what}: expected grpc-status ${statuses.join(' or ')}, got ${seen.status} (HTTP ${seen.headers[':status']}, reset ${seen.reset}, message ${JSON.stringify(seen.message)}, ${seen.error ?? this.broken ?? 'no error'})`);
    equal(seen.headers[':status'], 200, `${what}: HTTP status`);
    check(String(seen.headers['content-type']).startsWith('application/grpc'), `${what}: content-type ${seen.headers['content-type']}`);
    return seen;
  }
}

function wire(name, run) {
  scenario(name, async (session) => {
    const connection = new Wire(session.options);
    try {
      await run(connection, session);
      await connection.expect([OK], {}, 'EmptyCall afterwards on the same connection');
      check(connection.broken === undefined, `the connection broke: ${connection.broken}`);
    } finally {
      connection.session.destroy();
    }
  });
}

wire('wire_unary', async (connection) => {
  const seen = await connection.expect([OK], {}, 'EmptyCall');
  equal(seen.data.toString('hex'), '0000000000', 'bytes of the empty message');
  equal(seen.trailers['grpc-status'], '0', 'grpc-status in the trailers');
  equal(seen.trailersOnly, false, 'a reply with a message is trailers-only');
  equal(seen.reset, 0, 'reset code');
});

wire('wire_content_types', async (connection) => {
  for (const type of ['application/grpc+proto', 'application/grpc; charset=utf-8', 'application/grpc;foo=bar']) {
    await connection.expect([OK], { headers: { 'content-type': type } }, type);
  }
  const wrong = await connection.ask({ headers: { 'content-type': 'text/plain' } });
  equal(wrong.headers[':status'], 415, 'HTTP status for text/plain');
});

wire('wire_trailers_only', async (connection) => {
  for (const path of ['/grpc.testing.TestService/NoSuchMethod', '/no.such.Service/Method', '/nonsense', '/a/b/c']) {
    const seen = await connection.expect([UNIMPLEMENTED], { path }, path);
    equal(seen.trailersOnly, true, `${path} is one HEADERS frame with END_STREAM`);
  }
});

wire('wire_status_message_encoding', async (connection) => {
  const text = Buffer.from('\u00e9%\n \u263a~');
  const status = Buffer.concat([hex('08 02 12'), Buffer.from([text.length]), text]);
  const body = frame(Buffer.concat([hex('3a'), Buffer.from([status.length]), status]));
  const seen = await connection.expect([UNKNOWN], { path: UNARY_CALL, body }, 'status message');
  equal(seen.message, '%C3%A9%25%0A %E2%98%BA~', 'grpc-message: UTF-8, percent-encoded outside printable ASCII');
});

wire('wire_server_enforces_deadline', async (connection) => {
  // This client never gives up by itself: the status can only be the server's.
  const sleepy = { path: OUTPUT_CALL, body: frame(SLEEPY) };
  for (const timeout of ['200m', '150000u', '50000000n', '0S', '0n']) {
    await connection.expect([DEADLINE_EXCEEDED], { ...sleepy, headers: { 'grpc-timeout': timeout } }, `grpc-timeout ${timeout}`);
  }
  // A call that arrives too late is not begun: an error status beside a reply message is what no official server sends.
  const late = await connection.expect([DEADLINE_EXCEEDED], { headers: { 'grpc-timeout': '0n' } }, 'a unary call without time');
  equal(late.data.length, 0, 'bytes of reply beside DEADLINE_EXCEEDED');
  await connection.expect([OK], { headers: { 'grpc-timeout': '99999999H' } }, 'the longest timeout');
});

wire('wire_malformed_timeout', async (connection) => {
  // Libraries differ here (the C core ignores it, others refuse it); what counts is a clean status, at once.
  for (const timeout of ['abc', '1', 'S', '-1S', '1x', '123456789S', '1.5S', '+1S']) {
    await connection.expect([OK, INVALID_ARGUMENT, INTERNAL], { headers: { 'grpc-timeout': timeout } }, `grpc-timeout ${timeout}`);
  }
});

wire('wire_accept_encoding', async (connection) => {
  const plain = await connection.expect([OK], { path: UNARY_CALL, body: frame(COMPRESSED_1000) }, 'no grpc-accept-encoding');
  equal(plain.data[0], 0, 'compressed flag for a client that accepts no encoding');
  const unknown = await connection.expect([OK], { path: UNARY_CALL, body: frame(COMPRESSED_1000), headers: { 'grpc-accept-encoding': 'identity,snappy' } }, 'accepts snappy');
  equal(unknown.data[0], 0, 'compressed flag for a client that accepts only snappy');
  for (const accept of ['gzip', 'identity,gzip', 'identity, deflate, gzip']) {
    const seen = await connection.expect([OK], { path: UNARY_CALL, body: frame(COMPRESSED_1000), headers: { 'grpc-accept-encoding': accept, 'grpc-encoding': 'identity' } }, `accepts ${accept}`);
    equal(seen.data[0], 1, `compressed flag for a client that accepts ${accept}`);
    equal(seen.headers['grpc-encoding'], 'gzip', 'grpc-encoding');
    equal(zlib.gunzipSync(seen.data.subarray(5)).length, 1006, 'size of the message once unfolded');
    check(seen.headers['grpc-accept-encoding']?.split(',').includes('gzip'), `grpc-accept-encoding ${seen.headers['grpc-accept-encoding']} names gzip between bare commas`);
  }
});

wire('wire_encoding_errors', async (connection) => {
  const empty = zlib.gzipSync(Buffer.alloc(0));
  const gzip = { 'grpc-encoding': 'gzip' };
  await connection.expect([OK], { headers: gzip, body: frame(empty, 1) }, 'a gzip message');
  await connection.expect([OK], { headers: gzip }, 'an uncompressed message beside grpc-encoding: gzip');
  // The protocol says UNIMPLEMENTED, with the encodings that are supported; the C core 1.51 says INTERNAL.
  const unknown = await connection.expect([UNIMPLEMENTED, INTERNAL], { headers: { 'grpc-encoding': 'snappy' }, body: frame(empty, 1) }, 'an unknown encoding');
  if (unknown.status === UNIMPLEMENTED) check(unknown.headers['grpc-accept-encoding']?.includes('gzip'), 'the refusal does not say which encodings are accepted');
  await connection.expect([INTERNAL], { body: frame(empty, 1) }, 'the compressed flag without grpc-encoding');
  await connection.expect([INTERNAL], { headers: { 'grpc-encoding': 'identity' }, body: frame(empty, 1) }, 'the compressed flag with identity');
  await connection.expect([INTERNAL], { headers: gzip, body: frame(Buffer.from('not gzip'), 1) }, 'garbage instead of gzip');
  await connection.expect([INTERNAL], { headers: gzip, body: frame(zlib.gzipSync(Buffer.alloc(50000)).subarray(0, 40), 1) }, 'gzip that is cut off');
});

wire('wire_framing_errors', async (connection) => {
  await connection.expect([INTERNAL, UNIMPLEMENTED], { body: Buffer.alloc(0) }, 'no message');
  await connection.expect([INTERNAL, INVALID_ARGUMENT], { body: frame(Buffer.alloc(3), 0, 10) }, 'a message that is cut off');
  await connection.expect([INTERNAL, INVALID_ARGUMENT], { body: Buffer.alloc(3) }, 'a prefix that is cut off');
  await connection.expect([INTERNAL, INVALID_ARGUMENT], { path: UNARY_CALL, body: frame(hex('ffffffff')) }, 'bytes that are no message');
});

wire('wire_huge_length', async (connection) => {
  // 4 GiB announced, three bytes sent, and the stream left open: refused by the prefix alone.
  const call = { body: frame(Buffer.alloc(3), 0, 0xffffffff), halfClose: false };
  await connection.expect([RESOURCE_EXHAUSTED], call, 'a length of 4 GiB');
});

wire('wire_binary_metadata', async (connection) => {
  const key = 'x-grpc-test-echo-trailing-bin';
  const bytes = (text) => String(text).split(',').map((each) => Buffer.from(each.trim(), 'base64').toString('hex'));
  for (const [sent, expected] of [['AQ==', ['01']], ['AQ', ['01']], ['q6ur', ['ababab']], ['AQ,AgM=', ['01', '0203']]]) {
    const seen = await connection.expect([OK], { path: UNARY_CALL, headers: { [key]: sent } }, `${key}: ${sent}`);
    equal(bytes(seen.trailers[key]), expected, `${key} for ${sent}`);
    check(!seen.trailers[key].includes('='), `${key} was sent padded: ${seen.trailers[key]}`);
  }
});

wire('wire_malformed_binary_metadata', async (connection) => {
  const seen = await connection.ask({ path: UNARY_CALL, headers: { 'x-grpc-test-echo-trailing-bin': '!!!' } });
  check(seen.status !== undefined, 'no status for a -bin value that is not base64');
});
