"""Plain calls of the four shapes, status and messages (public cases, plus a few that make them stricter)."""

import queue
import time

import grpc

from interop.session import CALL_SECONDS, check, equal, fails_with, scenario, zeros

REQUEST_SIZES = (27182, 8, 1828, 45904)
RESPONSE_SIZES = (31415, 9, 2653, 58979)
STATUS_MESSAGE = "test status message"
SPECIAL_STATUS_MESSAGE = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"


def large_request(session, **fields):
    body = session.testing.Payload(body=bytes(271828))
    return session.testing.SimpleRequest(response_size=314159, payload=body, **fields)


def output_request(session, request_size=None, response_sizes=(), **fields):
    request = session.testing.StreamingOutputCallRequest(**fields)
    if request_size is not None:
        request.payload.body = bytes(request_size)
    for size in response_sizes:
        request.response_parameters.add(size=size)
    return request


@scenario("empty_unary")
def empty_unary(session):
    response = session.stub.EmptyCall(session.empty, timeout=CALL_SECONDS)
    equal(response.ByteSize(), 0, "size of the empty response")


@scenario("large_unary")
def large_unary(session):
    response = session.stub.UnaryCall(large_request(session), timeout=CALL_SECONDS)
    zeros(response.payload, 314159, "response")


@scenario("concurrent_large_unary")
def concurrent_large_unary(session):
    request = large_request(session)
    # All are started before the first is awaited: they share one connection's flow-control window.
    calls = [session.stub.UnaryCall.future(request, timeout=4 * CALL_SECONDS) for _ in range(session.options.concurrency)]
    for number, call in enumerate(calls):
        zeros(call.result().payload, 314159, "response {}".format(number))


@scenario("client_streaming")
def client_streaming(session):
    requests = (
        session.testing.StreamingInputCallRequest(payload=session.testing.Payload(body=bytes(size)))
        for size in REQUEST_SIZES
    )
    response = session.stub.StreamingInputCall(requests, timeout=CALL_SECONDS)
    equal(response.aggregated_payload_size, 74922, "aggregated payload size")


@scenario("server_streaming")
def server_streaming(session):
    responses = session.stub.StreamingOutputCall(
        output_request(session, response_sizes=RESPONSE_SIZES), timeout=CALL_SECONDS
    )
    received = list(responses)
    equal(len(received), 4, "number of responses")
    for response, size in zip(received, RESPONSE_SIZES):
        zeros(response.payload, size, "response")


class PingPong:
    """A request iterator that grpcio reads from while the scenario pushes to it."""

    def __init__(self):
        self._queue = queue.Queue()

    def send(self, request):
        self._queue.put(request)

    def half_close(self):
        self._queue.put(None)

    def __iter__(self):
        return self

    def __next__(self):
        request = self._queue.get()
        if request is None:
            raise StopIteration
        return request


@scenario("ping_pong")
def ping_pong(session):
    requests = PingPong()
    responses = session.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)
    for request_size, response_size in zip(REQUEST_SIZES, RESPONSE_SIZES):
        requests.send(output_request(session, request_size, (response_size,)))
        zeros(next(responses).payload, response_size, "response")
    requests.half_close()
    equal(list(responses), [], "responses after the half-close")


@scenario("empty_stream")
def empty_stream(session):
    equal(list(session.stub.FullDuplexCall(iter(()), timeout=CALL_SECONDS)), [], "responses to an empty stream")


@scenario("half_duplex")
def half_duplex(session):
    requests = [output_request(session, 10, (size,)) for size in RESPONSE_SIZES]
    received = list(session.stub.HalfDuplexCall(iter(requests), timeout=CALL_SECONDS))
    equal([len(each.payload.body) for each in received], list(RESPONSE_SIZES), "response sizes")


@scenario("slow_reader")
def slow_reader(session):
    # 32 MB against one paused reader: the server has to wait for window updates, and nothing may be lost meanwhile.
    count, size = 160, 200_000
    responses = session.stub.StreamingOutputCall(
        output_request(session, response_sizes=[size] * count), timeout=CALL_SECONDS
    )
    zeros(next(responses).payload, size, "first response")
    time.sleep(0.3)
    rest = [len(response.payload.body) for response in responses]
    equal(rest, [size] * (count - 1), "sizes after the pause")


