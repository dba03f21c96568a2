using Xunit;

namespace SearchEngine.Models.Tests.Onnx;

/// <summary>Tests that count native objects or memory of the whole process run alone.</summary>
[CollectionDefinition(nameof(Serial), DisableParallelization = true)]
public sealed class Serial;
