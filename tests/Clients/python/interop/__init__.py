"""The interoperability scenarios, driven by Debian's grpcio (gRPC's C core)."""
