using System.Reflection;
using SearchEngine.Collections;
using SearchEngine.Collections.Storage;
using SearchEngine.Rpc.Operations;
using SearchEngine.Server.Collections;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Encoders.Canaries;
using SearchEngine.Server.Evaluation.Judged;
using SearchEngine.Server.Operations;
using SearchEngine.Server.Points;
using SearchEngine.Server.Search.Shadow;

namespace SearchEngine.Server.Calls;

/// <summary>What all services of one process share.</summary>
internal sealed class ServerState : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    private ServerState(SearchServerOptions options, CollectionStore store, SettingsShelf settings, ReadinessBoard? readiness)
    {
        Readiness = readiness;
        Options = options;
        Store = store;
        Settings = settings;
        Requests = new RequestMemory(options.Time);
        Operations = new LongOperations(options.Time, _stopping.Token);
        Cursors = new CursorShelf(options.Time, options.CursorLifetime);
        var encoders = new EncoderSettings { Addresses = options.Encoders, Time = options.Time };
        Encoders = new EncoderPool(encoders);
        Texts = new TextEncoder(Encoders, encoders, new CanaryIntervals(store, settings, encoders.CanaryInterval));
        Judgements = new JudgementShelf(Path.Combine(options.DataDirectory, "judgements"));
        Uploads = new ResumeShelf(Path.Combine(options.DataDirectory, "uploads"), settings, options.Time, options.CursorLifetime);
    }

    /// <summary>As in Admin.Version.</summary>
    public static string Version { get; } =
        Build.Split('+')[0];

    /// <summary>The commit it was built from; empty when unknown.</summary>
    public static string Commit { get; } = Build.Contains('+', StringComparison.Ordinal) ? Build[(Build.IndexOf('+', StringComparison.Ordinal) + 1)..] : "";

    private static string Build =>
        typeof(ServerState).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0";

    public SearchServerOptions Options { get; }

    public CollectionStore Store { get; }

    public SettingsShelf Settings { get; }

    /// <summary>Null where nobody asks for it.</summary>
    public ReadinessBoard? Readiness { get; }

    public RequestMemory Requests { get; }

    public LongOperations Operations { get; }

    public CursorShelf Cursors { get; }

    /// <summary>Where answered searches are shown to comparisons.</summary>
    public ShadowTaps Shadows { get; } = new();

    /// <summary>What callers have searched for.</summary>
    public TrafficQueries Traffic { get; } = new();

    public ResumeShelf Uploads { get; }

    /// <summary>What people judged, by collection.</summary>
    public JudgementShelf Judgements { get; }

    /// <summary>The encoder processes this server is connected to; none is a server of vectors alone.</summary>
    public EncoderPool Encoders { get; }

    public TextEncoder Texts { get; }

    /// <summary>What rerank models take for a pair.</summary>
    public InferenceCosts PairCosts { get; } = new();

    public TimeProvider Time => Options.Time;

    /// <summary>Cancelled when the process ends: long operations that outlive their callers stop then.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <param name="readiness">Of the process; null where nobody asks for it.</param>
    public static ServerState Open(SearchServerOptions options, ReadinessBoard? readiness = null)
    {
        DurableFolder.Make(options.DataDirectory);
        var settings = new SettingsShelf(Path.Combine(options.DataDirectory, "settings"), options.Engine, options.Time);
        return new ServerState(options, CollectionStore.Open(options.DataDirectory, settings.EngineOf, options.Time), settings, readiness);
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Encoders.Dispose();
        Cursors.Dispose();
        Store.Dispose();
        _stopping.Dispose();
    }
}
