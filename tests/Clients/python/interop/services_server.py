"""Health and reflection as handlers of a grpcio server (Debian packages neither)."""

import threading

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool


class Health:
    def __init__(self, messages, services):
        self._messages = messages
        self._services = {"", *services}

    def Check(self, request, context):
        if request.service not in self._services:
            context.abort(grpc.StatusCode.NOT_FOUND, "unknown service")
        return self._messages.HealthCheckResponse(status=self._messages.HealthCheckResponse.SERVING)

    def Watch(self, request, context):
        known = request.service in self._services
        status = self._messages.HealthCheckResponse
        yield status(status=status.SERVING if known else status.SERVICE_UNKNOWN)
        ended = threading.Event()
        if context.add_callback(ended.set):
            ended.wait()


class Reflection:
    def __init__(self, messages, services):
        self._messages = messages
        self._services = services
        self._pool = descriptor_pool.Default()

    def ServerReflectionInfo(self, requests, context):
        for request in requests:
            response = self._messages.ServerReflectionResponse(valid_host=request.host, original_request=request)
            try:
                self._answer(request, response)
            except KeyError as missing:
                response.error_response.error_code = grpc.StatusCode.NOT_FOUND.value[0]
                response.error_response.error_message = str(missing)
            yield response

    def _answer(self, request, response):
        question = request.WhichOneof("message_request")
        if question == "list_services":
            for service in self._services:
                response.list_services_response.service.add(name=service)
        elif question == "file_by_filename":
            self._add_file(response, self._pool.FindFileByName(request.file_by_filename))
        elif question == "file_containing_symbol":
            self._add_file(response, self._pool.FindFileContainingSymbol(request.file_containing_symbol))
        else:
            raise KeyError("{} is not answered by this server".format(question))

    @staticmethod
    def _add_file(response, file):
        proto = descriptor_pb2.FileDescriptorProto()
        file.CopyToProto(proto)
        response.file_descriptor_response.file_descriptor_proto.append(proto.SerializeToString())
