using System.Collections.Immutable;
using System.Text.Json;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Rbac;

namespace RbacLens.Cli.Reports.Answers;

/// <summary>Yes or no, and why: what <c>can-i</c> and <c>explain</c> say.</summary>
/// <param name="Who">Who asks, as people say it.</param>
/// <param name="Held">All that the identity holds.</param>
/// <param name="Request">What is asked.</param>
sealed record DecisionAnswer(Subject Who, EffectivePermissions Held, AccessRequest Request)
{
    const int MissesShown = 5;

    /// <summary>What the API server decides.</summary>
    public Decision Decision { get; } = Held.Decide(Request);

    /// <summary>What allows it.</summary>
    public ImmutableArray<Grant> Grants { get; } = [.. Held.GrantsAllowing(Request)];

    /// <summary>What the API server said when it was asked; null where it was not.</summary>
    public Decision? Live { get; init; }

    ImmutableArray<NearMiss> Misses => Decision.Allowed ? [] : [.. NearMiss.Of(Held, Request)];

    IEnumerable<Binding> Dangling => Decision.Allowed ? [] : Held.DanglingIn(Request.Namespace);

    /// <summary>The answer, first of all "yes" or "no", as kubectl says it.</summary>
    public Answer Short(Premises premises) => new([.. ShortBlocks()], Csv(), json => WriteJson(json, "CanI", premises));

    /// <summary>The answer with every chain and its YAML.</summary>
    public Answer Long(Premises premises) => new([.. LongBlocks(premises.Snapshot.Roles)], Csv(), json => WriteJson(json, "Explanation", premises));

    IEnumerable<AnswerBlock> ShortBlocks()
    {
        yield return new AnswerBlock.Line(Decision.Allowed ? "yes" : "no");
        foreach (var grant in Grants)
            yield return new AnswerBlock.Line($"  {Said(grant)}");
        foreach (var block in Closing())
            yield return block;
    }

    IEnumerable<AnswerBlock> LongBlocks(IReadOnlyCollection<Role> roles)
    {
        yield return new AnswerBlock.Line($"{Who} {(Decision.Allowed ? "can" : "cannot")} {GrantRows.Spoken(Request)}.");
        foreach (var grant in Grants)
        {
            yield return new AnswerBlock.Line("");
            yield return new AnswerBlock.Verbatim(ChainText.Of(Who, grant, roles));
        }

        foreach (var block in Closing())
            yield return block;
    }

    IEnumerable<AnswerBlock> Closing()
    {
        if (Held.Identity.Groups.Contains(WellKnown.Masters))
            yield return new AnswerBlock.Line($"  Group {WellKnown.Masters} passes every check before RBAC is asked");
        foreach (var binding in Dangling)
            yield return new AnswerBlock.Line($"  {GrantRows.Name(binding)} grants nothing: there is no {binding.RoleRef.Kind} {binding.RoleRef.Name}");
        var misses = Misses;
        foreach (var miss in misses.Take(MissesShown))
            yield return new AnswerBlock.Line($"  not enough: {Said(miss.Grant)}: {miss.Lacks}");
        if (misses.Length > MissesShown)
            yield return new AnswerBlock.Line($"  and {misses.Length - MissesShown} more that come near");
        if (!Decision.Allowed && misses.IsEmpty && !Dangling.Any())
            yield return new AnswerBlock.Line($"  no binding gives {Who} anything like it");
        if (Live is not null)
            yield return new AnswerBlock.Line(Live.Allowed == Decision.Allowed
                ? "  the API server says the same"
                : $"  BUT the API server says {(Live.Allowed ? "yes" : "no")}{(Live.Reason.Length > 0 ? $" ({Live.Reason})" : "")}: another authorizer than RBAC has a say");
    }

    string Said(Grant grant) =>
        $"{(grant.Binding.Scope.IsCluster ? "" : $"in {grant.Binding.Scope.Namespace}: ")}{grant.Binding.Kind} {grant.Binding.Name} "
        + $"of {GrantRows.Name(grant.Role)} (rule {string.Join(", ", grant.Rules)}) to {grant.Subject}"
        + (grant.Subject.Canonical == Who.Canonical ? "" : $", which {Who} is in");

    Sheet Csv() => new(
        ["allowed", "user", "groups", "verb", "group", "resource", "subresource", "namespace", "name", "url", "binding_kind", "binding_namespace", "binding", "role_kind", "role", "rules", "reason"],
        Grants.IsEmpty ? [Row(null)] : [.. Grants.Select(Row)]);

    string[] Row(Grant? grant)
    {
        var (resource, path) = (Request as AccessRequest.Resource, Request as AccessRequest.Path);
        return
        [
            Decision.Allowed ? "yes" : "no", Held.Identity.User, string.Join(' ', Held.Identity.Groups), Request.Verb,
            resource?.ApiGroup ?? "", resource?.Plural ?? "", resource?.Subresource ?? "", Request.Namespace, resource?.Name ?? "", path?.Url ?? "",
            grant?.Binding.Kind ?? "", grant?.Binding.Scope.Namespace ?? "", grant?.Binding.Name ?? "",
            grant?.Role.Kind ?? "", grant?.Role.Name ?? "", grant is null ? "" : GrantRows.Rules(grant), Decision.Reason,
        ];
    }

    void WriteJson(Utf8JsonWriter json, string kind, Premises premises)
    {
        GrantRows.WriteKind(json, kind);
        json.WriteString("user", Held.Identity.User);
        GrantRows.Write(json, "groups", Held.Identity.Groups);
        GrantRows.Write(json, "request", Request);
        json.WriteBoolean("allowed", Decision.Allowed);
        json.WriteString("reason", Decision.Reason);
        json.WriteStartArray("grants");
        foreach (var grant in Grants)
            WriteGrant(json, grant);
        json.WriteEndArray();
        json.WriteStartArray("nearMisses");
        foreach (var miss in Misses)
        {
            json.WriteStartObject();
            json.WriteString("lacks", miss.Lacks);
            json.WritePropertyName("grant");
            WriteGrant(json, miss.Grant);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        if (Live is not null)
        {
            json.WriteStartObject("live");
            json.WriteBoolean("allowed", Live.Allowed);
            json.WriteString("reason", Live.Reason);
            json.WriteBoolean("agrees", Live.Allowed == Decision.Allowed);
            json.WriteEndObject();
        }

        GapsJson.Write(json, premises.Gaps);
    }

    void WriteGrant(Utf8JsonWriter json, Grant grant) => GrantRows.Write(json, grant, Who);
}