@scenario("status_code_and_message")
def status_code_and_message(session):
    status = session.testing.EchoStatus(code=2, message=STATUS_MESSAGE)
    with fails_with(grpc.StatusCode.UNKNOWN, STATUS_MESSAGE):
        session.stub.UnaryCall(session.testing.SimpleRequest(response_status=status), timeout=CALL_SECONDS)
    with fails_with(grpc.StatusCode.UNKNOWN, STATUS_MESSAGE):
        list(session.stub.FullDuplexCall(iter([output_request(session, response_status=status)]), timeout=CALL_SECONDS))
    session.still_alive("an error status")


@scenario("special_status_message")
def special_status_message(session):
    status = session.testing.EchoStatus(code=2, message=SPECIAL_STATUS_MESSAGE)
    with fails_with(grpc.StatusCode.UNKNOWN, SPECIAL_STATUS_MESSAGE):
        session.stub.UnaryCall(session.testing.SimpleRequest(response_status=status), timeout=CALL_SECONDS)


@scenario("every_status_code")
def every_status_code(session):
    for code in grpc.StatusCode:
        if code is grpc.StatusCode.OK:
            continue
        message = "100% of {}".format(code.name)
        status = session.testing.EchoStatus(code=code.value[0], message=message)
        with fails_with(code, message):
            session.stub.UnaryCall(session.testing.SimpleRequest(response_status=status), timeout=CALL_SECONDS)


@scenario("status_after_responses")
def status_after_responses(session):
    # The status must come after the messages that were sent before it, and must not swallow them.
    status = session.testing.EchoStatus(code=10, message=STATUS_MESSAGE)
    requests = [output_request(session, 8, RESPONSE_SIZES), output_request(session, response_status=status)]
    sizes = []
    with fails_with(grpc.StatusCode.ABORTED, STATUS_MESSAGE):
        for response in session.stub.FullDuplexCall(iter(requests), timeout=CALL_SECONDS):
            sizes.append(len(response.payload.body))
    equal(sizes, list(RESPONSE_SIZES), "responses before the status")


@scenario("unimplemented_method")
def unimplemented_method(session):
    with fails_with(grpc.StatusCode.UNIMPLEMENTED):
        session.stub.UnimplementedCall(session.empty, timeout=CALL_SECONDS)
    session.still_alive("an unknown method")


@scenario("unimplemented_service")
def unimplemented_service(session):
    path = "/grpc.testing.UnimplementedService/UnimplementedCall"
    call = session.channel.unary_unary(path, type(session.empty).SerializeToString, type(session.empty).FromString)
    with fails_with(grpc.StatusCode.UNIMPLEMENTED):
        call(session.empty, timeout=CALL_SECONDS)
    session.still_alive("an unknown service")


@scenario("invalid_response_size")
def invalid_response_size(session):
    # A size from the wire is never trusted: the server must refuse it, not fail on it.
    with fails_with(grpc.StatusCode.INVALID_ARGUMENT):
        session.stub.UnaryCall(session.testing.SimpleRequest(response_size=-1), timeout=CALL_SECONDS)


def fails_over_limit(session, call):
    with fails_with(grpc.StatusCode.RESOURCE_EXHAUSTED):
        call()
    session.still_alive("a message over the limit")


@scenario("max_message_size")
def max_message_size(session):
    limit = session.options.max_message_bytes
    payload = session.testing.Payload(body=bytes(limit))
    over = session.testing.SimpleRequest(payload=payload)
    overhead = over.ByteSize() - limit
    at = session.testing.SimpleRequest(payload=session.testing.Payload(body=bytes(limit - overhead)))
    equal(at.ByteSize(), limit, "size of the message at the limit")
    session.stub.UnaryCall(at, timeout=CALL_SECONDS)
    fails_over_limit(session, lambda: session.stub.UnaryCall(over, timeout=CALL_SECONDS))

    stream = session.testing.StreamingInputCallRequest(payload=payload)
    fails_over_limit(session, lambda: session.stub.StreamingInputCall(iter([stream]), timeout=CALL_SECONDS))

    # The client's own limit: it refuses the response and resets the stream; the server must survive that.
    with session.channel_with(("grpc.max_receive_message_length", 100_000)) as channel:
        stub = session.bind(channel)
        with fails_with(grpc.StatusCode.RESOURCE_EXHAUSTED):
            stub.UnaryCall(large_request(session), timeout=CALL_SECONDS)
        check(stub.EmptyCall(session.empty, timeout=CALL_SECONDS) is not None, "the channel is unusable afterwards")
