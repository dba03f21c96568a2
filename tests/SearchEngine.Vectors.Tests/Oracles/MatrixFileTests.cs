using SearchEngine.Testing;
using SearchEngine.Testing.Vectors;
using Xunit;

namespace SearchEngine.Vectors.Tests.Oracles;

public sealed class MatrixFileTests
{
    [Fact]
    public void WhatWasWrittenIsReadAndACutFileIsRefused()
    {
        using var directory = new TempDirectory();
        string floats = directory.File("a.fbin"), ids = directory.File("a.ibin");
        MatrixFile.WriteFloats(floats, new FloatMatrix([1, 2, 3, 4, 5, 6], 2, 3));
        MatrixFile.WriteIds(ids, new IdMatrix([7, 8], 1, 2));
        Assert.Equal([1, 2, 3, 4, 5, 6], MatrixFile.ReadFloats(floats).Values);
        Assert.Equal([1, 2, 3], MatrixFile.ReadFloats(floats, maxRows: 1).Values);
        Assert.Equal([7, 8], MatrixFile.ReadIds(ids).Values);
        Assert.Equal(8 + (6 * 4), new FileInfo(floats).Length);
        using (var file = new FileStream(floats, FileMode.Open))
        {
            file.SetLength(file.Length - 1);
        }

        Assert.Throws<InvalidDataException>(() => MatrixFile.ReadFloats(floats));
    }
}
