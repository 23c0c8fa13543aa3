using System.Collections;
using OpenQA.Selenium;
using RbacLens.Access;
using RbacLens.Paths;
using RbacLens.Policies;
using RbacLens.Rbac;

namespace RbacLens.Tests.Reports;

public sealed class HtmlBrowserTests(Browser browser) : IClassFixture<Browser>
{
    [ToolFact("chromium", "chromedriver")]
    public void It_opens_without_complaint_and_without_the_network()
    {
        browser.Open(HtmlSample.Create());
        browser.Page.FindElement(By.Id("open")).Click();
        Assert.Empty(browser.Complaints());
        Assert.Single(browser.Requests());
    }

    [ToolFact("chromium", "chromedriver")]
    public void Typing_narrows_the_list_and_clearing_brings_it_back()
    {
        browser.Open(HtmlSample.Create());
        var all = browser.Subjects();
        var search = browser.Page.FindElement(By.Id("search"));
        search.SendKeys("nodes/proxy MONITORING");
        Assert.Equal(["monitoring/prometheus-server", "monitoring/node-exporter"], browser.Subjects());
        Assert.Equal("2 of 14 findings", browser.Page.FindElement(By.Id("shown")).Text);
        search.SendKeys(" nobody");
        Assert.Empty(browser.Subjects());
        Assert.True(browser.Page.FindElement(By.Id("none")).Displayed);
        browser.Page.FindElement(By.Id("clear")).Click();
        Assert.Equal(all, browser.Subjects());
        Assert.Empty(browser.Complaints());
    }

    [ToolFact("chromium", "chromedriver")]
    public void Filters_and_groups_combine()
    {
        browser.Open(HtmlSample.Create());
        Choose("place", "shop");
        Assert.Equal(["system:authenticated", "shop-developers", "bob@example.com", "shop/leftover"], browser.Subjects());
        Choose("kind", "Group");
        Assert.Equal(["system:authenticated", "shop-developers"], browser.Subjects());
        browser.Page.FindElement(By.CssSelector("input[value=medium]")).Click();
        Assert.Equal(["shop-developers"], browser.Subjects());
        browser.Page.FindElement(By.Id("clear")).Click();
        Choose("area", "nodes");
        Choose("group", "policy");
        Assert.Equal(["reaches the kubelet of every node 2"], Groups());
        browser.Page.FindElement(By.CssSelector(".tile.low a")).Click();
        Assert.Equal(["image-policy"], browser.Subjects());
    }

    [ToolFact("chromium", "chromedriver")]
    public void A_link_to_a_finding_opens_it_even_when_it_travels_as_data()
    {
        var posture = HtmlSample.Large(2000);
        var wanted = posture.Findings[1900];
        browser.Open(posture, wanted.Fingerprint);
        Assert.Equal([$"{wanted.About.Namespace}/{wanted.About.Name}"], browser.Subjects());
        var article = browser.Page.FindElement(By.Id(wanted.Fingerprint));
        Assert.True(article.FindElement(By.CssSelector(".chain")).Displayed);
        Assert.Contains("resources: [secrets]", article.Text, StringComparison.Ordinal);
        Assert.Contains(wanted.Policy.Fix, article.Text, StringComparison.Ordinal);
        browser.Run($"location.hash = '{posture.Findings[3].Fingerprint}'");
        browser.Page.FindElement(By.Id("clear")).Click();
        Assert.Equal("100", browser.Run("return String(document.querySelectorAll('#list article').length)"));
        Assert.Empty(browser.Complaints());
    }

