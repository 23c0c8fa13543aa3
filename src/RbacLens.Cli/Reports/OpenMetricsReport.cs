using System.Globalization;
using System.Text;
using RbacLens.Policies;

namespace RbacLens.Cli.Reports;

/// <summary>The numbers of a posture as OpenMetrics text 1.0, for a node exporter's textfile or a push gateway. No names of subjects.</summary>
static class OpenMetricsReport
{
    public static void Write(Posture posture, Stream output)
    {
        using var writer = new StreamWriter(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        var cluster = ("cluster", posture.Cluster.Context);
        var open = posture.Findings.Where(finding => finding.Suppression is null).ToList();
        var (tool, version) = Words.Tool(posture);

        Metric("rbac_lens_findings", "Open findings by severity.",
            Enum.GetValues<Severity>().Reverse().Select(severity => (posture.Count(severity), new[] { cluster, ("severity", severity.Word()) })));
        Metric("rbac_lens_policy_findings", "Open findings by policy and severity.",
            from found in open.CountBy(finding => (finding.Policy.Id, finding.Severity))
            orderby found.Key.Id, found.Key.Severity descending
            select (found.Value, new[] { cluster, ("policy", found.Key.Id), ("severity", found.Key.Severity.Word()) }));
        // Without a log none were looked for, and 0 would say that there are none.
        if (posture.Usage is not null || !posture.Detections.IsEmpty)
        {
            Metric("rbac_lens_detections", "Open detections in the audit log by severity.",
                from severity in Enum.GetValues<Severity>().Reverse()
                let seen = posture.Detections.Count(detection => detection.Severity == severity && detection.Suppression is null)
                select (seen, new[] { cluster, ("severity", severity.Word()) }));
        }

        Metric("rbac_lens_accepted_findings", "Findings that somebody accepted.", [(posture.Suppressed, [cluster])]);
        if (posture.Comparison is { } comparison)
        {
            Metric("rbac_lens_changed_findings", "Findings by what became of them since the posture that was compared with.",
                Enum.GetValues<Change>().Reverse().Select(change => (comparison.Count(change), new[] { cluster, ("change", change.Word()) }))
                    .Concat([(comparison.Resolved.Length, [cluster, ("change", "resolved")]), (comparison.Unclear.Length, [cluster, ("change", "unclear")])]));
            // Where no log was read for the earlier one, nobody knows which are new.
            if (comparison.HadLog && (posture.Usage is not null || !posture.Detections.IsEmpty))
            {
                Metric("rbac_lens_new_detections", "Detections that the posture that was compared with does not have.", [(comparison.NewDetections.Count, [cluster])]);
                Metric("rbac_lens_changed_detections", "Detections by what became of them since the posture that was compared with.",
                    from became in new (int Count, string Change)[]
                    {
                        (comparison.NewDetections.Count, "new"), (comparison.UnchangedDetections, "unchanged"),
                        (comparison.ResolvedDetections.Length, "resolved"), (comparison.UnclearDetections.Length, "unclear"),
                    }
                    select (became.Count, new[] { cluster, ("change", became.Change) }));
            }
        }

        Metric("rbac_lens_policies", "Policies that were asked.", [(posture.Policies.Length, [cluster])]);
        Metric("rbac_lens_undecided_policies", "Policies that a gap leaves undecided.",
            [(posture.Gaps.SelectMany(posture.Undecided).Distinct().Count(), [cluster])]);
        Metric("rbac_lens_gaps", "What could not be read, by kind and reason.",
            from gap in posture.Gaps.CountBy(gap => (gap.Kind, gap.Reason))
            orderby gap.Key.Kind, gap.Key.Reason
            select (gap.Value, new[] { cluster, ("kind", gap.Key.Kind), ("reason", gap.Key.Reason) }));
        Metric("rbac_lens_objects", "Objects that were read, by kind.", posture.Counts.Select(read => (read.Value, new[] { cluster, ("kind", read.Key) })));
        writer.WriteLine("# HELP rbac_lens_collected_timestamp_seconds When the cluster was looked at.");
        writer.WriteLine("# TYPE rbac_lens_collected_timestamp_seconds gauge");
        writer.WriteLine("# UNIT rbac_lens_collected_timestamp_seconds seconds");
        writer.WriteLine($"rbac_lens_collected_timestamp_seconds{Labels([cluster])} {posture.CollectedAt.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}");
        writer.WriteLine("# HELP rbac_lens_scan What judged, and which version the cluster runs.");
        writer.WriteLine("# TYPE rbac_lens_scan info");
        writer.WriteLine($"rbac_lens_scan_info{Labels([cluster, ("tool", tool), ("tool_version", version), ("kubernetes", posture.Cluster.Version ?? "")])} 1");
        writer.WriteLine("# EOF");

        void Metric(string name, string help, IEnumerable<(int Value, (string Name, string Value)[] Labels)> samples)
        {
            writer.WriteLine($"# HELP {name} {help}");
            writer.WriteLine($"# TYPE {name} gauge");
            foreach (var (value, labels) in samples)
                writer.WriteLine($"{name}{Labels(labels)} {value.ToString(CultureInfo.InvariantCulture)}");
        }
    }

    static string Labels(IEnumerable<(string Name, string Value)> labels) =>
        "{" + string.Join(',', labels.Select(label => $"{label.Name}=\"{Escaped(label.Value)}\"")) + "}";

    static string Escaped(string value) => SafeText.Of(value)
        .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
