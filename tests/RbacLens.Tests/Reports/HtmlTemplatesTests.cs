using System.Collections;
using RbacLens.Cli.Inputs;
using RbacLens.Cli.Reports;
using RbacLens.Cli.Reports.Html;
using RbacLens.Cli.Reports.Trend;

namespace RbacLens.Tests.Reports;

public sealed class HtmlTemplatesTests : IDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rbac-lens-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_file_in_the_folder_replaces_the_one_of_the_same_name()
    {
        Given("masthead.hbs", "<h1>Our own: {{cluster.context}}</h1>{{> logo}}");
        Given("logo.hbs", "<p>logo</p>");
        Given("style.css", "body { color: red }\r\n");
        var page = HtmlPage.Text(HtmlSample.Create(), folder);
        Assert.Contains("<h1>Our own: prod-eu-west</h1><p>logo</p>", page, StringComparison.Ordinal);
        Assert.Contains("<style>body { color: red }\n</style>", page, StringComparison.Ordinal);
        Assert.Contains("3 critical findings to fix now", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("finding.hbs", "<p>\n{{#if severity}}\n", "finding.hbs:2: {{#if}} is never closed, expected {{/if}} below it")]
    [InlineData("gaps.hbs", "<p>\n{{!-- {{/each}} --}}\n{{/if}}\n", "gaps.hbs:3: {{/if}} closes nothing, expected a {{#if}} above it")]
    [InlineData("gaps.hbs", "{{#if gaps}}\n{{#each gaps}}\n{{/if}}\n{{/each}}", "gaps.hbs:3: found {{/if}}, expected {{/each}}, for {{#each}} in line 2 is open")]
    [InlineData("gaps.hbs", "{{#if gaps}}{{^}}{{/if}}\n{{^gaps}}x{{/gaps}}\n{{else}}", "gaps.hbs:3: {{else}} stands outside of any block")]
    [InlineData("finding.hbs", "<p>\n {{subject.name", "finding.hbs:2: {{ is never closed, expected }} after it")]
    [InlineData("finding.hbs", "<p>\n{{severty.name}}", "finding.hbs:2: severty is undefined; templates/README.md lists what there is")]
    [InlineData("page.hbs", "{{#if }}x{{/if}}", "page.hbs: cannot be understood; a block such as {{#if}} may lack what it asks for")]
    [InlineData("page.hbs", "\n\n{{> mastehad}}", "page.hbs:3: Referenced partial name 'mastehad' could not be resolved; templates/README.md lists what there is")]
    [InlineData("script.js", "let x = 1;\n// </script>\n", "script.js:2: found \"</script\", which would end the script element; expected it not to occur")]
    public void A_mistake_is_one_line_that_names_file_and_line(string file, string text, string expected)
    {
        Given(file, text);
        var mistake = Assert.Throws<InputException>(() => HtmlPage.Text(HtmlSample.Create(), folder));
        Assert.Equal(Path.Combine(folder, expected), mistake.Message);
    }

    [Fact]
    public void A_folder_that_is_not_there_is_said_so()
    {
        var mistake = Assert.Throws<InputException>(() => HtmlPage.Text(HtmlSample.Create(), Path.Combine(folder, "nowhere")));
        Assert.Contains("no such folder", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_that_templates_see_is_documented_and_no_other()
    {
        var seen = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var posture in new[] { HtmlSample.Create(), HtmlSample.Large(700), ComparedPosture.Create(), ComparedPosture.Create() with { Upgrade = null } })
            See("page", PageModel.Of(posture, new DisplayedFindings(posture), Templates.Load(null)), seen);
        See("trend", TrendHtml.Model([TrendPoint.Of(HtmlSample.Create(), "a", "a.json", null), TrendPoint.Of(ComparedPosture.Create(), "a", "b.json", ComparedPosture.Earlier())], Templates.Load(null)), seen);
        var documented = from thing in TemplateVariables.All from variable in thing.Variables select $"{thing.Name}.{variable.Name}{(variable.Object.Length == 0 ? "" : $": {variable.Object}")}";
        Assert.Equal(string.Join('\n', seen), string.Join('\n', documented.Order(StringComparer.Ordinal)));
    }

    // rbac-lens template variables >> templates/README.md
    [Fact]
    public void The_readme_has_these_names_and_every_file()
    {
        var readme = HtmlPage.File("../../../templates/README.md");
        Assert.EndsWith("prints. -->\n" + TemplateVariables.Markdown(), readme, StringComparison.Ordinal);
        Assert.All(Templates.BuiltIn, file => Assert.Contains($"`{file.Name}`", readme + "`README.md`", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("styles.css", "is no file of the report; expected style.css, script.js, or templates that end in .hbs")]
    [InlineData("mastehad.hbs", "is neither a template of the report nor used by one; expected a name that is there (")]
    public void A_file_that_nothing_uses_is_said_so(string file, string expected)
    {
        Given("README.md", "notes");
        Given(".editorconfig", "x");
        HtmlPage.Text(HtmlSample.Create(), folder);
        Given(file, "");
        var mistake = Assert.Throws<InputException>(() => HtmlPage.Text(HtmlSample.Create(), folder));
        Assert.StartsWith($"{Path.Combine(folder, file)}: {expected}", mistake.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_exported_gives_the_same_report()
    {
        var target = Path.Combine(folder, "new");
        var exported = await CommandLine.RunAsync(["template", "export", target]);
        Assert.Equal(0, exported.ExitCode);
        Assert.True(File.Exists(Path.Combine(target, "README.md")));
        Assert.Equal(HtmlPage.Text(HtmlSample.Create()), HtmlPage.Text(HtmlSample.Create(), target));
        var again = await CommandLine.RunAsync(["template", "export", target]);
        Assert.Equal(2, again.ExitCode);
        Assert.Contains("is there already", again.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await CommandLine.RunAsync(["template", "export", target, "--force"])).ExitCode);
    }

    [Fact]
    public void A_title_and_a_logo_need_no_template()
    {
        var png = Path.Combine(folder, "logo.bin");
        File.WriteAllBytes(png, [0x89, (byte)'P', (byte)'N', (byte)'G', 0, 1]);
        using var output = new StringWriter();
        HtmlReport.Write(HtmlSample.Create(), output, new(null, 80, false, false) { Title = "Access <review>", Logo = Logo.Read(png) });
        var page = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(output.ToString());
        Assert.Equal("Access <review>", page.Title);
        Assert.Equal("Access <review>", page.QuerySelector(".eyebrow")!.TextContent);
        Assert.StartsWith("data:image/png;base64,iVBORw", page.QuerySelector("img")!.GetAttribute("src"), StringComparison.Ordinal);
        File.WriteAllText(png, "hello");
        Assert.Contains("found no PNG, JPEG or SVG picture", Assert.Throws<InputException>(() => Logo.Read(png)).Message, StringComparison.Ordinal);
    }

    void Given(string file, string text) => File.WriteAllText(Path.Combine(folder, file), text);

    // A name, and for dictionaries and lists of them the object they are.
    static void See(string section, Dictionary<string, object?> model, SortedSet<string> seen)
    {
        foreach (var (name, value) in model)
        {
            IEnumerable<object?> values = value is Dictionary<string, object?> or string or null ? [value] : value is IEnumerable many ? many.Cast<object?>() : [];
            var type = Objects.GetValueOrDefault(name, "");
            seen.Add($"{section}.{name}{(type.Length == 0 || !IsObject(section, name) ? "" : $": {type}")}");
            foreach (var item in values.OfType<Dictionary<string, object?>>())
                See(type, item, seen);
        }
    }

    // "policy" of a risk and "count" of a severity are texts; "areas" are names in the filters, "undecided" never an object.
    static bool IsObject(string section, string name) => (section, name) is not (("log", "from") or ("idle", "policy") or ("idle", "subject") or ("point", "gaps") or ("point", "resolved") or ("risk", "policy") or ("filters", "areas") or ("filters", "frameworks") or ("heat", "areas") or ("finding", "change"));

    static readonly Dictionary<string, string> Objects = new(StringComparer.Ordinal)
    {
        ["clusters"] = "history",
        ["tokens"] = "token",
        ["idleAcceptances"] = "idle",
        ["bands"] = "band",
        ["marks"] = "mark",
        ["lines"] = "line",
        ["points"] = "point",
        ["grade"] = "grade",
        ["change"] = "change",
        ["tallies"] = "tally",
        ["resolved"] = "gone",
        ["unclear"] = "gone",
        ["holders"] = "holder",
        ["heat"] = "heat",
        ["rows"] = "place",
        ["cells"] = "cell",
        ["frameworks"] = "framework",
        ["controls"] = "control",
        ["acceptances"] = "accepted",
        ["picture"] = "picture",
        ["paths"] = "path",
        ["from"] = "subject",
        ["steps"] = "step",
        ["asks"] = "ask",
        ["chokes"] = "choke",
        ["detections"] = "detection",
        ["log"] = "log",
        ["cluster"] = "cluster",
        ["verdict"] = "verdict",
        ["severities"] = "severity",
        ["severity"] = "severity",
        ["risks"] = "risk",
        ["examples"] = "example",
        ["subject"] = "subject",
        ["binding"] = "subject",
        ["role"] = "subject",
        ["gaps"] = "gap",
        ["areas"] = "area",
        ["bar"] = "bar",
        ["counts"] = "count",
        ["filters"] = "filters",
        ["groups"] = "group",
        ["findings"] = "finding",
        ["acceptance"] = "acceptance",
        ["evidence"] = "evidence",
        ["rules"] = "rule",
        ["policies"] = "policy",
        ["policy"] = "policy",
        ["references"] = "reference",
    };
}
