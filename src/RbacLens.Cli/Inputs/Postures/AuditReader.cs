using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.Postures;

/// <summary>What came from the audit log.</summary>
static class AuditReader
{
    public static Detection Detection(PostureNode node)
    {
        var codes = node.Node("codes");
        var target = node.Node("target");
        return new()
        {
            Id = node.Text("detection"),
            Title = node.Text("title"),
            Severity = node.Severity("severity"),
            Because = node.Text("because"),
            User = node.Text("user"),
            ActingAs = node.OptionalText("actingAs"),
            Target = new(target.Text("resource"), target.OptionalText("namespace") ?? "", target.OptionalText("name") ?? ""),
            Requests = node.Number("requests"),
            Codes = codes.Keys.Distinct().ToImmutableSortedDictionary(
                code => int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : throw codes.Error(code, "is not an HTTP status"), codes.Number),
            First = Time(node, "first"),
            Last = Time(node, "last"),
            AllowedBy = [.. node.Nodes("allowedBy").Select(binding => binding.AsTarget())],
            Details = Details(node.Node("detail")),
            Suppression = FindingReader.Suppression(node),
        };
    }

    public static Usage Usage(PostureNode node) => new(
        Time(node, "from"), Time(node, "to"), node.Number("requests"), [.. node.Nodes("bindings").Select(Binding)])
    {
        Log = node.OptionalText("log") ?? "",
        Accounts = node.Has("accounts") ? [.. node.Nodes("accounts").Select(Account)] : [],
    };

    static AccountUsage Account(PostureNode node)
    {
        var account = node.Target("account");
        return new(new(account.Namespace, account.Name), node.Texts("mountedIn"), Counts(node)) { IsObservable = node.Flag("observable") };
    }

    /// <summary>A count as an object of its own; null where there is none.</summary>
    public static UseCount? Use(PostureNode node, string key) => node.OptionalNode(key) is { } use ? Counts(use) : null;

    // Earlier releases wrote the year 1 where no time was known.
    static DateTimeOffset? Time(PostureNode node, string key) => node.OptionalTime(key) is { } time && time != default ? time : null;

    static UseCount Counts(PostureNode node) => new(node.Number("requests"), node.OptionalTime("first"), node.OptionalTime("last"));

    static BindingUsage Binding(PostureNode node)
    {
        var (binding, role) = (node.Target("binding"), node.Target("role"));
        return new()
        {
            Scope = new Scope(binding.Namespace),
            Name = binding.Name,
            RoleRef = new(role.Kind, role.Name),
            Used = Counts(node),
            AlsoAllowed = node.Number("alsoAllowed"),
            IsObservable = node.Flag("observable"),
            IsGone = node.Flag("gone"),
            Rules =
            [
                .. from rule in node.Nodes("rules")
                   select new RuleUsage(rule.Count("rule"), Counts(rule))
                   {
                       AlsoAllowed = rule.Number("alsoAllowed"),
                       IsObservable = rule.Flag("observable"),
                       Members = rule.Texts("members"),
                   },
            ],
        };
    }

    static ImmutableSortedDictionary<string, Detail> Details(PostureNode node) =>
        node.Keys.Distinct().ToImmutableSortedDictionary(
            name => name,
            name => node.Raw(name) switch
            {
                { ValueKind: JsonValueKind.Number } => (Detail)new Detail.Number(node.Number(name)),
                { ValueKind: JsonValueKind.Array } => new Detail.Texts(node.Names(name)),
                _ => new Detail.Flag(),
            },
            StringComparer.Ordinal);
}
