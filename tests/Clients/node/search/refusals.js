'use strict';
// Reads why a call failed: the machine-readable reason, the field, and what to do about it.

const fs = require('node:fs');
const path = require('node:path');
const grpc = require('@grpc/grpc-js');
const protobuf = require('protobufjs');
const { REPOSITORY } = require('./api');

// google.rpc, in which errors carry their details. npm's google-proto-files brings it as well.
const DETAILS = path.join(REPOSITORY, 'src', 'SearchEngine.Rpc', 'Protos');

const root = new protobuf.Root();
root.resolvePath = (_, target) => [path.join(DETAILS, target), target].find((file) => fs.existsSync(file)) ?? target;
root.loadSync(['google/rpc/status.proto', 'google/rpc/error_details.proto']);
const type = (name) => root.lookupType(`google.rpc.${name}`);

// The refusal in the error of a call.
function read(error) {
  const refusal = { code: grpc.status[error.code], reason: '', field: '', fix: '', facts: {}, badFields: [], retrySeconds: 0 };
  const [bytes] = error.metadata?.get('grpc-status-details-bin') ?? [];
  for (const any of bytes ? type('Status').decode(bytes).details : []) {
    const name = any.type_url.slice(any.type_url.lastIndexOf('.') + 1);
    if (name === 'ErrorInfo') {
      const { reason, metadata } = type(name).decode(any.value);
      Object.assign(refusal, { reason, facts: metadata, field: metadata.field ?? '', fix: metadata.fix ?? '' });
    } else if (name === 'BadRequest') {
      refusal.badFields = type(name).decode(any.value).fieldViolations.map((violation) => violation.field);
    } else if (name === 'RetryInfo') {
      const { seconds, nanos } = type(name).decode(any.value).retryDelay;
      refusal.retrySeconds = Number(seconds) + nanos / 1e9;
    }
  }
  return refusal;
}

module.exports = { read };
