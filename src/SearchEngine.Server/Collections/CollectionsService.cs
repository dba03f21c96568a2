using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Rpc.Server;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Collections.Calibrating;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Encoders;
using SearchEngine.Server.Search;
using SearchEngine.Server.Search.Shadow;

namespace SearchEngine.Server.Collections;

/// <summary>searchengine.v1.Collections. A method of the contract that is not here answers METHOD_NOT_SERVED.</summary>
internal sealed class CollectionsService
{
    private const int MaxSwitches = 64;

    private readonly ServerState _server;
    private readonly Descriptions _descriptions;
    private readonly CollectionChanges _changes;
    private readonly SnapshotCalls _snapshots;
    private readonly LongCalls _long;
    private readonly IndexBuilds _builds;
    private readonly Calibrations _calibrations;
    private readonly SearchRunner _runner;
    private readonly ModelBindings _bindings;

    /// <param name="runner">Runs the searches of comparisons: all take their places at one desk.</param>
    public CollectionsService(ServerState server, SearchRunner runner)
    {
        _server = server;
        _runner = runner;
        _builds = new IndexBuilds(server);
        _calibrations = new Calibrations(server, runner);
        _descriptions = new Descriptions(server);
        _changes = new CollectionChanges(server);
        _snapshots = new SnapshotCalls(server, _changes);
        _long = new LongCalls(server, _descriptions, _snapshots);
        _bindings = new ModelBindings(server.Encoders);
    }

