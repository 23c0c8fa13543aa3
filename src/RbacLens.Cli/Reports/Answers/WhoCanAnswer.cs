using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>Who can do something, for every format.</summary>
/// <param name="Request">What was asked.</param>
/// <param name="Namespaces">The namespaces asked about; null for every one.</param>
/// <param name="Place">Where, as people say it.</param>
/// <param name="Subjects">Who may do it to anything.</param>
/// <param name="Limited">Who may do it to objects of certain names only.</param>
/// <param name="Elsewhere">How many more may in namespaces that were not asked about.</param>
sealed record WhoCanAnswer(
    AccessRequest Request, IReadOnlyList<string>? Namespaces, string Place, ImmutableArray<Allowance> Subjects, ImmutableArray<Allowance> Limited, int Elsewhere)
{
    const string Masters = "Group system:masters passes every check before RBAC is asked.";

    /// <summary>The answer, with what it is short of.</summary>
    public Answer Answer(Premises premises) => new([.. Blocks()], Csv(), json => WriteJson(json, premises));

    IEnumerable<AnswerBlock> Blocks()
    {
        var others = Subjects.Count(allowance => !allowance.IsMaster);
        yield return new AnswerBlock.Line(others == 0
            ? $"Nobody but {Masters[..^1].Replace(" passes", ", which passes", StringComparison.Ordinal)}, can {Spoken}."
            : $"{Counted(Subjects.Length)} can {Spoken}:");
        if (others > 0)
            yield return Table(Subjects, withNames: !IsNameless);
        if (Limited.Length > 0)
        {
            if (others > 0)
                yield return new AnswerBlock.Line("");
            yield return new AnswerBlock.Line($"{Counted(Limited.Length)} can, but only for objects of these names:");
            yield return Table(Limited, withNames: true);
        }

        if (others > 0 && Subjects.Any(allowance => allowance.IsMaster && allowance.Ways.IsEmpty))
            yield return new AnswerBlock.Line(Masters);
        if (Elsewhere > 0)
            yield return new AnswerBlock.Line($"{Counted(Elsewhere, "more ")} can in other namespaces: -A shows them.");
    }

    string Spoken => GrantRows.Spoken(Request, Request.Namespace.Length == 0 || Request is AccessRequest.Resource { ApiGroup: "", Plural: "namespaces" } ? "" : Place);

    bool IsNameless => Request is not AccessRequest.Resource { Name.Length: > 0 };

    static string Counted(int count, string more = "") => $"{count} {more}{(count == 1 ? "subject" : "subjects")}";

    static AnswerBlock.Rows Table(ImmutableArray<Allowance> allowances, bool withNames) => new(new(
        ["SUBJECT", "SCOPE", "BINDING", "ROLE", "THROUGH", "NAMES"],
        [
            .. allowances.SelectMany(allowance => allowance.Ways.IsEmpty
                ? [[allowance.Subject.ToString(), "*", "(none is needed)", "", "", ""]]
                : allowance.Ways.Select((way, i) => new[]
                {
                    i == 0 ? allowance.Subject.ToString() : "",
                    way.Binding.Scope.ToString(),
                    way.Binding.Name,
                    GrantRows.Name(way.Role),
                    way.Subject.Canonical == allowance.Subject ? "" : way.Subject.ToString(),
                    withNames ? string.Join(", ", Allowance.NamesOf(way)) : "",
                })),
        ]));

    Sheet Csv() => new(
        ["kind", "namespace", "name", "scope", "binding_kind", "binding_namespace", "binding", "role_kind", "role", "rules", "through", "names"],
        [.. Subjects.Concat(Limited).SelectMany(CsvRows)]);

    static IEnumerable<string[]> CsvRows(Allowance allowance) => allowance.Ways.IsEmpty
        ? [[allowance.Subject.Kind, allowance.Subject.NamespaceOrEmpty, allowance.Subject.Name, "*", "", "", "", "", "", "", "", ""]]
        : allowance.Ways.Select(way => new[]
        {
            allowance.Subject.Kind, allowance.Subject.NamespaceOrEmpty, allowance.Subject.Name, way.Binding.Scope.ToString(),
            way.Binding.Kind, way.Binding.Scope.Namespace, way.Binding.Name, way.Role.Kind, way.Role.Name, GrantRows.Rules(way),
            way.Subject.Canonical == allowance.Subject ? "" : way.Subject.ToString(), string.Join(' ', Allowance.NamesOf(way)),
        });

    void WriteJson(Utf8JsonWriter json, Premises premises)
    {
        GrantRows.WriteKind(json, "WhoCan");
        GrantRows.Write(json, "request", Namespaces is null ? Request with { Namespace = "" } : Request);
        GrantRows.Write(json, "namespaces", Request.Namespace.Length == 0 ? [] : Namespaces ?? ["*"]);
        Write(json, "subjects", Subjects);
        Write(json, "limited", Limited);
        json.WriteNumber("elsewhere", Elsewhere);
        GapsJson.Write(json, premises.Gaps);
    }

    static void Write(Utf8JsonWriter json, string property, ImmutableArray<Allowance> allowances)
    {
        json.WriteStartArray(property);
        foreach (var allowance in allowances)
        {
            json.WriteStartObject();
            GrantRows.WriteSubject(json, allowance.Subject);
            GrantRows.Write(json, "scopes", allowance.Scopes.Select(scope => scope.ToString()));
            if (allowance.IsMaster)
                json.WriteString("note", Masters);
            json.WriteStartArray("grants");
            foreach (var way in allowance.Ways)
                GrantRows.Write(json, way, allowance.Subject);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
