#include "session.h"

#include <algorithm>
#include <chrono>
#include <fstream>

namespace interop {

namespace {

std::string Read(const std::string& path) {
  if (path.empty()) return {};
  std::ifstream file(path, std::ios::binary);
  Check(file.good(), "cannot read " + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

void Zeros(const grpc::testing::Payload& payload, size_t size, const std::string& what) {
  Equal(payload.body().size(), size, what + " payload size");
  const auto& body = payload.body();
  Check(std::all_of(body.begin(), body.end(), [](char c) { return c == 0; }), what + " payload is not all zeros");
}

std::unique_ptr<grpc::ClientContext> Context() {
  auto context = std::make_unique<grpc::ClientContext>();
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(30));
  return context;
}

Session::Session(Options options)
    : options_(std::move(options)), channel_(Open({})), stub_(grpc::testing::TestService::NewStub(channel_)) {}

std::shared_ptr<grpc::Channel> Session::Open(grpc::ChannelArguments arguments) const {
  // A private subchannel pool: channels with other limits must not share this session's connection.
  arguments.SetInt("grpc.use_local_subchannel_pool", 1);
  const auto target = options_.server_host + ":" + std::to_string(options_.server_port);
  if (!options_.use_tls) return grpc::CreateCustomChannel(target, grpc::InsecureChannelCredentials(), arguments);
  grpc::SslCredentialsOptions tls;
  tls.pem_root_certs = Read(options_.ca_file);
  tls.pem_cert_chain = Read(options_.client_cert_file);
  tls.pem_private_key = Read(options_.client_key_file);
  if (!options_.server_host_override.empty()) arguments.SetSslTargetNameOverride(options_.server_host_override);
  return grpc::CreateCustomChannel(target, grpc::SslCredentials(tls), arguments);
}

void Session::StillAlive(const std::string& after) const {
  auto context = Context();
  grpc::testing::Empty empty;
  const auto status = stub_->EmptyCall(context.get(), empty, &empty);
  Check(status.ok(), "the channel is unusable after " + after + ": " + status.error_message());
}

grpc::testing::SimpleRequest LargeRequest() {
  grpc::testing::SimpleRequest request;
  request.set_response_size(314159);
  request.mutable_payload()->set_body(std::string(271828, '\0'));
  return request;
}

grpc::testing::StreamingOutputCallRequest OutputRequest(int request_size, const std::vector<int>& response_sizes) {
  grpc::testing::StreamingOutputCallRequest request;
  request.mutable_payload()->set_body(std::string(request_size, '\0'));
  for (const int size : response_sizes) request.add_response_parameters()->set_size(size);
  return request;
}

}  // namespace interop
