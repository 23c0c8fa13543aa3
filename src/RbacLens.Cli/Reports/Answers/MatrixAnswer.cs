using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>Resources by verbs.</summary>
static class MatrixAnswer
{
    /// <summary>Draws it.</summary>
    /// <param name="who">Who.</param>
    /// <param name="matrix">The matrix.</param>
    /// <param name="place">The namespace.</param>
    /// <param name="premises">The cluster.</param>
    /// <param name="isAll">Whether resources that nothing can be done with are shown, too.</param>
    public static Answer Of(Person who, AccessMatrix matrix, string place, Premises premises, bool isAll)
    {
        var rows = matrix.Rows.Where(row => isAll || row.Cells.Any(cell => cell != AccessMatrix.Cell.No)).ToList();
        return new(
            [
                new AnswerBlock.Line(rows.Count == 0
                    ? $"{who.Subject} can do nothing with any known resource in namespace {place}."
                    : $"{who.Subject} in namespace {place}:"),
                new AnswerBlock.Rows(new(
                    ["RESOURCE", .. RequestVerbs.OfResources.Select(verb => verb.ToUpperInvariant())],
                    [.. rows.Select(row => (string[])[Spelling(row), .. row.Cells.Select(Sign)])])),
                new AnswerBlock.Line("✓ every object, n objects of certain names, · none; resources without a namespace are asked for in the whole cluster."),
            ],
            new(["group", "resource", "subresource", .. RequestVerbs.OfResources], [.. rows.Select(row => (string[])[row.Type.Group, row.Type.Plural, row.Subresource, .. row.Cells.Select(Word)])]),
            json =>
            {
                GrantRows.WriteKind(json, "AccessMatrix");
                json.WriteStartObject("subject");
                GrantRows.WriteSubject(json, who.Subject);
                json.WriteEndObject();
                json.WriteString("namespace", place);
                json.WriteStartArray("resources");
                foreach (var row in rows)
                {
                    json.WriteStartObject();
                    json.WriteString("group", row.Type.Group);
                    json.WriteString("resource", row.Type.Plural);
                    json.WriteString("subresource", row.Subresource);
                    json.WriteStartObject("verbs");
                    foreach (var (verb, cell) in RequestVerbs.OfResources.Zip(row.Cells))
                        json.WriteString(verb, Word(cell));
                    json.WriteEndObject();
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                GapsJson.Write(json, premises.Gaps);
            });
    }

    static string Spelling(AccessMatrix.Row row) => GrantRows.Spelling(row.Type.Group, row.Type.Plural, row.Subresource);

    static string Sign(AccessMatrix.Cell cell) => cell switch { AccessMatrix.Cell.Yes => "✓", AccessMatrix.Cell.Named => "n", _ => "·" };

    static string Word(AccessMatrix.Cell cell) => cell switch { AccessMatrix.Cell.Yes => "yes", AccessMatrix.Cell.Named => "named", _ => "no" };
}
