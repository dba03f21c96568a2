#!/usr/bin/env node
'use strict';
// Runs the interoperability scenarios against a server: one, several or all of them. See ../README.md.

const { parseArgs } = require('node:util');
const { Session, Failed, Skipped, scenarios } = require('./lib/session');
require('./lib/calls');
require('./lib/compression');
require('./lib/lifetime');
require('./lib/services');
require('./lib/wire');

const text = (value) => ({ type: 'string', default: value });

function parse() {
  // The stock clients are also given a bare --use_tls.
  const words = process.argv.slice(2).map((word) => (word === '--use_tls' ? '--use_tls=true' : word));
  const { values } = parseArgs({
    args: words,
    options: {
      server_host: text('localhost'),
      server_port: text(undefined),
      server_host_override: text(undefined),
      use_tls: text('false'),
      ca_file: text(undefined),
      client_cert_file: text(undefined),
      client_key_file: text(undefined),
      max_message_bytes: text(String(4 * 1024 * 1024)),
      concurrency: text('200'),
      test_case: { type: 'string', multiple: true, default: [] },
      all: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
    },
  });
  for (const name of ['server_port', 'max_message_bytes', 'concurrency']) values[name] = Number(values[name] ?? 0);
  values.use_tls = ['true', '1'].includes(values.use_tls);
  return values;
}

// Prints exactly one line: PASS name ms, FAIL name: reason, or SKIP name: reason.
async function run(session, name) {
  const started = process.hrtime.bigint();
  const oneLine = (message) => String(message).replace(/\s+/g, ' ');
  try {
    await scenarios.get(name)(session);
  } catch (error) {
    const word = error instanceof Skipped ? 'SKIP' : 'FAIL';
    const reason = error instanceof Failed || error instanceof Skipped ? error.message : error.stack ?? error;
    console.log(`${word} ${name}: ${oneLine(reason)}`);
    return word;
  }
  console.log(`PASS ${name} ${Number((process.hrtime.bigint() - started) / 1000000n)} ms`);
  return 'PASS';
}

async function main() {
  const options = parse();
  if (options.list) {
    console.log([...scenarios.keys()].join('\n'));
    return 0;
  }
  const names = options.all ? [...scenarios.keys()] : options.test_case;
  const unknown = names.filter((name) => !scenarios.has(name));
  if (unknown.length > 0 || names.length === 0 || !options.server_port) {
    console.error(`give --server_port and --all or --test_case, one of: ${[...scenarios.keys()].join(' ')}`);
    return 2;
  }
  const session = new Session(options);
  const results = [];
  for (const name of names) results.push(await run(session, name));
  session.close();
  const count = (word) => results.filter((each) => each === word).length;
  console.log(`DONE ${count('PASS')} passed, ${count('FAIL')} failed, ${count('SKIP')} skipped`);
  return count('FAIL') > 0 ? 1 : 0;
}

// Exit explicitly: idle connections and watchdog timers must not keep a finished client alive.
main().then((code) => process.exit(code), (error) => {
  console.error(error);
  process.exit(2);
});
