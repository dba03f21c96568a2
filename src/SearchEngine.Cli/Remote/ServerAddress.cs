namespace SearchEngine.Cli.Remote;

/// <summary>A server as people write it: <c>host:port</c>, or with http:// or https:// before it.</summary>
internal static class ServerAddress
{
    /// <param name="text">What was written.</param>
    /// <param name="option">Which option it was given to, for the message.</param>
    /// <exception cref="UsageException">It names no host and port.</exception>
    public static Uri Parse(string text, string option) =>
        Uri.TryCreate(text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}", UriKind.Absolute, out Uri? address)
        && address is { Scheme: "http" or "https", Port: > 0, AbsolutePath: "/", Host.Length: > 0 }
            ? address
            : throw new UsageException($"{option}: '{text}' is no host:port; 127.0.0.1:7700 is one, https://host:port asks for TLS.");
}
