using SearchEngine.Vectors.Files;
using Xunit;

namespace SearchEngine.Vectors.Tests.Files;

public sealed class RowFileHeaderFuzzTests
{
    [Fact]
    public void AnyBytesAreReadOrRefusedButNeverMisread()
    {
        const int Seed = 31337;
        var random = new Random(Seed);
        var page = new byte[RowFileHeader.Bytes];
        using var sample = new SampleFile(count: 10);
        for (int round = 0; round < 20_000; round++)
        {
            sample.Header.Write(page);
            int changes = random.Next(1, 9);
            for (int i = 0; i < changes; i++)
            {
                page[random.Next(104)] = (byte)random.Next(256);
            }

            // With a right checksum over the changed fields: what an attacker or a faulty writer would leave.
            BitConverter.TryWriteBytes(page.AsSpan(RowFileHeader.Bytes - 8), BlockChecksum.Of(page.AsSpan(0, RowFileHeader.Bytes - 8)));
            try
            {
                RowFileHeader read = RowFileHeader.Read(page, sample.Header.FileBytes, "fuzzed");
                Assert.Equal(sample.Header.FileBytes, read.FileBytes);
                Assert.InRange((long)read.Count * read.Stride, 0, read.FileBytes);
            }
            catch (VectorFileException refusal)
            {
                Assert.NotEqual(FileDamage.Header, refusal.Damage);
            }
        }
    }
}
