namespace RbacLens.Tests.Inputs.AuditLogs;

/// <summary>Of a command only its first word is kept, however it is written: the rest may hold secrets.</summary>
public sealed class CommandTests
{
    [Theory]
    [InlineData("command=sh&command=-c&command=curl+-H+token", "sh")]
    [InlineData(@"container=c\u0026command=id\u0026stdin=true", "id")]
    [InlineData("command=%2Fbin%2Fsh&stdin=true", "/bin/sh")]
    [InlineData("command=%73%68", "sh")]
    [InlineData("command=sh%20-c%20secret", "sh")]
    [InlineData("command=sh%0Asecret", "sh")]
    [InlineData("command=sh+secret", "sh")]
    [InlineData("container=mycommand=x", "")]
    public async Task The_first_word_is_told(string query, string expected)
    {
        var detector = await AuditReading.DetectorAsync();
        var line = $$"""{"kind":"Event","auditID":"a","stage":"ResponseComplete","requestURI":"/api/v1/namespaces/n/pods/p/exec?{{query}}","verb":"create","user":{"username":"dave"},"objectRef":{"resource":"pods","namespace":"n","name":"p","subresource":"exec"},"responseStatus":{"code":101},"requestReceivedTimestamp":"2026-11-21T10:00:00.000000Z"}""";
        var detection = Assert.Single(detector.Detect(await AuditReading.ReadAsync(line, detector)));

        Assert.Equal(expected, detection.Details.TryGetValue("commands", out var told) ? $"{told}" : "");
    }
}
