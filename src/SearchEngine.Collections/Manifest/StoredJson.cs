using System.Text.Json.Serialization;
using SearchEngine.Collections.Schema;

namespace SearchEngine.Collections.Manifests;

/// <summary>Generated readers and writers. Names of members and of enum values are part of the file format.</summary>
[JsonSourceGenerationOptions(
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    WriteIndented = true)]
[JsonSerializable(typeof(ManifestContent))]
[JsonSerializable(typeof(CollectionSchema))]
internal sealed partial class StoredJson : JsonSerializerContext;
