using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using SearchEngine.Collections;
using SearchEngine.Collections.Filters;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Security;

namespace SearchEngine.Server.Calls;

/// <summary>
/// One call, as every service sees it: the collection it is about, resolved once; who calls and what that hides; lane, deadline and
/// reply limit; and what the reply's header will say. One flow at a time uses it.
/// </summary>
internal sealed class CallContext
{
    private readonly long _began;
    private List<Wire.Warning>? _warnings;
    private readonly Wire.RequestHeader _header;
    private readonly Collection? _collection;
    private readonly bool _byAlias;

    private CallContext(
        ServerCall call, Wire.RequestHeader header, Collection? collection, Wire.Lane lane, CallRecord? record = null, long? began = null)
    {
        long now = Stopwatch.GetTimestamp();
        _began = began ?? now;
        Waited = Stopwatch.GetElapsedTime(_began, now);
        Call = call;
        _header = header;
        _collection = collection;
        _byAlias = collection is not null && collection.Name != header.Collection;
        Caller = call.Principal as Caller ?? Caller.Anyone;
        RequestId = header.RequestId;
        Lane = header.Lane == 0 ? lane : header.Lane;
        ReplyLimit = Envelope.ReplyLimit(header);
        Record = record ?? call.Notes as CallRecord ?? new CallRecord();
        Record.RequestId = RequestId;
        Record.Collection = collection?.Name ?? header.Collection;
    }

    public ServerCall Call { get; }

    public Caller Caller { get; }

    public Collection Collection => _collection ?? throw new InvalidOperationException("The call is about no collection.");

    public CollectionSchema Schema => Collection.Schema;

    public string RequestId { get; }

    /// <summary>For the logs.</summary>
    public CallRecord Record { get; }

    public Wire.Lane Lane { get; }

    /// <summary>Bytes of the largest message that may be sent.</summary>
    public int ReplyLimit { get; }

    /// <summary>Time left, by the caller's deadline or the server's own; null where there is none.</summary>
    public TimeSpan? Remaining => Call.Remaining ?? (AppliedDeadline is { } own ? Max(own - Elapsed) : null);

