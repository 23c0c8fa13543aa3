using System.Text.Json;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>What a question came to, ready for every format.</summary>
/// <param name="Blocks">What people read, from top to bottom.</param>
/// <param name="Csv">What spreadsheets read: everything, one fact in a row.</param>
/// <param name="WriteJson">What programs read, the properties of one object; YAML is the same.</param>
sealed record Answer(IReadOnlyList<AnswerBlock> Blocks, Sheet Csv, Action<Utf8JsonWriter> WriteJson);

/// <summary>A part of an answer for people.</summary>
abstract record AnswerBlock
{
    /// <summary>A line, of any length.</summary>
    public sealed record Line(string Text) : AnswerBlock;

    /// <summary>Lines that stay as they are, as YAML must.</summary>
    public sealed record Verbatim(string Text) : AnswerBlock;

    /// <summary>A table.</summary>
    public sealed record Rows(Sheet Sheet) : AnswerBlock;
}
