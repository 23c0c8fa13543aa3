using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>What changed, for every format.</summary>
/// <param name="Subjects">Who gained or lost what.</param>
/// <param name="Roles">Which roles allow more or less.</param>
/// <param name="Findings">Which findings came and went.</param>
sealed record DiffAnswer(ImmutableArray<AccessChange> Subjects, ImmutableArray<RoleChange> Roles, FindingChanges Findings)
{
    /// <summary>Whether anybody, or any role, may do more.</summary>
    public bool HasGained => Subjects.Any(change => change.Gained.Length > 0) || Roles.Any(change => change.Gained.Length > 0);

    /// <summary>Whether anything is different.</summary>
    public bool HasChanged => Subjects.Length + Roles.Length + Findings.Came.Length + Findings.Went.Length > 0;

    /// <summary>The answer.</summary>
    public Answer Answer(Snapshot old, Snapshot @new) => new([.. Blocks(old, @new)], Csv(), json => WriteJson(json, old, @new));

    IEnumerable<AnswerBlock> Blocks(Snapshot old, Snapshot @new)
    {
        if (!HasChanged)
        {
            yield return new AnswerBlock.Line(
                $"No difference in what anybody may do: {old.Roles.Length} and {@new.Roles.Length} roles, {old.Bindings.Length} and {@new.Bindings.Length} bindings were compared.");
            yield break;
        }

        foreach (var (title, sheet) in new[] { ("Roles", RoleRows()), ("Subjects", SubjectRows()), ("Findings", FindingRows()) })
        {
            if (sheet.Rows.Count == 0)
                continue;
            yield return new AnswerBlock.Line($"{title}:");
            yield return new AnswerBlock.Rows(sheet);
            yield return new AnswerBlock.Line("");
        }

        yield return new AnswerBlock.Line(
            $"{Counted(Subjects.Count(change => change.Gained.Length > 0), "subject")} gained and {Subjects.Count(change => change.Lost.Length > 0)} lost permissions; "
            + $"{Counted(Roles.Length, "role")} changed; {Counted(Findings.Came.Length, "finding")} came and {Findings.Went.Length} went.");
    }

    static string Counted(int count, string thing) => $"{count} {thing}{(count == 1 ? "" : "s")}";

    Sheet RoleRows() => new(
        ["CHANGE", "ROLE", "RESOURCES", "NAMES", "VERBS"],
        [
            .. from change in Roles
               from row in Rows(change.Gained, "gained").Concat(Rows(change.Lost, "lost")).DefaultIfEmpty(new(change.Old is null ? "new" : "gone", ["", "(allows nothing)", "", "", ""]))
               let word = change.Old is null ? "new" : change.New is null ? "gone" : row.Word
               select new[] { word, GrantRows.Name(change.Role), row.Cells[1], row.Cells[2], row.Cells[3] },
        ]);

    Sheet SubjectRows() => new(
        ["CHANGE", "SUBJECT", "SCOPE", "RESOURCES", "NAMES", "VERBS", "THROUGH"],
        [
            .. from change in Subjects
               from row in Rows(change.Gained, "gained").Concat(Rows(change.Lost, "lost"))
               select (string[])[row.Word, change.Subject.ToString(), .. row.Cells],
        ]);

    Sheet FindingRows() => new(
        ["CHANGE", "SEVERITY", "POLICY", "SUBJECT", "SCOPE"],
        [
            .. from entry in Findings.Came.Select(finding => ("came", finding)).Concat(Findings.Went.Select(finding => ("went", finding)))
               let finding = entry.finding
               select new[] { entry.Item1, finding.Severity.Word(), finding.Policy.Id, finding.About.ToString(), string.Join(", ", finding.Scopes) },
        ]);

    static IEnumerable<(string Word, string[] Cells)> Rows(ImmutableArray<Permission> permissions, string word) =>
        PermissionRows.Rows(permissions, null).Select(cells => (word, cells));

    Sheet Csv() => new(
        ["change", "of", "kind", "namespace", "name", .. PermissionRows.CsvColumns, "policy", "severity", "fingerprint"],
        [
            .. from change in Roles
               from row in Csv(change.Gained, "gained").Concat(Csv(change.Lost, "lost"))
               select (string[])[row.Word, "role", change.Role.Kind, change.Role.Scope.Namespace, change.Role.Name, .. row.Cells, "", "", ""],
            .. from change in Subjects
               from row in Csv(change.Gained, "gained").Concat(Csv(change.Lost, "lost"))
               select (string[])[row.Word, "subject", change.Subject.Kind, change.Subject.NamespaceOrEmpty, change.Subject.Name, .. row.Cells, "", "", ""],
            .. Findings.Came.Select(finding => FindingRow("came", finding)),
            .. Findings.Went.Select(finding => FindingRow("went", finding)),
        ]);

    static IEnumerable<(string Word, string[] Cells)> Csv(ImmutableArray<Permission> permissions, string word) =>
        permissions.Select(permission => (word, PermissionRows.CsvRow(permission)));

    static string[] FindingRow(string word, Finding finding) =>
    [
        word, "finding", finding.About.Kind, finding.About.Namespace, finding.About.Name, string.Join(' ', finding.Scopes), "", "", "", "", "", "", "", "",
        finding.Policy.Id, finding.Severity.Word(), finding.Fingerprint,
    ];

    void WriteJson(Utf8JsonWriter json, Snapshot old, Snapshot @new)
    {
        GrantRows.WriteKind(json, "AccessDiff");
        foreach (var (property, snapshot) in new[] { ("old", old), ("new", @new) })
        {
            json.WriteStartObject(property);
            json.WriteString("context", snapshot.Cluster.Context);
            json.WriteString("version", snapshot.Cluster.Version);
            json.WriteString("source", snapshot.Cluster.Source);
            GapsJson.Write(json, snapshot.Gaps);
            json.WriteEndObject();
        }

        json.WriteStartArray("subjects");
        foreach (var change in Subjects)
        {
            json.WriteStartObject();
            json.WriteStartObject("subject");
            GrantRows.WriteSubject(json, change.Subject);
            json.WriteEndObject();
            PermissionRows.Write(json, "gained", change.Gained, change.Subject);
            PermissionRows.Write(json, "lost", change.Lost, change.Subject);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("roles");
        foreach (var change in Roles)
            Write(json, change);
        json.WriteEndArray();
        json.WriteStartObject("findings");
        Write(json, "came", Findings.Came);
        Write(json, "went", Findings.Went);
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, RoleChange change)
    {
        json.WriteStartObject();
        GrantRows.Write(json, "role", new Target(change.Role.Kind, change.Role.Scope.Namespace, change.Role.Name));
        json.WriteString("change", change.Old is null ? "new" : change.New is null ? "gone" : "changed");
        foreach (var (property, permissions) in new[] { ("gained", change.Gained), ("lost", change.Lost) })
        {
            json.WriteStartArray(property);
            foreach (var permission in permissions)
                PermissionRows.WriteRule(json, permission);
            json.WriteEndArray();
        }

        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, string property, ImmutableArray<Finding> findings)
    {
        json.WriteStartArray(property);
        foreach (var finding in findings)
        {
            json.WriteStartObject();
            json.WriteString("fingerprint", finding.Fingerprint);
            json.WriteString("policy", finding.Policy.Id);
            json.WriteString("severity", finding.Severity.Word());
            json.WriteString("title", finding.Policy.Title);
            GrantRows.Write(json, "subject", finding.About);
            GrantRows.Write(json, "scopes", finding.Scopes.Select(scope => scope.ToString()));
            json.WriteString("because", finding.Because);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
