using SearchEngine.Models.Tokenizers.Text;
using SearchEngine.Models.Tokenizers.Unicode;

namespace SearchEngine.Models.Tokenizers.Vocabularies;

/// <summary>Longest match first, from the left; a word that cannot be covered is one unknown token.</summary>
internal sealed class WordPieceModel : TokenModel
{
    private readonly VocabularyTrie _first;
    private readonly VocabularyTrie _continuing;
    private readonly string _prefix;
    private readonly string _unknown;
    private readonly int _unknownId;
    private readonly int _maxWordLength;

    /// <param name="vocabulary">All tokens.</param>
    /// <param name="prefix">Marks tokens that continue a word.</param>
    /// <param name="unknown">Token of a word that cannot be covered.</param>
    /// <param name="maxWordLength">Characters of a word above which it is unknown.</param>
    public WordPieceModel(Vocabulary vocabulary, string prefix, string unknown, int maxWordLength)
        : base(vocabulary)
    {
        (_prefix, _unknown, _maxWordLength) = (prefix, unknown, maxWordLength);
        _unknownId = vocabulary.Find(unknown);
        _first = new VocabularyTrie(vocabulary.Count);
        _continuing = new VocabularyTrie(vocabulary.Count);
        foreach (var (token, id) in vocabulary.Tokens)
        {
            _first.Add(token, id);
            if (token.Length > prefix.Length && token.StartsWith(prefix, StringComparison.Ordinal))
            {
                _continuing.Add(token.AsSpan(prefix.Length), id);
            }
        }
    }

    public override void Tokenize(TextBuffer text, Piece piece, TokenSequence output, EncodeScratch scratch)
    {
        var word = text.Chars.Slice(piece.Start, piece.Length);
        var before = output.Count;
        var known = word.Length <= _maxWordLength || CodePoints.Count(word) <= _maxWordLength;
        for (var position = 0; known && position < word.Length;)
        {
            var trie = position == 0 ? _first : _continuing;
            var (length, id) = trie.Longest(word[position..]);
            known = length > 0;
            if (known)
            {
                Emit(text, piece.Start + position, piece.Start + position + length, id, output);
                position += length;
            }
        }
        if (known)
        {
            return;
        }
        output.Truncate(before);
        if (_unknownId < 0)
        {
            throw new TextRejectedException($"The text has a word outside the vocabulary, which lacks the unknown token {_unknown}.");
        }
        Emit(text, piece.Start, piece.End, _unknownId, output);
    }

    public override void Describe(FingerprintWriter fingerprint)
    {
        fingerprint.Add("WordPiece").Add(_prefix).Add(_unknown).Add(_maxWordLength);
        Vocabulary.Describe(fingerprint);
    }
}
