using System.Text.RegularExpressions;

namespace RbacLens.Tests.Reports;

/// <summary>A reader of OpenMetrics 1.0 text, as strict as the specification, for the metric types we write: gauge and info.</summary>
static partial class OpenMetrics
{
    /// <summary>The samples by name and labels; an assertion fails where the text is not what the specification asks for.</summary>
    public static Dictionary<string, string> Check(string text)
    {
        Assert.EndsWith("\n# EOF\n", text, StringComparison.Ordinal);
        var (family, type) = ("", "");
        var (families, samples) = (new HashSet<string>(), new Dictionary<string, string>());
        foreach (var line in text[..^"# EOF\n".Length].TrimEnd('\n').Split('\n'))
        {
            if (Metadata().Match(line) is { Success: true } metadata)
            {
                var name = metadata.Groups["name"].Value;
                if (name != family)
                    Assert.True(families.Add(name), $"{name} is interleaved");
                type = metadata.Groups["what"].Value == "TYPE" ? metadata.Groups["rest"].Value : name != family ? "" : type;
                if (metadata.Groups["what"].Value == "UNIT")
                    Assert.EndsWith("_" + metadata.Groups["rest"].Value, name, StringComparison.Ordinal);
                family = name;
                continue;
            }

            var sample = Sample().Match(line);
            Assert.True(sample.Success, line);
            Assert.Equal(type == "info" ? family + "_info" : family, sample.Groups["name"].Value);
            Assert.Contains(type, new[] { "gauge", "info" });
            var labels = sample.Groups["label"].Captures.Select(label => label.Value).ToList();
            Assert.Equal(labels.Distinct().Count(), labels.Count);
            Assert.True(samples.TryAdd(line[..line.LastIndexOf(' ')], sample.Groups["value"].Value), $"{line} is there twice");
        }

        return samples;
    }

    [GeneratedRegex("^# (?<what>HELP|TYPE|UNIT) (?<name>[a-z_:][a-z0-9_:]*) (?<rest>.+)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Metadata();

    [GeneratedRegex("""^(?<name>[a-z_:][a-z0-9_:]*)\{((?<label>[a-z_][a-z0-9_]*)="([^"\\\n]|\\["\\n])*"(,(?=[a-z])|(?=\})))*\} (?<value>[0-9]+)$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sample();
}
