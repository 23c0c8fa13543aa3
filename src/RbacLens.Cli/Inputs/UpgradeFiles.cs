using RbacLens.Access;
using RbacLens.Policies;
using RbacLens.Upgrades;

namespace RbacLens.Cli.Inputs;

/// <summary>What releases change, in <c>policies/upgrades/</c>: one change per file, with its own examples. A scan never asks them.</summary>
static class UpgradeFiles
{
    const string Folder = "upgrades";

    /// <summary>The changes built in, by id.</summary>
    public static IReadOnlyList<UpgradeChange> BuiltIn => builtIn.Value;

    static readonly Lazy<IReadOnlyList<UpgradeChange>> builtIn = PolicyTexts.BuiltIn(Folder + "/", Parse, change => change.Policy.Id);

    /// <summary>The changes built in, with those of a policies folder added; one with the id of a built-in one replaces it.</summary>
    /// <exception cref="InputException">The folder is not there, or a file in it is not valid.</exception>
    public static IReadOnlyList<UpgradeChange> With(string? folder) => PolicyTexts.With(BuiltIn, folder, Folder, Parse, change => change.Policy.Id);

    /// <summary>Reads one change.</summary>
    /// <param name="yaml">The file's text.</param>
    /// <param name="file">Its path: the name without extension must be the change's id.</param>
    /// <exception cref="InputException">With the file and the path in it, what was found and what was expected.</exception>
    public static UpgradeChange Parse(string yaml, string file) => PolicyTexts.Parse(yaml, file, "a change of a release", node =>
    {
        var policy = PolicyFiles.Texts(node, Folder, new Match.Elsewhere());
        var change = new UpgradeChange(policy, PolicyMatch.Release(node, "since"), AffectsOf(node.Node("match")))
        {
            Stands = node.Flag("stands"),
            Sources = [.. node.Names("sources")],
            Examples = [.. Examples(node, "affected"), .. Examples(node, "unaffected")],
        };
        if (change.Sources.IsEmpty)
            throw node.Error("sources", "is missing, expected where Kubernetes says so");
        return change.Examples.Any(example => example.IsAffected) && change.Examples.Any(example => !example.IsAffected)
            ? change
            : throw node.Error("affected", "and unaffected hold too few examples, expected at least one of each");
    });

    static Affects AffectsOf(PolicyNode node)
    {
        Affects affects = node.Has("requests") ? new Affects.Requests([.. node.Nodes("requests").Select(Shift)])
            : node.Has("gone") ? new Affects.Gone(node.Text("gone"), node.SeverityOf("severity", node.Text("severity")))
            : node.Has("fact") ? new Affects.Worked(Fact(node), node.Names("except"))
            : node.Has("note") ? new Affects.Note(node.Text("note"))
            : throw node.Error("", "holds no question, expected requests, gone, fact or note");
        node.Complete();
        return affects;
    }

    static Shift Shift(PolicyNode node)
    {
        var shift = new Shift(
            PolicyMatch.Question(node.Node("has")), [.. node.Nodes("lacks").Select(PolicyMatch.Question)], node.Text("means"),
            node.SeverityOf("severity", node.Text("severity")), node.Severity("byWildcard"));
        node.Complete();
        return shift;
    }

    static WorkedOut Fact(PolicyNode node)
    {
        var name = node.Text("fact");
        return Enum.TryParse<WorkedOut>(name.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var fact) && !char.IsAsciiDigit(name[0])
            ? fact
            : throw node.Error("fact", $"is {name}, expected one of {string.Join(", ", Enum.GetNames<WorkedOut>())}");
    }

    static IEnumerable<UpgradeExample> Examples(PolicyNode change, string key)
    {
        foreach (var node in change.Nodes(key))
        {
            var manifests = node.OptionalText("objects")
                ?? (node.Raw("rules") is { } rules ? PolicyExamples.Bind(rules, node.OptionalText("namespace")) : throw node.Error("objects", "or rules is missing"));
            var path = new UpgradePath(Release(node, "from"), Release(node, "to"));
            yield return new(node.Text("title"), manifests, path, key == "affected", node.Severity("severity")) { Next = node.OptionalText("next") };
            node.Complete();
        }
    }

    static KubernetesVersion Release(PolicyNode node, string key) => PolicyMatch.Release(node, key) ?? throw node.Error(key, "is missing");
}
