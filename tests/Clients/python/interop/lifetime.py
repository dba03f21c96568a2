"""Metadata, cancellation and deadlines."""

import threading

import grpc

from interop.calls import PingPong, large_request, output_request
from interop.session import CALL_SECONDS, check, equal, fails_with, scenario, zeros

ECHO_INITIAL = "x-grpc-test-echo-initial"
ECHO_TRAILING = "x-grpc-test-echo-trailing-bin"
# Not of the public description: the server answers with the milliseconds it has left for the call, or "none".
ASK_REMAINING = "x-interop-ask-time-remaining"
TIME_REMAINING = "x-interop-time-remaining-ms"


def _values(metadata, key):
    return [value for name, value in (metadata or ()) if name == key]


def _check_echo(call, initial, trailing):
    equal(_values(call.initial_metadata(), ECHO_INITIAL), initial, "initial metadata " + ECHO_INITIAL)
    equal(_values(call.trailing_metadata(), ECHO_TRAILING), trailing, "trailing metadata " + ECHO_TRAILING)


@scenario("custom_metadata")
def custom_metadata(session):
    initial, trailing = "test_initial_metadata_value", b"\xab\xab\xab"
    metadata = ((ECHO_INITIAL, initial), (ECHO_TRAILING, trailing))
    response, call = session.stub.UnaryCall.with_call(large_request(session), metadata=metadata, timeout=CALL_SECONDS)
    zeros(response.payload, 314159, "unary response")
    _check_echo(call, [initial], [trailing])

    requests = iter([output_request(session, 271828, (314159,))])
    stream = session.stub.FullDuplexCall(requests, metadata=metadata, timeout=CALL_SECONDS)
    received = list(stream)
    equal(len(received), 1, "number of stream responses")
    zeros(received[0].payload, 314159, "stream response")
    _check_echo(stream, [initial], [trailing])


@scenario("metadata_with_error")
def metadata_with_error(session):
    # A failed call carries its trailing metadata too.
    metadata = ((ECHO_TRAILING, b"\x00\xff"),)
    status = session.testing.EchoStatus(code=9, message="refused")
    try:
        session.stub.UnaryCall(
            session.testing.SimpleRequest(response_status=status), metadata=metadata, timeout=CALL_SECONDS
        )
    except grpc.RpcError as error:
        equal(error.code(), grpc.StatusCode.FAILED_PRECONDITION, "status code")
        equal(_values(error.trailing_metadata(), ECHO_TRAILING), [b"\x00\xff"], "trailing metadata")
        return
    check(False, "expected FAILED_PRECONDITION, but the call succeeded")


@scenario("metadata_edge_cases")
def metadata_edge_cases(session):
    cases = {
        "an empty value": "",
        "printable ASCII with percent signs, commas and quotes": "a b%20c,d;e=\"f\"~!@#$^&*()",
        "a value of 6,000 characters": "v" * 6000,
    }
    for what, value in cases.items():
        _, call = session.stub.UnaryCall.with_call(
            session.testing.SimpleRequest(), metadata=((ECHO_INITIAL, value),), timeout=CALL_SECONDS
        )
        equal(_values(call.initial_metadata(), ECHO_INITIAL), [value], "initial metadata with " + what)
    binary = {
        "every byte": [bytes(range(256))],
        "an empty value": [b""],
        "Unicode as UTF-8": ["Zürich ☺ 😈".encode()],
        "one and two bytes of padding": [b"\x01", b"\x01\x02"],
        "two values of one key, in order": [b"first,comma", b"second"],
    }
    for what, values in binary.items():
        _, call = session.stub.UnaryCall.with_call(
            session.testing.SimpleRequest(), metadata=[(ECHO_TRAILING, v) for v in values], timeout=CALL_SECONDS
        )
        equal(_values(call.trailing_metadata(), ECHO_TRAILING), values, "trailing metadata with " + what)


@scenario("initial_metadata_before_first_message")
def initial_metadata_before_first_message(session):
    # A client may wait for the headers before it says anything: they must not wait for the first response.
    requests = PingPong()
    call = session.stub.FullDuplexCall(requests, metadata=((ECHO_INITIAL, "early"),), timeout=CALL_SECONDS)
    equal(_values(call.initial_metadata(), ECHO_INITIAL), ["early"], "initial metadata of a silent stream")
    requests.half_close()
    equal(list(call), [], "responses")


@scenario("cancel_after_begin")
def cancel_after_begin(session):
    release = threading.Event()

    def silent():
        release.wait(CALL_SECONDS)
        yield from ()

    call = session.stub.StreamingInputCall.future(silent(), timeout=CALL_SECONDS)
    call.cancel()
    release.set()
    equal(call.code(), grpc.StatusCode.CANCELLED, "status code")
    check(call.cancelled(), "the call does not say that it was cancelled")
    session.still_alive("a cancelled call")


@scenario("cancel_after_first_response")
def cancel_after_first_response(session):
    requests = PingPong()
    call = session.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)
    requests.send(output_request(session, 27182, (31415,)))
    zeros(next(call).payload, 31415, "response")
    call.cancel()
    requests.half_close()
    with fails_with(grpc.StatusCode.CANCELLED):
        next(call)
    session.still_alive("a cancelled stream")


@scenario("cancel_many_streams")
def cancel_many_streams(session):
    # Abandoned streams must give their slots back: more of them than a connection allows at once.
    for _ in range(3):
        calls = [session.stub.FullDuplexCall(PingPong(), timeout=CALL_SECONDS) for _ in range(100)]
        for call in calls:
            call.cancel()
    session.still_alive("300 cancelled streams")


@scenario("timeout_on_sleeping_server")
def timeout_on_sleeping_server(session):
    requests = PingPong()
    call = session.stub.FullDuplexCall(requests, timeout=0.001)
    requests.send(output_request(session, 27182))
    with fails_with(grpc.StatusCode.DEADLINE_EXCEEDED):
        next(call)
    requests.half_close()
    session.still_alive("an expired deadline")


@scenario("deadline_propagation")
def deadline_propagation(session):
    metadata = ((ASK_REMAINING, "1"),)
    request = session.testing.SimpleRequest()
    _, call = session.stub.UnaryCall.with_call(request, metadata=metadata, timeout=CALL_SECONDS)
    values = _values(call.initial_metadata(), TIME_REMAINING)
    equal(len(values), 1, "number of {} values".format(TIME_REMAINING))
    check(values[0] != "none", "the server did not see the deadline")
    # The C core rounds a timeout up to its coarse wire format, hence the slack above.
    check(0 < int(values[0]) <= 1100 * CALL_SECONDS, "the server sees {} ms of {} s".format(values[0], CALL_SECONDS))

    _, call = session.stub.UnaryCall.with_call(request, metadata=metadata)
    equal(_values(call.initial_metadata(), TIME_REMAINING), ["none"], "time remaining without a deadline")

    sleepy = session.testing.StreamingOutputCallRequest()
    sleepy.response_parameters.add(size=1, interval_us=60_000_000)
    with fails_with(grpc.StatusCode.DEADLINE_EXCEEDED):
        list(session.stub.StreamingOutputCall(sleepy, timeout=0.2))
    session.still_alive("an expired deadline")
