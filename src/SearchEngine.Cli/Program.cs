using System.CommandLine;
using SearchEngine.Cli;
using SearchEngine.Cli.Remote;

ParseResult parsed = CommandTree.Create().Parse(args);
// A server that drains ends by its own rules; everything else has this long to leave nothing half-written after Ctrl-C.
bool drains = parsed.CommandResult.Command.Name is "serve" or "encode";
var invocation = new InvocationConfiguration { ProcessTerminationTimeout = drains ? null : TimeSpan.FromSeconds(40) };
int code = await parsed.InvokeAsync(invocation, ParentTie.Begin());
return parsed.Errors.Count > 0 ? ExitCode.Usage : code;