    /// <summary>The server's own deadline, where the caller set none and <see cref="ApplyDeadline"/> was called.</summary>
    public TimeSpan? AppliedDeadline { get; private set; }

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_began);

    /// <summary>What of <see cref="Elapsed"/> was over before anything was done: a search of a pipeline waits for its turn.</summary>
    public TimeSpan Waited { get; }

    public CancellationToken Cancellation => Call.Cancellation;

    // Made where something is noted: a search has its own, and nothing to warn of.
    public List<Wire.Warning> Warnings => _warnings ??= [];

    public Wire.Timings Timings => field ??= new Wire.Timings();

    public Wire.Cost Cost => field ??= new Wire.Cost();

    public Wire.Degradation Degradation { get; set; }

    /// <summary>A call about a collection that exists.</summary>
    /// <param name="lane">Where the header names none.</param>
    /// <param name="began">The time stamp from which its time counts; null for now.</param>
    public static CallContext Of(
        ServerState server, ServerCall call, Wire.RequestHeader? header, Wire.Lane lane = Wire.Lane.Interactive, long? began = null)
    {
        Collection collection = Resolve(server, call, header);
        return new CallContext(call, header, collection, lane, began: began);
    }

    /// <summary>
    /// The same call, looking at another collection as well: what it notes and warns of is not heard, for the logs tell of the collection
    /// that the call is about.
    /// </summary>
    /// <param name="path">Of the collection's name in the request.</param>
    public CallContext Onto(ServerState server, string collection, Wire.Lane lane, string path)
    {
        Wire.RequestHeader header = _header.Clone();
        (header.Collection, header.Lane, header.ConsistencyToken) = (collection, lane, Google.Protobuf.ByteString.Empty);
        try
        {
            return new CallContext(Call, header, Resolve(server, Call, header), lane, new CallRecord()) { AppliedDeadline = AppliedDeadline };
        }
        catch (RpcException unknown) when (unknown.Facts.GetValueOrDefault(Refusal.FieldFact) == "header.collection")
        {
            throw UnknownCollection(collection, path);
        }
    }

    /// <summary>A call about no collection, or about one that does not exist yet.</summary>
    public static CallContext Without(ServerCall call, Wire.RequestHeader? header)
    {
        header ??= new Wire.RequestHeader();
        Envelope.Check(header);
        return new CallContext(call, header, null, Wire.Lane.Interactive);
    }

    /// <summary>The same call for a flow of its own: what it notes and warns of is not heard.</summary>
    public CallContext Beside() => new(Call, _header, _collection, Lane, new CallRecord()) { AppliedDeadline = AppliedDeadline };

    public static RpcException UnknownCollection(string name, string path) => Refusal.Of(
            Wire.ErrorReason.CollectionUnknown, path, $"There is no collection or alias \"{Refusal.Shown(name)}\".",
            "Create it, or look at Collections.List and ListAliases.", actual: name)
        .With("collection", Refusal.Shown(name));

    /// <summary>A name that the caller wants to give has to be one of its list.</summary>
    public void RequireName(string name, string path)
    {
        if (!Caller.MayUse(name))
        {
            throw NotOwn(Caller, name, path);
        }
    }

    public static RpcException NotOwn(Caller caller, string name, string path) => Refusal.Of(
            Wire.ErrorReason.Permission, path, $"The name \"{Refusal.Shown(name)}\" is not among the collections of the key \"{Refusal.Shown(caller.Name)}\".",
            "Choose a name of the key's list, or use another key.", actual: name)
        .With("permission", "collections");

    /// <summary>The one place where what a caller may not see is taken out of what it asks for.</summary>
    public Filter Restrict(Filter filter) => Caller.Restrict(filter);

    /// <summary>Limits a call whose caller set no deadline; the reply says so.</summary>
    public void ApplyDeadline(TimeSpan limit)
    {
        if (Call.Remaining is null)
        {
            AppliedDeadline = limit;
        }
    }

    public void Warn(Wire.WarningKind kind, string field, string message) =>
        Warnings.Add(new Wire.Warning { Kind = kind, Field = field, Message = message });

    /// <summary>What the engine refused, as this call's error.</summary>
    public RpcException Refused(CollectionException error, string within = "") => ErrorMap.ToRpc(error, within, _collection?.Schema);

    /// <param name="sequence">Of the view that answered; null takes the newest.</param>
    public Wire.ReplyHeader ReplyHeader(ulong? sequence = null)
    {
        Timings.TotalMicros = (uint)Math.Min(uint.MaxValue, (long)Elapsed.TotalMicroseconds);
        var header = new Wire.ReplyHeader { Timings = Timings, Cost = Cost };
        Write(header, sequence);
        return header;
    }

    /// <summary>Writes all that a header says but times and costs, whatever it held.</summary>
    public void Write(Wire.ReplyHeader header, ulong? sequence)
    {
        header.ServerVersion = ServerState.Version;
        header.RequestId = RequestId;
        header.Degradation = Degradation;
        header.Warnings.Clear();
        if (_warnings is not null)
        {
            header.Warnings.Add(_warnings);
        }
        header.SnapshotVersion = _collection is null ? 0 : sequence ?? _collection.Sequence;
        header.Collection = _byAlias ? _collection!.Name : "";
        header.ConsistencyToken = Google.Protobuf.ByteString.Empty;
        header.AppliedDeadlineMicros = (ulong)(AppliedDeadline?.TotalMicroseconds ?? 0);
    }

    /// <summary>The header of a reply to a write: with the token that reads it.</summary>
    public Wire.ReplyHeader WriteHeader(ulong sequence)
    {
        Wire.ReplyHeader header = ReplyHeader(Math.Max(sequence, Collection.Sequence));
        header.ConsistencyToken = ConsistencyToken.Of(Collection, sequence);
        return header;
    }

    private static Collection Resolve(ServerState server, ServerCall call, [NotNull] Wire.RequestHeader? header)
    {
        if (header is null || header.Collection.Length == 0)
        {
            throw Refusal.Required(header is null ? "header" : "header.collection", "Name the collection or an alias of it.");
        }
        Envelope.Check(header);
        Collection? collection = server.Store.TryGet(header.Collection);
        var caller = call.Principal as Caller ?? Caller.Anyone;
        // To a caller that may not use it, a collection does not exist.
        if (collection is null || !caller.MayUse(collection.Name))
        {
            throw UnknownCollection(header.Collection, "header.collection");
        }
        CheckInjected(caller, collection);
        if (MethodPermissions.Of(call.Method.Descriptor) == Permissions.Write && collection.Settings.IsReadOnly)
        {
            // Told before the points are looked at, also where there would be nothing to write.
            throw Refusal.Of(
                Wire.ErrorReason.ReadOnly, "header.collection", $"Collection \"{collection.Name}\" is set to read only.",
                "Write to another one, or set its access mode to READ_WRITE.");
        }
        ConsistencyToken.Check(collection, header.ConsistencyToken, "header.consistency_token");
        return collection;
    }

    // Told apart from what is wrong with the request: its paths would name fields that the caller has not sent.
    private static void CheckInjected(Caller caller, Collection collection)
    {
        if (caller.Injected is not { } injected)
        {
            return;
        }
        try
        {
            collection.Check(injected);
        }
        catch (CollectionException unfit)
        {
            throw Refusal.Of(
                    Wire.ErrorReason.Permission, "", $"The filter of the key \"{Refusal.Shown(caller.Name)}\" cannot be asked of this collection, so nothing of it is shown.",
                    "Ask whoever runs the server for a key that fits the collection's attributes.", actual: unfit.Error.ToString())
                .With("permission", "filter");
        }
    }

    private static TimeSpan Max(TimeSpan remaining) => remaining > TimeSpan.Zero ? remaining : TimeSpan.Zero;
}
