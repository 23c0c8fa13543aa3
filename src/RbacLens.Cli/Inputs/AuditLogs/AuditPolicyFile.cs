using System.Text.Json;
using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Reads a kube-apiserver audit policy.</summary>
static class AuditPolicyFile
{
    /// <summary>The policy of a file; an object that carries one as text, as a ConfigMap does, is fine, too.</summary>
    /// <exception cref="InputException">The file is not there, or is no audit policy.</exception>
    public static AuditPolicy Read(string file) => Parse(TextOf(file), file);

    /// <summary>What a kube-apiserver would say of the policy in a file, beside what it means.</summary>
    /// <param name="file">Its path; <c>-</c> for standard input.</param>
    /// <param name="standardInput">Opens standard input.</param>
    /// <exception cref="InputException">The file is not there, or is no audit policy.</exception>
    public static (AuditPolicy Policy, IReadOnlyList<PolicyRemark> Remarks) ReadWithRemarks(string file, Func<Stream> standardInput)
    {
        var (text, name) = file == "-" ? (TextOf(standardInput()), "standard input") : (TextOf(file), file);
        // Of a policy inside another file only its own text counts.
        return (Parse(text, name), [.. AuditPolicyRemarks.Of(PolicyInside(text, name) ?? text, name)]);
    }

    // A pipe gives its text once.
    static string TextOf(string file)
    {
        try
        {
            return TextOf(File.OpenRead(file));
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InputException($"{file}: no such file, expected an audit policy", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{file}: {e.Message}", e);
        }
    }

    static string TextOf(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    static string? PolicyInside(string yaml, string file)
    {
        using var document = JsonDocument.Parse(FirstDocument(yaml, file)!.Value);
        return BodyReader.Text(BodyReader.Member(document.RootElement, "kind")) == "Policy" ? null : Inside(document.RootElement).FirstOrDefault();
    }

    // kube-apiserver reads the first document of a file and no other.
    static ReadOnlyMemory<byte>? FirstDocument(string yaml, string file) =>
        YamlDocuments.Split(new StringReader(yaml), file).Select(document => YamlDocuments.ToJson(document.Text, file, document.Line)).FirstOrDefault(document => document is not null);

    static List<string> Inside(JsonElement root) =>
        [.. Texts(root).Where(text => text.Contains("audit.k8s.io/", StringComparison.Ordinal) && Unquoted(text).Contains("kind: Policy", StringComparison.Ordinal))];

    static string Unquoted(string text) => text.Replace("\"", "", StringComparison.Ordinal).Replace("'", "", StringComparison.Ordinal);

    /// <summary>Reads a policy's text.</summary>
    public static AuditPolicy Parse(string yaml, string file)
    {
        var json = FirstDocument(yaml, file) ?? throw new InputException($"{file}: the file is empty, expected an audit policy");
        using var document = JsonDocument.Parse(json);
        var kind = BodyReader.Text(BodyReader.Member(document.RootElement, "kind"));
        if (kind != "Policy" && Inside(document.RootElement) is { Count: > 0 } inside)
            return inside is [var only] ? Parse(only, $"{file} (inside)") : throw new InputException($"{file}: holds {inside.Count} audit policies, expected one");
        if (kind != "Policy")
            throw new InputException($"{file}: kind is {(kind.Length == 0 ? "missing" : kind)}, expected Policy of audit.k8s.io");
        var node = new PolicyNode(document.RootElement, file, "");
        return new([.. node.Nodes("rules").Select(Rule)], node.Names("omitStages"));
    }

    // A ConfigMap, or the file of an installer, may carry a policy as text.
    static IEnumerable<string> Texts(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Texts(property.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Texts),
        JsonValueKind.String => [BodyReader.Text(element)],
        _ => [],
    };

    static AuditPolicyRule Rule(PolicyNode node) => new()
    {
        Level = node.Text("level") switch
        {
            "None" => AuditLevel.None,
            "Metadata" => AuditLevel.Metadata,
            "Request" => AuditLevel.Request,
            "RequestResponse" => AuditLevel.RequestResponse,
            var other => throw node.Error("level", $"is {other}, expected None, Metadata, Request or RequestResponse"),
        },
        Users = node.Names("users"),
        UserGroups = node.Names("userGroups"),
        Verbs = node.Names("verbs"),
        Resources = [.. node.Nodes("resources").Select(resources => new AuditedResources(BodyReader.Text(resources.Raw("group")), resources.Names("resources"), resources.Names("resourceNames")))],
        Namespaces = node.Names("namespaces"),
        NonResourceUrls = node.Names("nonResourceURLs"),
        OmitStages = node.Names("omitStages"),
    };
}