    public ValueTask<Wire.CreateCollectionReply> Create(Wire.CreateCollectionRequest request, ServerCall call) =>
        _server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Without(call, request.Header);
            Names.Check(request.Header?.Collection ?? "", Names.MaxCollectionBytes, "header.collection");
            context.RequireName(request.Header!.Collection, "header.collection");
            Wire.CollectionConfig config = request.Config ?? throw Refusal.Required("config", "Declare at least one vector or text field.");
            return Serving.UnaryAsync(context, async cancel =>
            {
                config = await _bindings.ResolveAsync(config, cancel).ConfigureAwait(false);
                config = await _server.Texts.Making.CompleteAsync(config, cancel).ConfigureAwait(false);
                Collection made = await _changes.CreateAsync(request.Header!.Collection, config, cancel).ConfigureAwait(false);
                foreach (SearchEngine.Collections.Schema.VectorSchema vector in made.Schema.Vectors)
                {
                    _server.Texts.Canaries.Begin(vector);
                }
                foreach (SearchEngine.Collections.Schema.IVectorField vector in made.Schema.AllVectors().Where(static v => v.Space is null))
                {
                    context.Warn(
                        Wire.WarningKind.SpaceUnbound, "config.vectors", $"Vector \"{vector.Name}\" is bound to no encoder: vectors of a wrong model cannot be noticed.");
                }
                return new Wire.CreateCollectionReply { Header = context.ReplyHeader(made.Sequence), Collection = _descriptions.Of(made, context.Caller) };
            });
        });

    public ValueTask<Wire.DescribeCollectionReply> Describe(Wire.DescribeCollectionRequest request, ServerCall call)
    {
        CallContext context = CallContext.Of(_server, call, request.Header);
        return ValueTask.FromResult(new Wire.DescribeCollectionReply { Collection = _descriptions.Of(context.Collection, context.Caller), Header = context.ReplyHeader() });
    }

    public ValueTask<Wire.ListCollectionsReply> List(Wire.ListCollectionsRequest request, ServerCall call)
    {
        CallContext context = CallContext.Without(call, request.Header);
        RequireNoCollection(request.Header);
        TextLength.Check(request.Prefix, Names.MaxCollectionBytes, "prefix");
        int size = Pages.Size(request.PageSize);
        string after = Pages.KeyOf(request.PageToken);
        string[] names =
        [
            .. _server.Store.Names.Order(StringComparer.Ordinal)
                .Where(n => n.StartsWith(request.Prefix, StringComparison.Ordinal) && context.Caller.MayUse(n) && string.CompareOrdinal(n, after) > 0)
                .Take(size + 1),
        ];
        var reply = new Wire.ListCollectionsReply { NextPageToken = names.Length > size ? Pages.TokenOf(names[size - 1]) : "" };
        // One that is deleted meanwhile is left out.
        reply.Collections.Add(names.Take(size).Select(_server.Store.TryGet).OfType<Collection>().Select(c => _descriptions.Summary(c, context.Caller)));
        reply.Header = context.ReplyHeader();
        return ValueTask.FromResult(reply);
    }

    public ValueTask<Wire.UpdateCollectionReply> Update(Wire.UpdateCollectionRequest request, ServerCall call) =>
        _server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Of(_server, call, request.Header);
            return Serving.UnaryAsync(context, async cancel =>
            {
                await _changes.UpdateAsync(context.Collection, request, cancel).ConfigureAwait(false);
                return new Wire.UpdateCollectionReply { Collection = _descriptions.Of(context.Collection, context.Caller), Header = context.ReplyHeader() };
            });
        });

    public ValueTask<Wire.DeleteCollectionReply> Delete(Wire.DeleteCollectionRequest request, ServerCall call) =>
        _server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Of(_server, call, request.Header);
            if (context.Collection.Name != request.Header.Collection)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.CollectionUnknown, "header.collection", $"\"{request.Header.Collection}\" is an alias; a collection is deleted by its own name.",
                    "Name the collection itself.", actual: request.Header.Collection).With("collection", request.Header.Collection);
            }
            AliasPolicy aliases = request.Aliases == Wire.AliasPolicy.Remove ? AliasPolicy.Remove : AliasPolicy.Refuse;
            return Serving.UnaryAsync(context, async cancel =>
            {
                Wire.ReplyHeader header = context.ReplyHeader();
                long points = await _changes.DeleteAsync(request.Header.Collection, aliases, cancel).ConfigureAwait(false);
                context.Record.Affected = points;
                return new Wire.DeleteCollectionReply { Header = header, Points = (ulong)points };
            });
        });

    public ValueTask<Wire.SwitchAliasesReply> SwitchAliases(Wire.SwitchAliasesRequest request, ServerCall call) =>
        _server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Without(call, request.Header);
            RequireNoCollection(request.Header);
            AliasSwitch[] switches = Switches(request);
            RequireOwn(context, switches);
            return Serving.UnaryAsync(context, cancel =>
            {
                _server.Store.SwitchAliases(switches);
                Dictionary<string, Alias> now = _server.Store.Aliases.ToDictionary(static a => a.Name, StringComparer.Ordinal);
                var reply = new Wire.SwitchAliasesReply { Header = context.ReplyHeader() };
                reply.Aliases.Add(switches.Select(s => now.TryGetValue(s.Name, out Alias? alias) ? Descriptions.Of(alias, context.Caller) : new Wire.Alias { Name = s.Name }));
                return Task.FromResult(reply);
            });
        });

    public ValueTask<Wire.ListAliasesReply> ListAliases(Wire.ListAliasesRequest request, ServerCall call)
    {
        bool one = request.Header is { Collection.Length: > 0 };
        CallContext context = one ? CallContext.Of(_server, call, request.Header) : CallContext.Without(call, request.Header);
        var reply = new Wire.ListAliasesReply();
        reply.Aliases.Add(_server.Store.Aliases
            .Where(a => (!one || a.Collection == context.Collection.Name) && context.Caller.MayUse(a.Collection))
            .OrderBy(static a => a.Name, StringComparer.Ordinal).Select(a => Descriptions.Of(a, context.Caller)));
        reply.Header = context.ReplyHeader();
        return ValueTask.FromResult(reply);
    }

    public ValueTask<Wire.CheckCanariesReply> CheckCanaries(Wire.CheckCanariesRequest request, ServerCall call)
    {
        CallContext context = CallContext.Of(_server, call, request.Header);
        VectorSchema vector = Names.VectorOf(context.Schema, request.VectorName, "vector_name");
        return Serving.UnaryAsync(context, async cancel =>
        {
            Wire.CanaryReport report = await _server.Texts.Canaries.CheckAsync(vector, "vector_name", cancel).ConfigureAwait(false);
            return new Wire.CheckCanariesReply { Report = report, Header = context.ReplyHeader() };
        });
    }

    public ValueTask BuildIndex(Wire.BuildIndexRequest request, ReplyStream<Wire.BuildIndexFrame> replies, ServerCall call) =>
        _builds.RunAsync(CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk), request, replies);

    public ValueTask Calibrate(Wire.CalibrateRequest request, ReplyStream<Wire.CalibrateFrame> replies, ServerCall call) =>
        _calibrations.RunAsync(CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk), request, replies);

    public async ValueTask CompareShadow(Wire.CompareShadowRequest request, ReplyStream<Wire.CompareShadowFrame> replies, ServerCall call)
    {
        CallContext live = CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk);
        ShadowOrder order = ShadowOrder.Read(request);
        if (request.ShadowCollection.Length == 0)
        {
            throw Refusal.Required("shadow_collection", "Name the collection to compare with.");
        }
        TextLength.Check(request.ShadowCollection, Names.MaxCollectionBytes, "shadow_collection");
        CallContext shadow = live.Onto(_server, request.ShadowCollection, Wire.Lane.Bulk, "shadow_collection");
        ShadowOrder.CheckPair(live.Collection, shadow.Collection, _server.Encoders.Connections.Count > 0);
        var comparison = new ShadowComparison(_server, _runner, order, shadow, replies);
        await Serving.RunAsync(live, async () =>
        {
            await comparison.RunAsync(live).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);
    }

    public ValueTask Compact(Wire.CompactRequest request, ReplyStream<Wire.CompactFrame> replies, ServerCall call) =>
        _long.CompactAsync(CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk), request, replies);

    public ValueTask Scrub(Wire.ScrubRequest request, ReplyStream<Wire.ScrubFrame> replies, ServerCall call) =>
        _long.ScrubAsync(CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk), request, replies);

    public ValueTask Snapshot(Wire.SnapshotRequest request, ReplyStream<Wire.SnapshotFrame> replies, ServerCall call) =>
        _long.SnapshotAsync(CallContext.Of(_server, call, request.Header, Wire.Lane.Bulk), request, replies);

    public ValueTask<Wire.ListSnapshotsReply> ListSnapshots(Wire.ListSnapshotsRequest request, ServerCall call)
    {
        // Snapshots stay when their collection goes, so the name need not be one of a collection.
        CallContext context = CallContext.Without(call, request.Header);
        string? collection = request.Header is { Collection.Length: > 0 } header ? _server.Store.TryGet(header.Collection)?.Name ?? header.Collection : null;
        return Serving.UnaryAsync(context, cancel => Task.Run(() => _snapshots.List(context, collection, request), cancel));
    }

    public ValueTask<Wire.DeleteSnapshotReply> DeleteSnapshot(Wire.DeleteSnapshotRequest request, ServerCall call) =>
        _server.Requests.OnceAsync(call, request.Header, request, () =>
        {
            CallContext context = CallContext.Without(call, request.Header);
            Names.Check(request.Header?.Collection ?? "", Names.MaxCollectionBytes, "header.collection");
            return Serving.UnaryAsync(context, cancel =>
            {
                string collection = _server.Store.TryGet(request.Header!.Collection)?.Name ?? request.Header.Collection;
                if (!context.Caller.MayUse(collection))
                {
                    throw SnapshotCalls.UnknownSnapshot(request.Name, "name");
                }
                _snapshots.Delete(collection, request.Name);
                return Task.FromResult(new Wire.DeleteSnapshotReply { Header = context.ReplyHeader() });
            });
        });

    public ValueTask Restore(Wire.RestoreRequest request, ReplyStream<Wire.RestoreFrame> replies, ServerCall call)
    {
        CallContext context = CallContext.Without(call, request.Header);
        Names.Check(request.Header?.Collection ?? "", Names.MaxCollectionBytes, "header.collection");
        context.RequireName(request.Header!.Collection, "header.collection");
        SnapshotCalls.RequireSource(context.Caller, request);
        return _long.RestoreAsync(context, request, replies);
    }

    // Aliases have their names from the caller's list as well, so that an answer tells nothing of names outside it.
    private void RequireOwn(CallContext context, AliasSwitch[] switches)
    {
        for (int i = 0; i < switches.Length; i++)
        {
            context.RequireName(switches[i].Name, $"actions[{i}].alias");
            if (switches[i].Collection is { } target && !context.Caller.MayUse(target))
            {
                throw CallContext.UnknownCollection(target, $"actions[{i}].collection");
            }
            if (_server.Store.Aliases.FirstOrDefault(a => a.Name == switches[i].Name) is { } known && !context.Caller.MayUse(known.Collection))
            {
                throw CallContext.NotOwn(context.Caller, known.Name, $"actions[{i}].alias");
            }
        }
    }

    private static AliasSwitch[] Switches(Wire.SwitchAliasesRequest request)
    {
        if (request.Actions.Count == 0)
        {
            throw Refusal.Required("actions", "Name at least one alias.");
        }
        if (request.Actions.Count > MaxSwitches)
        {
            throw Refusal.Limit("actions", request.Actions.Count, MaxSwitches, "actions", "Switch them in several steps.");
        }
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return
        [
            .. request.Actions.Select((action, i) =>
            {
                Names.Check(action.Alias, Names.MaxCollectionBytes, $"actions[{i}].alias");
                TextLength.Check(action.Collection, Names.MaxCollectionBytes, $"actions[{i}].collection");
                TextLength.Check(action.ExpectedCollection, Names.MaxCollectionBytes, $"actions[{i}].expected_collection");
                if (!seen.Add(action.Alias))
                {
                    throw Refusal.Invalid($"actions[{i}].alias", "The alias is switched twice.", "Name each alias once.", action.Alias);
                }
                return new AliasSwitch(
                    action.Alias, action.Collection.Length == 0 ? null : action.Collection, action.ExpectedCollection.Length == 0 ? null : action.ExpectedCollection);
            }),
        ];
    }

    private static void RequireNoCollection(Wire.RequestHeader? header)
    {
        if (header is { Collection.Length: > 0 })
        {
            throw Refusal.Invalid("header.collection", "The call is about no single collection.", "Leave it empty.", header.Collection);
        }
    }
}
