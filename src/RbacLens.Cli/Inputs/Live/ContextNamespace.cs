namespace RbacLens.Cli.Inputs.Live;

/// <summary>The namespace that kubectl means where none is named.</summary>
static class ContextNamespace
{
    /// <summary>The namespace of the context, of the pod this runs in, or <c>default</c>.</summary>
    public static string Of(ClusterOptions options, Surroundings surroundings)
    {
        var kubeconfig = Kubeconfig.Load(options.Kubeconfig, surroundings);
        if ((options.Context ?? kubeconfig.CurrentContext) is { } name && kubeconfig.Contexts.GetValueOrDefault(name)?.Text("namespace") is { } set)
            return set;
        var file = Path.Combine(surroundings.ServiceAccountRoot, "namespace");
        return kubeconfig.IsEmpty && File.Exists(file) ? File.ReadAllText(file).Trim() : "default";
    }
}