    [ToolFact("chromium", "chromedriver")]
    public void Findings_that_travel_as_data_look_like_those_in_the_page()
    {
        var posture = HtmlSample.Large(501);
        var whole = HtmlPage.Of(posture with { Findings = [posture.Findings[500]] }).QuerySelector("article")!;
        browser.Open(posture, posture.Findings[500].Fingerprint);
        var shown = (string)browser.Run($"return document.getElementById('{posture.Findings[500].Fingerprint}').textContent")!;
        Assert.Equal(whole.Words(), string.Join(' ', shown.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
    }

    [ToolFact("chromium", "chromedriver")]
    public void Hostile_names_run_nothing()
    {
        var posture = HtmlSample.Large(500);
        var first = HtmlSample.Saying("</script><img src=x onerror=\"document.title='owned'\">").Findings[0] with { Suppression = null };
        var last = HtmlSample.Saying("<svg onload=\"document.title='owned'\"><script>document.title='owned'</script>").Findings[0];
        posture = posture with { Findings = [first, .. posture.Findings, last] };
        browser.Open(posture, posture.Findings[^1].Fingerprint);
        Choose("group", "subject");
        Assert.Equal("RBAC posture of prod-eu-west", browser.Page.Title);
        Assert.Empty(browser.Complaints());
        Assert.Single(browser.Requests());
    }

    [ToolFact("chromium", "chromedriver")]
    public void More_is_shown_on_request_until_everything_is_there()
    {
        browser.Open(HtmlSample.Large(750));
        Assert.Equal("750 of 750 findings, the first 100 shown", browser.Page.FindElement(By.Id("shown")).Text);
        Assert.Equal("Show 100 more of 650", browser.Page.FindElement(By.Id("more")).Text);
        for (var i = 0; i < 7; i++)
            browser.Page.FindElement(By.Id("more")).SendKeys(Keys.Enter);
        Assert.Equal("750 of 750 findings", browser.Page.FindElement(By.Id("shown")).Text);
        Assert.False(browser.Page.FindElement(By.Id("more")).Displayed);
        Assert.Equal("750", browser.Run("return String(document.querySelectorAll('#list article').length)"));
        Assert.Equal(["Critical 8", "High 72", "Medium 320", "Low 280", "Info 70"], Groups());
    }

    [ToolFact("chromium", "chromedriver")]
    public void Everything_can_be_reached_by_keyboard()
    {
        browser.Open(HtmlSample.Create());
        browser.Page.FindElement(By.TagName("body")).SendKeys(Keys.Tab);
        Assert.Equal("Skip to the findings", browser.Page.SwitchTo().ActiveElement().Text);
        Assert.True(browser.Page.SwitchTo().ActiveElement().Location.X >= 0);
        browser.Run("document.querySelector('#list summary').focus()");
        browser.Page.SwitchTo().ActiveElement().SendKeys(Keys.Enter);
        Assert.True(browser.Page.FindElement(By.CssSelector("#list article .chain")).Displayed);
    }

    [ToolFact("chromium", "chromedriver")]
    public void It_fits_a_phone()
    {
        browser.Open(HtmlSample.Saying(new string('x', 300)), width: 360);
        browser.Page.FindElement(By.Id("open")).Click();
        Assert.Equal(true, browser.Run("return document.documentElement.scrollWidth <= document.documentElement.clientWidth"));
    }

    [ToolFact("chromium", "chromedriver")]
    public void The_address_says_how_the_list_is_narrowed_and_narrows_it_again()
    {
        var posture = ComparedPosture.Create();
        browser.Open(posture);
        browser.Page.FindElement(By.CssSelector("#search")).SendKeys("reads");
        Choose("area", "secrets");
        Choose("change-kind", "unchanged");
        var address = (string)browser.Run("return location.hash")!;
        Assert.Equal("#?search=reads&area=secrets&change=unchanged", address);
        var shown = browser.Subjects();
        Assert.NotEmpty(shown);
        browser.Open(posture, address[1..]);
        Assert.Equal(shown, browser.Subjects());
        browser.Open(posture, "?framework=CIS%205.1.2&status=high&area=nonsense");
        Assert.Equal(["ci/pipeline"], browser.Subjects());
        Choose("use", "used");
        Assert.Empty(browser.Subjects());
        Assert.Empty(browser.Complaints());
    }

    [ToolFact("chromium", "chromedriver")]
    public void A_number_on_the_map_leads_to_its_findings()
    {
        browser.Open(ComparedPosture.Create());
        var row = browser.Page.FindElements(By.CssSelector(".heat tbody tr")).Single(row => row.FindElement(By.TagName("th")).Text == "shop");
        var cell = row.FindElement(By.CssSelector("a.cell.medium"));
        Assert.Equal("1", cell.Text);
        cell.SendKeys(Keys.Enter);
        for (var i = 0; i < 100 && browser.Subjects().Count != 1; i++)
            Thread.Sleep(50);     // the list follows the address, which is a moment later
        Assert.Equal(["bob"], browser.Subjects());
        Assert.Equal("findings", browser.Page.SwitchTo().ActiveElement().GetAttribute("id"));
    }

    [ToolFact("chromium", "chromedriver")]
    public void A_subject_has_a_page_with_what_is_found_and_what_it_is_bound_to()
    {
        browser.Open(ComparedPosture.Create());
        browser.Run("location.hash = '#subject=ServiceAccount%20ci%2Fpipeline'");
        Assert.Equal("ServiceAccount ci/pipeline", browser.Page.FindElement(By.Id("subject-name")).Text);
        Assert.False(browser.Page.FindElement(By.Id("findings")).Displayed);
        var grant = browser.Page.FindElement(By.CssSelector("#subject-grants summary"));
        grant.SendKeys(Keys.Enter);
        for (var i = 0; i < 100 && browser.Page.FindElements(By.CssSelector("#subject-grants pre")).Count == 0; i++)
            Thread.Sleep(50);     // it is filled when the browser says that it was opened, which is a moment later
        Assert.Contains("verbs: [\"*\"]", browser.Page.FindElement(By.CssSelector("#subject-grants pre")).Text, StringComparison.Ordinal);
        browser.Page.FindElement(By.CssSelector("#subject-findings a")).Click();
        Assert.True(browser.Page.FindElement(By.CssSelector("#list article details[open]")).Displayed);
        Assert.False(browser.Page.FindElement(By.Id("subject")).Displayed);
        browser.Open(ComparedPosture.Create(), "subject=Nobody%20%E0%A4%A");
        Assert.True(browser.Page.FindElement(By.Id("findings")).Displayed);
        Assert.Empty(browser.Complaints());
        Assert.Single(browser.Requests());
    }

    [ToolFact("chromium", "chromedriver")]
    public void The_page_of_a_subject_says_what_it_may_do_where_it_leads_and_how_it_was_used()
    {
        browser.Open(SubjectPosture(), "subject=ServiceAccount%20ci%2Fpipeline");
        Assert.Equal(
            ["Whole cluster|get|/everyone", "ci|list|ci/own", "Whole cluster|get, list|reads (Group system:authenticated)"],
            browser.Page.FindElements(By.CssSelector("#subject-may tr")).Select(row => string.Join('|', row.FindElements(By.TagName("td")).Where((_, i) => i != 1).Select(cell => cell.Text))).Select(text => text.Replace("own-urls", "/everyone", StringComparison.Ordinal)));
        Assert.Equal(["URL /metrics", "pods", "nodes"], browser.Page.FindElements(By.CssSelector("#subject-may tr td:nth-child(2)")).Select(cell => cell.Text));
        Assert.Contains("the whole cluster", browser.Page.FindElement(By.Id("subject-paths")).Text, StringComparison.Ordinal);
        Assert.Contains("for Group system:authenticated", browser.Page.FindElement(By.Id("subject-grants")).Text, StringComparison.Ordinal);
        Assert.Contains("used 7 times", browser.Page.FindElement(By.Id("subject-grants")).Text, StringComparison.Ordinal);
        Assert.Contains("Reaches services", browser.Page.FindElement(By.Id("subject-detections")).Text, StringComparison.Ordinal);
        browser.Open(SubjectPosture(), "subject=Group%20system%3Aauthenticated");
        Assert.Equal("1 comes to power by becoming it: ServiceAccount ci/pipeline", browser.Page.FindElement(By.Id("subject-by")).Text);
        Assert.Empty(browser.Complaints());
    }

    // A namespaced rule about nodes, and one about URLs, grant nothing through a RoleBinding.
    static Posture SubjectPosture()
    {
        var account = new Subject.ServiceAccount("ci", "pipeline");
        var everyone = new Subject.Group("system:authenticated");
        var role = new Role(Scope.Cluster, "reader", RuleSet.Of(
            new PolicyRule { Verbs = Names.Of("list"), ApiGroups = Names.Of(""), Resources = Names.Of("pods", "nodes") }, new PolicyRule { Verbs = Names.Of("get"), NonResourceUrls = Names.Of("/metrics") }));
        var urls = role with { Name = "urls", Rules = RuleSet.Of(role.Rules[1]) };
        var nodes = role with { Name = "nodes", Rules = RuleSet.Of(new PolicyRule { Verbs = Names.Of("list", "get"), ApiGroups = Names.Of(""), Resources = Names.Of("nodes") }) };
        Grant Of(Subject subject, Scope scope, string binding, Role to) => new(subject, new(scope, binding, [subject], new("ClusterRole", to.Name)), to, SubjectGrants.AllRules(to));
        var posture = ComparedPosture.Create();
        return posture with
        {
            Subjects = [new(Target.Of(everyone), [Of(everyone, Scope.Cluster, "reads", nodes)]), new(Target.Of(account), [Of(account, Scope.Cluster, "own-urls", urls), Of(account, new("ci"), "own", role)])],
            Paths = [new(Target.Of(account), Goal.ClusterAdmin, [new("x", "becomes", [], Target.Of(everyone)), new("y", "holds", [], Goal.ClusterAdmin)])],
            Detections = [posture.Detections[0] with { User = "system:serviceaccount:ci:pipeline" }],
            Usage = posture.Usage! with { Bindings = [posture.Usage.Bindings[0] with { Scope = new("ci"), Name = "own", Used = new(7, posture.Usage.From, posture.Usage.To) }] },
        };
    }

    [ToolFact("chromium", "chromedriver")]
    public void It_prints()
    {
        browser.Open(ComparedPosture.Create());
        var pdf = ((OpenQA.Selenium.Chrome.ChromeDriver)browser.Page).Print(new PrintOptions());
        browser.Print();
        Assert.False(browser.Page.FindElement(By.TagName("nav")).Displayed);
        Assert.False(browser.Page.FindElement(By.Id("search")).Displayed);
        Assert.Equal("rgb(255, 255, 255)", browser.Run("return getComputedStyle(document.body).backgroundColor"));
        Assert.True(browser.Page.FindElement(By.Id("shown")).Displayed);
        Assert.StartsWith("%PDF-", System.Text.Encoding.ASCII.GetString(pdf.AsByteArray[..5]), StringComparison.Ordinal);
        Assert.Empty(browser.Complaints());
    }

    [ToolFact("chromium", "chromedriver")]
    public void Each_view_is_accessible_in_light_and_dark_on_a_screen_and_a_phone()
    {
        foreach (var fragment in new[] { "", "subject=ServiceAccount%20ci%2Fpipeline", "?area=secrets" })
            foreach (var dark in new[] { false, true })
                foreach (var width in new[] { 1200, 390 })
                    Assert.Equal("", string.Join('\n', Violations(dark, width, fragment).Select(found => $"{fragment} {(dark ? "dark" : "light")} {width}: {found}")));
    }

    // The driver runs axe in the page past the page's Content-Security-Policy.
    List<string> Violations(bool dark, int width, string fragment = "")
    {
        browser.Open(ComparedPosture.Create(), fragment, dark, width);
        browser.Run("document.getElementById('open').click()");
        browser.Run("document.querySelectorAll('details').forEach(d => { d.open = true; })");
        browser.Run(HtmlPage.File("axe/axe.min.js"));
        var found = ((IJavaScriptExecutor)browser.Page).ExecuteAsyncScript(
            "const done = arguments[0]; axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(r => done(r.violations.map(v => v.impact + ' ' + v.id + ': ' + v.nodes[0].html)))");
        return [.. ((IEnumerable)found!).Cast<string>()];
    }

    IEnumerable<string> Groups() =>
        browser.Page.FindElements(By.CssSelector("#list h3")).Select(heading => heading.Text.ReplaceLineEndings(" "));

    // What choosing in the list of a select does; the list itself belongs to the browser.
    void Choose(string select, string value) =>
        browser.Run($"const s = document.getElementById('{select}'); s.value = '{value}'; s.dispatchEvent(new Event('input', {{ bubbles: true }}))");
}
