// The same TestService served by gRPC C++: proves the clients, compression probes included, before any other server,
// and our own client after. Health and reflection are gRPC's own.
#include <google/protobuf/stubs/common.h>
#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <iostream>
#include <map>
#include <thread>

#include "grpc/testing/test.grpc.pb.h"
#include "inspector.h"

namespace {

using namespace grpc::testing;
using grpc::ServerContext;
using grpc::Status;
using grpc::StatusCode;

const int kMaxResponseBytes = 64 * 1024 * 1024;

void EchoMetadata(ServerContext& context) {
  for (const auto& [key, value] : context.client_metadata()) {
    const std::string text(value.data(), value.length());
    if (key == "x-grpc-test-echo-initial") context.AddInitialMetadata("x-grpc-test-echo-initial", text);
    if (key == "x-grpc-test-echo-trailing-bin") context.AddTrailingMetadata("x-grpc-test-echo-trailing-bin", text);
    if (key == "x-interop-ask-time-remaining") {
      using namespace std::chrono;
      const auto left = duration_cast<milliseconds>(context.deadline() - system_clock::now());
      const bool bounded = left < hours(24 * 365);
      context.AddInitialMetadata("x-interop-time-remaining-ms", bounded ? std::to_string(left.count()) : "none");
    }
  }
}

template <class Request>
Status RequestedStatus(const Request& request) {
  const auto& status = request.response_status();
  return status.code() == 0 ? Status::OK : Status(static_cast<StatusCode>(status.code()), status.message());
}

Status Fill(Payload& payload, int size) {
  if (size < 0 || size > kMaxResponseBytes) return {StatusCode::INVALID_ARGUMENT, "size must be 0 to 64 MiB"};
  payload.set_body(std::string(size, '\0'));
  return Status::OK;
}

// False as soon as the call is over: a cancelled call must not hold its thread for the rest of the interval.
bool Wait(const ServerContext& context, int microseconds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::microseconds(microseconds);
  while (std::chrono::steady_clock::now() < end) {
    if (context.IsCancelled()) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

template <class Request>
Status CheckCompressed(const ServerContext& context, const Request& request) {
  if (!request.has_expect_compressed() || !request.expect_compressed().value()) return Status::OK;
  if (InteropServerContextInspector::WasCompressed(context)) return Status::OK;
  return {StatusCode::INVALID_ARGUMENT, "expected a compressed message"};
}

template <class Stream>
Status Answer(ServerContext& context, Stream& stream, const StreamingOutputCallRequest& request) {
  if (const auto status = RequestedStatus(request); !status.ok()) return status;
  for (const auto& parameters : request.response_parameters()) {
    if (parameters.interval_us() > 0 && !Wait(context, parameters.interval_us())) return Status::CANCELLED;
    StreamingOutputCallResponse response;
    if (const auto status = Fill(*response.mutable_payload(), parameters.size()); !status.ok()) return status;
    grpc::WriteOptions options;
    if (!parameters.compressed().value()) options.set_no_compression();
    if (!stream.Write(response, options)) return Status::CANCELLED;
  }
  return Status::OK;
}

class Service final : public TestService::Service {
 public:
  Status EmptyCall(ServerContext* context, const Empty*, Empty*) override {
    EchoMetadata(*context);
    return Status::OK;
  }

  Status UnaryCall(ServerContext* context, const SimpleRequest* request, SimpleResponse* response) override {
    EchoMetadata(*context);
    if (const auto status = CheckCompressed(*context, *request); !status.ok()) return status;
    if (request->has_response_compressed() && request->response_compressed().value()) {
      context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    }
    if (const auto status = RequestedStatus(*request); !status.ok()) return status;
    return Fill(*response->mutable_payload(), request->response_size());
  }

  Status StreamingInputCall(ServerContext* context, grpc::ServerReader<StreamingInputCallRequest>* reader,
                            StreamingInputCallResponse* response) override {
    EchoMetadata(*context);
    StreamingInputCallRequest request;
    int total = 0;
    while (reader->Read(&request)) {
      if (const auto status = CheckCompressed(*context, request); !status.ok()) return status;
      total += static_cast<int>(request.payload().body().size());
    }
    response->set_aggregated_payload_size(total);
    return Status::OK;
  }

  Status StreamingOutputCall(ServerContext* context, const StreamingOutputCallRequest* request,
                             grpc::ServerWriter<StreamingOutputCallResponse>* writer) override {
    EchoMetadata(*context);
    context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
    return Answer(*context, *writer, *request);
  }

  using Duplex = grpc::ServerReaderWriter<StreamingOutputCallResponse, StreamingOutputCallRequest>;

  Status FullDuplexCall(ServerContext* context, Duplex* stream) override {
    EchoMetadata(*context);
    stream->SendInitialMetadata();
    StreamingOutputCallRequest request;
    while (stream->Read(&request)) {
      if (const auto status = Answer(*context, *stream, request); !status.ok()) return status;
    }
    return Status::OK;
  }

  Status HalfDuplexCall(ServerContext* context, Duplex* stream) override {
    EchoMetadata(*context);
    std::vector<StreamingOutputCallRequest> requests;
    StreamingOutputCallRequest request;
    while (requests.size() < 1000 && stream->Read(&request)) requests.push_back(request);
    for (const auto& each : requests) {
      if (const auto status = Answer(*context, *stream, each); !status.ok()) return status;
    }
    return Status::OK;
  }
};

std::string Read(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::shared_ptr<grpc::ServerCredentials> Credentials(const std::map<std::string, std::string>& flags) {
  if (flags.count("--tls_cert_file") == 0) return grpc::InsecureServerCredentials();
  grpc::SslServerCredentialsOptions tls;
  tls.pem_key_cert_pairs.push_back({Read(flags.at("--tls_key_file")), Read(flags.at("--tls_cert_file"))});
  return grpc::SslServerCredentials(tls);
}

}  // namespace

int main(int count, char** words) {
  std::map<std::string, std::string> flags = {{"--port", "0"}};
  for (int i = 1; i + 1 < count; i += 2) flags[words[i]] = words[i + 1];

  // Blocked in every thread from here on, so that only sigwait below sees it.
  sigset_t stop;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &stop, nullptr);

  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  Service service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:" + flags["--port"], Credentials(flags), &port);
  builder.RegisterService(&service);
  const auto server = builder.BuildAndStart();
  if (server == nullptr) return 1;
  server->GetHealthCheckService()->SetServingStatus("grpc.testing.TestService", true);
  std::cout << "LISTENING " << port << std::endl;

  int signal = 0;
  sigwait(&stop, &signal);
  server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1));
  return 0;
}
