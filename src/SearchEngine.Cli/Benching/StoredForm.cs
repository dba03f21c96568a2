namespace SearchEngine.Cli.Benching;

/// <summary>What a collection stores of its vectors.</summary>
internal enum StoredForm
{
    Float16,
    Int8,
}
