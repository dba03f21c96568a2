"""The two standard services that tools expect of every server: health and reflection."""

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool

from interop.calls import PingPong, output_request
from interop.session import CALL_SECONDS, check, equal, fails_with, scenario
from interop.stub import Stub

TEST_SERVICE = "grpc.testing.TestService"


def _health(session):
    return Stub(session.channel, session.messages.health.DESCRIPTOR.services_by_name["Health"])


@scenario("health_check")
def health_check(session):
    messages, stub = session.messages.health, _health(session)
    for service in ("", TEST_SERVICE):
        response = stub.Check(messages.HealthCheckRequest(service=service), timeout=CALL_SECONDS)
        equal(response.status, messages.HealthCheckResponse.SERVING, "status of {!r}".format(service))
    with fails_with(grpc.StatusCode.NOT_FOUND):
        stub.Check(messages.HealthCheckRequest(service="no.such.Service"), timeout=CALL_SECONDS)


@scenario("health_watch")
def health_watch(session):
    messages, stub = session.messages.health, _health(session)
    expected = {
        "": messages.HealthCheckResponse.SERVING,
        TEST_SERVICE: messages.HealthCheckResponse.SERVING,
        "no.such.Service": messages.HealthCheckResponse.SERVICE_UNKNOWN,
    }
    for service, status in expected.items():
        call = stub.Watch(messages.HealthCheckRequest(service=service), timeout=CALL_SECONDS)
        equal(next(call).status, status, "first watched status of {!r}".format(service))
        # The stream stays open, also for an unknown service: it may be registered later.
        check(call.is_active(), "the watch of {!r} ended by itself".format(service))
        call.cancel()
        with fails_with(grpc.StatusCode.CANCELLED):
            next(call)


class _Reflection:
    """One open reflection stream; every question waits for its answer."""

    def __init__(self, session, version):
        self._messages = session.messages.reflection[version]
        service = self._messages.DESCRIPTOR.services_by_name["ServerReflection"]
        self._requests = PingPong()
        self._responses = Stub(session.channel, service).ServerReflectionInfo(self._requests, timeout=CALL_SECONDS)

    def ask(self, **question):
        request = self._messages.ServerReflectionRequest(host="localhost", **question)
        self._requests.send(request)
        response = next(self._responses)
        equal(response.original_request, request, "original_request of the answer")
        return response

    def files(self, **question):
        response = self.ask(**question)
        equal(response.WhichOneof("message_response"), "file_descriptor_response", "answer to {}".format(question))
        serialised = response.file_descriptor_response.file_descriptor_proto
        return [descriptor_pb2.FileDescriptorProto.FromString(each) for each in serialised]

    def error(self, **question):
        response = self.ask(**question)
        equal(response.WhichOneof("message_response"), "error_response", "answer to {}".format(question))
        return response.error_response.error_code

    def finish(self):
        self._requests.half_close()
        equal(list(self._responses), [], "answers after the half-close")


def _pool(reflection, symbol):
    """Every file needed for a symbol, as a tool would gather them: by asking for each missing import."""
    files = {file.name: file for file in reflection.files(file_containing_symbol=symbol)}
    while True:
        missing = {name for file in files.values() for name in file.dependency} - files.keys()
        if not missing:
            break
        for name in sorted(missing):
            files.update((file.name, file) for file in reflection.files(file_by_filename=name))
    pool = descriptor_pool.DescriptorPool()
    while files:
        ready = next(n for n, f in files.items() if not any(d in files for d in f.dependency))
        pool.Add(files.pop(ready))
    return pool


def _reflect(session, version):
    reflection = _Reflection(session, version)
    listed = reflection.ask(list_services="").list_services_response.service
    names = [service.name for service in listed]
    equal(len(names), len(set(names)), "number of distinct services in {}".format(names))
    for name in (TEST_SERVICE, "grpc.health.v1.Health"):
        check(name in names, "{} is missing in the list {}".format(name, names))
    check("grpc.testing.UnimplementedService" not in names, "a service that is not served is listed")

    service = _pool(reflection, TEST_SERVICE).FindServiceByName(TEST_SERVICE)
    method = service.FindMethodByName("UnaryCall")
    equal(method.input_type.full_name, "grpc.testing.SimpleRequest", "input type of UnaryCall")
    equal(method.input_type.fields_by_name["expect_compressed"].number, 8, "number of expect_compressed")

    for symbol in ("grpc.testing.SimpleRequest", "grpc.testing.TestService.UnaryCall", "grpc.testing.PayloadType"):
        names = [file.name for file in reflection.files(file_containing_symbol=symbol)]
        check(any(name.startswith("grpc/testing/") for name in names), "{} was found in {}".format(symbol, names))
    not_found = grpc.StatusCode.NOT_FOUND.value[0]
    equal(reflection.error(file_containing_symbol="no.such.Symbol"), not_found, "error for an unknown symbol")
    equal(reflection.error(file_by_filename="no/such/file.proto"), not_found, "error for an unknown file")
    # An error answers one question; the stream goes on.
    check(reflection.files(file_by_filename="grpc/testing/empty.proto"), "no answer after an error")
    reflection.finish()


@scenario("reflection_v1")
def reflection_v1(session):
    _reflect(session, "v1")


@scenario("reflection_v1alpha")
def reflection_v1alpha(session):
    _reflect(session, "v1alpha")


@scenario("drain")
def drain(session):
    """Only with --test_case: whoever runs it stops the server once READY is printed."""
    messages, health = session.messages.health, _health(session)
    watch = health.Watch(messages.HealthCheckRequest(service=TEST_SERVICE), timeout=CALL_SECONDS)
    equal(next(watch).status, messages.HealthCheckResponse.SERVING, "status before the drain")
    requests = PingPong()
    stream = session.stub.FullDuplexCall(requests, timeout=CALL_SECONDS)
    requests.send(output_request(session, 1, (1,)))
    next(stream)
    print("READY", flush=True)

    equal(next(watch).status, messages.HealthCheckResponse.NOT_SERVING, "status during the drain")
    # The stream is still open while the drain lasts, and served; it ends by the server, with a status that says "elsewhere".
    with fails_with(grpc.StatusCode.UNAVAILABLE):
        next(stream)
    requests.half_close()
