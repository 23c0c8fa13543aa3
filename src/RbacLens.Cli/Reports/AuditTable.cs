using RbacLens.Audit;
using Spectre.Console;

namespace RbacLens.Cli.Reports;

/// <summary>What the audit log shows, for the terminal: detections as a table, usage in a few lines.</summary>
static class AuditTable
{
    const int AlikeShown = 5;
    const int NamesShown = 12;

    /// <summary>Detections, worst first; many alike of one user in one row.</summary>
    public static Table Of(Posture posture, bool wide)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = true, Expand = false };
        table.AddColumn(new TableColumn("SEVERITY") { NoWrap = true, Padding = new(0, 0, 2, 0) });
        foreach (var heading in new[] { "DETECTION", "WHO", "TARGET" })
            table.AddColumn(new TableColumn(heading) { Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("REQUESTS") { NoWrap = true, Alignment = Justify.Right, Padding = new(0, 0, 2, 0) });
        table.AddColumn(new TableColumn("LAST") { NoWrap = true, Padding = new(0, 0, wide ? 2 : 0, 0) });
        if (wide)
            table.AddColumn(new TableColumn("BECAUSE") { Padding = new(0, 0, 0, 0) });
        foreach (var alike in posture.Detections.GroupBy(detection => (detection.Severity, detection.Id, detection.User, detection.ActingAs, detection.Suppression)))
            if (!wide && alike.Count() > AlikeShown)
                table.AddRow(Cells(alike.First(), $"{alike.Count()} {alike.First().Target.Resource} and the like", alike.Sum(detection => detection.Requests), alike.Max(detection => detection.Last)));
            else
                foreach (var detection in alike)
                    table.AddRow([.. Cells(detection, detection.Target.ToString(), detection.Requests, detection.Last), .. wide ? new[] { Safe(detection.Because) } : []]);
        return table;
    }

    /// <summary>Usage in a few lines.</summary>
    public static IEnumerable<string> Closing(Posture posture)
    {
        if (posture.Usage is not { } usage)
            yield break;
        if (usage.Requests == 0)
            yield break;
        var open = posture.Detections.Count(detection => detection.Suppression is null);
        yield return Safe($"{(usage.Log.Length == 0 ? "" : $"{usage.Log}: ")}{usage.Requests} requests {(usage is { From: { } from, To: { } to } ? $"from {JsonReport.Time(from)} to {JsonReport.Time(to)}" : "at times that cannot be read")}; ")
            + (posture.Detections.IsEmpty ? "none of them is what the detection rules look for." : $"{open} detection{(open == 1 ? "" : "s")}{(open == posture.Detections.Length ? "" : $", {posture.Detections.Length - open} allowed")}.");
        var own = usage.Bindings.Where(binding => !binding.Name.StartsWith("system:", StringComparison.Ordinal)).ToList();
        var never = own.Where(binding => binding is { Used.Requests: 0, AlsoAllowed: 0, IsObservable: true }).ToList();
        var hidden = own.Count(binding => binding is { Used.Requests: 0, AlsoAllowed: 0, IsObservable: false });
        if (never.Count > 0)
            yield return $"Never used in that time: {string.Join(", ", never.Take(NamesShown).Select(Name))}{(never.Count > NamesShown ? $" and {never.Count - NamesShown} more" : "")}.";
        var gone = own.Where(binding => binding.IsGone).ToList();
        if (gone.Count > 0)
            yield return $"Used in that time and gone since: {string.Join(", ", gone.Take(NamesShown).Select(Name))}{(gone.Count > NamesShown ? $" and {gone.Count - NamesShown} more" : "")}.";
        var idle = usage.Accounts.Where(account => account is { Used.Requests: 0, IsObservable: true }).ToList();
        if (idle.Count > 0)
            yield return $"Tokens mounted and never used in that time: {string.Join(", ", idle.Take(NamesShown).Select(account => Safe($"{account.Account.Namespace}/{account.Account.Name}")))}{(idle.Count > NamesShown ? $" and {idle.Count - NamesShown} more" : "")}.";
        if (hidden > 0)
            yield return $"{hidden} unused bindings hold rights whose use no audit log shows (bind, escalate, nodes/metrics and the like).";
    }

    static string[] Cells(Detection detection, string target, long requests, DateTimeOffset? last) =>
    [
        detection.Suppression is null ? $"[{TableReport.Colour(detection.Severity)}]{detection.Severity.Word()}[/]" : "[grey]allowed[/]",
        Safe(detection.Id), Safe(Words.Short(Who(detection))), Safe(Words.Short(target)), $"{requests}", last is { } known ? JsonReport.Time(known) : "unknown",
    ];

    static string Who(Detection detection) => detection.ActingAs is { } actingAs ? $"{detection.User} as {actingAs}" : detection.User;

    static string Name(BindingUsage binding) => Safe(binding.Scope.IsCluster ? binding.Name : $"{binding.Scope.Namespace}/{binding.Name}");

    static string Safe(string text) => TerminalText.Escaped(Words.Printable(text));
}
