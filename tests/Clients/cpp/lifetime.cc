// Metadata, cancellation and deadlines.
#include <chrono>

#include "session.h"

namespace interop {

namespace {

using namespace grpc::testing;
using grpc::StatusCode;
using Metadata = std::multimap<grpc::string_ref, grpc::string_ref>;

const std::string kEchoInitial = "x-grpc-test-echo-initial";
const std::string kEchoTrailing = "x-grpc-test-echo-trailing-bin";
// Not of the public description: the server answers with the milliseconds it has left for the call, or "none".
const std::string kAskRemaining = "x-interop-ask-time-remaining";
const std::string kTimeRemaining = "x-interop-time-remaining-ms";

void ExpectValues(const Metadata& metadata, const std::string& key, const std::vector<std::string>& values,
                  const std::string& what) {
  const auto [begin, end] = metadata.equal_range(key);
  std::vector<std::string> actual;
  for (auto each = begin; each != end; ++each) actual.emplace_back(each->second.data(), each->second.length());
  Equal(actual.size(), values.size(), "number of " + key + " values, " + what);
  Check(actual == values, key + " came back changed, " + what);
}

void CustomMetadata(const Session& session) {
  const std::string initial = "test_initial_metadata_value", trailing = "\xab\xab\xab";
  auto unary = Context();
  unary->AddMetadata(kEchoInitial, initial);
  unary->AddMetadata(kEchoTrailing, trailing);
  SimpleResponse response;
  Ok(session.stub().UnaryCall(unary.get(), LargeRequest(), &response));
  Zeros(response.payload(), 314159, "unary response");
  ExpectValues(unary->GetServerInitialMetadata(), kEchoInitial, {initial}, "unary");
  ExpectValues(unary->GetServerTrailingMetadata(), kEchoTrailing, {trailing}, "unary");

  auto duplex = Context();
  duplex->AddMetadata(kEchoInitial, initial);
  duplex->AddMetadata(kEchoTrailing, trailing);
  auto stream = session.stub().FullDuplexCall(duplex.get());
  StreamingOutputCallResponse answer;
  Check(stream->Write(OutputRequest(271828, {314159})), "the server closed the stream early");
  stream->WritesDone();
  Check(stream->Read(&answer), "no stream response");
  Zeros(answer.payload(), 314159, "stream response");
  Check(!stream->Read(&answer), "one response too many");
  Ok(stream->Finish());
  ExpectValues(duplex->GetServerInitialMetadata(), kEchoInitial, {initial}, "full duplex");
  ExpectValues(duplex->GetServerTrailingMetadata(), kEchoTrailing, {trailing}, "full duplex");
}

// A failed call carries its trailing metadata too.
void MetadataWithError(const Session& session) {
  auto context = Context();
  context->AddMetadata(kEchoTrailing, std::string("\0\xff", 2));
  SimpleRequest request;
  SimpleResponse response;
  request.mutable_response_status()->set_code(9);
  request.mutable_response_status()->set_message("refused");
  FailsWith(session.stub().UnaryCall(context.get(), request, &response), StatusCode::FAILED_PRECONDITION, "refused");
  ExpectValues(context->GetServerTrailingMetadata(), kEchoTrailing, {std::string("\0\xff", 2)}, "with an error");
}

void EchoInitial(const Session& session, const std::string& value, const std::string& what) {
  auto context = Context();
  context->AddMetadata(kEchoInitial, value);
  SimpleResponse response;
  Ok(session.stub().UnaryCall(context.get(), SimpleRequest(), &response));
  ExpectValues(context->GetServerInitialMetadata(), kEchoInitial, {value}, what);
}

void EchoTrailing(const Session& session, const std::vector<std::string>& values, const std::string& what) {
  auto context = Context();
  for (const auto& value : values) context->AddMetadata(kEchoTrailing, value);
  SimpleResponse response;
  Ok(session.stub().UnaryCall(context.get(), SimpleRequest(), &response));
  ExpectValues(context->GetServerTrailingMetadata(), kEchoTrailing, values, what);
}

void MetadataEdgeCases(const Session& session) {
  EchoInitial(session, "", "an empty value");
  EchoInitial(session, "a b%20c,d;e=\"f\"~!@#$^&*()", "printable ASCII with percent signs, commas and quotes");
  EchoInitial(session, std::string(6000, 'v'), "a value of 6,000 characters");
  std::string every;
  for (int byte = 0; byte < 256; byte++) every.push_back(static_cast<char>(byte));
  EchoTrailing(session, {every}, "every byte");
  EchoTrailing(session, {""}, "an empty value");
  EchoTrailing(session, {"Z\u00fcrich \u263a \U0001f608"}, "Unicode as UTF-8");
  EchoTrailing(session, {"\x01", "\x01\x02"}, "one and two bytes of padding");
  EchoTrailing(session, {"first,comma", "second"}, "two values of one key, in order");
}

// A client may wait for the headers before it says anything: they must not wait for the first response.
void InitialMetadataBeforeFirstMessage(const Session& session) {
  auto context = Context();
  context->AddMetadata(kEchoInitial, "early");
  auto stream = session.stub().FullDuplexCall(context.get());
  stream->WaitForInitialMetadata();
  ExpectValues(context->GetServerInitialMetadata(), kEchoInitial, {"early"}, "of a silent stream");
  stream->WritesDone();
  Ok(stream->Finish());
}

void CancelAfterBegin(const Session& session) {
  auto context = Context();
  StreamingInputCallResponse response;
  auto stream = session.stub().StreamingInputCall(context.get(), &response);
  context->TryCancel();
  FailsWith(stream->Finish(), StatusCode::CANCELLED);
  session.StillAlive("a cancelled call");
}

void CancelAfterFirstResponse(const Session& session) {
  auto context = Context();
  auto stream = session.stub().FullDuplexCall(context.get());
  StreamingOutputCallResponse response;
  Check(stream->Write(OutputRequest(27182, {31415})), "the server closed the stream early");
  Check(stream->Read(&response), "no response");
  Zeros(response.payload(), 31415, "response");
  context->TryCancel();
  Check(!stream->Read(&response), "a response after the cancellation");
  FailsWith(stream->Finish(), StatusCode::CANCELLED);
  session.StillAlive("a cancelled stream");
}

// Abandoned streams must give their slots back: more of them than a connection allows at once.
void CancelManyStreams(const Session& session) {
  for (int round = 0; round < 3; round++) {
    std::vector<std::unique_ptr<grpc::ClientContext>> contexts;
    std::vector<std::unique_ptr<grpc::ClientReaderWriter<StreamingOutputCallRequest, StreamingOutputCallResponse>>> streams;
    for (int i = 0; i < 100; i++) {
      contexts.push_back(Context());
      streams.push_back(session.stub().FullDuplexCall(contexts.back().get()));
    }
    for (auto& context : contexts) context->TryCancel();
    for (auto& stream : streams) FailsWith(stream->Finish(), StatusCode::CANCELLED);
  }
  session.StillAlive("300 cancelled streams");
}

void TimeoutOnSleepingServer(const Session& session) {
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(1));
  auto stream = session.stub().FullDuplexCall(&context);
  // The deadline may already have passed here; only the final status counts.
  stream->Write(OutputRequest(27182, {}));
  StreamingOutputCallResponse response;
  Check(!stream->Read(&response), "a response that was not asked for");
  FailsWith(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
  session.StillAlive("an expired deadline");
}

std::string TimeRemaining(const Session& session, grpc::ClientContext& context) {
  context.AddMetadata(kAskRemaining, "1");
  SimpleResponse response;
  Ok(session.stub().UnaryCall(&context, SimpleRequest(), &response));
  const auto& metadata = context.GetServerInitialMetadata();
  const auto found = metadata.find(kTimeRemaining);
  Check(found != metadata.end(), "the server did not answer with " + kTimeRemaining);
  return {found->second.data(), found->second.length()};
}

void DeadlinePropagation(const Session& session) {
  const auto context = Context();
  const auto remaining = TimeRemaining(session, *context);
  Check(remaining != "none", "the server did not see the deadline");
  // The C core rounds a timeout up to its coarse wire format, hence the slack above.
  const long milliseconds = std::stol(remaining);
  Check(milliseconds > 0 && milliseconds <= 33000, "the server sees " + remaining + " ms of 30 s");
  grpc::ClientContext unlimited;
  Equal(TimeRemaining(session, unlimited), "none", "time remaining without a deadline");

  grpc::ClientContext brief;
  brief.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(200));
  StreamingOutputCallRequest sleepy;
  sleepy.add_response_parameters()->set_size(1);
  sleepy.mutable_response_parameters(0)->set_interval_us(60000000);
  auto stream = session.stub().StreamingOutputCall(&brief, sleepy);
  StreamingOutputCallResponse response;
  Check(!stream->Read(&response), "a response from a sleeping server");
  FailsWith(stream->Finish(), StatusCode::DEADLINE_EXCEEDED);
  session.StillAlive("an expired deadline");
}

}  // namespace

void AddLifetime(Scenarios& scenarios) {
  scenarios.emplace_back("custom_metadata", CustomMetadata);
  scenarios.emplace_back("metadata_with_error", MetadataWithError);
  scenarios.emplace_back("metadata_edge_cases", MetadataEdgeCases);
  scenarios.emplace_back("initial_metadata_before_first_message", InitialMetadataBeforeFirstMessage);
  scenarios.emplace_back("cancel_after_begin", CancelAfterBegin);
  scenarios.emplace_back("cancel_after_first_response", CancelAfterFirstResponse);
  scenarios.emplace_back("cancel_many_streams", CancelManyStreams);
  scenarios.emplace_back("timeout_on_sleeping_server", TimeoutOnSleepingServer);
  scenarios.emplace_back("deadline_propagation", DeadlinePropagation);
}

}  // namespace interop
