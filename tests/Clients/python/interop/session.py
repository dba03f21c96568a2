"""What every scenario is given: channels to the server, stubs, messages and strict checks."""

import contextlib

import grpc

from interop.relay import Relay
from interop.stub import Stub

# Every call has a deadline, so that a server that hangs is a failed case and not a hung test.
CALL_SECONDS = 30

SCENARIOS = {}


class Failed(Exception):
    """A scenario saw something that the description does not allow."""


class Skipped(Exception):
    """A scenario cannot be run with this client library; the message says why."""


def scenario(name):
    def register(function):
        SCENARIOS[name] = function
        return function

    return register


def check(condition, message):
    if not condition:
        raise Failed(message)


def equal(actual, expected, what):
    check(actual == expected, "{}: expected {!r}, got {!r}".format(what, expected, actual))


def zeros(payload, size, what):
    equal(len(payload.body), size, what + " payload size")
    check(payload.body.count(0) == size, what + " payload is not all zeros")


@contextlib.contextmanager
def fails_with(code, details=None):
    """The block must raise an RpcError with this code (and exactly these details, where given)."""
    try:
        yield
    except grpc.RpcError as error:
        equal(error.code(), code, "status code (details {!r})".format(error.details()))
        if details is not None:
            equal(error.details(), details, "status message")
        return
    raise Failed("expected {}, but the call succeeded".format(code))


class Session:
    def __init__(self, options, messages):
        self.options = options
        self.messages = messages
        self.testing = messages.testing
        self.channel = self._open(options.server_host, options.server_port, ())
        self.stub = self.bind(self.channel)
        self.empty = messages.empty.Empty()

    def bind(self, channel):
        return Stub(channel, self.messages.test.DESCRIPTOR.services_by_name["TestService"])

    @contextlib.contextmanager
    def channel_with(self, *channel_options):
        with self._open(self.options.server_host, self.options.server_port, channel_options) as channel:
            yield channel

    @contextlib.contextmanager
    def measured_stub(self):
        """A stub and a function that tells the bytes (to, from the server) since it was last asked."""
        with Relay(self.options.server_host, self.options.server_port) as relay:
            with self._open("127.0.0.1", relay.port, ()) as channel:
                stub = self.bind(channel)
                stub.EmptyCall(self.empty, timeout=CALL_SECONDS)
                last = [relay.bytes()]

                def since():
                    now = relay.bytes()
                    delta = now[0] - last[0][0], now[1] - last[0][1]
                    last[0] = now
                    return delta

                yield stub, since

    def still_alive(self, after):
        """After a failed or cancelled call the connection must go on serving others."""
        try:
            self.stub.EmptyCall(self.empty, timeout=CALL_SECONDS)
        except grpc.RpcError as error:
            raise Failed("the channel is unusable after {}: {}".format(after, error.details())) from error

    def close(self):
        self.channel.close()

    def _open(self, host, port, channel_options):
        target = "{}:{}".format(host, port)
        # A private subchannel pool: a relayed channel must not share the connection of a direct one.
        channel_options = [("grpc.use_local_subchannel_pool", 1), *channel_options]
        if not self.options.use_tls:
            return grpc.insecure_channel(target, options=channel_options)
        name = self.options.server_host_override or self.options.server_host
        channel_options.append(("grpc.ssl_target_name_override", name))
        credentials = grpc.ssl_channel_credentials(
            root_certificates=_read(self.options.ca_file),
            private_key=_read(self.options.client_key_file),
            certificate_chain=_read(self.options.client_cert_file),
        )
        return grpc.secure_channel(target, credentials, options=channel_options)


def _read(path):
    if not path:
        return None
    with open(path, "rb") as file:
        return file.read()
