using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Connections;
using SearchEngine.Encoder;
using SearchEngine.Models.Folder;
using SearchEngine.Models.Onnx;
using SearchEngine.Models.Tokenizers;
using SearchEngine.Rpc;
using SearchEngine.Server.Configuration;

namespace SearchEngine.Cli.Remote;

/// <summary>
/// What can go wrong for a user, as an exit code and a message. Anything else is a fault of this program, and its stack trace is
/// what we want to be sent.
/// </summary>
internal static class Failures
{
    public static async Task<int> ReportAsync(string command, OutputForm form, CancellationToken cancel, Func<Task<int>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return Say(command, form, ExitCode.Failed, "stopped.");
        }
        catch (RpcException refused)
        {
            Console.Error.WriteLine(form == OutputForm.Json ? ErrorReport.Json(refused) : $"searchengine {command}: {ErrorReport.Text(refused)}");
            return ExitCode.Failed;
        }
        catch (Exception wrong) when (wrong is UsageException or ConfigurationException)
        {
            return Say(command, form, ExitCode.Usage, wrong.Message);
        }
        catch (IOException taken) when (taken.InnerException is AddressInUseException)
        {
            return Say(command, form, ExitCode.Failed, $"{taken.Message} End what listens there, or name another port (--port; --operations-port or --metrics-port).");
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException or SocketException or CryptographicException
            or InputException or JsonException or EncoderStartException
            or ModelFolderException or OnnxLibraryException or OnnxModelException or OnnxException or TokenizerException or TextRejectedException)
        {
            return Say(command, form, ExitCode.Failed, failed.Message);
        }
    }

    private static int Say(string command, OutputForm form, int code, string message)
    {
        Console.Error.WriteLine(form == OutputForm.Json ? ErrorReport.Json(message) : $"searchengine {command}: {message}");
        return code;
    }
}
