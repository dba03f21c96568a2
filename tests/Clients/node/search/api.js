'use strict';
// Clients of the search API, made from protos/ when the program starts.

const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

// Every call has a deadline: a server that hangs is a failed step, not a hung program.
const CALL_SECONDS = 30;

const REPOSITORY = path.resolve(__dirname, '..', '..', '..', '..');
const CONTRACT = path.join(REPOSITORY, 'protos');
const FILES = ['collections', 'points', 'search', 'rerank', 'encoder', 'admin', 'evaluation'].map((name) => `searchengine/v1/${name}.proto`);

// 64-bit numbers as strings, because ids do not fit into a double.
const contract = grpc.loadPackageDefinition(
  loader.loadSync(FILES, { includeDirs: [CONTRACT], longs: String, enums: String, defaults: true, oneofs: true })).searchengine.v1;

// Unary methods that return promises, and streams with a deadline.
function connect(server, { seconds = CALL_SECONDS, ...channelOptions } = {}) {
  const credentials = grpc.credentials.createInsecure();
  const service = (name) => {
    const stub = new contract[name](server, credentials, channelOptions);
    const methods = { close: () => stub.close() };
    for (const [method, shape] of Object.entries(contract[name].service)) {
      methods[method] = (request, options = {}) => {
        const limited = { deadline: Date.now() + 1000 * seconds, ...options };
        if (shape.requestStream) return stub[method](limited);
        if (shape.responseStream) return stub[method](request, limited);
        return new Promise((resolve, reject) => stub[method](request, limited, (error, reply) => (error ? reject(error) : resolve(reply))));
      };
    }
    return methods;
  };
  return Object.fromEntries(['Collections', 'Points', 'Search', 'Rerank', 'Encoder', 'Admin', 'Evaluation'].map((name) => [name, service(name)]));
}

// All frames of a stream.
async function all(stream) {
  const frames = [];
  for await (const frame of stream) frames.push(frame);
  return frames;
}

module.exports = { connect, all, REPOSITORY, CALL_SECONDS };
