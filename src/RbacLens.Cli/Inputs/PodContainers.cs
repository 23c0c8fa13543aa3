using System.Text.Json;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>The containers of a pod, of all kinds together: whose Secrets they are given, as whom they run, and what they may do to the node.</summary>
sealed class PodContainers
{
    readonly List<(Piece Volume, bool IsReadOnly)> found = [];
    readonly List<(string Volume, bool IsReadOnly)> mounts = [];
    bool any;
    bool anyRoot;
    bool anyUnsaid;

    /// <summary>Names of the Secrets in their environment.</summary>
    public List<string> Secrets { get; } = [];

    /// <summary>Capabilities they are given, without <c>CAP_</c>.</summary>
    public List<string> Capabilities { get; } = [];

    /// <summary>Whether any of them is privileged.</summary>
    public HostAccess Host { get; private set; }

    /// <summary>Forgets the pod before.</summary>
    public void Start()
    {
        found.Clear();
        mounts.Clear();
        Secrets.Clear();
        Capabilities.Clear();
        (any, anyRoot, anyUnsaid, Host) = (false, false, false, HostAccess.None);
    }

    /// <summary>Makes names of where the names of mounted volumes stand, so that they can be asked for.</summary>
    public void NameMounts(ref JsonCursor json)
    {
        foreach (var (volume, isReadOnly) in found)
            mounts.Add((json.String(volume), isReadOnly));
    }

    /// <summary>Whether any of them mounts a volume.</summary>
    public bool Mount(string volume) => mounts.Exists(mount => mount.Volume == volume);

    /// <summary>Whether any of them mounts a volume, and none may write to it.</summary>
    public bool OnlyRead(string volume) => Mount(volume) && !mounts.Exists(mount => mount.Volume == volume && !mount.IsReadOnly);

    /// <summary>Whether none of them may run as root.</summary>
    /// <param name="unlessSaid">Whether the pod forbids it for those that say nothing of it.</param>
    public bool AreNonRoot(bool unlessSaid) => any && !anyRoot && (unlessSaid || !anyUnsaid);

    /// <summary>Reads <c>containers</c>, or another list of them.</summary>
    public void Read(ref JsonCursor json)
    {
        if (!json.EntersArray("containers"))
            return;
        while (json.NextElement())
            if (json.EntersObject("containers[]"))
                ReadContainer(ref json);
    }

    void ReadContainer(ref JsonCursor json)
    {
        bool? nonRoot = null;
        while (json.NextProperty())
        {
            if (json.Is("securityContext"u8) && json.Read())
                nonRoot = ReadSecurityContext(ref json);
            else if (json.Is("volumeMounts"u8) && json.Read())
                ReadMounts(ref json);
            else if (json.Is("env"u8) && json.Read())
                ReadReferences(ref json, "env", "valueFrom"u8, "secretKeyRef"u8);
            else if (json.Is("envFrom"u8) && json.Read())
                ReadReferences(ref json, "envFrom", "secretRef"u8, default);
            else if (json.Read())
                json.Skip();
        }

        any = true;
        anyRoot |= nonRoot == false;
        anyUnsaid |= nonRoot is null;
    }

    // Only the names of the Secrets are kept; values pass by unparsed.
    void ReadReferences(ref JsonCursor json, string place, ReadOnlySpan<byte> source, ReadOnlySpan<byte> within)
    {
        if (json.SkipWithout(within.IsEmpty ? source : within) || !json.EntersArray(place))
            return;
        while (json.NextElement())
            if (json.EntersObject(place))
                while (json.NextProperty())
                {
                    var isSource = json.Is(source);
                    if (!json.Read())
                        return;
                    if (!isSource || json.Token != JsonTokenType.StartObject)
                        json.Skip();
                    else if (within.IsEmpty)
                        AddSecret(json.TextIn("name"u8));
                    else
                        ReadKeyReference(ref json, place, within);
                }
    }

    void ReadKeyReference(ref JsonCursor json, string place, ReadOnlySpan<byte> reference)
    {
        if (!json.EntersObject(place))
            return;
        while (json.NextProperty())
        {
            var isReference = json.Is(reference);
            if (!json.Read())
                return;
            if (isReference && json.Token == JsonTokenType.StartObject)
                AddSecret(json.TextIn("name"u8));
            else
                json.Skip();
        }
    }

    void AddSecret(string name)
    {
        if (name.Length > 0)
            Secrets.Add(name);
    }

    void ReadMounts(ref JsonCursor json)
    {
        if (!json.EntersArray("volumeMounts"))
            return;
        while (json.NextElement())
        {
            var (volume, isReadOnly) = (default(Piece), false);
            if (json.EntersObject("volumeMounts[]"))
                while (json.NextProperty())
                {
                    if (json.Is("name"u8) && json.Read())
                        volume = json.Piece("volumeMounts[].name");
                    else if (json.Is("readOnly"u8) && json.Read())
                        isReadOnly = json.Boolean("volumeMounts[].readOnly") == true;
                    else if (json.Read())
                        json.Skip();
                }

            found.Add((volume, isReadOnly));
        }
    }

    /// <summary>Whether a security context forbids root; null where it says nothing about it.</summary>
    public static bool? ReadUser(ref JsonCursor json, string place)
    {
        bool? nonRoot = null;
        if (json.EntersObject(place))
            while (json.NextProperty())
                if (!ReadUser(ref json, ref nonRoot) && json.Read())
                    json.Skip();
        return nonRoot;
    }

    // A user by number counts; runAsNonRoot: false forbids nothing, and names none.
    static bool ReadUser(ref JsonCursor json, ref bool? nonRoot)
    {
        if (json.Is("runAsUser"u8) && json.Read())
            nonRoot = json.Token == JsonTokenType.Number ? json.Integer("securityContext.runAsUser") != 0 : nonRoot;
        else if (json.Is("runAsNonRoot"u8) && json.Read())
            nonRoot = json.Boolean("securityContext.runAsNonRoot") == true ? true : nonRoot;
        else
            return false;
        return true;
    }

    bool? ReadSecurityContext(ref JsonCursor json)
    {
        bool? nonRoot = null;
        if (!json.EntersObject("securityContext"))
            return nonRoot;
        while (json.NextProperty())
        {
            if (json.Is("privileged"u8) && json.Read())
                Host |= json.Boolean("securityContext.privileged") == true ? HostAccess.Privileged : HostAccess.None;
            else if (json.Is("capabilities"u8) && json.Read())
                ReadCapabilities(ref json);
            else if (!ReadUser(ref json, ref nonRoot) && json.Read())
                json.Skip();
        }

        return nonRoot;
    }

    void ReadCapabilities(ref JsonCursor json)
    {
        if (!json.EntersObject("securityContext.capabilities"))
            return;
        while (json.NextProperty())
        {
            var isAdded = json.Is("add"u8);
            if (json.Read() && isAdded && json.EntersArray("securityContext.capabilities.add"))
                while (json.NextElement())
                    Capabilities.Add(Bare(json.String("securityContext.capabilities.add")));
            else
                json.Skip();
        }
    }

    // Container runtimes take both spellings.
    static string Bare(string capability) => capability.StartsWith("CAP_", StringComparison.Ordinal) ? capability[4..] : capability;
}
