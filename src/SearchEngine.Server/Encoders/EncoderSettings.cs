namespace SearchEngine.Server.Encoders;

/// <summary>Which encoder processes there are, and how patient their callers are.</summary>
internal sealed record EncoderSettings
{
    /// <summary>Addresses as in <c>http://host:port</c>; none leaves the server to vectors alone.</summary>
    public IReadOnlyList<Uri> Addresses { get; init; } = [];

    /// <summary>Age at which what an encoder told of its models is asked for again.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How soon an encoder that does not answer is asked again.</summary>
    public TimeSpan ProbeEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>After a failure, calls are refused at once for so long instead of waiting for a connection each.</summary>
    public TimeSpan RestAfterFailure { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Time for telling what the models are.</summary>
    public TimeSpan DescribeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Of a batch of documents whose caller set no deadline.</summary>
    public TimeSpan BulkTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Of a check of canaries, which at most 64 texts take.</summary>
    public TimeSpan CanaryTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often canaries are checked while texts come, where a collection states nothing.</summary>
    public TimeSpan CanaryInterval { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How soon a build that failed its canaries is checked again while texts come.</summary>
    public TimeSpan DriftRetry { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Kept back from the caller's deadline, so that the encoder gives up before the caller does.</summary>
    public TimeSpan DeadlineMargin { get; init; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Attempts of one call over all encoders that could serve it.</summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>First wait before an encoder is asked again; it doubles.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Bytes of encoded queries that are kept.</summary>
    public int QueryCacheBytes { get; init; } = 16 << 20;

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
