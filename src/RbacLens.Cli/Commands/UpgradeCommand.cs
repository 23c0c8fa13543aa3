using System.CommandLine;
using RbacLens.Access;
using RbacLens.Cli.Inputs;
using RbacLens.Upgrades;

namespace RbacLens.Cli.Commands;

/// <summary>Collect, ask what the releases in between change for it, report.</summary>
static class UpgradeCommand
{
    public static Command Create(Terminal terminal)
    {
        var command = new Command("upgrade", "Find out what the next version changes for the grants there are: what breaks, what opens, what can go.");
        var to = new Option<string?>("--to") { Description = "The version to move to.", HelpName = "VERSION" };
        var next = new Option<string[]>("--next") { Description = "Manifests that are to be installed instead of what the input holds under the same names. Repeats.", HelpName = "PATH" };
        var policies = new Option<string?>("--policies") { Description = "A folder of policy files that add to the built-in ones, or replace them by id; changes of releases are in its folder upgrades.", HelpName = "DIR" };
        var includeStock = new Option<bool>("--include-stock") { Description = "Show what only concerns what ships with Kubernetes, too." };
        command.Options.Add(to);
        var input = new InputOptions(command, versionAlias: "--current");
        foreach (var option in new Option[] { next, policies, includeStock })
            command.Options.Add(option);
        var reports = new ReportOptions(command, usual: "text", compares: false);

        command.SetAction(async (parsed, cancellation) =>
        {
            var targets = reports.Targets(parsed);
            var (asked, installed) = (Release(parsed.GetValue(to)), parsed.GetValue(next) ?? []);
            if (asked is null && installed.Length == 0)
                throw new InputException("upgrade: --to is missing, expected a Kubernetes version as in --to 1.36 (or --next FILE, to compare manifests)");
            var changes = UpgradeFiles.With(parsed.GetValue(policies));
            var scanning = PolicyFiles.With(parsed.GetValue(policies));
            var assumed = asked is { } release ? new KubernetesVersion(release.Major, release.Minor - 1) : Shipped.Newest;
            var present = await input.CollectAsync(parsed, terminal, cancellation, assumed.ToString());
            if (asked is not null && present.Cluster.Version == assumed.ToString() && !input.NamesVersion(parsed))
                await terminal.Error.WriteLineAsync($"rbac-lens: the input does not tell the present version; taken for {assumed} (--current VERSION says otherwise)");
            var path = Path(present, asked);
            var following = installed.Length == 0 ? null : await NextAsync(present, installed, path, cancellation);

            var upgrade = new UpgradeCase(
                following ?? present, path, scanning, await Shipped.ReleaseAsync(path.From, cancellation), await Shipped.ReleaseAsync(path.To, cancellation))
            {
                Present = following is null ? null : present,
            };
            var findings = UpgradeReview.Findings(upgrade, changes);
            var told = upgrade.Snapshot with { Gaps = [.. upgrade.Snapshot.Gaps, .. Shipped.Unknown(path)] };
            var posture = Posture.Of(told, changes.Select(change => change.Policy), findings, Program.Tool, parsed.GetValue(includeStock)) with { Upgrade = path };
            if (installed.Length == 0 && targets.Any(target => target.Format.NamesInput))
                posture = posture with { InputDigest = await input.DigestAsync(parsed, long.MaxValue, cancellation) };
            return await reports.WriteAsync(posture, targets, parsed, terminal, cancellation);
        });
        return command.WithExamples(
            "rbac-lens upgrade --to 1.36",
            "rbac-lens upgrade --from prod.json --current 1.33 --to 1.36 -o text -o html=upgrade.html",
            "rbac-lens upgrade --from before.yaml --next after.yaml --to 1.36");
    }

    static KubernetesVersion? Release(string? text) =>
        text is null ? null
        : KubernetesVersion.TryParse(text) ?? throw new InputException($"--to {text}: expected a Kubernetes version as in 1.36 or v1.36.2");

    static UpgradePath Path(Snapshot present, KubernetesVersion? to)
    {
        if (present.Cluster.Release is not { } now)
            throw new InputException("the API server does not tell its version; expected --current VERSION");
        return to is not { } wanted || wanted >= now ? new(now, to ?? now)
            : throw new InputException($"--to {wanted}: is older than {now}, which runs now; Kubernetes does not go back");
    }

    // A chart replaces what has its names in a cluster, and leaves the rest as it is; of two charts the second replaces the first.
    static async Task<Snapshot> NextAsync(Snapshot present, IReadOnlyList<string> paths, UpgradePath path, CancellationToken cancellation)
    {
        if (paths.Contains("-"))
            throw new InputException("--next -: expected a file or a directory; --from reads standard input");
        var read = await new FileSource("default", recursive: false).ReadAsync(paths, () => Stream.Null, present.CollectedAt, cancellation);
        var next = read with { Cluster = present.Cluster with { Version = path.From.ToString() }, Nodes = read.Nodes.IsEmpty ? present.Nodes : read.Nodes };
        return present.Cluster.Source == "manifests" ? await Shipped.ApplyAsync(next, cancellation) : present.Replaced(next);
    }
}
