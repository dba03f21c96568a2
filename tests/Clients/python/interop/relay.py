"""A loopback relay that counts bytes.

grpcio hides the compressed flag of a message. What it cannot hide is the number of bytes on the wire: 314,159 zeros
take 314,159 bytes or a few hundred. The relay makes "the server really compressed" a fact about the wire.
"""

import socket
import threading


class Relay:
    def __init__(self, host, port):
        self._upstream = (host, port)
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._sockets = [self._listener]
        self._up = 0
        self._down = 0
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def bytes(self):
        """(bytes to the server, bytes from the server) so far."""
        with self._lock:
            return self._up, self._down

    def close(self):
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for each in sockets:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # Already gone, which is what closing asks for.
            each.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # close() ended the listener.
            server = socket.create_connection(self._upstream)
            with self._lock:
                self._sockets += [client, server]
            threading.Thread(target=self._pump, args=(client, server, "_up"), daemon=True).start()
            threading.Thread(target=self._pump, args=(server, client, "_down"), daemon=True).start()

    def _pump(self, source, target, counter):
        try:
            while True:
                data = source.recv(65536)
                if not data:
                    target.shutdown(socket.SHUT_WR)
                    return
                # Counted before it is passed on, so that a finished call's bytes are in the count.
                with self._lock:
                    setattr(self, counter, getattr(self, counter) + len(data))
                target.sendall(data)
        except OSError:
            return  # One side hung up; the other sees its own end of the connection.
