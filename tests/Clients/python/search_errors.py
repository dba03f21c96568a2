#!/usr/bin/env python3
"""Provokes the errors of the search API, case by case, and checks what each one says: code, reason, field and fix.

The cases stand in ../errors.json; what cannot be said through grpcio is said by the Node program over raw HTTP/2.

    /usr/bin/python3 tests/Clients/python/search_errors.py --server localhost:7700 [--pid PROCESS]
"""

import argparse
import base64
import json
import os
import pathlib
import queue
import signal
import sys

import grpc
from google.protobuf import json_format

from search import refusals, stubs  # noqa: F401 (stubs makes the generated modules importable)

from searchengine.v1 import (
    collections_pb2, collections_pb2_grpc, evaluation_pb2, evaluation_pb2_grpc, points_pb2, points_pb2_grpc, search_pb2, search_pb2_grpc)

SECONDS = 30
TABLE = pathlib.Path(__file__).resolve().parents[1] / "errors.json"
SERVICES = {
    "Collections": (collections_pb2, collections_pb2_grpc.CollectionsStub),
    "Points": (points_pb2, points_pb2_grpc.PointsStub),
    "Search": (search_pb2, search_pb2_grpc.SearchStub),
    "Evaluation": (evaluation_pb2, evaluation_pb2_grpc.EvaluationStub),
}
WAITING_HELPS = {"OVERLOADED", "PREDICTED_LATE", "DRAINING"}
# A client that keeps large requests to itself could not provoke the server's refusal of them.
CHANNEL = [("grpc.max_send_message_length", -1)]


class Skipped(Exception):
    """grpcio cannot say this."""


def expand(value):
    """The table's long values: {"$repeat": [value, count]}, and {"$number": [point, count]} for points 1 to count."""
    if isinstance(value, list):
        return [expand(each) for each in value]
    if not isinstance(value, dict):
        return value
    if "$repeat" in value:
        repeated, count = value["$repeat"]
        return repeated * count if isinstance(repeated, str) else [expand(repeated)] * count
    if "$number" in value:
        template, count = value["$number"]
        return [{**template, "id": {"number": number}} for number in range(1, count + 1)]
    return {key: expand(each) for key, each in value.items()}


class Caller:
    def __init__(self, channel):
        self.channel = channel
        self.stubs = {name: stub(channel) for name, (_, stub) in SERVICES.items()}

    def call(self, spec):
        """Makes the call to its end; raises grpc.RpcError where it fails."""
        if "path" in spec:
            return self.raw(spec)
        if "requests" in spec:
            return list(self.method(spec)(iter(self.messages(spec)), timeout=SECONDS))
        reply = self.method(spec)(self.message(spec, spec["request"]), timeout=SECONDS)
        return list(reply) if hasattr(reply, "__next__") else reply

    def flood(self, spec):
        """Many calls at once; the error of one that was refused."""
        request = self.message(spec, spec["request"])
        calls = [self.method(spec).future(request, timeout=SECONDS) for _ in range(spec["atOnce"])]
        errors = [error for error in (call.exception() for call in calls) if error is not None]
        if errors:
            raise errors[0]

    def until_stopped(self, spec, process):
        """Keeps a stream open while the server is told to stop."""
        if process is None:
            raise Skipped("needs --pid")
        requests = queue.SimpleQueue()
        replies = self.method(spec)(iter(requests.get, None), timeout=SECONDS)
        for message in self.messages(spec):
            requests.put(message)
        next(replies)
        os.kill(process, signal.SIGTERM)
        list(replies)

    def raw(self, spec):
        if "wire" in spec:
            raise Skipped("grpcio writes these headers itself")
        messages = [base64.b64decode(message) for message in spec["messages"]]
        call = self.channel.stream_unary(spec["path"])
        deflate = grpc.Compression.Deflate if spec.get("compression") == "deflate" else None
        return call(iter(messages), timeout=SECONDS, metadata=tuple(expand(spec.get("metadata", {})).items()), compression=deflate)

    def method(self, spec):
        service, method = spec["call"].split(".")
        return getattr(self.stubs[service], method)

    def message(self, spec, fields):
        service, method = spec["call"].split(".")
        module = SERVICES[service][0]
        kind = module.DESCRIPTOR.services_by_name[service].methods_by_name[method].input_type
        return json_format.ParseDict(expand(fields), getattr(module, kind.name)())

    def messages(self, spec):
        return [self.message(spec, fields) for fields in spec["requests"]]


def provoke(caller, case, process):
    """What the server said of the case; raises AssertionError where that is not what the table says."""
    for spec in case.get("first", ()):
        caller.call(spec)
    try:
        if "atOnce" in case:
            caller.flood(case)
        elif case.get("stopsServer"):
            caller.until_stopped(case, process)
        else:
            caller.call(case)
    except grpc.RpcError as error:
        said = refusals.read(error)
    else:
        raise AssertionError("the call succeeded")
    expected = case["code"], case["reason"], case["field"]
    assert (said.code, said.reason, said.field) == expected, f"expected {expected}, got {said}"
    assert said.fix, f"{said.reason} says no fix"
    assert said.code != "INVALID_ARGUMENT" or said.field in said.bad_fields, f"BadRequest names {said.bad_fields}, not {said.field}"
    assert (said.reason in WAITING_HELPS) == (said.retry_seconds > 0), f"{said.reason} says to wait {said.retry_seconds} s"
    return said


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--server", default="localhost:7700", help="host:port of `searchengine serve`, on an empty directory")
    parser.add_argument("--pid", type=int, help="the server's process, which the last case tells to stop")
    options = parser.parse_args()
    table = json.loads(TABLE.read_text())
    failed = 0
    with grpc.insecure_channel(options.server, options=CHANNEL) as channel:
        caller = Caller(channel)
        for spec in table["setup"]:
            caller.call(spec)
        for case in table["cases"]:
            try:
                said = provoke(caller, case, options.pid)
                print(f"PASS {case['name']}: {said.code} {said.reason} {said.field or '-'}: {said.fix}", flush=True)
            except Skipped as reason:
                print(f"SKIP {case['name']}: {reason}", flush=True)
            except (AssertionError, grpc.RpcError) as wrong:
                failed += 1
                print(f"FAIL {case['name']}: {' '.join(str(wrong).split())}", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
