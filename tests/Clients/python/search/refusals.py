"""Reads why a call failed: the machine-readable reason, the field, and what to do about it."""

import dataclasses

from search import stubs  # noqa: F401 (makes the generated modules importable)

from google.rpc import error_details_pb2, status_pb2

DETAILS = "grpc-status-details-bin"


@dataclasses.dataclass(frozen=True)
class Refusal:
    code: str
    reason: str
    field: str
    fix: str
    facts: dict
    bad_fields: tuple  # Paths, for INVALID_ARGUMENT.
    retry_seconds: float  # 0 where waiting does not help.


def read(error):
    """The refusal in a grpc.RpcError; `grpc_status.rpc_status.from_call` unpacks the same bytes."""
    status = status_pb2.Status()
    for key, value in error.trailing_metadata() or ():
        if key == DETAILS:
            status.ParseFromString(value)
    info, bad, retry = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest(), error_details_pb2.RetryInfo()
    for detail in status.details:
        for message in (info, bad, retry):
            if detail.Is(message.DESCRIPTOR):
                detail.Unpack(message)
    facts = dict(info.metadata)
    return Refusal(
        error.code().name, info.reason, facts.get("field", ""), facts.get("fix", ""), facts,
        tuple(violation.field for violation in bad.field_violations), retry.retry_delay.ToNanoseconds() / 1e9)
