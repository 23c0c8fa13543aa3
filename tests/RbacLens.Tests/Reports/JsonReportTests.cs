using System.Text;
using RbacLens.Cli.Reports;

namespace RbacLens.Tests.Reports;

public sealed class JsonReportTests
{
    static readonly JsonSchema Schema = new(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "posture.schema.json")));

    static string Json(Posture posture)
    {
        using var output = new MemoryStream();
        JsonReport.Write(posture, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    [Fact]
    public void The_report_is_what_its_schema_says() => Assert.Empty(Schema.Violations(Json(SamplePosture.Create())));

    [Fact]
    public void The_report_of_nothing_is_what_its_schema_says() => Assert.Empty(Schema.Violations(Json(HtmlSample.Clear())));

    [Fact]
    public void The_report_with_an_audit_log_is_what_its_schema_says() => Assert.Empty(Schema.Violations(Json(SampleAudit.Create())));

    [Theory]
    [InlineData("\"rbac-lens/v1\"", "\"rbac-lens/v2\"")]
    [InlineData("\"severity\": \"critical\"", "\"severity\": \"terrible\"")]
    [InlineData("\"because\":", "\"becuase\":")]
    [InlineData("\"scopes\": [", "\"scopes\": [ 1,")]
    [InlineData("\"becomes\":", "\"becomse\":")]
    public void The_schema_notices_a_change(string was, string becomes)
    {
        var json = Json(SamplePosture.Create());
        var at = json.IndexOf(was, StringComparison.Ordinal);
        Assert.True(at >= 0, was);
        Assert.NotEmpty(Schema.Violations(json[..at] + becomes + json[(at + was.Length)..]));
    }

    [Fact]
    public void The_same_posture_gives_the_same_bytes() => Assert.Equal(Json(SamplePosture.Create()), Json(SamplePosture.Create()));
}
