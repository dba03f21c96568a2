// Compression both ways, per call and per message; the compressed flag of each received message is the witness.
#include "inspector.h"
#include "session.h"

namespace interop {

namespace {

using namespace grpc::testing;
using grpc::StatusCode;

grpc::Status SendLarge(const Session& session, grpc_compression_algorithm algorithm, const SimpleRequest& request) {
  auto context = Context();
  context->set_compression_algorithm(algorithm);
  SimpleResponse response;
  const auto status = session.stub().UnaryCall(context.get(), request, &response);
  if (status.ok()) Zeros(response.payload(), 314159, "response");
  return status;
}

void ClientCompressedUnary(const Session& session) {
  auto request = LargeRequest();
  request.mutable_expect_compressed()->set_value(true);
  // An uncompressed message that claims to be compressed must be refused: so the server really looks.
  FailsWith(SendLarge(session, GRPC_COMPRESS_NONE, request), StatusCode::INVALID_ARGUMENT);
  Ok(SendLarge(session, GRPC_COMPRESS_GZIP, request));
  request.mutable_expect_compressed()->set_value(false);
  Ok(SendLarge(session, GRPC_COMPRESS_NONE, request));
}

// Deflate is the other encoding of the C core. A server without it must say so: UNIMPLEMENTED, never garbage.
void ClientCompressedUnaryDeflate(const Session& session) {
  const auto status = SendLarge(session, GRPC_COMPRESS_DEFLATE, LargeRequest());
  if (!status.ok()) FailsWith(status, StatusCode::UNIMPLEMENTED);
  session.StillAlive("a deflate request");
}

void ServerCompressedUnary(const Session& session) {
  for (const bool compressed : {true, false}) {
    auto context = Context();
    auto request = LargeRequest();
    request.mutable_response_compressed()->set_value(compressed);
    SimpleResponse response;
    Ok(session.stub().UnaryCall(context.get(), request, &response));
    Zeros(response.payload(), 314159, "response");
    Equal(InteropClientContextInspector::WasCompressed(*context), compressed, "compressed flag of the response");
  }
}

StreamingInputCallRequest InputRequest(bool expect_compressed, int size) {
  StreamingInputCallRequest request;
  request.mutable_expect_compressed()->set_value(expect_compressed);
  request.mutable_payload()->set_body(std::string(size, '\0'));
  return request;
}

void ClientCompressedStreaming(const Session& session) {
  StreamingInputCallResponse response;
  auto probe = Context();
  auto refused = session.stub().StreamingInputCall(probe.get(), &response);
  // The write itself may fail when the refusal is already here; the status says what happened.
  refused->Write(InputRequest(true, 27182));
  refused->WritesDone();
  FailsWith(refused->Finish(), StatusCode::INVALID_ARGUMENT);

  auto context = Context();
  context->set_compression_algorithm(GRPC_COMPRESS_GZIP);
  auto stream = session.stub().StreamingInputCall(context.get(), &response);
  Check(stream->Write(InputRequest(true, 27182)), "the server refused the compressed message");
  Check(stream->Write(InputRequest(false, 45904), grpc::WriteOptions().set_no_compression()),
        "the server refused the plain message");
  stream->WritesDone();
  Ok(stream->Finish());
  Equal(response.aggregated_payload_size(), 73086, "aggregated payload size");
}

void ServerCompressedStreaming(const Session& session) {
  StreamingOutputCallRequest request;
  const std::vector<std::pair<int, bool>> wanted = {{31415, true}, {92653, false}};
  for (const auto& [size, compressed] : wanted) {
    auto* parameters = request.add_response_parameters();
    parameters->set_size(size);
    parameters->mutable_compressed()->set_value(compressed);
  }
  auto context = Context();
  auto stream = session.stub().StreamingOutputCall(context.get(), request);
  StreamingOutputCallResponse response;
  for (const auto& [size, compressed] : wanted) {
    Check(stream->Read(&response), "the stream ended early");
    Zeros(response.payload(), size, "response");
    Equal(InteropClientContextInspector::WasCompressed(*context), compressed,
          "compressed flag of the response of " + std::to_string(size) + " bytes");
  }
  Check(!stream->Read(&response), "one response too many");
  Ok(stream->Finish());
}

// 16 times the limit, 65 KB on the wire: the limit counts what a message unfolds to.
void CompressedOverLimit(const Session& session) {
  SimpleRequest request;
  request.mutable_payload()->set_body(std::string(16 * size_t(session.options().max_message_bytes), '\0'));
  FailsWith(SendLarge(session, GRPC_COMPRESS_GZIP, request), StatusCode::RESOURCE_EXHAUSTED);
  session.StillAlive("a message that unfolds over the limit");
}

}  // namespace

void AddCompression(Scenarios& scenarios) {
  scenarios.emplace_back("client_compressed_unary", ClientCompressedUnary);
  scenarios.emplace_back("client_compressed_unary_deflate", ClientCompressedUnaryDeflate);
  scenarios.emplace_back("server_compressed_unary", ServerCompressedUnary);
  scenarios.emplace_back("client_compressed_streaming", ClientCompressedStreaming);
  scenarios.emplace_back("server_compressed_streaming", ServerCompressedStreaming);
  scenarios.emplace_back("compressed_over_limit", CompressedOverLimit);
}

}  // namespace interop
