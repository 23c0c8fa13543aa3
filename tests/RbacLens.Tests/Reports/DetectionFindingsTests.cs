using System.Text;
using RbacLens.Audit;
using RbacLens.Cli.Inputs.AuditLogs;
using RbacLens.Cli.Reports;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

/// <summary>What an audit log shows is in every format, whether or not it has a place of its own for it.</summary>
public class DetectionFindingsTests
{
    static readonly DateTimeOffset Then = new(2026, 11, 20, 10, 0, 0, TimeSpan.Zero);

    static Detection Seen(string user, Severity severity) => new()
    {
        Id = "secret-read",
        Title = "reads secrets",
        Severity = severity,
        Because = "reads the secrets of kube-system",
        User = user,
        Target = new("secrets", "kube-system", ""),
        Requests = 3,
        First = Then,
        Last = Then,
    };

    static Posture Audit(params ReadOnlySpan<Detection> detections) => new()
    {
        Cluster = new("audit.log", null, "audit"),
        CollectedAt = Then,
        Tool = "rbac-lens 1",
        Detections = [.. detections],
        Usage = new(Then, Then, 3, []),
    };

    public static TheoryData<string> Formats => [.. ReportFormats.All.Where(format => !format.IsBinary && format.Name != "openmetrics").Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(Formats))]
    public void Every_format_tells_of_a_detection(string format)
    {
        var text = Render(format, Audit(Seen("system:serviceaccount:ci:pipeline", Severity.Critical)));

        Assert.Contains(format == "html" ? "reads secrets" : "secret-read", text, StringComparison.Ordinal);
        Assert.Contains("pipeline", text, StringComparison.Ordinal);
        Assert.DoesNotContain("No open findings", text, StringComparison.Ordinal);
        Assert.DoesNotContain("No findings", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("sarif", "Call the night watch")]
    [InlineData("gitlab", "opens the safe")]
    [InlineData("junit", "Call the night watch")]
    [InlineData("text", "Call the night watch")]
    public void A_rule_of_ones_own_is_told_in_its_own_words(string format, string told)
    {
        var own = DetectionFiles.BuiltIn[0].Texts with { Id = "secret-read", Title = "Opens the safe", Why = "Only the night watch has the key.", Fix = "Call the night watch." };
        var posture = Audit(Seen("eve", Severity.High)) with { DetectionRules = [own] };
        using var json = new MemoryStream();
        ReportFormats.Find("json").Write(posture, json, new(null, 200, IsTerminal: false, Colour: false));
        using var document = System.Text.Json.JsonDocument.Parse(json.ToArray());

        Assert.Contains(told, Render(format, posture), StringComparison.Ordinal);
        Assert.Contains(told, Render(format, Cli.Inputs.Postures.PostureReader.Read(document.RootElement, "file")), StringComparison.Ordinal);
    }

    [Fact]
    public void Metrics_count_detections_apart_from_findings()
    {
        var samples = OpenMetrics.Check(Render("openmetrics", Audit(Seen("eve", Severity.Critical))));

        Assert.Equal("1", samples["rbac_lens_detections{cluster=\"audit.log\",severity=\"critical\"}"]);
        Assert.Equal("0", samples["rbac_lens_findings{cluster=\"audit.log\",severity=\"critical\"}"]);
        Assert.DoesNotContain("rbac_lens_detections", Render("openmetrics", SamplePosture.Create()), StringComparison.Ordinal);   // no log, so nobody looked
    }

    [Theory]
    [InlineData("3 critical findings to fix now", Severity.High, Severity.High)]
    [InlineData("3 critical findings and 1 critical detection to fix now", Severity.Critical, Severity.High)]
    public void The_verdict_counts_only_detections_as_severe_as_its_headline_says(string headline, Severity first, Severity second)
    {
        var page = Render("html", SamplePosture.Create() with { Detections = [Seen("eve", first), Seen("mallory", second)] });

        Assert.Contains($">{headline}</h2>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void The_verdict_of_detections_alone_names_no_findings() =>
        Assert.Contains(">2 high detections to look into soon, none critical</h2>", Render("html", Audit(Seen("eve", Severity.High), Seen("mallory", Severity.High))), StringComparison.Ordinal);

    [Fact]
    public void Detections_lower_the_grade_of_a_cluster()
    {
        var clean = SamplePosture.Create() with { Findings = [] };
        Assert.Equal("A", Grade.Of(clean).Letter);
        var abused = Grade.Of(clean with { Detections = [Seen("eve", Severity.Critical), Seen("eve", Severity.Low)] });
        Assert.Equal("D", abused.Letter);
        Assert.Contains("The audit log shows 1 critical detection.", abused.Reasons);
    }

    [Fact]
    public void Only_what_the_earlier_posture_does_not_show_is_new()
    {
        var (old, news) = (Seen("eve", Severity.High), Seen("mallory", Severity.High));
        var comparison = Comparison.Between(Audit(old), Audit(old with { Requests = 9, Severity = Severity.Critical }, news));

        Assert.False(comparison.IsNew(old));
        Assert.True(comparison.IsNew(news));
        var joined = DetectionFindings.Joined(Audit(old, news) with { Comparison = comparison });
        Assert.Equal([Change.Unchanged, Change.New], joined.Findings.Select(comparison.Of));
        Assert.Equal("detections: 1 new, 0 resolved, 1 unchanged since 2026-11-20", Totals.Of(comparison));
        Assert.Equal("1", OpenMetrics.Check(Render("openmetrics", Audit(old, news) with { Comparison = comparison }))["rbac_lens_new_detections{cluster=\"audit.log\"}"]);
    }

    [Theory]
    [InlineData("", "detections: 0 new, 1 resolved, 1 unchanged since 2026-11-20")]
    [InlineData("no log", "detections: 0 new, 0 resolved, 2 cannot be told, 0 unchanged since 2026-11-20")]
    [InlineData("no request", "detections: 0 new, 0 resolved, 2 cannot be told, 0 unchanged since 2026-11-20")]
    [InlineData("broken", "detections: 0 new, 0 resolved, 1 cannot be told, 1 unchanged since 2026-11-20")]
    [InlineData("other rules", "detections: 0 new, 0 resolved, 1 cannot be told, 1 unchanged since 2026-11-20")]
    public void What_the_log_shows_no_more_is_resolved_where_it_was_looked_for(string lack, string expected)
    {
        var (stays, goes, allowed) = (Seen("eve", Severity.High), Seen("mallory", Severity.High), Seen("carol", Severity.High) with { Suppression = new("me", "why", null) });
        var now = Audit(stays);
        now = lack switch
        {
            "no log" => now with { Detections = [], Usage = null },
            "no request" => now with { Detections = [], Usage = now.Usage! with { Requests = 0 } },
            "broken" => now with { Gaps = [new(ReadingGaps.Kind, RbacLens.Access.Gap.Reasons.Malformed, "1 of 2 entries")] },
            "other rules" => now with { DetectionRules = [SamplePosture.Create().Policies[0]] },
            _ => now,
        };
        now = now with { Comparison = Comparison.Between(Audit(stays, goes, allowed), now) };

        Assert.Equal(expected, Totals.Of(now.Comparison));
        var word = expected.Contains("1 resolved", StringComparison.Ordinal) ? "resolved" : "unclear";
        foreach (var format in new[] { "table", "text", "markdown", "csv", "html" })
            Assert.True(Render(format, now).Contains("mallory", StringComparison.Ordinal), format);
        Assert.Equal(word == "resolved" ? "1" : lack.StartsWith("no ", StringComparison.Ordinal) ? "2" : "1", $"{(word == "resolved" ? now.Comparison.ResolvedDetections : now.Comparison.UnclearDetections).Length}");
        if (lack != "no log")
            Assert.Equal("1", OpenMetrics.Check(Render("openmetrics", now with { Comparison = Comparison.Between(Audit(stays, goes), Audit(stays)) }))["rbac_lens_changed_detections{cluster=\"audit.log\",change=\"resolved\"}"]);
    }

    [Theory]
    [InlineData("table")]
    [InlineData("wide")]
    public void The_table_marks_what_is_new_row_by_row(string format)
    {
        var (old, news) = (Seen("eve", Severity.High), Seen("mallory", Severity.High));
        var many = Enumerable.Range(0, 7).Select(i => Seen("oscar", Severity.Low) with { Target = new("pods", "n", $"p{i}") }).ToArray();
        var now = Audit([old, news, .. many]);
        now = now with { Comparison = Comparison.Between(Audit([old, .. many[..5]]), now) };
        var lines = Render(format, now).Split('\n');

        Assert.Contains("NOTE", lines[0], StringComparison.Ordinal);
        Assert.Contains("  new", lines.Single(line => line.Contains(" mallory ", StringComparison.Ordinal) && line.StartsWith("high", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.DoesNotContain("  new", lines.Single(line => line.Contains(" eve ", StringComparison.Ordinal) && line.StartsWith("high", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Equal(format == "wide" ? 2 : 1, lines.Count(line => line.Contains(" oscar ", StringComparison.Ordinal) && line.Contains(format == "wide" ? "  new" : "  2 new", StringComparison.Ordinal)));
        Assert.DoesNotContain("NOTE", Render(format, now with { Comparison = null }), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_log_before_a_detection_is_not_new()
    {
        var comparison = Comparison.Between(SamplePosture.Create(), SamplePosture.Create() with { Detections = [Seen("eve", Severity.High)] });
        Assert.False(comparison.IsNew(Seen("eve", Severity.High)));
        Assert.Equal([Change.Unknown], DetectionFindings.Joined(Audit(Seen("eve", Severity.High))).Findings.Select(comparison.Of));
    }

    static string Render(string format, Posture posture)
    {
        using var output = new MemoryStream();
        ReportFormats.Find(format).Write(posture, output, new(null, 200, IsTerminal: false, Colour: false));
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
