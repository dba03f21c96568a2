using System.Globalization;
using System.Net;

namespace SearchEngine.Server.Configuration;

/// <summary>The values in force: a flag goes before a variable of the environment, that before the file, that before the default.</summary>
internal sealed class ConfigurationReader
{
    // A variable that differs by so little from a known one is a slip of the pen; others belong to somebody else.
    private const int Slip = 2;

    private readonly Dictionary<string, ConfiguredValue> _values;

    public ConfigurationReader(string? file, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, IReadOnlyList<string>> flags)
    {
        IReadOnlyList<Setting> known = ServeSettings.All;
        Dictionary<string, ConfiguredValue> fromFile = file is null ? [] : ConfigurationFile.Read(file, known);
        _values = known.ToDictionary(static s => s.Key, s => Effective(s, fromFile, environment, flags), StringComparer.Ordinal);
        CheckVariables(environment, known);
    }

    public IReadOnlyList<ConfiguredValue> Values => [.. ServeSettings.All.Select(s => _values[s.Key])];

    public string? Text(string key) => _values[key].Values is [var value, ..] ? value : null;

    public IReadOnlyList<string> Texts(string key) => _values[key].Values;

    public bool IsTrue(string key) => Text(key) switch
    {
        "true" or "True" or "1" => true,
        "false" or "False" or "0" or null => false,
        _ => throw Wrong(key, "is neither true nor false", "Write true or false."),
    };

    /// <param name="consequence">What a value outside the range would do.</param>
    public long Integer(string key, long least, long most, string consequence) =>
        long.TryParse(Text(key), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : throw Wrong(key, $"is no whole number from {least} to {most}: {consequence}", "Use a number in this range.");

    /// <param name="consequence">What a value outside the range would do.</param>
    public double Number(string key, double least, double most, string consequence) =>
        double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : throw Wrong(key, string.Create(CultureInfo.InvariantCulture, $"is no number from {least} to {most}: {consequence}"), "Use a number in this range.");

    public IPAddress Address(string key) =>
        IPAddress.TryParse(Text(key), out IPAddress? address) ? address : throw Wrong(key, "is no IP address", "0.0.0.0 listens on all of them.");

    public T Choice<T>(string key)
        where T : struct, Enum => Enum.TryParse(Text(key), ignoreCase: true, out T value) && Enum.IsDefined(value)
            ? value
            : throw Wrong(key, $"is none of {string.Join(", ", Enum.GetNames<T>())}", "Use one of these.");

    public ConfigurationException Wrong(string key, string what, string fix) =>
        new(_values[key].Name, 0, $"'{Refusal.Shown(string.Join(',', _values[key].Values))}' {what}.", fix);

    private static ConfiguredValue Effective(
        Setting setting, Dictionary<string, ConfiguredValue> file, IReadOnlyDictionary<string, string> environment, IReadOnlyDictionary<string, IReadOnlyList<string>> flags)
    {
        if (flags.TryGetValue(setting.Key, out IReadOnlyList<string>? given) && given.Count > 0)
        {
            return new ConfiguredValue(setting, given, setting.Flag);
        }
        if (environment.TryGetValue(setting.Variable, out string? variable) && variable.Length > 0)
        {
            return new ConfiguredValue(
                setting, setting.IsList ? variable.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [variable], setting.Variable);
        }
        return file.GetValueOrDefault(setting.Key) ?? new ConfiguredValue(setting, setting.Default is null ? [] : [setting.Default], "default");
    }

    private static void CheckVariables(IReadOnlyDictionary<string, string> environment, IReadOnlyList<Setting> known)
    {
        foreach (string name in environment.Keys.Where(n => n.StartsWith("SEARCHENGINE_", StringComparison.Ordinal) && known.All(s => s.Variable != n)))
        {
            string nearest = Spelling.Nearest(name, known.Select(static s => s.Variable));
            if (Spelling.Distance(name, nearest) <= Slip)
            {
                throw new ConfigurationException(name, 0, "There is no such setting.", $"Did you mean {nearest}?");
            }
        }
    }
}
