namespace SearchEngine.Server.Tests.Tours;

/// <param name="Name">As the programs print it.</param>
/// <param name="Reason">That the server has to give.</param>
/// <param name="IsRaw">Takes headers that only raw HTTP/2 can send, which Node has.</param>
internal sealed record ErrorCase(string Name, string Reason, bool IsRaw);
