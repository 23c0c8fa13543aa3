using System.Diagnostics;
using System.Text.RegularExpressions;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

/// <summary>What other programs make of the report.</summary>
public class PdfToolTests
{
    static readonly string LongName = string.Concat(Enumerable.Range(0, 30).Select(i => $"part-{i:00}-xy"));

    static readonly string[] OtherScripts = ["中文", "مرحبا", "🚀", "a\u202Eb\0c", "\uD800", "χρήστης"];

    static readonly Dictionary<string, Posture> Postures = new(StringComparer.Ordinal)
    {
        ["sample"] = SamplePosture.Create(),
        ["nothing"] = SamplePosture.Create() with { Findings = [], Gaps = [] },
        ["long names"] = PdfReportTests.Many(40, i => $"{LongName}{i}"),
        ["other scripts"] = PdfReportTests.Many(6, i => OtherScripts[i]),
        ["many"] = PdfReportTests.Many(1000, i => $"user-{i}@example.com"),
    };

    [ToolFact("qpdf")]
    public void Qpdf_finds_nothing_wrong()
    {
        foreach (var (name, posture) in Postures)
            Assert.Contains("No syntax or stream encoding errors found", Run("qpdf", posture, "--check", "{}"), StringComparison.Ordinal);
    }

    [ToolFact("pdfinfo")]
    public void Pdfinfo_sees_a_tagged_document_with_its_title()
    {
        var info = Run("pdfinfo", Postures["sample"], "{}");
        Assert.Matches(@"Tagged:\s+yes", info);
        Assert.Matches(@"Title:\s+RBAC posture of prod-eu-1", info);
        Assert.Matches(@"Page size:.*A4", info);
    }

    [ToolFact("pdffonts")]
    public void Pdffonts_sees_embedded_subsets_that_can_be_copied()
    {
        var fonts = Run("pdffonts", Postures["sample"], "{}").Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..];
        Assert.Equal(2, fonts.Length);
        Assert.All(fonts, font => Assert.Matches(@"^[A-Z]{6}\+NotoSans-\w+ +CID TrueType +Identity-H +yes yes yes", font));
    }

    [ToolFact("pdftotext")]
    public void Pdftotext_finds_every_subject_policy_reason_and_grant()
    {
        foreach (var posture in Postures.Where(entry => entry.Key != "other scripts").Select(entry => entry.Value))
        {
            var text = Unspaced(Run("pdftotext", posture, "-raw", "{}", "-"));
            foreach (var finding in posture.Findings)
                Assert.All(
                    [finding.Policy.Title, finding.About.Name, finding.Because, finding.Fingerprint, .. Bindings(finding)],
                    wanted => Assert.Contains(Unspaced(wanted), text, StringComparison.Ordinal));
            foreach (var gap in posture.Gaps)
                Assert.Contains(Unspaced(gap.Detail), text, StringComparison.Ordinal);
            Assert.All(posture.Policies, policy => Assert.Contains(Unspaced(policy.Title), text, StringComparison.Ordinal));
        }
    }

    [ToolFact("pdftotext")]
    public void Characters_the_font_has_not_are_spelled_out_and_the_others_are_kept()
    {
        var text = Unspaced(Run("pdftotext", Postures["other scripts"], "-raw", "{}", "-"));
        string[] all = [@"\u{4E2D}\u{6587}", @"\u{645}\u{631}\u{62D}\u{628}\u{627}", @"\u{1F680}", @"a\u{202E}b\u{0}c", @"\u{D800}", "χρήστης"];
        Assert.All(all, wanted => Assert.Contains(wanted, text, StringComparison.Ordinal));
        Assert.DoesNotContain(@"\u{5C}", text, StringComparison.Ordinal);
    }

    [ToolFact("pdftotext")]
    public void Every_page_but_the_cover_has_its_number_and_a_policy_is_explained_once()
    {
        var pages = Run("pdftotext", Postures["many"], "-raw", "{}", "-").TrimEnd('\f', '\n').Split('\f');
        for (var page = 1; page < pages.Length; page++)
            Assert.Contains($"Page {page + 1} of {pages.Length}", pages[page], StringComparison.Ordinal);
        Assert.Equal(2, Regex.Count(string.Concat(pages), "Why it matters Whoever"));
    }

    [ToolFact("pdftotext")]
    public void Nothing_found_is_said_together_with_what_could_not_be_read()
    {
        var text = Unspaced(Run("pdftotext", Postures["sample"] with { Findings = [] }, "-raw", "{}", "-"));
        Assert.Contains("Nofindingsareopen.10policieswereasked.", text, StringComparison.Ordinal);
        Assert.Contains("Thatisnotacleanbillofhealth", text, StringComparison.Ordinal);
        Assert.Contains("TheAPIserverrefusedtolistthem.", text, StringComparison.Ordinal);
    }

    [ToolFact("pdftotext")]
    public void A_rule_is_spelled_with_its_verbs_resources_groups_and_names()
    {
        var text = Unspaced(Run("pdftotext", Postures["sample"], "-raw", "{}", "-"));
        string[] rules =
        [
            "rules[0]: get on secrets [db-password, tls-front]", "rules[0]: create on jobs, deployments of batch, apps",
            "rules[0]: get on URL /metrics, /metrics/*", "rules[0]: * on * of every API group",
        ];
        Assert.All(rules, rule => Assert.Contains(Unspaced(rule), text, StringComparison.Ordinal));
    }

    static IEnumerable<string> Bindings(Finding finding) => finding.Grants.Take(8).Select(grant => grant.Binding.Name);

    static string Unspaced(string text) => Regex.Replace(text, @"\s", "");

    static string Run(string tool, Posture posture, params string[] arguments)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(file, PdfReportTests.Render(posture));
            var start = new ProcessStartInfo(tool, arguments.Select(argument => argument == "{}" ? file : argument))
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            };
            using var process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
            return output;
        }
        finally
        {
            File.Delete(file);
        }
    }
}
