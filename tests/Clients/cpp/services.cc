// The two standard services that tools expect of every server: health and reflection.
#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <map>
#include <set>

#include "grpc/health/v1/health.grpc.pb.h"
#include "grpc/reflection/v1/reflection.grpc.pb.h"
#include "grpc/reflection/v1alpha/reflection.grpc.pb.h"
#include "session.h"

namespace interop {

namespace {

using grpc::StatusCode;
using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

const std::string kTestService = "grpc.testing.TestService";

HealthCheckRequest HealthOf(const std::string& service) {
  HealthCheckRequest request;
  request.set_service(service);
  return request;
}

void HealthCheck(const Session& session) {
  const auto stub = Health::NewStub(session.channel());
  HealthCheckResponse response;
  for (const auto& service : {std::string(), kTestService}) {
    auto context = Context();
    Ok(stub->Check(context.get(), HealthOf(service), &response));
    Equal(int(response.status()), int(HealthCheckResponse::SERVING), "status of '" + service + "'");
  }
  auto context = Context();
  FailsWith(stub->Check(context.get(), HealthOf("no.such.Service"), &response), StatusCode::NOT_FOUND);
}

void HealthWatch(const Session& session) {
  const auto stub = Health::NewStub(session.channel());
  const std::map<std::string, HealthCheckResponse::ServingStatus> expected = {
      {"", HealthCheckResponse::SERVING},
      {kTestService, HealthCheckResponse::SERVING},
      {"no.such.Service", HealthCheckResponse::SERVICE_UNKNOWN}};
  for (const auto& [service, status] : expected) {
    auto context = Context();
    auto stream = stub->Watch(context.get(), HealthOf(service));
    HealthCheckResponse response;
    Check(stream->Read(&response), "no first status of '" + service + "'");
    Equal(int(response.status()), int(status), "first watched status of '" + service + "'");
    // The stream stays open, also for an unknown service, so it ends by our cancellation and nothing else.
    context->TryCancel();
    FailsWith(stream->Finish(), StatusCode::CANCELLED);
  }
}

// One open reflection stream; every question waits for its answer. V is the namespace of v1 or v1alpha.
template <class Service, class Request, class Response>
class Reflection {
 public:
  explicit Reflection(const Session& session)
      : stub_(Service::NewStub(session.channel())), stream_(stub_->ServerReflectionInfo(context_.get())) {}

  Response Ask(const std::function<void(Request&)>& question) {
    Request request;
    Response response;
    question(request);
    Check(stream_->Write(request), "the server closed the reflection stream");
    Check(stream_->Read(&response), "no answer to " + request.ShortDebugString());
    Equal(response.original_request().SerializeAsString(), request.SerializeAsString(), "original_request");
    return response;
  }

  std::vector<google::protobuf::FileDescriptorProto> Files(const std::function<void(Request&)>& question) {
    const auto response = Ask(question);
    Check(response.has_file_descriptor_response(), "expected files, got " + response.ShortDebugString());
    std::vector<google::protobuf::FileDescriptorProto> files;
    for (const auto& bytes : response.file_descriptor_response().file_descriptor_proto()) {
      Check(files.emplace_back().ParseFromString(bytes), "a file descriptor does not parse");
    }
    return files;
  }

  void Finish() {
    Response response;
    stream_->WritesDone();
    Check(!stream_->Read(&response), "an answer after the half-close");
    Ok(stream_->Finish());
  }

 private:
  std::unique_ptr<grpc::ClientContext> context_ = Context();
  std::unique_ptr<typename Service::Stub> stub_;
  std::unique_ptr<grpc::ClientReaderWriter<Request, Response>> stream_;
};

// Adds a file after everything it imports, asking the server for what is missing, as a tool would.
template <class Reflection, class Request>
void AddFile(Reflection& reflection, google::protobuf::DescriptorPool& pool,
             std::map<std::string, google::protobuf::FileDescriptorProto>& files, const std::string& name) {
  if (pool.FindFileByName(name) != nullptr) return;
  if (files.count(name) == 0) {
    for (const auto& file : reflection.Files([&](Request& r) { r.set_file_by_filename(name); })) files[file.name()] = file;
  }
  Check(files.count(name) == 1, "the server does not know the file " + name + " that it imports");
  for (const auto& import : files[name].dependency()) AddFile<Reflection, Request>(reflection, pool, files, import);
  Check(pool.BuildFile(files[name]) != nullptr, "the descriptor of " + name + " is invalid");
}

template <class Service, class Request, class Response>
void Reflect(const Session& session) {
  Reflection<Service, Request, Response> reflection(session);
  std::multiset<std::string> names;
  const auto list = reflection.Ask([](Request& r) { r.set_list_services(""); });
  for (const auto& service : list.list_services_response().service()) names.insert(service.name());
  for (const auto& name : names) Equal(names.count(name), 1u, "occurrences of " + name);
  Check(names.count(kTestService) == 1, kTestService + " is not listed");
  Check(names.count("grpc.health.v1.Health") == 1, "the health service is not listed");
  Check(names.count("grpc.testing.UnimplementedService") == 0, "a service that is not served is listed");

  const auto found = reflection.Files([](Request& r) { r.set_file_containing_symbol(kTestService); });
  Check(!found.empty(), "no file for " + kTestService);
  std::map<std::string, google::protobuf::FileDescriptorProto> files;
  for (const auto& file : found) files[file.name()] = file;
  google::protobuf::DescriptorPool pool;
  for (const auto& file : found) {
    AddFile<decltype(reflection), Request>(reflection, pool, files, file.name());
  }
  const auto* method = pool.FindMethodByName(kTestService + ".UnaryCall");
  Check(method != nullptr, "UnaryCall is not in the descriptors");
  Equal(method->input_type()->full_name(), "grpc.testing.SimpleRequest", "input type of UnaryCall");
  Equal(method->input_type()->FindFieldByName("expect_compressed")->number(), 8, "number of expect_compressed");

  const auto unknown = reflection.Ask([](Request& r) { r.set_file_containing_symbol("no.such.Symbol"); });
  Equal(unknown.error_response().error_code(), int(StatusCode::NOT_FOUND), "error for an unknown symbol");
  const auto no_file = reflection.Ask([](Request& r) { r.set_file_by_filename("no/such/file.proto"); });
  Equal(no_file.error_response().error_code(), int(StatusCode::NOT_FOUND), "error for an unknown file");
  // An error answers one question; the stream goes on.
  reflection.Files([](Request& r) { r.set_file_containing_symbol("grpc.testing.SimpleRequest"); });
  reflection.Finish();
}

void ReflectionV1(const Session& session) {
  namespace v1 = grpc::reflection::v1;
  Reflect<v1::ServerReflection, v1::ServerReflectionRequest, v1::ServerReflectionResponse>(session);
}

void ReflectionV1Alpha(const Session& session) {
  namespace v1alpha = grpc::reflection::v1alpha;
  Reflect<v1alpha::ServerReflection, v1alpha::ServerReflectionRequest, v1alpha::ServerReflectionResponse>(session);
}

}  // namespace

void AddServices(Scenarios& scenarios) {
  scenarios.emplace_back("health_check", HealthCheck);
  scenarios.emplace_back("health_watch", HealthWatch);
  scenarios.emplace_back("reflection_v1", ReflectionV1);
  scenarios.emplace_back("reflection_v1alpha", ReflectionV1Alpha);
}

}  // namespace interop
