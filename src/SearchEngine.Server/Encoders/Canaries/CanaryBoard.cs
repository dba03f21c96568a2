namespace SearchEngine.Server.Encoders.Canaries;

/// <summary>What is known of the builds that encode for one vector. Safe for concurrent use.</summary>
internal sealed class CanaryBoard
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, BuildState> _builds = new(StringComparer.Ordinal);
    private Wire.CanaryReport? _last;

    /// <summary>The last check of any build; null before the first.</summary>
    public Wire.CanaryReport? Last
    {
        get
        {
            lock (_gate)
            {
                return _last;
            }
        }
    }

    /// <summary>A build may be used as from now: its vectors are the canaries' own.</summary>
    public void Trust(string build, long now)
    {
        lock (_gate)
        {
            _builds.TryAdd(build, new BuildState(null, now, null));
        }
    }

    public BuildState? Of(string build)
    {
        lock (_gate)
        {
            return _builds.GetValueOrDefault(build);
        }
    }

    /// <summary>A check of a build was begun at <paramref name="now"/>, unless one is running: then that one is returned.</summary>
    public Task<Wire.CanaryReport> Begin(string build, long now, Func<Task<Wire.CanaryReport>> check)
    {
        lock (_gate)
        {
            BuildState? known = _builds.GetValueOrDefault(build);
            if (known?.Running is { IsCompleted: false } running)
            {
                return running;
            }
            Task<Wire.CanaryReport> begun = Task.Run(async () => Keep(build, await check().ConfigureAwait(false)));
            _builds[build] = new BuildState(known?.Report, now, begun);
            return begun;
        }
    }

    private Wire.CanaryReport Keep(string build, Wire.CanaryReport report)
    {
        lock (_gate)
        {
            _last = report;
            _builds[build] = _builds[build] with { Report = report };
        }
        return report;
    }

    /// <param name="Report">Of the last check that was completed; null before.</param>
    /// <param name="Asked">When the last check was begun, or the build was trusted.</param>
    /// <param name="Running">The last check, in whatever state.</param>
    internal sealed record BuildState(Wire.CanaryReport? Report, long Asked, Task<Wire.CanaryReport>? Running);
}
