using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AngleSharp.Dom;

namespace RbacLens.Tests.Reports;

public sealed class HtmlReportTests
{
    static readonly IDocument Sample = HtmlPage.Of(HtmlSample.Create());

    [Fact]
    public void It_says_which_cluster_and_when()
    {
        Assert.Equal("RBAC posture of prod-eu-west", Sample.Title);
        Assert.Equal("prod-eu-west", Sample.QuerySelector("h1")!.Words());
        Assert.Equal(
            "Kubernetes v1.34.2 Source live cluster Collected 21 November 2026, 10:00 UTC Judged by RbacLens 0.1.0",
            Sample.QuerySelector("header dl")!.Words());
    }

    [Fact]
    public void It_opens_with_how_the_cluster_stands()
    {
        var verdict = Sample.QuerySelector(".verdict")!;
        Assert.Equal("3 critical findings to fix now", verdict.QuerySelector("h2")!.Words());
        Assert.Equal(["3", "4", "3", "1", "2"], verdict.QuerySelectorAll(".tile b").Select(HtmlPage.Words));
        Assert.Equal(["Critical", "High", "Medium", "Low", "Info"], verdict.QuerySelectorAll(".tile strong").Select(HtmlPage.Words));
        Assert.Contains("2 policies could not be decided", verdict.Words());
        Assert.Contains("1 accepted and not counted above", verdict.Words());
        Assert.Contains("41 findings left out", verdict.Words());
    }

    [Fact]
    public void The_worst_policies_come_first_and_link_to_their_findings()
    {
        var risks = Sample.QuerySelectorAll(".risks > li");
        Assert.Equal(
            "Critical holds every permission there is 2 findings: Group platform-team, ServiceAccount kube-tools/installer", risks[0].Words());
        Assert.Equal(["Critical", "Critical", "High", "High", "Medium", "Low"], risks.Select(risk => risk.QuerySelector(".badge")!.Words()));
        Assert.All(
            risks.SelectMany(risk => risk.QuerySelectorAll("p a")), link => Assert.NotNull(Sample.QuerySelector("article" + Target(link))));
    }

    [Fact]
    public void What_could_not_be_read_names_the_policies_it_leaves_undecided()
    {
        var gaps = Sample.QuerySelectorAll(".gaps > li");
        Assert.Equal("Secret: access refused", gaps[1].QuerySelector("h3")!.Words());
        Assert.Contains("GET /api/v1/secrets: 403", gaps[1].Words());
        Assert.Equal("long-lived-token", gaps[1].QuerySelector(".links")!.Words());
        Assert.Equal("1 finding, perhaps more", Sample.QuerySelector("#policy-long-lived-token .outcome")!.Words());
    }

    [Fact]
    public void A_policy_without_finding_passes_only_when_nothing_it_needs_is_missing()
    {
        var gaps = HtmlPage.Of(HtmlSample.Clear() with { Gaps = [new("Secret", "forbidden", "403")] });
        Assert.Equal("Undecided", gaps.QuerySelector("#policy-long-lived-token .outcome")!.Words());
        Assert.Equal("Nothing found", gaps.QuerySelector("#policy-nodes-proxy .outcome")!.Words());
        Assert.Equal("Nothing found, but not everything could be judged", gaps.QuerySelector(".verdict h2")!.Words());
        Assert.Contains("before you take that for good news", gaps.QuerySelector("#list")!.Words());
    }

    [Fact]
    public void Nothing_found_and_nothing_missing_is_said_as_such()
    {
        var clear = HtmlPage.Of(HtmlSample.Clear());
        Assert.Equal("Nothing found", clear.QuerySelector(".verdict h2")!.Words());
        Assert.Contains("Everything that was asked for could be read.", clear.QuerySelector("main")!.Words());
        Assert.Equal("No finding.", clear.QuerySelector("#list")!.Words());
    }

    [Fact]
    public void Every_finding_is_there_without_a_script()
    {
        var fingerprints = HtmlSample.Create().Findings.Select(finding => finding.Fingerprint);
        Assert.Equal(fingerprints, Sample.QuerySelectorAll("#list article").Select(article => article.Id!));
        Assert.Equal(
            ["Critical 3", "High 4", "Medium 3", "Low 1", "Info 2", "Accepted 1"],
            Sample.QuerySelectorAll("#list > section > h3").Select(HtmlPage.Words));
        Assert.True(Sample.QuerySelector("#filters")!.HasAttribute("hidden"));
    }

