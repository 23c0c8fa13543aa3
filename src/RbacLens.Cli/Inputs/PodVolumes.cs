using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>The volumes of a pod: Secrets, tokens, and what they show of the node.</summary>
sealed class PodVolumes
{
    /// <summary>Names of the Secrets.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>Directories and sockets of the node, by the volume's name.</summary>
    public List<(string Volume, string Path)> HostPaths { get; } = [];

    /// <summary>Whether a token is projected that the pod asks for by itself.</summary>
    public bool ProjectsToken { get; private set; }

    /// <summary>Whom that token is for; null for the API server.</summary>
    public string? TokenAudience { get; private set; }

    /// <summary>The longest life that such a token is asked for, in seconds; null where none says it.</summary>
    public long? TokenSeconds { get; private set; }

    /// <summary>Whether any of them is of the node.</summary>
    public HostAccess Host { get; private set; }

    /// <summary>Forgets the pod before.</summary>
    public void Start()
    {
        Secrets.Clear();
        HostPaths.Clear();
        (ProjectsToken, TokenAudience, TokenSeconds, Host) = (false, null, null, HostAccess.None);
    }

    /// <summary>Reads <c>volumes</c>.</summary>
    public void Read(ref JsonCursor json)
    {
        if (!json.EntersArray("volumes"))
            return;
        while (json.NextElement())
            if (json.EntersObject("volumes[]"))
            {
                var (volume, path) = (default(Piece), "");
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        volume = json.Piece("volumes[].name");
                    else
                        ReadVolume(ref json, ref path);
                }

                if (path.Length > 0)
                    HostPaths.Add((json.String(volume), path));
            }
    }

    void ReadVolume(ref JsonCursor json, ref string hostPath)
    {
        if (json.Is("hostPath"u8) && json.Read())
        {
            Host |= json.Token == JsonTokenType.StartObject ? HostAccess.Path : HostAccess.None;
            hostPath = json.TextIn("path"u8);
        }
        else if (json.Is("secret"u8) && json.Read())
        {
            AddSecret(json.TextIn("secretName"u8));
        }
        else if (json.Is("projected"u8) && json.Read())
            ReadProjected(ref json);
        else if (json.Read())
            json.Skip();
    }

    // What the admission controller injects for automount is a projected volume, too; its name says so (kube-api-access-…),
    // but names prove nothing: it is told apart by asking for the default 3607 seconds without an audience.
    void ReadProjected(ref JsonCursor json)
    {
        if (!json.EntersObject("volumes[].projected"))
            return;
        while (json.NextProperty())
        {
            var isSources = json.Is("sources"u8);
            if (json.Read() && isSources && json.EntersArray("volumes[].projected.sources"))
                while (json.NextElement())
                    ReadSource(ref json);
            else
                json.Skip();
        }
    }

    void ReadSource(ref JsonCursor json)
    {
        if (!json.EntersObject("volumes[].projected.sources[]"))
            return;
        while (json.NextProperty())
        {
            var (isToken, isSecret) = (json.Is("serviceAccountToken"u8), json.Is("secret"u8));
            if (!json.Read())
                return;
            if (isToken)
                ReadToken(ref json);
            else if (isSecret && json.Token == JsonTokenType.StartObject)
                AddSecret(json.TextIn("name"u8));
            else
                json.Skip();
        }
    }

    void ReadToken(ref JsonCursor json)
    {
        var (seconds, wanted) = (0L, "");
        if (json.EntersObject("serviceAccountToken"))
            while (json.NextProperty())
            {
                if (json.Is("expirationSeconds"u8) && json.Read())
                    seconds = json.Integer("expirationSeconds");
                else if (json.Is("audience"u8) && json.Read())
                    wanted = json.String("audience");
                else if (json.Read())
                    json.Skip();
            }

        if (seconds == 3607 && wanted.Length == 0)
            return;
        if (seconds > (TokenSeconds ?? 0))
            TokenSeconds = seconds;
        // Of several tokens, one for the API server itself counts most.
        TokenAudience = wanted.Length == 0 || (ProjectsToken && TokenAudience is null) ? null : wanted;
        ProjectsToken = true;
    }

    void AddSecret(string name)
    {
        if (name.Length > 0)
            Secrets.Add(name);
    }
}
