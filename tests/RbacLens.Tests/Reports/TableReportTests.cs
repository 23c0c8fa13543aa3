using System.Text;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Reports;

public sealed class TableReportTests
{
    static string[] Lines(Posture posture, int width, bool isTerminal = true, string format = "table")
    {
        using var output = new MemoryStream();
        ReportFormats.Find(format).Write(posture, output, new(null, width, isTerminal, Colour: false));
        return Encoding.UTF8.GetString(output.ToArray()).TrimEnd('\n').Split('\n');
    }

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(200)]
    public void On_a_terminal_every_finding_is_one_line_that_fits(int width)
    {
        foreach (var posture in new[] { ComparedPosture.Create() with { View = null }, PdfReportTests.Many(30, i => new string((char)('a' + (i % 26)), 253)), HtmlSample.Saying("山田🚀\u202E[bold]\n") })
        {
            var lines = Lines(posture, width);
            Assert.All(lines, line => Assert.InRange(TerminalText.Width(line), 0, width));
            var listed = posture.Findings.Count(FindingsTable.IsAlarm);
            Assert.Equal(listed, lines.Count(line => line.StartsWith("critical ", StringComparison.Ordinal) || line.StartsWith("high ", StringComparison.Ordinal) || line.StartsWith("medium ", StringComparison.Ordinal) || line.StartsWith("low ", StringComparison.Ordinal) || line.StartsWith("info ", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [InlineData("table")]
    [InlineData("wide")]
    [InlineData("text")]
    public void A_name_is_no_picture_and_no_markup(string format)
    {
        const string name = "acme:key:admins:fire:[red]x[/]";
        var shown = string.Join(' ', Lines(HtmlSample.Saying(name), 250, isTerminal: false, format));
        Assert.Contains(name, shown, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_id_of_a_policy_is_whole_for_other_commands_take_it(int width)
    {
        var posture = PdfReportTests.Many(6, i => new string('n', 40 + i));
        var policy = posture.Findings[0].Policy with { Id = "validating-admission-policies-write" };
        posture = posture with { Findings = [.. posture.Findings.Select(finding => finding with { Policy = policy })] };
        Assert.Equal(posture.Findings.Count(FindingsTable.IsAlarm), Lines(posture, width).Count(line => line.Contains($"  {policy.Id}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_narrow_terminal_shows_each_finding_in_two_lines()
    {
        var lines = Lines(SamplePosture.Create(), 44);
        Assert.Equal("critical  everything", lines[0]);
        Assert.StartsWith("          ", lines[1], StringComparison.Ordinal);
        Assert.All(lines.TakeWhile(line => line.Length > 0), line => Assert.InRange(line.Length, 1, 44));
    }

    [Theory]
    [InlineData("table", false)]
    [InlineData("wide", true)]
    [InlineData("wide", false)]
    public void In_a_pipe_and_in_the_wide_table_nothing_is_cut(string format, bool isTerminal)
    {
        var name = new string('x', 253);
        var lines = Lines(PdfReportTests.Many(3, _ => name), 80, isTerminal, format);
        Assert.Contains(name, isTerminal ? string.Concat(lines.Select(line => line.Trim())) : lines.First(line => line.Contains(name, StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.True(!isTerminal || lines.All(line => line.Length <= 80), string.Join('\n', lines));
    }

    [Theory]
    [InlineData("table", 60)]
    [InlineData("table", 80)]
    [InlineData("table", 120)]
    [InlineData("table", 200)]
    [InlineData("wide", 60)]
    [InlineData("wide", 120)]
    [InlineData("wide", 200)]
    public void Detections_fit_the_terminal_and_no_word_is_broken(string format, int width)
    {
        var lines = Lines(SampleAudit.Create() with { Findings = [] }, width, isTerminal: true, format);
        Assert.All(lines, line => Assert.InRange(line.TrimEnd().Length, 0, width));
        var words = string.Join(' ', lines).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Contains("anonymous-request", words.Select(word => word.TrimEnd(',')));
        Assert.Contains(words, word => word.TrimEnd(':').EndsWith("production/proxy-user", StringComparison.Ordinal) || word.TrimEnd(':').EndsWith("production:proxy-user", StringComparison.Ordinal));
    }

    [Fact]
    public void The_last_line_tells_what_to_do_next()
    {
        Assert.Equal("Next: -o html=posture.html for evidence and fixes, or rbac-lens policies show everything", Lines(SamplePosture.Create(), 120)[^1]);
        Assert.Equal("Next: -o json=posture.json keeps this, to be compared with later (--compare)", Lines(HtmlSample.Clear(), 120)[^1]);
        Assert.StartsWith("Next: give the scanner what it could not read", Lines(SamplePosture.Create() with { Findings = [] }, 120)[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Accepted_findings_are_in_the_wide_table_only_and_counted_in_the_other()
    {
        Assert.Contains("Not listed: 1 accepted (-o wide lists them).", Lines(SamplePosture.Create(), 120));
        Assert.Contains(Lines(SamplePosture.Create(), 120, format: "wide"), line => line.Contains("accepted until 2027-03-31", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("abcdefghij", 10, "abcdefghij")]
    [InlineData("abcdefghij", 7, "abc…hij")]
    [InlineData("abc", 5, "abc  ")]
    [InlineData("山田山田", 5, "山…田")]
    [InlineData("山田山田", 6, "山…田 ")]
    public void What_does_not_fit_loses_its_middle(string text, int cells, string expected) => Assert.Equal(expected, TerminalText.Fit(text, cells));
}