    [Fact]
    public void A_finding_shows_its_evidence_down_to_the_rule()
    {
        var article = Finding("monitoring/prometheus-server");
        Assert.Equal("ServiceAccount monitoring/prometheus-server", article.QuerySelector("h4")!.Words());
        Assert.Equal("ClusterRoleBinding prometheus-server → ClusterRole prometheus-server", article.QuerySelector(".chain")!.Words());
        Assert.Equal("Rule 2 of 2", article.QuerySelector(".rule")!.Words());
        Assert.Equal("apiGroups: [\"\"]\nresources: [nodes/proxy, nodes/metrics]\nverbs: [get]", article.QuerySelector("pre")!.TextContent);
        Assert.Contains("The kubelet runs commands in any container", article.Words());
        Assert.Contains("Grant nodes/metrics, nodes/stats or nodes/healthz instead", article.Words());
        Assert.Contains("CIS Kubernetes Benchmark 5.1.10", article.Words());
    }

    [Fact]
    public void A_finding_by_way_of_a_group_says_which_group()
    {
        var article = Finding("bob@example.com");
        Assert.Equal("3 namespaces", article.QuerySelector(".where")!.Words());
        Assert.Equal("billing shop warehouse", article.QuerySelector(".names")!.Words());
        Assert.Equal(["for Group contractors"], article.QuerySelectorAll(".via").Select(HtmlPage.Words));
    }

    [Fact]
    public void An_accepted_finding_says_who_accepted_it_and_until_when() =>
        Assert.StartsWith(
            "Accepted by carol@example.com until 2027-01-31: until the vendor ships",
            Finding("monitoring/node-exporter").QuerySelector(".acceptance")!.Words());

    [Fact]
    public void Headings_never_skip_a_level()
    {
        var levels = Sample.QuerySelectorAll("h1, h2, h3, h4, h5, h6").Select(heading => heading.LocalName[1] - '0').ToList();
        Assert.Equal(1, levels[0]);
        Assert.All(levels.Zip(levels.Skip(1)), pair => Assert.InRange(pair.Second, 2, pair.First + 1));
    }

    [Fact]
    public void No_id_occurs_twice() =>
        Assert.DoesNotContain(Sample.QuerySelectorAll("[id]").CountBy(element => element.Id!), count => count.Value > 1);

    [Fact]
    public void Every_link_into_the_page_leads_somewhere() =>
        Assert.All(Sample.QuerySelectorAll("a[href^='#']:not([href^='#?']):not([href^='#subject='])"), link => Assert.NotNull(Sample.QuerySelector(Target(link))));

    [Fact]
    public void The_page_allows_nothing_but_its_own_style_and_script()
    {
        var policy = Sample.QuerySelector("meta[http-equiv='Content-Security-Policy']")!.GetAttribute("content");
        var style = Sample.QuerySelector("style")!.TextContent;
        var script = Sample.QuerySelectorAll("script:not([type])").Single().TextContent;
        Assert.Equal(
            $"default-src 'none'; img-src data:; style-src '{Hash(style)}'; script-src '{Hash(script)}'; base-uri 'none'; form-action 'none'", policy);
        Assert.Empty(Sample.QuerySelectorAll("[src], [style], link, iframe, object, embed, img"));
        Assert.DoesNotContain(
            Sample.All.SelectMany(element => element.Attributes), attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal));
    }

    [Fact]
    public void More_findings_than_a_browser_lays_out_at_once_travel_as_data()
    {
        var page = HtmlPage.Of(HtmlSample.Large(700));
        using var data = JsonDocument.Parse(page.QuerySelector("#data")!.TextContent);
        var rows = data.RootElement.GetProperty("findings").EnumerateArray().ToList();
        Assert.Equal(500, page.QuerySelectorAll("#list article").Length);
        Assert.Equal(700, rows.Count);
        Assert.All(rows.Take(500), row => Assert.Equal(JsonValueKind.Null, row[9].ValueKind));
        Assert.All(rows.Skip(500), row => Assert.StartsWith("<article", row[9].GetString()));
        Assert.Contains("the worst 500 of 700 findings", page.QuerySelector("noscript")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_posture_gives_the_same_page() =>
        Assert.Equal(HtmlPage.Text(HtmlSample.Large(600)), HtmlPage.Text(HtmlSample.Large(600)));

    static IElement Finding(string subject) =>
        Sample.QuerySelectorAll("#list article").Single(article => article.QuerySelector("h4 bdi")?.Words() == subject);

    static string Target(IElement link) => $"[id='{link.GetAttribute("href")![1..]}']";

    static string Hash(string text) => $"sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}";
}
