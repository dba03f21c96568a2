using SearchEngine.Models.Onnx.Interop;

namespace SearchEngine.Models.Onnx.Loading;

/// <summary>What an opened session says of itself, read once.</summary>
internal sealed record SessionFacts(
    IReadOnlyList<OnnxTensorInfo> Inputs,
    IReadOnlyList<OnnxTensorInfo> Outputs,
    OnnxModelMetadata Metadata,
    OnnxProviderReport Providers)
{
    /// <summary>The table from which a session tells which provider runs which node.</summary>
    private const uint AssignmentVersion = 25;

    public static SessionFacts Read(OrtApi api, OrtHandle session, string model, IReadOnlyList<OnnxProviderAttempt> attempts)
    {
        var pointer = session.DangerousGetHandle();
        var inputs = Tensors(
            api, pointer, OrtSlot.SessionGetInputCount, OrtSlot.SessionGetInputName, OrtSlot.SessionGetInputTypeInfo);
        var outputs = Tensors(
            api, pointer, OrtSlot.SessionGetOutputCount, OrtSlot.SessionGetOutputName, OrtSlot.SessionGetOutputTypeInfo);
        if (inputs.FirstOrDefault(i => !i.IsTensor) is { } odd)
            throw new OnnxModelException(model, $"its input '{odd.Name}' is no tensor");
        if (inputs.Concat(outputs).FirstOrDefault(t => t.Dimensions.Count > OnnxTensor.MaxRank) is { } deep)
            throw new OnnxModelException(model, $"'{deep.Name}' has more than {OnnxTensor.MaxRank} dimensions");
        var providers = new OnnxProviderReport(attempts, Assigned(api, pointer, attempts));
        return new SessionFacts(inputs, outputs, ReadMetadata(api, pointer), providers);
    }

    private static OnnxTensorInfo[] Tensors(OrtApi api, nint session, OrtSlot count, OrtSlot name, OrtSlot type)
    {
        var tensors = new OnnxTensorInfo[(int)api.Number(count, session)];
        for (var i = 0; i < tensors.Length; i++)
        {
            var text = OrtSessions.OwnedText(api, name, session, i);
            using var info = new OrtHandle(api, OrtKind.TypeInfo, api.Make(type, session, i));
            tensors[i] = Tensor(api, text, info.DangerousGetHandle());
        }
        return tensors;
    }

    private static OnnxTensorInfo Tensor(OrtApi api, string name, nint typeInfo)
    {
        // Borrowed from the type, and null where it is a sequence or a map.
        var shape = api.Make(OrtSlot.CastTypeInfoToTensorInfo, typeInfo);
        if (shape == 0)
            return new OnnxTensorInfo(name, OnnxElementType.Undefined, []);
        var rank = (int)api.Number(OrtSlot.GetDimensionsCount, shape);
        var sizes = new long[rank];
        OrtTensors.Dimensions(api, shape, sizes);
        var symbols = OrtTensors.Symbols(api, shape, rank);
        var dimensions = sizes.Zip(symbols, (size, symbol) => size >= 0 ? (OnnxDimension)size : symbol);
        return new OnnxTensorInfo(name, OrtTensors.ElementType(api, shape), [.. dimensions]);
    }

    private static OnnxModelMetadata ReadMetadata(OrtApi api, nint session)
    {
        using var handle = new OrtHandle(api, OrtKind.Metadata, api.Make(OrtSlot.SessionGetModelMetadata, session));
        var metadata = handle.DangerousGetHandle();
        return new OnnxModelMetadata(
            OrtSessions.OwnedText(api, OrtSlot.ModelMetadataGetProducerName, metadata),
            OrtSessions.OwnedText(api, OrtSlot.ModelMetadataGetGraphName, metadata),
            OrtSessions.OwnedText(api, OrtSlot.ModelMetadataGetDomain, metadata),
            OrtSessions.OwnedText(api, OrtSlot.ModelMetadataGetDescription, metadata),
            api.Number(OrtSlot.ModelMetadataGetVersion, metadata),
            OrtSessions.CustomMetadata(api, metadata));
    }

    /// <summary>
    /// Nodes by provider. A library can lose the nodes of an accelerator from its account (WebGPU in NHWC), so an account that
    /// gives a registered accelerator none is not believed: saying nothing is better than saying that the CPU runs the model.
    /// </summary>
    private static IReadOnlyList<OnnxProviderNodes> Assigned(
        OrtApi api, nint session, IReadOnlyList<OnnxProviderAttempt> attempts)
    {
        if (api.Version < AssignmentVersion)
            return [];
        var assigned = OrtSessions.Assignment(api, session)
            .GroupBy(node => node.Provider, StringComparer.Ordinal)
            .Select(group => new OnnxProviderNodes(
                group.Key,
                group.Count(),
                group.CountBy(node => node.Operator, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal)))
            .OrderByDescending(nodes => nodes.Nodes)
            .ToList();
        var accelerated = attempts.Any(a => a.Outcome == OnnxProviderOutcome.Registered && a.Name != OnnxProvider.Cpu.Name);
        return accelerated && assigned.All(a => a.Provider == ProviderSetup.CpuName) ? [] : assigned;
    }
}
