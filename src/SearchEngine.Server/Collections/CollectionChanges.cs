using SearchEngine.Collections;
using SearchEngine.Collections.Schema;
using SearchEngine.Server.Calls;
using SearchEngine.Server.Contract;
using SearchEngine.Server.Operations;

namespace SearchEngine.Server.Collections;

/// <summary>Makes, changes and deletes collections, engine and settings together.</summary>
internal sealed class CollectionChanges(ServerState server)
{
    private readonly SemaphoreSlim _one = new(1);

    public async Task<Collection> CreateAsync(string name, Wire.CollectionConfig config, CancellationToken cancel)
    {
        CollectionSchema schema = SchemaMap.Read(config, "config");
        Wire.CollectionSettings settings = SettingsMap.Change(SettingsMap.Defaults, config.Settings, "config.settings");
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (server.Store.TryGet(name) is not null)
            {
                throw Taken(name);
            }
            // Settings first: the engine asks for them, and a file without a collection does no harm.
            server.Settings.Begin(name, settings);
            server.Judgements.Forget(name);
            server.Traffic.Forget(name);
            return server.Store.Create(name, schema);
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task UpdateAsync(Collection collection, Wire.UpdateCollectionRequest request, CancellationToken cancel)
    {
        FieldNotServed.Check(request, "", "add_texts");
        AttributeSchema[] added = [.. request.AddAttributes.Select((a, i) => AttributeSchemaMap.Read(a, $"add_attributes[{i}]"))];
        CollectionSchema read;
        IReadOnlyList<VectorSchema> bound;
        do
        {
            // Before anybody has to wait: an encoder may take its time. An update that was made meanwhile is what this one changes.
            read = collection.Schema;
            bound = await new SpaceChanges(server.Texts).ReadAsync(read, request, cancel).ConfigureAwait(false);
        }
        while (!await TryUpdateAsync(collection, request, added, read, bound, cancel).ConfigureAwait(false));
    }

    /// <returns>Points that were deleted with it.</returns>
    public async Task<long> DeleteAsync(string name, AliasPolicy aliases, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Collection collection = server.Store.TryGet(name) is { } found && found.Name == name
                ? found
                : throw CallContext.UnknownCollection(name, "header.collection");
            long points = collection.Describe().Documents;
            await Task.Run(() => server.Store.Drop(name, aliases), CancellationToken.None).ConfigureAwait(false);
            server.Settings.Remove(name);
            server.Judgements.Forget(name);
            server.Traffic.Forget(name);
            // What is wrong with it keeps nobody from serving any more; another one may have its name from now on.
            server.Readiness?.Clear(SelfTest.PartOf(name));
            return points;
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task<Collection> RestoreAsync(
        string name, string directory, string? manifest, IProgress<WorkProgress> progress, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            if (server.Store.TryGet(name) is not null)
            {
                throw Taken(name);
            }
            server.Settings.Begin(name, SettingsMap.Defaults);
            server.Judgements.Forget(name);
            server.Traffic.Forget(name);
            return await Task.Run(() => server.Store.Restore(name, directory, manifest, progress, cancel), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _one.Release();
        }
    }

    /// <param name="read">What <paramref name="bound"/> was made of.</param>
    /// <returns>False when a binding has become another since: nothing was changed.</returns>
    private async Task<bool> TryUpdateAsync(
        Collection collection, Wire.UpdateCollectionRequest request, AttributeSchema[] added, CollectionSchema read, IReadOnlyList<VectorSchema> bound,
        CancellationToken cancel)
    {
        await _one.WaitAsync(cancel).ConfigureAwait(false);
        try
        {
            Wire.CollectionDescription now = server.Settings.Of(collection.Name);
            if (request.HasExpectedConfigVersion && request.ExpectedConfigVersion != now.ConfigVersion)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.VersionConflict, "expected_config_version",
                    $"The configuration has version {now.ConfigVersion}, the request expects {request.ExpectedConfigVersion}.", "Describe the collection and decide anew.",
                    Refusal.Number((long)request.ExpectedConfigVersion), Refusal.Number((long)now.ConfigVersion));
            }
            if (bound.Any(v => SpaceOf(read, v.Name) != SpaceOf(collection.Schema, v.Name)))
            {
                return false;
            }
            Wire.CollectionSettings next = SettingsMap.Change(now.Config.Settings, request.Settings, "settings");
            AttributeSchema[] missing = Missing(collection.Schema, added);
            for (int i = 0; i < missing.Length; i++)
            {
                await collection.AddAttributeAsync(missing[i], cancel).ConfigureAwait(false);
            }
            if (bound.Count > 0)
            {
                await collection.BindAsync(bound.ToDictionary(static v => v.Name, static v => v.Space!), cancel).ConfigureAwait(false);
                foreach (VectorSchema vector in bound)
                {
                    server.Texts.Canaries.Begin(collection.Schema.Vectors[collection.Schema.VectorAt(vector.Name)]);
                }
            }
            if (missing.Length > 0 || bound.Count > 0 || !next.Equals(now.Config.Settings))
            {
                server.Settings.Change(collection.Name, next);
                collection.Change(server.Settings.EngineOf(collection.Name));
            }
            return true;
        }
        finally
        {
            _one.Release();
        }
    }

    private static string? SpaceOf(CollectionSchema schema, string vector) => schema.Vectors[schema.VectorAt(vector)].Space;

    private static Rpc.RpcException Taken(string name) => Refusal.Of(
            Wire.ErrorReason.CollectionExists, "header.collection", $"The name \"{name}\" is taken by a collection or an alias.",
            "Choose another name, or delete what has it.", actual: name)
        .With("collection", name);

    // A repeated update finds its attributes there already; one of another kind cannot take the place.
    private static AttributeSchema[] Missing(CollectionSchema schema, AttributeSchema[] added)
    {
        var missing = new List<AttributeSchema>();
        for (int i = 0; i < added.Length; i++)
        {
            if (schema.TextAt(added[i].Name) >= 0 || added.Take(i).Any(a => a.Name == added[i].Name))
            {
                throw Refusal.Invalid($"add_attributes[{i}].name", "The name is taken.", "Names of attributes and text fields are distinct.", added[i].Name);
            }
            if (added[i].IsRequired)
            {
                throw Refusal.Of(
                    Wire.ErrorReason.SettingFixed, $"add_attributes[{i}].presence", "Points without the attribute exist, so it cannot be required.", "Add it as optional.");
            }
            int position = schema.AttributeAt(added[i].Name);
            if (position >= 0 && schema.Attributes[position] != added[i])
            {
                throw Refusal.Of(
                    Wire.ErrorReason.SettingFixed, $"add_attributes[{i}]", $"Attribute \"{added[i].Name}\" exists and is declared otherwise.",
                    "Use another name, or a new collection and an alias.");
            }
            if (position < 0)
            {
                missing.Add(added[i]);
            }
        }
        if (schema.Attributes.Count + missing.Count > CollectionSchema.MaxAttributes)
        {
            throw Refusal.Limit(
                "add_attributes", schema.Attributes.Count + missing.Count, CollectionSchema.MaxAttributes, "attributes", "Use fewer.");
        }
        return [.. missing];
    }
}
