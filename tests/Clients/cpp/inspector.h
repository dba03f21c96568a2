// What gRPC's public C++ API hides and the interoperability tests need: whether the last message received was compressed.
// The two class names are the ones that gRPC's context classes declare as friends for exactly this purpose.
#pragma once

#include <grpcpp/client_context.h>
#include <grpcpp/server_context.h>

// Exported by libgrpc for tests, in no installed header.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc::testing {

// The flag bit by which the core remembers that it had to decompress a message.
inline constexpr uint32_t kWasCompressed = 0x40000000u;

class InteropClientContextInspector {
 public:
  static bool WasCompressed(const ::grpc::ClientContext& context) {
    return (grpc_call_test_only_get_message_flags(context.call_) & kWasCompressed) != 0;
  }
};

class InteropServerContextInspector {
 public:
  static bool WasCompressed(const ::grpc::ServerContextBase& context) {
    return (grpc_call_test_only_get_message_flags(context.call_.call) & kWasCompressed) != 0;
  }
};

}  // namespace grpc::testing
