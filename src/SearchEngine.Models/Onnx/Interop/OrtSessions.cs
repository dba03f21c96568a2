using System.Text;

namespace SearchEngine.Models.Onnx.Interop;

/// <summary>Calls that make an environment, options and sessions, and that read what a session says of itself.</summary>
internal static unsafe class OrtSessions
{
    public static nint Environment(OrtApi api, OnnxLogLevel level)
    {
        nint environment;
        fixed (byte* name = "searchengine\0"u8)
        {
            var create = (delegate* unmanaged<int, byte*, nint*, nint>)api[OrtSlot.CreateEnv];
            api.Check(create((int)level, name, &environment));
        }
        return environment;
    }

    public static nint CpuMemoryInfo(OrtApi api)
    {
        const int DeviceAllocator = 0, DefaultMemory = 0;
        nint info;
        api.Check(((delegate* unmanaged<int, int, nint*, nint>)api[OrtSlot.CreateCpuMemoryInfo])(
            DeviceAllocator, DefaultMemory, &info));
        return info;
    }

    public static IReadOnlyList<string> AvailableProviders(OrtApi api)
    {
        nint* names;
        int count;
        api.Check(((delegate* unmanaged<nint**, int*, nint>)api[OrtSlot.GetAvailableProviders])(&names, &count));
        var list = Texts(names, count);
        api.Check(((delegate* unmanaged<nint*, int, nint>)api[OrtSlot.ReleaseAvailableProviders])(names, count));
        return list;
    }

    public static nint FromFile(OrtApi api, nint environment, string path, nint options)
    {
        // ORTCHAR_T is wchar_t on Windows and char elsewhere.
        var text = OperatingSystem.IsWindows() ? Encoding.Unicode.GetBytes(path + '\0') : OrtApi.Utf8(path);
        nint session;
        fixed (byte* p = text)
        {
            var create = (delegate* unmanaged<nint, byte*, nint, nint*, nint>)api[OrtSlot.CreateSession];
            api.Check(create(environment, p, options, &session));
        }
        return session;
    }

    public static nint FromBytes(OrtApi api, nint environment, ReadOnlySpan<byte> model, nint options)
    {
        nint session;
        fixed (byte* bytes = model)
        {
            var create = (delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)api[OrtSlot.CreateSessionFromArray];
            api.Check(create(environment, bytes, (nuint)model.Length, options, &session));
        }
        return session;
    }

    public static void AppendProvider(OrtApi api, nint options, string name, IReadOnlyDictionary<string, string> entries)
    {
        fixed (byte* n = OrtApi.Utf8(name))
        {
            var provider = (nint)n;
            using var pairs = new OrtTextPairs(entries);
            fixed (nint* keys = pairs.Keys, values = pairs.Values)
            {
                var append = (delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint>)api[OrtSlot.AppendProvider];
                api.Check(append(options, provider, keys, values, (nuint)pairs.Count));
            }
        }
    }

    public static void AppendCuda(OrtApi api, nint options, IReadOnlyDictionary<string, string> entries)
    {
        using var cuda = new OrtHandle(api, OrtKind.CudaOptions, api.Make(OrtSlot.CreateCudaProviderOptions));
        using var pairs = new OrtTextPairs(entries);
        fixed (nint* keys = pairs.Keys, values = pairs.Values)
        {
            var update = (delegate* unmanaged<nint, nint*, nint*, nuint, nint>)api[OrtSlot.UpdateCudaProviderOptions];
            api.Check(update(cuda.DangerousGetHandle(), keys, values, (nuint)pairs.Count));
        }
        api.Call(OrtSlot.AppendCudaProvider, options, cuda.DangerousGetHandle());
    }

    /// <summary>A text from the library's allocator, given back to it at once.</summary>
    public static string OwnedText(OrtApi api, OrtSlot slot, nint subject, int index)
    {
        var allocator = api.Make(OrtSlot.GetAllocatorWithDefaultOptions);
        nint text;
        var get = (delegate* unmanaged<nint, nuint, nint, nint*, nint>)api[slot];
        api.Check(get(subject, (nuint)index, allocator, &text));
        return Take(api, allocator, text);
    }

    /// <summary>As the overload, for functions that take no index.</summary>
    public static string OwnedText(OrtApi api, OrtSlot slot, nint subject)
    {
        var allocator = api.Make(OrtSlot.GetAllocatorWithDefaultOptions);
        nint text;
        api.Check(((delegate* unmanaged<nint, nint, nint*, nint>)api[slot])(subject, allocator, &text));
        return Take(api, allocator, text);
    }

    public static IReadOnlyDictionary<string, string> CustomMetadata(OrtApi api, nint metadata)
    {
        var allocator = api.Make(OrtSlot.GetAllocatorWithDefaultOptions);
        nint* keys;
        long count;
        var list = (delegate* unmanaged<nint, nint, nint**, long*, nint>)api[OrtSlot.ModelMetadataGetCustomMetadataMapKeys];
        api.Check(list(metadata, allocator, &keys, &count));
        var map = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            nint value;
            var look = (delegate* unmanaged<nint, nint, nint, nint*, nint>)api[OrtSlot.ModelMetadataLookupCustomMetadataMap];
            api.Check(look(metadata, allocator, keys[i], &value));
            map[Take(api, allocator, keys[i])] = Take(api, allocator, value);
        }
        if (count > 0)
            api.Call(OrtSlot.AllocatorFree, allocator, (nint)keys);
        return map;
    }

    /// <summary>Which provider the session gave each node to, as (provider, operator) pairs. Needs table 25.</summary>
    public static List<(string Provider, string Operator)> Assignment(OrtApi api, nint session)
    {
        var nodes = new List<(string, string)>();
        var subgraphs = (nint*)List(api, OrtSlot.SessionGetGraphAssignment, session, out var count);
        for (nuint s = 0; s < count; s++)
        {
            var provider = OrtApi.Text(api.Make(OrtSlot.AssignedSubgraphGetProviderName, subgraphs[s]));
            var members = (nint*)List(api, OrtSlot.AssignedSubgraphGetNodes, subgraphs[s], out var size);
            for (nuint n = 0; n < size; n++)
                nodes.Add((provider, OrtApi.Text(api.Make(OrtSlot.AssignedNodeGetOperatorType, members[n]))));
        }
        return nodes;
    }

    private static nint List(OrtApi api, OrtSlot slot, nint subject, out nuint count)
    {
        nint list;
        nuint length;
        api.Check(((delegate* unmanaged<nint, nint*, nuint*, nint>)api[slot])(subject, &list, &length));
        count = length;
        return list;
    }

    private static string[] Texts(nint* texts, int count)
    {
        var list = new string[count];
        for (var i = 0; i < count; i++)
            list[i] = OrtApi.Text(texts[i]);
        return list;
    }

    private static string Take(OrtApi api, nint allocator, nint text)
    {
        var copy = OrtApi.Text(text);
        if (text != 0)
            api.Call(OrtSlot.AllocatorFree, allocator, text);
        return copy;
    }
}
