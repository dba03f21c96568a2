#!/usr/bin/env python3
"""The same TestService served by grpcio: proves the clients before any other server, and our own client after.

grpcio shows a server neither the compressed flag nor the encoding of a request, so `expect_compressed` cannot be
honoured here: client_compressed_unary and client_compressed_streaming fail against this server, as they do against
every grpcio server. ../cpp/interop_server.cc honours it.
"""

import argparse
import signal
import sys
import threading
import uuid
from concurrent import futures

import grpc

from interop.codegen import Messages
from interop.services_server import Health, Reflection
from interop.stub import methods, shape_name

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
ASK_REMAINING = "x-interop-ask-time-remaining"
TIME_REMAINING = "x-interop-time-remaining-ms"
MAX_RESPONSE_BYTES = 64 * 1024 * 1024
CODES = {code.value[0]: code for code in grpc.StatusCode}


def echo_metadata(context):
    request = context.invocation_metadata()
    initial = [(key, value) for key, value in request if key == ECHO_INITIAL]
    if any(key == ASK_REMAINING for key, _ in request):
        # grpcio reports a call without a deadline as one that ends centuries from now.
        remaining = context.time_remaining()
        bounded = remaining is not None and remaining < 1e9
        initial.append((TIME_REMAINING, str(max(1, int(remaining * 1000))) if bounded else "none"))
    context.set_trailing_metadata([(key, value) for key, value in request if key == ECHO_TRAILING])
    context.send_initial_metadata(initial)


def echo_status(request, context):
    if request.HasField("response_status") and request.response_status.code != 0:
        status = request.response_status
        context.abort(CODES.get(status.code, grpc.StatusCode.UNKNOWN), status.message)


def body(size, context):
    if not 0 <= size <= MAX_RESPONSE_BYTES:
        context.abort(grpc.StatusCode.INVALID_ARGUMENT, "size must be 0 to {}".format(MAX_RESPONSE_BYTES))
    return bytes(size)


class TestService:
    def __init__(self, messages):
        self._testing = messages.testing
        self._empty = messages.empty.Empty()
        self._server_id = str(uuid.uuid4())

    def EmptyCall(self, _, context):
        echo_metadata(context)
        return self._empty

    def UnaryCall(self, request, context):
        if request.HasField("response_compressed"):
            wanted = grpc.Compression.Gzip if request.response_compressed.value else grpc.Compression.NoCompression
            context.set_compression(wanted)
        echo_metadata(context)
        echo_status(request, context)
        response = self._testing.SimpleResponse()
        response.payload.body = body(request.response_size, context)
        if request.fill_server_id:
            response.server_id = self._server_id
        return response

    CacheableUnaryCall = UnaryCall

    def StreamingInputCall(self, requests, context):
        echo_metadata(context)
        total = sum(len(request.payload.body) for request in requests)
        return self._testing.StreamingInputCallResponse(aggregated_payload_size=total)

    def StreamingOutputCall(self, request, context):
        context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        yield from self._responses(request, context)

    def FullDuplexCall(self, requests, context):
        context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        for request in requests:
            yield from self._responses(request, context)

    def HalfDuplexCall(self, requests, context):
        context.set_compression(grpc.Compression.Gzip)
        echo_metadata(context)
        for request in list(requests):
            yield from self._responses(request, context)

    def _responses(self, request, context):
        echo_status(request, context)
        for parameters in request.response_parameters:
            if parameters.interval_us > 0 and not wait(context, parameters.interval_us / 1e6):
                return
            if not parameters.compressed.value:
                context.disable_next_message_compression()
            response = self._testing.StreamingOutputCallResponse()
            response.payload.body = body(parameters.size, context)
            yield response


def wait(context, seconds):
    """False as soon as the call is over: a cancelled call must not hold its thread for the rest of the interval."""
    ended = threading.Event()
    if not context.add_callback(ended.set):
        return False
    return not ended.wait(seconds)


def handlers(service, implementation):
    table = {}
    for name, request, response, client_streaming, server_streaming in methods(service):
        function = getattr(implementation, name, None)
        if function is not None:
            make = getattr(grpc, shape_name(client_streaming, server_streaming) + "_rpc_method_handler")
            table[name] = make(function, request.FromString, response.SerializeToString)
    return grpc.method_handlers_generic_handler(service.full_name, table)


def credentials(options):
    with open(options.tls_key_file, "rb") as key, open(options.tls_cert_file, "rb") as certificate:
        return grpc.ssl_server_credentials([(key.read(), certificate.read())])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free port and prints it")
    parser.add_argument("--tls_cert_file")
    parser.add_argument("--tls_key_file")
    options = parser.parse_args()

    messages = Messages()
    # A stream holds its thread while it is open: there must be more threads than streams at once.
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=400), options=(("grpc.so_reuseport", 0),))
    served = [(messages.test.DESCRIPTOR.services_by_name["TestService"], TestService(messages))]
    names = ["grpc.testing.TestService", "grpc.health.v1.Health"]
    names += ["grpc.reflection.{}.ServerReflection".format(version) for version in messages.reflection]
    served.append((messages.health.DESCRIPTOR.services_by_name["Health"], Health(messages.health, names)))
    for module in messages.reflection.values():
        served.append((module.DESCRIPTOR.services_by_name["ServerReflection"], Reflection(module, names)))
    server.add_generic_rpc_handlers(tuple(handlers(*pair) for pair in served))

    address = "127.0.0.1:{}".format(options.port)
    if options.tls_cert_file:
        port = server.add_secure_port(address, credentials(options))
    else:
        port = server.add_insecure_port(address)
    server.start()
    print("LISTENING {}".format(port), flush=True)
    signal.signal(signal.SIGTERM, lambda *_: server.stop(1))
    server.wait_for_termination()
    return 0


if __name__ == "__main__":
    sys.exit(main())
