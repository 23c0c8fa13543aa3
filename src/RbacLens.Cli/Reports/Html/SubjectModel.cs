using RbacLens.Policies;

namespace RbacLens.Cli.Reports.Html;

/// <summary>What templates see of a subject or an object.</summary>
static class SubjectModel
{
    /// <summary>Kind, namespace, name, and namespace and name as one text.</summary>
    public static Dictionary<string, object?> Of(Target target) => new()
    {
        ["kind"] = SafeText.Of(target.Kind),
        ["namespace"] = SafeText.Of(target.Namespace),
        ["name"] = SafeText.Of(target.Name),
        ["text"] = Text(target),
    };

    /// <summary><c>ci/pipeline</c>, <c>sre</c>; nothing for the cluster, whose kind says it all.</summary>
    public static string Text(Target target) =>
        target.Name.Length == 0 && target.Kind != "Cluster" ? Nameless
        : SafeText.Of(target.Namespace.Length == 0 ? target.Name : $"{target.Namespace}/{target.Name}");

    /// <summary>What stands for a name that is empty, which the API server takes for users and groups.</summary>
    public const string Nameless = "(empty name)";
}
