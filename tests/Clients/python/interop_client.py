#!/usr/bin/env python3
"""Runs the interoperability scenarios against a server: one, several or all of them. See ../README.md."""

import argparse
import sys
import time

import grpc

from interop import calls, compression, lifetime, services  # noqa: F401 (importing registers the scenarios)
from interop.codegen import Messages
from interop.session import SCENARIOS, Failed, Session, Skipped


# They need somebody who does something to the server meanwhile.
ASSISTED = {"drain"}


def truth(text):
    if text.lower() in ("true", "1"):
        return True
    if text.lower() in ("false", "0"):
        return False
    raise argparse.ArgumentTypeError("expected true or false, got " + text)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--server_host", default="localhost")
    parser.add_argument("--server_port", type=int)
    parser.add_argument("--server_host_override", help="name the certificate is checked against")
    parser.add_argument("--use_tls", type=truth, nargs="?", const=True, default=False)
    parser.add_argument("--ca_file", help="PEM of the authority that signed the server's certificate")
    parser.add_argument("--client_cert_file", help="PEM of this client's certificate")
    parser.add_argument("--client_key_file", help="PEM of this client's key")
    parser.add_argument("--test_case", action="append", default=[], help="a scenario; may be given several times")
    parser.add_argument("--all", action="store_true", help="every scenario, in one process")
    parser.add_argument("--list", action="store_true", help="print the names of the scenarios and stop")
    parser.add_argument("--max_message_bytes", type=int, default=4 * 1024 * 1024, help="the server's message limit")
    parser.add_argument("--concurrency", type=int, default=200, help="calls in flight in concurrent_large_unary")
    return parser.parse_args()


def one_line(text):
    return " ".join(str(text).split())


def run(session, name):
    """Prints exactly one line: PASS name ms, FAIL name: reason, or SKIP name: reason."""
    started = time.monotonic()
    try:
        SCENARIOS[name](session)
    except Skipped as reason:
        print("SKIP {}: {}".format(name, one_line(reason)), flush=True)
        return "SKIP"
    except Failed as reason:
        print("FAIL {}: {}".format(name, one_line(reason)), flush=True)
        return "FAIL"
    except grpc.RpcError as error:
        print("FAIL {}: {} {}".format(name, error.code(), one_line(error.details())), flush=True)
        return "FAIL"
    except Exception as error:  # A broken scenario is a failed scenario; the others still run.
        print("FAIL {}: {}: {}".format(name, type(error).__name__, one_line(error)), flush=True)
        return "FAIL"
    print("PASS {} {:.0f} ms".format(name, 1000 * (time.monotonic() - started)), flush=True)
    return "PASS"


def main():
    options = arguments()
    if options.list:
        print("\n".join(SCENARIOS))
        return 0
    names = [name for name in SCENARIOS if name not in ASSISTED] if options.all else options.test_case
    unknown = [name for name in names if name not in SCENARIOS]
    if unknown or not names or not options.server_port:
        print("give --server_port and --all or --test_case, one of: " + " ".join(SCENARIOS), file=sys.stderr)
        return 2
    session = Session(options, Messages())
    results = [run(session, name) for name in names]
    session.close()
    print("DONE {} passed, {} failed, {} skipped".format(*map(results.count, ("PASS", "FAIL", "SKIP"))))
    return 1 if "FAIL" in results else 0


if __name__ == "__main__":
    sys.exit(main())
