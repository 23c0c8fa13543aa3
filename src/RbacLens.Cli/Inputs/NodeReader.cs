namespace RbacLens.Cli.Inputs;

/// <summary>A node's role and status.</summary>
static class NodeReader
{
    /// <summary>By the labels that kubeadm and most installers set; managed control planes show no such node.</summary>
    public static bool IsControlPlane(IReadOnlyDictionary<string, string> labels) =>
        labels.ContainsKey("node-role.kubernetes.io/control-plane") || labels.ContainsKey("node-role.kubernetes.io/master");

    public static string? KubeletVersion(ref JsonCursor json)
    {
        string? version = null;
        if (json.EntersObject("status"))
            while (json.NextProperty())
            {
                var isInfo = json.Is("nodeInfo"u8);
                if (json.Read() && isInfo && json.EntersObject("status.nodeInfo"))
                    while (json.NextProperty())
                    {
                        var isVersion = json.Is("kubeletVersion"u8);
                        if (json.Read() && isVersion)
                            version = json.String("status.nodeInfo.kubeletVersion") is { Length: > 0 } text ? text : null;
                        else
                            json.Skip();
                    }
                else
                    json.Skip();
            }

        return version;
    }
}
