using System.Collections.Immutable;
using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>What one of two subjects may do and the other may not.</summary>
static class ComparisonAnswer
{
    /// <summary>The answer.</summary>
    public static Answer Of(Person left, Person right, ImmutableArray<Permission> onlyLeft, ImmutableArray<Permission> onlyRight, Premises premises) => new(
        [.. Blocks(left, right, onlyLeft), .. Blocks(right, left, onlyRight)],
        new(
            ["only", .. PermissionRows.CsvColumns],
            [.. onlyLeft.Select(permission => Row(left, permission)), .. onlyRight.Select(permission => Row(right, permission))]),
        json =>
        {
            GrantRows.WriteKind(json, "Comparison");
            foreach (var (property, who, only) in new[] { ("left", left, onlyLeft), ("right", right, onlyRight) })
            {
                json.WriteStartObject(property);
                json.WriteStartObject("subject");
                GrantRows.WriteSubject(json, who.Subject);
                json.WriteEndObject();
                PermissionRows.Write(json, "only", only, who.Subject);
                json.WriteEndObject();
            }

            GapsJson.Write(json, premises.Gaps);
        });

    static IEnumerable<AnswerBlock> Blocks(Person who, Person other, ImmutableArray<Permission> only)
    {
        yield return new AnswerBlock.Line(only.IsEmpty
            ? $"{who.Subject} may do nothing that {other.Subject} may not."
            : $"{who.Subject} may, and {other.Subject} may not:");
        yield return new AnswerBlock.Rows(new(["SCOPE", "RESOURCES", "NAMES", "VERBS", "THROUGH"], [.. PermissionRows.Rows(only, who.Subject)]));
        if (who.IsMaster)
            yield return new AnswerBlock.Line($"{who.Subject} is in system:masters, which passes every check, whatever the roles say.");
    }

    static string[] Row(Person who, Permission permission) => [who.Subject.ToString(), .. PermissionRows.CsvRow(permission)];
}
