using RbacLens.Access;
using RbacLens.Cli.Commands;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>All that somebody may do.</summary>
static class PermissionsAnswer
{
    /// <summary>Adds it up.</summary>
    /// <param name="who">Who.</param>
    /// <param name="premises">The cluster.</param>
    /// <param name="namespaces">Where; everywhere, where none is named.</param>
    /// <param name="isAll">Whether permissions that others include are listed, too.</param>
    public static Answer Of(Person who, Premises premises, IReadOnlyList<string> namespaces, bool isAll)
    {
        var merged = Permission.Merged(who.GrantsIn(namespaces));
        var listed = isAll ? merged : Permission.WithoutIncluded(merged);
        var place = namespaces.Count == 0 ? "" : $" in {string.Join(", ", namespaces)}";
        var groups = who.Held.Identity.Groups.Where(name => who.Subject is not Subject.Group || name != who.Subject.Name);
        var lines = new List<AnswerBlock>
        {
            new AnswerBlock.Line(listed.IsEmpty
                ? $"{who.Subject} may do nothing{place} by any role."
                : $"{who.Subject} may{place}, as one of {string.Join(", ", groups)}:"),
            new AnswerBlock.Rows(new(["SCOPE", "RESOURCES", "NAMES", "VERBS", "THROUGH"], [.. PermissionRows.Rows(listed, who.Subject)])),
        };
        if (merged.Length > listed.Length)
            lines.Add(new AnswerBlock.Line($"{merged.Length - listed.Length} more that these include (--all shows them)."));
        if (who.IsMaster)
            lines.Add(new AnswerBlock.Line($"Group {WellKnown.Masters} passes every check, whatever the roles say."));
        return new(
            lines,
            new(PermissionRows.CsvColumns, [.. listed.Select(PermissionRows.CsvRow)]),
            json =>
            {
                GrantRows.WriteKind(json, "Permissions");
                json.WriteStartObject("subject");
                GrantRows.WriteSubject(json, who.Subject);
                json.WriteEndObject();
                json.WriteString("user", who.Held.Identity.User);
                GrantRows.Write(json, "groups", who.Held.Identity.Groups);
                json.WriteBoolean("unrestricted", who.IsMaster);
                PermissionRows.Write(json, "permissions", listed, who.Subject);
                GapsJson.Write(json, premises.Gaps);
            });
    }
}
