"""Compression both ways, per call and per message, with the wire's byte counts as the witness."""

import random

import grpc

from interop.calls import fails_over_limit, large_request
from interop.session import CALL_SECONDS, check, equal, fails_with, scenario, zeros

# 271,828 zeros take about 300 bytes as gzip; headers and frames of a call take well under 2,000.
SMALL = 10_000


def _probe(session):
    """An uncompressed message that claims to be compressed must be refused: so the server really looks."""
    with fails_with(grpc.StatusCode.INVALID_ARGUMENT):
        session.stub.UnaryCall(
            large_request(session, expect_compressed=session.testing.BoolValue(value=True)), timeout=CALL_SECONDS
        )


@scenario("client_compressed_unary")
def client_compressed_unary(session):
    _probe(session)
    with session.measured_stub() as (stub, since):
        yes = large_request(session, expect_compressed=session.testing.BoolValue(value=True))
        response = stub.UnaryCall(yes, timeout=CALL_SECONDS, compression=grpc.Compression.Gzip)
        zeros(response.payload, 314159, "response")
        check(since()[0] < SMALL, "this client did not compress its request")

        no = large_request(session, expect_compressed=session.testing.BoolValue(value=False))
        response = stub.UnaryCall(no, timeout=CALL_SECONDS, compression=grpc.Compression.NoCompression)
        zeros(response.payload, 314159, "response")
        check(since()[0] > 271828, "this client compressed a request it was told not to")


@scenario("client_compressed_unary_deflate")
def client_compressed_unary_deflate(session):
    # Deflate is the other encoding of the C core. A server without it must say so: UNIMPLEMENTED, never garbage.
    request = large_request(session)
    try:
        response = session.stub.UnaryCall(request, timeout=CALL_SECONDS, compression=grpc.Compression.Deflate)
        zeros(response.payload, 314159, "response")
    except grpc.RpcError as error:
        equal(error.code(), grpc.StatusCode.UNIMPLEMENTED, "status of an unsupported encoding")
    session.still_alive("a deflate request")


@scenario("server_compressed_unary")
def server_compressed_unary(session):
    with session.measured_stub() as (stub, since):
        for compressed in (True, False):
            request = large_request(session, response_compressed=session.testing.BoolValue(value=compressed))
            response = stub.UnaryCall(request, timeout=CALL_SECONDS)
            zeros(response.payload, 314159, "response")
            _, down = since()
            if compressed:
                check(down < SMALL, "the response was not compressed: {} bytes came over the wire".format(down))
            else:
                check(down > 314159, "the response was compressed: only {} bytes came over the wire".format(down))


@scenario("client_compressed_streaming")
def client_compressed_streaming(session):
    messages = session.testing
    lie = messages.StreamingInputCallRequest(
        expect_compressed=messages.BoolValue(value=True), payload=messages.Payload(body=bytes(27182))
    )
    with fails_with(grpc.StatusCode.INVALID_ARGUMENT):
        session.stub.StreamingInputCall(iter([lie]), timeout=CALL_SECONDS)
    session.still_alive("the refused probe")

    # grpcio has no switch for one message of a client stream, but its core leaves a message uncompressed when gzip
    # would not make it smaller: random bytes (seed 45904) are the uncompressed message of the description.
    noise = random.Random(45904).randbytes(45904)
    plain = messages.StreamingInputCallRequest(
        expect_compressed=messages.BoolValue(value=False), payload=messages.Payload(body=noise)
    )
    with session.measured_stub() as (stub, since):
        response = stub.StreamingInputCall(
            iter([lie, plain]), timeout=CALL_SECONDS, compression=grpc.Compression.Gzip
        )
        equal(response.aggregated_payload_size, 73086, "aggregated payload size")
        up, _ = since()
        check(45904 < up < 45904 + SMALL, "expected one compressed and one plain message, sent {} bytes".format(up))


@scenario("server_compressed_streaming")
def server_compressed_streaming(session):
    request = session.testing.StreamingOutputCallRequest()
    request.response_parameters.add(size=31415).compressed.value = True
    request.response_parameters.add(size=92653).compressed.value = False
    with session.measured_stub() as (stub, since):
        responses = list(stub.StreamingOutputCall(request, timeout=CALL_SECONDS))
        equal(len(responses), 2, "number of responses")
        zeros(responses[0].payload, 31415, "compressed response")
        zeros(responses[1].payload, 92653, "uncompressed response")
        _, down = since()
        # Both compressed: a few hundred bytes. None: 124,068. Exactly the second: in between.
        check(92653 < down < 92653 + SMALL, "expected only the first compressed, got {} bytes".format(down))


@scenario("compressed_over_limit")
def compressed_over_limit(session):
    # 16 times the limit, 65 KB on the wire: the limit counts what a message unfolds to.
    bomb = session.testing.SimpleRequest(
        payload=session.testing.Payload(body=bytes(16 * session.options.max_message_bytes))
    )
    fails_over_limit(
        session, lambda: session.stub.UnaryCall(bomb, timeout=CALL_SECONDS, compression=grpc.Compression.Gzip)
    )
