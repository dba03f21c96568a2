namespace SearchEngine.Rpc.Tests.Foreign;

/// <summary>The scenarios each foreign client has, so that every one of them is a test of its own.</summary>
internal static class ForeignScenarios
{
    private static readonly string[] Common =
    [
        "empty_unary", "large_unary", "concurrent_large_unary", "client_streaming", "server_streaming", "ping_pong",
        "empty_stream", "half_duplex", "slow_reader", "status_code_and_message", "special_status_message",
        "every_status_code", "status_after_responses", "unimplemented_method", "unimplemented_service",
        "invalid_response_size", "max_message_size", "client_compressed_unary", "client_compressed_unary_deflate",
        "server_compressed_unary", "client_compressed_streaming", "server_compressed_streaming", "compressed_over_limit",
        "custom_metadata", "metadata_with_error", "metadata_edge_cases", "initial_metadata_before_first_message",
        "cancel_after_begin", "cancel_after_first_response", "cancel_many_streams", "timeout_on_sleeping_server",
        "deadline_propagation", "health_check", "health_watch", "reflection_v1", "reflection_v1alpha",
    ];

    // grpc-js loses its compression to servers that write a space after a comma; raw HTTP/2 is Node's own.
    private static readonly string[] NodeOnly =
    [
        "client_compressed_unary_again", "wire_unary", "wire_content_types", "wire_trailers_only",
        "wire_status_message_encoding", "wire_server_enforces_deadline", "wire_malformed_timeout", "wire_accept_encoding",
        "wire_encoding_errors", "wire_framing_errors", "wire_huge_length", "wire_binary_metadata",
        "wire_malformed_binary_metadata",
    ];

    public static IReadOnlyList<string> Languages { get; } = ["python", "node", "cpp"];

    public static IEnumerable<string> Of(string language) => language == "node" ? [.. Common, .. NodeOnly] : Common;
}
