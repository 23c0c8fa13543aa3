using RbacLens.Audit;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>
/// Finds the deeds that come most often by a fingerprint, without putting their keys together. What is not found here, is looked up by its key.
/// </summary>
sealed class DeedShortcuts
{
    const int Places = 1 << 13;

    readonly (ulong Print, DeedCount Count)[] places = new (ulong, DeedCount)[Places];

    /// <summary>What stands for the deed of an event; 0 where it must be looked up by its key.</summary>
    /// <remarks>Whatever tells one <see cref="DeedKey"/> from another must be in it.</remarks>
    public static ulong PrintOf(scoped ref RawEvent found, ReadOnlySpan<byte> tail)
    {
        if (found.UserPrint == 0 || !found.ActingAs.IsEmpty || !found.ActingGroups.IsEmpty)
            return 0;
        if (found.AnnotationsPrint == 0 && !(found.Decision.IsEmpty && found.Reason.IsEmpty && found.Credential.IsEmpty))
            return 0;
        var print = Fingerprint.Of(found.UserPrint, found.AnnotationsPrint);
        print = Fingerprint.Add(print, found.Verb);
        print = Fingerprint.Add(print, found.Resource);
        print = Fingerprint.Add(print, found.Subresource);
        print = Fingerprint.Add(print, found.ApiGroup);
        print = Fingerprint.Add(print, found.Namespace);
        print = Fingerprint.Add(print, found.Name);
        print = Fingerprint.Add(print, tail);
        print = Fingerprint.Add(print, found.Code);
        return DeedKey.IsLoopback(ref found) ? ~print : print;
    }

    /// <summary>The count of a deed; null where it is not known here.</summary>
    public DeedCount? Find(ulong print)
    {
        var (known, count) = places[print % Places];
        return print != 0 && known == print ? count : null;
    }

    /// <summary>Notes a deed, in the place of another one.</summary>
    public void Note(ulong print, DeedCount count) => places[print % Places] = (print, count);
}
