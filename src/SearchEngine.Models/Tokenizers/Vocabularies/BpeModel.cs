using System.Text;
using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Byte-pair encoding: a word's characters, joined by the merges in order of rank.</summary>
internal sealed class BpeModel : TokenModel
{
    private const int MaxUtf8Length = 4;

    /// <summary>Characters looked up by index: the alphabet of byte-level models lies below.</summary>
    private const int DirectCount = 0x180;

    private readonly BpeMerger _merger;
    private readonly BpeOptions _options;
    private readonly BpeCache _cache = new();
    private readonly int[] _direct = new int[DirectCount];
    private readonly int[]? _byteIds;
    private readonly int _unknownId;
    private readonly bool _hasAffixes;

    public BpeModel(Vocabulary vocabulary, (int Left, int Right, int Result)[] merges, BpeOptions options)
        : base(vocabulary)
    {
        _options = options;
        _merger = new BpeMerger(merges);
        _unknownId = options.UnknownToken is null ? -1 : vocabulary.Find(options.UnknownToken);
        _byteIds = options.ByteFallback ? ByteTokens.Find(vocabulary) : null;
        _hasAffixes = !string.IsNullOrEmpty(options.ContinuingPrefix) || !string.IsNullOrEmpty(options.EndSuffix);
        for (var codePoint = 0; codePoint < DirectCount; codePoint++)
        {
            _direct[codePoint] = vocabulary.Find([(char)codePoint]);
        }
    }

    public override void Tokenize(TextBuffer text, Piece piece, TokenSequence output, EncodeScratch scratch)
    {
        var word = text.Chars.Slice(piece.Start, piece.Length);
        if (_options.IgnoreMerges && Vocabulary.Find(word) is >= 0 and var whole)
        {
            Emit(text, piece.Start, piece.End, whole, output);
            return;
        }
        var entry = _cache.Find(word);
        if (entry is null)
        {
            TokenizeNew(text, piece, output, scratch.Model);
            return;
        }
        var start = 0;
        for (var token = 0; token < entry.Ids.Length; token++)
        {
            Emit(text, piece.Start + start, piece.Start + entry.Ends[token], entry.Ids[token], output);
            start = entry.Ends[token];
        }
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("BPE").Add(_options.UnknownToken).Add(_options.ContinuingPrefix).Add(_options.EndSuffix)
            .Add(_options.FuseUnknown).Add(_options.ByteFallback).Add(_options.IgnoreMerges);
        Vocabulary.Describe(fingerprint);
        _merger.Describe(fingerprint);
    }

    private void TokenizeNew(TextBuffer text, Piece piece, TokenSequence output, ModelScratch scratch)
    {
        var word = text.Chars.Slice(piece.Start, piece.Length);
        var builder = new BpeWord(scratch, word.Length);
        Build(word, ref builder);
        var symbols = builder.Finish();
        _merger.Merge(symbols, scratch);
        var count = 0;
        for (var symbol = symbols.IsEmpty ? -1 : 0; symbol >= 0; symbol = symbols[symbol].Next)
        {
            Emit(text, piece.Start + symbols[symbol].Start, piece.Start + symbols[symbol].End, symbols[symbol].Id, output);
            count++;
        }
        if (!builder.IsContiguous || !BpeCache.Takes(word))
        {
            return;
        }
        var (ids, ends) = (new int[count], new int[count]);
        for (int symbol = symbols.IsEmpty ? -1 : 0, token = 0; symbol >= 0; symbol = symbols[symbol].Next, token++)
        {
            (ids[token], ends[token]) = (symbols[symbol].Id, symbols[symbol].End);
        }
        _cache.Keep(word, ids, ends);
    }

    private void Build(ReadOnlySpan<char> word, ref BpeWord builder)
    {
        for (var index = 0; index < word.Length;)
        {
            var start = index;
            var codePoint = CodePoints.Read(word, ref index);
            var id = FindSymbol(word, codePoint, start, index);
            if (id >= 0)
            {
                builder.FlushUnknown();
                builder.Add(id, start, index);
            }
            else if (_byteIds is null || !TryAddBytes(codePoint, start, index, ref builder))
            {
                AddUnknown(start, index, ref builder);
            }
        }
        builder.FlushUnknown();
    }

    private void AddUnknown(int start, int end, ref BpeWord builder)
    {
        if (_options.UnknownToken is null)
        {
            builder.Skip();
            return;
        }
        if (_unknownId < 0)
        {
            throw new TextRejectedException(
                $"The text has a character outside the vocabulary, which lacks the unknown token {_options.UnknownToken}.");
        }
        if (!_options.FuseUnknown)
        {
            builder.FlushUnknown();
        }
        builder.AddUnknown(_unknownId, start, end);
    }

    private int FindSymbol(ReadOnlySpan<char> word, int codePoint, int start, int end)
    {
        if (!_hasAffixes)
        {
            return codePoint < DirectCount ? _direct[codePoint] : Vocabulary.Find(word[start..end]);
        }
        var prefix = start > 0 ? _options.ContinuingPrefix : null;
        var suffix = end == word.Length ? _options.EndSuffix : null;
        return Vocabulary.Find(string.Concat(prefix, word[start..end], suffix));
    }

    private bool TryAddBytes(int codePoint, int start, int end, ref BpeWord builder)
    {
        Span<byte> bytes = stackalloc byte[MaxUtf8Length];
        var length = new Rune(codePoint).EncodeToUtf8(bytes);
        foreach (var value in bytes[..length])
        {
            if (_byteIds![value] < 0)
            {
                return false;
            }
        }
        foreach (var value in bytes[..length])
        {
            builder.Add(_byteIds![value], start, end);
        }
        return true;
    }
}
