'use strict';
// A loopback relay that counts bytes: grpc-js hides the compressed flag of a message, but not the bytes on the wire.

const net = require('node:net');

class Relay {
  #upstream;
  #sockets = new Set();
  #server;
  up = 0;
  down = 0;

  constructor(host, port) {
    this.#upstream = { host, port };
    this.#server = net.createServer((client) => this.#join(client));
  }

  async open() {
    await new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    return this.#server.address().port;
  }

  close() {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(client) {
    const server = net.connect(this.#upstream);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
    }
    client.on('data', (data) => { this.up += data.length; });
    server.on('data', (data) => { this.down += data.length; });
    client.pipe(server);
    server.pipe(client);
    // One side hung up or was reset: so is the other.
    for (const [one, other] of [[client, server], [server, client]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => { this.#sockets.delete(one); other.destroy(); });
    }
  }
}

module.exports = { Relay };
