using RbacLens.Audit;

namespace RbacLens.Cli.Reports;

/// <summary>The use of grants in a few lines, for the terminal.</summary>
static class UsageLines
{
    const int NamesShown = 12;

    /// <summary>The lines, as Spectre markup.</summary>
    public static IEnumerable<string> Of(Posture posture)
    {
        if (posture.Usage is not { } usage)
            yield break;
        if (usage.Requests == 0)
        {
            // Otherwise the gap tells what is missing.
            if (!posture.Gaps.Any(gap => gap.Kind == ReadingGaps.Kind))
                yield return "The log holds no request of a kind that the detection rules look for.";
            yield break;
        }

        var open = posture.Detections.Count(detection => detection.Suppression is null);
        yield return Safe($"{(usage.Log.Length == 0 ? "" : $"{usage.Log}: ")}{usage.Requests} {(usage.Requests == 1 ? "request" : "requests")} {(usage is { From: { } from, To: { } to } ? $"from {JsonReport.Time(from)} to {JsonReport.Time(to)}" : "at times that cannot be read")}; ")
            + (posture.Detections.IsEmpty ? "none of them is what the detection rules look for." : $"{open} detection{(open == 1 ? "" : "s")}{(open == posture.Detections.Length ? "" : $", {posture.Detections.Length - open} allowed")}.");
        var own = usage.Bindings.Where(binding => !binding.Name.StartsWith("system:", StringComparison.Ordinal)).ToList();
        var never = own.Where(binding => binding is { Used.Requests: 0, AlsoAllowed: 0, IsObservable: true }).ToList();
        var hidden = own.Count(binding => binding is { Used.Requests: 0, AlsoAllowed: 0, IsObservable: false });
        if (never.Count > 0)
            yield return $"Never used in that time: {string.Join(", ", never.Take(NamesShown).Select(Name))}{(never.Count > NamesShown ? $" and {never.Count - NamesShown} more" : "")}.";
        var gone = own.Where(binding => binding.IsGone).ToList();
        if (gone.Count > 0)
            yield return $"Used in that time and gone since: {string.Join(", ", gone.Take(NamesShown).Select(binding => Name(binding) + (own.Exists(other => !other.IsGone && other.Kind == binding.Kind && other.Scope == binding.Scope && other.Name == binding.Name) ? " (another of that name is there today)" : "")))}{(gone.Count > NamesShown ? $" and {gone.Count - NamesShown} more" : "")}.";
        var idle = usage.Accounts.Where(account => account is { Used.Requests: 0, IsObservable: true }).ToList();
        if (idle.Count > 0)
            yield return $"Tokens mounted and never used in that time: {string.Join(", ", idle.Take(NamesShown).Select(account => Safe($"{account.Account.Namespace}/{account.Account.Name}")))}{(idle.Count > NamesShown ? $" and {idle.Count - NamesShown} more" : "")}.";
        if (hidden > 0)
            yield return $"{hidden} unused {(hidden == 1 ? "binding holds" : "bindings hold")} rights whose use this log would not show: bind, escalate, nodes/metrics and the like, what the audit policy leaves out, or what was made after it ends.";
    }

    static string Name(BindingUsage binding) => Safe(binding.Scope.IsCluster ? binding.Name : $"{binding.Scope.Namespace}/{binding.Name}");

    static string Safe(string text) => TerminalText.Escaped(Words.Printable(text));
}
