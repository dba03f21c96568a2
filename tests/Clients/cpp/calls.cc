// Plain calls of the four shapes, status and messages.
#include <chrono>
#include <thread>

#include "session.h"

namespace interop {

namespace {

using namespace grpc::testing;
using grpc::StatusCode;

const std::string kStatusMessage = "test status message";
const std::string kSpecialStatusMessage = "\t\ntest with whitespace\r\nand Unicode BMP \u263a and non-BMP \U0001f608\t\n";

void EmptyUnary(const Session& session) {
  auto context = Context();
  Empty request, response;
  Ok(session.stub().EmptyCall(context.get(), request, &response));
  Equal(response.ByteSizeLong(), 0u, "size of the empty response");
}

void LargeUnary(const Session& session) {
  auto context = Context();
  SimpleResponse response;
  Ok(session.stub().UnaryCall(context.get(), LargeRequest(), &response));
  Zeros(response.payload(), 314159, "response");
}

void ConcurrentLargeUnary(const Session& session) {
  struct Call {
    std::unique_ptr<grpc::ClientContext> context = Context();
    SimpleResponse response;
    grpc::Status status;
    std::unique_ptr<grpc::ClientAsyncResponseReader<SimpleResponse>> reader;
  };
  const auto request = LargeRequest();
  grpc::CompletionQueue queue;
  std::vector<Call> calls(session.options().concurrency);
  // All are started before the first is awaited: they share one connection's flow-control window.
  for (auto& call : calls) {
    call.reader = session.stub().AsyncUnaryCall(call.context.get(), request, &queue);
    call.reader->Finish(&call.response, &call.status, &call);
  }
  for (size_t i = 0; i < calls.size(); i++) {
    void* tag = nullptr;
    bool ok = false;
    Check(queue.Next(&tag, &ok) && ok, "the completion queue ended early");
    const auto* call = static_cast<Call*>(tag);
    Ok(call->status);
    Zeros(call->response.payload(), 314159, "response");
  }
}

void ClientStreaming(const Session& session) {
  auto context = Context();
  StreamingInputCallResponse response;
  auto stream = session.stub().StreamingInputCall(context.get(), &response);
  for (const int size : kRequestSizes) {
    StreamingInputCallRequest request;
    request.mutable_payload()->set_body(std::string(size, '\0'));
    Check(stream->Write(request), "the server closed the stream early");
  }
  stream->WritesDone();
  Ok(stream->Finish());
  Equal(response.aggregated_payload_size(), 74922, "aggregated payload size");
}

template <class Reader>
void ExpectResponses(Reader& stream, const std::vector<int>& sizes) {
  StreamingOutputCallResponse response;
  for (const int size : sizes) {
    Check(stream.Read(&response), "the stream ended before a response of " + std::to_string(size) + " bytes");
    Zeros(response.payload(), size, "response");
  }
  Check(!stream.Read(&response), "one response too many");
}

void ServerStreaming(const Session& session) {
  auto context = Context();
  auto stream = session.stub().StreamingOutputCall(context.get(), OutputRequest(0, kResponseSizes));
  ExpectResponses(*stream, kResponseSizes);
  Ok(stream->Finish());
}

void PingPong(const Session& session) {
  auto context = Context();
  auto stream = session.stub().FullDuplexCall(context.get());
  for (size_t i = 0; i < kRequestSizes.size(); i++) {
    StreamingOutputCallResponse response;
    Check(stream->Write(OutputRequest(kRequestSizes[i], {kResponseSizes[i]})), "the server closed the stream early");
    Check(stream->Read(&response), "no response to a ping");
    Zeros(response.payload(), kResponseSizes[i], "response");
  }
  stream->WritesDone();
  ExpectResponses(*stream, {});
  Ok(stream->Finish());
}

void EmptyStream(const Session& session) {
  auto context = Context();
  auto stream = session.stub().FullDuplexCall(context.get());
  stream->WritesDone();
  ExpectResponses(*stream, {});
  Ok(stream->Finish());
}

void HalfDuplex(const Session& session) {
  auto context = Context();
  auto stream = session.stub().HalfDuplexCall(context.get());
  for (const int size : kResponseSizes) Check(stream->Write(OutputRequest(10, {size})), "the server closed early");
  stream->WritesDone();
  ExpectResponses(*stream, kResponseSizes);
  Ok(stream->Finish());
}

// 32 MB against one paused reader: the server waits for window updates, and nothing may be lost meanwhile.
void SlowReader(const Session& session) {
  auto context = Context();
  const std::vector<int> sizes(160, 200000);
  auto stream = session.stub().StreamingOutputCall(context.get(), OutputRequest(0, sizes));
  StreamingOutputCallResponse first;
  Check(stream->Read(&first), "no first response");
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  ExpectResponses(*stream, {sizes.begin() + 1, sizes.end()});
  Ok(stream->Finish());
}

grpc::Status UnaryStatus(const Session& session, int code, const std::string& message) {
  auto context = Context();
  SimpleRequest request;
  SimpleResponse response;
  request.mutable_response_status()->set_code(code);
  request.mutable_response_status()->set_message(message);
  return session.stub().UnaryCall(context.get(), request, &response);
}

// Asks for `sizes` and then for the status; returns the status after exactly those responses were read.
grpc::Status StreamStatus(const Session& session, const std::vector<int>& sizes, int code, const std::string& message) {
  auto context = Context();
  auto stream = session.stub().FullDuplexCall(context.get());
  if (!sizes.empty()) Check(stream->Write(OutputRequest(8, sizes)), "the server closed the stream early");
  StreamingOutputCallRequest request;
  request.mutable_response_status()->set_code(code);
  request.mutable_response_status()->set_message(message);
  stream->Write(request);
  stream->WritesDone();
  ExpectResponses(*stream, sizes);
  return stream->Finish();
}

void StatusCodeAndMessage(const Session& session) {
  FailsWith(UnaryStatus(session, 2, kStatusMessage), StatusCode::UNKNOWN, kStatusMessage);
  FailsWith(StreamStatus(session, {}, 2, kStatusMessage), StatusCode::UNKNOWN, kStatusMessage);
  session.StillAlive("an error status");
}

void SpecialStatusMessage(const Session& session) {
  FailsWith(UnaryStatus(session, 2, kSpecialStatusMessage), StatusCode::UNKNOWN, kSpecialStatusMessage);
}

void EveryStatusCode(const Session& session) {
  for (int code = 1; code <= 16; code++) {
    const auto message = "100% of " + std::to_string(code);
    FailsWith(UnaryStatus(session, code, message), static_cast<StatusCode>(code), message);
  }
}

void StatusAfterResponses(const Session& session) {
  FailsWith(StreamStatus(session, kResponseSizes, 10, kStatusMessage), StatusCode::ABORTED, kStatusMessage);
}

void UnimplementedMethod(const Session& session) {
  auto context = Context();
  Empty empty;
  FailsWith(session.stub().UnimplementedCall(context.get(), empty, &empty), StatusCode::UNIMPLEMENTED);
  session.StillAlive("an unknown method");
}

void UnknownService(const Session& session) {
  auto context = Context();
  Empty empty;
  const auto stub = grpc::testing::UnimplementedService::NewStub(session.channel());
  FailsWith(stub->UnimplementedCall(context.get(), empty, &empty), StatusCode::UNIMPLEMENTED);
  session.StillAlive("an unknown service");
}

// A size from the wire is never trusted: the server must refuse it, not fail on it.
void InvalidResponseSize(const Session& session) {
  auto context = Context();
  SimpleRequest request;
  SimpleResponse response;
  request.set_response_size(-1);
  FailsWith(session.stub().UnaryCall(context.get(), request, &response), StatusCode::INVALID_ARGUMENT);
}

grpc::Status SendUnary(const Session& session, size_t body_size) {
  auto context = Context();
  SimpleRequest request;
  SimpleResponse response;
  request.mutable_payload()->set_body(std::string(body_size, '\0'));
  return session.stub().UnaryCall(context.get(), request, &response);
}

void MaxMessageSize(const Session& session) {
  const size_t limit = session.options().max_message_bytes;
  SimpleRequest sample;
  sample.mutable_payload()->set_body(std::string(limit, '\0'));
  const size_t overhead = sample.ByteSizeLong() - limit;
  Ok(SendUnary(session, limit - overhead));
  FailsWith(SendUnary(session, limit), StatusCode::RESOURCE_EXHAUSTED);
  session.StillAlive("a message over the limit");

  auto context = Context();
  StreamingInputCallResponse response;
  auto stream = session.stub().StreamingInputCall(context.get(), &response);
  StreamingInputCallRequest request;
  request.mutable_payload()->set_body(std::string(limit, '\0'));
  stream->Write(request);
  stream->WritesDone();
  FailsWith(stream->Finish(), StatusCode::RESOURCE_EXHAUSTED);
  session.StillAlive("a stream message over the limit");

  // The client's own limit: it refuses the response and resets the stream; the server must survive that.
  grpc::ChannelArguments small;
  small.SetMaxReceiveMessageSize(100000);
  const auto stub = TestService::NewStub(session.Open(small));
  auto large = Context();
  SimpleResponse unread;
  FailsWith(stub->UnaryCall(large.get(), LargeRequest(), &unread), StatusCode::RESOURCE_EXHAUSTED);
  auto after = Context();
  Empty empty;
  Ok(stub->EmptyCall(after.get(), empty, &empty));
}

}  // namespace

void AddCalls(Scenarios& scenarios) {
  scenarios.emplace_back("empty_unary", EmptyUnary);
  scenarios.emplace_back("large_unary", LargeUnary);
  scenarios.emplace_back("concurrent_large_unary", ConcurrentLargeUnary);
  scenarios.emplace_back("client_streaming", ClientStreaming);
  scenarios.emplace_back("server_streaming", ServerStreaming);
  scenarios.emplace_back("ping_pong", PingPong);
  scenarios.emplace_back("empty_stream", EmptyStream);
  scenarios.emplace_back("half_duplex", HalfDuplex);
  scenarios.emplace_back("slow_reader", SlowReader);
  scenarios.emplace_back("status_code_and_message", StatusCodeAndMessage);
  scenarios.emplace_back("special_status_message", SpecialStatusMessage);
  scenarios.emplace_back("every_status_code", EveryStatusCode);
  scenarios.emplace_back("status_after_responses", StatusAfterResponses);
  scenarios.emplace_back("unimplemented_method", UnimplementedMethod);
  scenarios.emplace_back("unimplemented_service", UnknownService);
  scenarios.emplace_back("invalid_response_size", InvalidResponseSize);
  scenarios.emplace_back("max_message_size", MaxMessageSize);
}

}  // namespace interop
