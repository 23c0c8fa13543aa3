using FsCheck;
using FsCheck.Fluent;
using RbacLens.Cli.Reports.Pdf;

namespace RbacLens.Tests.Reports;

public class PdfTextTests
{
    static readonly Look Look = new();

    [Theory]
    [InlineData("ci/pipeline", "ci/pipeline")]
    [InlineData("команда Ω é", "команда Ω é")]
    [InlineData("中x", @"\u{4E2D}x")]
    [InlineData("a\U0001F680b", @"a\u{1F680}b")]
    [InlineData("a\nb\0\u001b[31m", @"a\u{A}b\u{0}\u{1B}[31m")]
    [InlineData("a\u202Eb\u200Bc", @"a\u{202E}b\u{200B}c")]      // reorders, and is invisible
    [InlineData("a\u00A0b", @"a\u{A0}b")]                        // a space that is not the space
    [InlineData("e\u0301", @"e\u{301}")]                         // an accent of its own
    [InlineData(@"\u{4E2D}", @"\u{5C}u{4E2D}")]                  // a name that looks like a spelled-out character
    [InlineData(@"CORP\alice", @"CORP\alice")]
    public void Text_that_cannot_be_shown_is_spelled_out(string text, string visible) =>
        Assert.Equal(visible, VisibleText.Of(text, Look.Regular.Draws));

    [Fact]
    public void Half_a_surrogate_pair_is_spelled_out() =>
        Assert.Equal(@"\u{D83D}x", VisibleText.Of(new string(['\uD83D', 'x']), Look.Regular.Draws));

    [Fact]
    public void Whatever_the_text_its_lines_are_the_text_and_fit() =>
        Prop.ForAll<NonNull<string>, PositiveInt>((any, points) =>
        {
            var text = VisibleText.Of(any.Get, Look.Regular.Draws);
            var width = 20.0 + points.Get;
            var lines = LineBreaking.Break(text, Look.Body, width);
            return string.Concat(lines) == text && lines.All(line => Look.Body.Width(line.TrimEnd(' ')) <= width);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Lines_break_at_spaces_then_after_punctuation_then_anywhere()
    {
        Assert.Equal(["get on ", "secrets"], LineBreaking.Break("get on secrets", Look.Body, 50));
        Assert.Equal(["namespace-one/", "account"], LineBreaking.Break("namespace-one/account", Look.Body, 90));
        Assert.All(LineBreaking.Break(new string('x', 300), Look.Body, 60)[..^1], line => Assert.InRange(line.Length, 10, 13));
    }

    [Fact]
    public void A_cut_text_fills_its_line_and_ends_in_an_ellipsis()
    {
        var line = Assert.Single(LineBreaking.Break("ServiceAccount kube-system/clusterrole-aggregation-controller", Look.Body, 120, atMost: 1));
        Assert.EndsWith("…", line, StringComparison.Ordinal);
        Assert.InRange(Look.Body.Width(line), 105, 120);
    }

    [Fact]
    public void Policies_texts_have_paragraphs_and_lists()
    {
        var chunks = Prose.Chunks("One\nparagraph.\n\nAnother:\n- first\n  goes on\n- second\n\nLast.");
        Assert.Equal(
            ["False One paragraph.", "False Another:", "True first goes on|second", "False Last."],
            chunks.Select(chunk => $"{chunk.IsList} {string.Join('|', chunk.Entries)}"));
    }

    [Theory]
    [InlineData("https://example.com/a?b=c", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("5.1.1", false)]
    public void Only_web_addresses_become_links(string text, bool isLink) => Assert.Equal(isLink, LinkTarget.ForUrl(text) is not null);
}
