using System.Collections.Immutable;
using System.Globalization;
using RbacLens.Access;

namespace RbacLens.Cli.Inputs;

/// <summary>What <c>collect</c> writes beside the items, so that a snapshot file knows what a cluster would have told.</summary>
/// <param name="Cluster">Where it was collected.</param>
/// <param name="CollectedAt">When.</param>
/// <param name="Kinds">The kinds that were listed to the end; others are unknown, not absent.</param>
/// <param name="Gaps">What could not be read.</param>
sealed record CollectionNote(ClusterInfo Cluster, DateTimeOffset CollectedAt, IReadOnlyList<string> Kinds, IReadOnlyList<Gap> Gaps)
{
    /// <summary>The API groups that are served; null where the note does not say.</summary>
    public ImmutableSortedSet<string>? ApiGroups { get; init; }
}

/// <summary>Reads the <c>rbacLens</c> property of a snapshot file.</summary>
sealed class CollectionNoteReader
{
    public CollectionNote? Result { get; private set; }

    /// <summary>Reads the property whose name is at hand.</summary>
    public void Read(ref JsonCursor json)
    {
        if (!json.Read() || !json.EntersObject("rbacLens"))
            return;
        var (context, version, uid, at, kinds, groups, gaps) = ("", "", "", "", Rbac.Names.None, Rbac.Names.None, new List<Gap>());
        while (json.NextProperty())
        {
            if (json.Is("context"u8) && json.Read())
                context = json.String("rbacLens.context");
            else if (json.Is("version"u8) && json.Read())
                version = json.String("rbacLens.version");
            else if (json.Is("uid"u8) && json.Read())
                uid = json.String("rbacLens.uid");
            else if (json.Is("collectedAt"u8) && json.Read())
                at = json.String("rbacLens.collectedAt");
            else if (json.Is("kinds"u8) && json.Read())
                kinds = json.Names("rbacLens.kinds");
            else if (json.Is("apiGroups"u8) && json.Read())
                groups = json.Names("rbacLens.apiGroups");
            else if (json.Is("gaps"u8) && json.Read())
                ReadGaps(ref json, gaps);
            else if (json.Read())
                json.Skip();
        }

        if (json.Starved)
            return;
        if (DateTimeOffset.TryParse(at, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var collectedAt))
            Result = new(new(context, version.Length == 0 ? null : version, "dump") { Uid = uid.Length == 0 ? null : uid }, collectedAt, kinds, gaps)
            {
                ApiGroups = groups.IsEmpty ? null : groups.ToImmutableSortedSet(StringComparer.Ordinal),
            };
        else
            json.Report("rbacLens.collectedAt", "a time as in RFC 3339");
    }

    static void ReadGaps(ref JsonCursor json, List<Gap> gaps)
    {
        if (!json.EntersArray("rbacLens.gaps"))
            return;
        while (json.NextElement())
            if (json.EntersObject("rbacLens.gaps[]"))
                gaps.Add(ReadGap(ref json));
    }

    static Gap ReadGap(ref JsonCursor json)
    {
        var (kind, reason, detail) = ("", "", "");
        while (json.NextProperty())
        {
            if (json.Is("kind"u8) && json.Read())
                kind = json.String("rbacLens.gaps[].kind");
            else if (json.Is("reason"u8) && json.Read())
                reason = json.String("rbacLens.gaps[].reason");
            else if (json.Is("detail"u8) && json.Read())
                detail = json.String("rbacLens.gaps[].detail");
            else if (json.Read())
                json.Skip();
        }

        return new(kind, reason, detail);
    }
}
