namespace SearchEngine.Server.Points;

/// <summary>The progress of an upload while one stream works on it; nothing is kept of one without a resume key.</summary>
internal sealed class ResumeLease(UploadProgress? progress, Action release) : IAsyncDisposable
{
    /// <summary>Where an earlier stream had come to.</summary>
    public ulong AcknowledgedThrough { get; } = progress?.Acknowledged ?? 0;

    /// <summary>Up to here an earlier stream may have written points without having acknowledged them.</summary>
    public ulong DoubtThrough { get; } = progress?.Reserved ?? 0;

    public void Reserve(ulong through) => progress?.Reserve(through);

    public void Acknowledge(ulong through) => progress?.Acknowledge(through);

    public ValueTask DisposeAsync()
    {
        progress?.Dispose();
        release();
        return ValueTask.CompletedTask;
    }
}
