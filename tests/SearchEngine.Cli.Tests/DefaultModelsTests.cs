using SearchEngine.Encoder;
using Xunit;

namespace SearchEngine.Cli.Tests;

public sealed class DefaultModelsTests
{
    [Fact]
    public void The_default_models_lie_beside_the_application()
    {
        foreach (var folder in DefaultModels.Folders)
        {
            foreach (var file in new[] { "model.onnx", "tokenizer.json", "encoder.json", "golden.json" })
                Assert.True(File.Exists(Path.Combine(folder, file)), $"{folder} has no {file}: encode without --model cannot serve");
        }
    }
}
