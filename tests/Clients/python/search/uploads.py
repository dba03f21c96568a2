"""Streams points into a collection, within the credits that the server grants."""

import queue

from search import stubs  # noqa: F401 (makes the generated modules importable)

from searchengine.v1 import points_pb2

FRAME_POINTS = 500


def upload(points_stub, header, points, stop_after=None):
    """Uploads `points`, numbered from 1, from where the resume key of the header stands; returns what the server said last.

    stop_after: break off, as a crash would, once so many points are acknowledged.
    """
    outgoing = queue.SimpleQueue()
    replies = points_stub.Upload(iter(outgoing.get, None), timeout=60)
    outgoing.put(points_pb2.UploadRequest(header=header))
    sent = credits = spare_bytes = 0
    for reply in replies:
        match reply.WhichOneof("frame"):
            case "started":
                # An earlier stream under the same key may have come this far: those points are safe.
                sent = reply.started.acknowledged_through
                credits, spare_bytes = reply.started.credits.items, reply.started.credits.bytes
            case "credits":
                credits, spare_bytes = credits + reply.credits.items, spare_bytes + reply.credits.bytes
            case "ack" if stop_after is not None and reply.ack.through_sequence >= stop_after:
                replies.cancel()
                return reply.ack
            case "refusals":
                raise ValueError(reply.refusals.refused[0].error.message)
            case "summary":
                return reply.summary
        while sent < len(points):
            frame = points_pb2.UploadItems(first_sequence=sent + 1, points=points[sent:sent + min(FRAME_POINTS, credits)])
            if not frame.points or frame.ByteSize() > spare_bytes:
                break  # More credits come with the acknowledgements.
            outgoing.put(points_pb2.UploadRequest(items=frame))
            sent, credits, spare_bytes = sent + len(frame.points), credits - len(frame.points), spare_bytes - frame.ByteSize()
        else:
            outgoing.put(None)  # Half-close: the server answers what is under way, then the summary.
