using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a policy.</summary>
static class PolicyModel
{
    /// <summary>What a policy is called.</summary>
    public static Dictionary<string, object?> Name(Policy policy) =>
        new() { ["id"] = SafeText.Of(policy.Id), ["title"] = SafeText.Of(policy.Title) };

    /// <summary>The texts of a policy.</summary>
    public static Dictionary<string, object?> Of(Policy policy) => new(Name(policy))
    {
        ["area"] = SafeText.Of(policy.Area),
        ["why"] = Paragraphs(policy.Why),
        ["fix"] = Paragraphs(policy.Fix),
        ["references"] = policy.References.Select(Reference).ToList(),
    };

    /// <summary>A policy with what came of it.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="findings">Its findings, accepted ones included.</param>
    /// <param name="undecided">Whether something it needs could not be read.</param>
    public static Dictionary<string, object?> WithOutcome(Policy policy, int findings, bool undecided) => new(Of(policy))
    {
        ["found"] = findings > 0,
        ["undecided"] = undecided,
        ["outcome"] = (findings, undecided) switch
        {
            (0, false) => "Nothing found",
            (0, true) => "Undecided",
            (_, false) => Counted.Of(findings, "finding"),
            (_, true) => $"{Counted.Of(findings, "finding")}, perhaps more",
        },
    };

    static List<string> Paragraphs(string text) =>
    [
        .. from paragraph in text.ReplaceLineEndings("\n")
               .Split("\n\n", StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
           select SafeText.Of(paragraph.Replace('\n', ' ')),
    ];

    static Dictionary<string, object?> Reference(Reference reference) => new()
    {
        ["text"] = SafeText.Of(Text(reference)),
        ["url"] = WebAddress.Is(reference.Id) ? reference.Id : null,
    };

    static string Text(Reference reference) => reference.Framework switch
    {
        null => reference.Id,
        "CIS" => $"CIS Kubernetes Benchmark {reference.Id}",
        "NSA" => $"NSA/CISA Kubernetes Hardening Guide: {reference.Id}",
        "MITRE" => $"MITRE ATT&CK {reference.Id}",
        var other => $"{other} {reference.Id}",
    };
}
