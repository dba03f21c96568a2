// What every scenario is given: channels to the server, stubs and strict checks.
#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "grpc/testing/test.grpc.pb.h"

namespace interop {

struct Options {
  std::string server_host = "localhost";
  int server_port = 0;
  std::string server_host_override;
  bool use_tls = false;
  std::string ca_file;
  std::string client_cert_file;
  std::string client_key_file;
  int max_message_bytes = 4 * 1024 * 1024;
  int concurrency = 200;
};

// A scenario saw something that the description does not allow.
struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline void Check(bool condition, const std::string& message) {
  if (!condition) throw Failed(message);
}

template <class A, class B>
void Equal(const A& actual, const B& expected, const std::string& what) {
  if (actual == expected) return;
  std::ostringstream text;
  text << what << ": expected '" << expected << "', got '" << actual << "'";
  throw Failed(text.str());
}

inline void Ok(const grpc::Status& status) {
  Check(status.ok(), "status " + std::to_string(status.error_code()) + ": " + status.error_message());
}

inline void FailsWith(const grpc::Status& status, grpc::StatusCode code) {
  Equal(static_cast<int>(status.error_code()), static_cast<int>(code), "status code (" + status.error_message() + ")");
}

inline void FailsWith(const grpc::Status& status, grpc::StatusCode code, const std::string& message) {
  FailsWith(status, code);
  Equal(status.error_message(), message, "status message");
}

void Zeros(const grpc::testing::Payload& payload, size_t size, const std::string& what);

// A context whose call has a deadline, so that a server that hangs is a failed case and not a hung test.
std::unique_ptr<grpc::ClientContext> Context();

class Session {
 public:
  explicit Session(Options options);

  const Options& options() const { return options_; }
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  grpc::testing::TestService::Stub& stub() const { return *stub_; }
  std::shared_ptr<grpc::Channel> Open(grpc::ChannelArguments arguments) const;

  // After a failed or cancelled call the connection must go on serving others.
  void StillAlive(const std::string& after) const;

 private:
  Options options_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<grpc::testing::TestService::Stub> stub_;
};

using Scenario = std::function<void(const Session&)>;
using Scenarios = std::vector<std::pair<std::string, Scenario>>;

void AddCalls(Scenarios& scenarios);
void AddCompression(Scenarios& scenarios);
void AddLifetime(Scenarios& scenarios);
void AddServices(Scenarios& scenarios);

inline const std::vector<int> kRequestSizes = {27182, 8, 1828, 45904};
inline const std::vector<int> kResponseSizes = {31415, 9, 2653, 58979};

grpc::testing::SimpleRequest LargeRequest();
grpc::testing::StreamingOutputCallRequest OutputRequest(int request_size, const std::vector<int>& response_sizes);

}  // namespace interop
