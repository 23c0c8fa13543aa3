using System.Text.Json;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Html;
using RbacLens.Policies;

namespace RbacLens.Tests.Reports;

public sealed class HtmlEscapingTests
{
    [Theory]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("</script><img src=x onerror=alert(1)>")]
    [InlineData("<!--<script>")]                       // would put the parser into a state in which </script> does not end the data
    [InlineData("\"' onclick='alert(1)' x=\"")]
    [InlineData("</style></title></textarea></noscript>")]
    [InlineData("{{title}} {{{script}}} {{> page}}")]
    [InlineData("&lt;b&gt; &amp;")]
    [InlineData("javascript:alert(1)")]
    [InlineData("\\u003cb\\\\ \\")]
    public void Text_of_a_cluster_stays_text(string text)
    {
        var harmless = HtmlPage.Of(HtmlSample.Saying("harmless"));
        var page = HtmlPage.Of(HtmlSample.Saying(text));
        Assert.Equal(harmless.All.Length, page.All.Length);
        Assert.Equal(text, page.QuerySelector("h1")!.TextContent.Trim());
        Assert.Equal($"{text}/{text}", page.QuerySelector("article h4 bdi")!.TextContent);
        Assert.Equal(text, page.QuerySelector("article .because")!.TextContent);
        Assert.Equal(harmless.QuerySelectorAll("a[href^='https:']").Length, page.QuerySelectorAll("a:not([href^='#'])").Length);
        using var data = JsonDocument.Parse(page.QuerySelector("#data")!.TextContent);
        Assert.Equal(text, data.RootElement.GetProperty("findings")[0][7].GetString());
    }

    [Fact]
    public void Markup_that_travels_as_data_is_as_harmless_as_the_page()
    {
        const string text = "</script><script>alert(1)</script><!--";
        var finding = HtmlSample.Saying(text).Findings[0];
        var posture = HtmlSample.Large(500);
        var page = HtmlPage.Of(posture with { Findings = [.. posture.Findings, finding with { Suppression = null }] });
        using var data = JsonDocument.Parse(page.QuerySelector("#data")!.TextContent);
        var markup = data.RootElement.GetProperty("findings")[500][9].GetString()!;
        Assert.DoesNotContain("<script", markup, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;script&gt;", markup, StringComparison.Ordinal);
        Assert.Equal(2, page.QuerySelectorAll("script").Length);
    }

    [Theory]
    [InlineData("alice", "alice")]
    [InlineData("Ирина", "Ирина")]
    [InlineData("山田🙂", "山田🙂")]
    [InlineData("a\nb\tc", "a\\u{000A}b\\u{0009}c")]
    [InlineData("user\u202Enimda", "user\\u{202E}nimda")]   // would be read as "useradmin"
    [InlineData("ad\u200Bmin", "ad\\u{200B}min")]           // looks like another name
    [InlineData("\U000E0041", "\\u{E0041}")]
    public void Characters_that_deceive_show_as_their_number(string text, string expected) => Assert.Equal(expected, SafeText.Of(text));

    [Fact]
    public void Half_a_character_shows_as_its_number() => Assert.Equal("\\u{D800}x", SafeText.Of("\uD800x"));

    [Theory]
    [InlineData("https://kubernetes.io/docs/", true)]
    [InlineData("http://example.com", true)]
    [InlineData("javascript:alert(1)", false)]
    [InlineData("data:text/html,x", false)]
    [InlineData("file:///etc/passwd", false)]
    [InlineData("//example.com", false)]
    [InlineData("5.1.1", false)]
    public void Only_web_addresses_become_links(string id, bool isLink)
    {
        var policy = HtmlSample.Create().Policies[0] with { References = [new Reference(null, id)] };
        var references = (List<Dictionary<string, object?>>)PolicyModel.Of(policy)["references"]!;
        Assert.Equal(isLink ? id : null, references[0]["url"]);
    }
}
