using Xunit;

namespace SearchEngine.Cli.Tests;

/// <summary><c>encode</c> as a user starts it.</summary>
public sealed class EncodeTests
{
    [Theory]
    [InlineData(2, "--host 0.0.0.0", "--insecure")]
    [InlineData(2, "--host :: --tls-cert absent.pem --tls-key absent.pem", "--tls-client-ca")]
    [InlineData(1, "--model absent-folder", "absent-folder")]
    public async Task WhatCannotBeServedSafelyOrAtAll_IsRefusedWithWhatToDo(int code, string options, string named)
    {
        CliRun run = await CliRun.OfAsync(TestContext.Current.CancellationToken, ["encode", "--port", "0", .. options.Split(' ')]);
        Assert.True(run.Code == code, run.Both);
        Assert.Contains(named, run.Errors, StringComparison.Ordinal);
    }
}
