"""Stubs made from descriptors over grpcio's generic channel calls (Debian has no grpcio-tools)."""

from google.protobuf import descriptor_pb2


def methods(service):
    """(name, request class, response class, client streams, server streams) of every method of a service."""
    proto = descriptor_pb2.ServiceDescriptorProto()
    service.CopyToProto(proto)
    for method, shape in zip(service.methods, proto.method):
        request, response = method.input_type._concrete_class, method.output_type._concrete_class
        yield method.name, request, response, shape.client_streaming, shape.server_streaming


def shape_name(client_streaming, server_streaming):
    return ("stream" if client_streaming else "unary") + "_" + ("stream" if server_streaming else "unary")


class Stub:
    """One attribute per method, callable as grpcio's generated stubs are."""

    def __init__(self, channel, service):
        for name, request, response, client_streaming, server_streaming in methods(service):
            call = getattr(channel, shape_name(client_streaming, server_streaming))
            path = "/{}/{}".format(service.full_name, name)
            setattr(self, name, call(path, request.SerializeToString, response.FromString))
