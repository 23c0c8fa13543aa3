using System.Text.Json;
using RbacLens.Access;
using RbacLens.Audit;
using RbacLens.Rbac;

namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Counts events under their deeds. One for each thread; they share the ledger only.</summary>
/// <param name="window">Which requests count.</param>
/// <param name="interest">What is worth keeping of a deed; asked once for each.</param>
/// <param name="ledger">Which requests have been counted.</param>
sealed class EventReader(TimeWindow window, Func<Deed, Interest> interest, RequestLedger ledger)
{
    // Kubernetes is not older than that, and a log from after this is none: such a time would stretch the window that unused grants are told of.
    static readonly long Earliest = new DateTime(2014, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;
    static readonly long Latest = new DateTime(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    readonly StringPool pool = new();
    readonly Dictionary<string, Identity> identities = new(StringComparer.Ordinal);
    readonly DeedShortcuts shortcuts = new();
    readonly byte[] tailScratch = new byte[512];
    DeedKey key = new();
    DeedKey nameless = new();

    /// <summary>What was counted.</summary>
    public DeedTable Table { get; } = new();

    /// <summary>What was met.</summary>
    public Tally Met { get; } = new();

    /// <summary>Counts an event.</summary>
    public void Read(scoped ref RawEvent found)
    {
        var received = found.Received.IsEmpty ? found.OtherTime : found.Received;
        var ticks = RawText.Ticks(received);
        if (ticks < Earliest || ticks > Latest)
        {
            ticks = 0;
            Met.Untimed++;
        }

        if (!window.Contains(ticks))
        {
            Met.NoteOutside(ticks);
            return;
        }

        // A client may choose its audit id, and use one again to hide behind it; it cannot choose the microsecond.
        var id = found.AuditId.IsEmpty ? IdOfNameless(ref found) : Fingerprint.Of(found.AuditId, found.Received);
        var isFinished = found.Stage.SequenceEqual("ResponseComplete"u8) || found.Stage.SequenceEqual("Panic"u8);
        ledger.Approach(id);
        var count = CountOf(ref found);
        if (isFinished && !ledger.TryFinish(id))
            Met.Repeated++;
        else if (count is null)
            Met.NotKeptApart += isFinished ? 1 : 0;
        else
            Count(count, ref found, id, ticks, isFinished);
    }

    // Without an id, who asked what and when tells requests apart. Without a time as well, each event of a stage is a request of its own, and the
    // stages of one are put together in the order they come.
    ulong IdOfNameless(scoped ref RawEvent found)
    {
        // Of what is created only the answer knows the name.
        nameless.Start(ref found, found.Uri, found.Verb.SequenceEqual("create"u8) ? DeedTable.Detailing.WithoutNames : DeedTable.Detailing.Full, isOfStage: false);
        nameless.Add(found.Agent);
        nameless.Add(found.Sources);
        var content = Fingerprint.Of(nameless.Span, found.Received);
        return found.Received.IsEmpty ? Fingerprint.Of(BitConverter.GetBytes(content), BitConverter.GetBytes(ledger.Next(content, found.Stage))) : content;
    }

    void Count(DeedCount count, scoped ref RawEvent found, ulong id, long ticks, bool isFinished)
    {
        if (isFinished)
            count.Count(ticks);
        else if (!ledger.TryHold(id, new(count, ticks, found.Stage.SequenceEqual("ResponseStarted"u8))))
        {
            Met.Repeated++;
            return;
        }

        if (count.Evidence is { } evidence)
            evidence.Add(ticks, evidence.Wants(ticks) ? RawText.Text(found.AuditId) : "", Shared(RawText.Last(found.Sources)), Shared(found.Agent));
    }

    DeedCount? CountOf(scoped ref RawEvent found)
    {
        if (!found.Message.IsEmpty)
            RefusedImpersonation.Note(ref found);
        var tail = RequestTail.Of(ref found, tailScratch);
        var print = Table.Room == DeedTable.Detailing.Full ? DeedShortcuts.PrintOf(ref found, tail) : 0;
        if (shortcuts.Find(print) is { } known && !HasBody(known, ref found))
            return known;
        key.Start(ref found, tail, Table.Room);
        if (!Table.TryFind(key.Span, out var count))
        {
            if (Table.Room == DeedTable.Detailing.None)
                return null;
            var deed = Deed(ref found, tail, Table.Room);
            Met.NamesLeftOut |= Table.Room != DeedTable.Detailing.Full;
            count = new(deed, interest(deed));
            Table.Add(key.Span, count);
        }

        if (HasBody(count, ref found))
            return WithBody(count, ref found);
        if (print != 0)
            shortcuts.Note(print, count);
        return count;
    }

    static bool HasBody(DeedCount count, scoped ref RawEvent found) =>
        count.WantsBody && !(found.RequestBody.IsEmpty && found.ResponseBody.IsEmpty);

    string Shared(ReadOnlySpan<byte> text) => text.Contains((byte)'\\') ? RawText.Text(text) : pool.Share(text);

    // The same deed with another body is another deed: it redirects to another address, or runs as another account.
    DeedCount? WithBody(DeedCount without, scoped ref RawEvent found)
    {
        if (BodyReader.TryRead(without.Deed, found.RequestBody, found.ResponseBody) is not { } body)
            return without;
        key.Add(body.Key);
        if (Table.TryFind(key.Span, out var count))
            return count;
        if (Table.Room != DeedTable.Detailing.Full)
            return without;
        var deed = without.Deed with { Body = body.Facts };
        count = new(deed, interest(deed));
        Table.Add(key.Span, count);
        return count;
    }

    Deed Deed(scoped ref RawEvent found, ReadOnlySpan<byte> tail, DeedTable.Detailing detail)
    {
        var name = detail == DeedTable.Detailing.Full ? pool.Share(RawText.Text(found.Name)) : "";
        var code = RawText.Number(found.Code);
        var keepsReason = detail is DeedTable.Detailing.Full or DeedTable.Detailing.WithoutNames;
        return new()
        {
            User = Identity(found.User, found.Groups),
            ActingAs = found.ActingAs.IsEmpty ? null : Identity(found.ActingAs, found.ActingGroups),
            ActingUid = RawText.Text(found.ActingUid),
            ActingExtra = [.. Extra(found.ActingExtra)],
            Request = Request(ref found, tail, name),
            ObjectName = name,
            Tail = found.Resource.IsEmpty ? "" : Uri.UnescapeDataString(RawText.Text(tail)),
            Outcome = OutcomeOf(found.Decision, code),
            Code = code,
            AllowedBy = keepsReason ? AllowReason.TryParse(RawText.Text(found.Reason)) : null,
            IsAnnotated = keepsReason && !found.Decision.IsEmpty,
            IsRefusedToActAs = found.IsRefusedToActAs,
            Credential = Mark(found.Credential),
            IsLoopback = DeedKey.IsLoopback(ref found),
        };
    }

    // {"scopes": ["view"]}, as many values as there are.
    static List<(string Key, string Value)> Extra(ReadOnlySpan<byte> extra)
    {
        if (extra is not [(byte)'{', ..])
            return [];
        try
        {
            using var document = JsonDocument.Parse(extra.ToArray());
            return (from attribute in document.RootElement.EnumerateObject()
                    from value in BodyReader.Elements(attribute.Value)
                    select (Key: attribute.Name, Value: BodyReader.Text(value))).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    AccessRequest Request(scoped ref RawEvent found, ReadOnlySpan<byte> tail, string name)
    {
        var verb = pool.Share(RawText.Text(found.Verb));
        if (found.Resource.IsEmpty)
            return new AccessRequest.Path(verb, Uri.UnescapeDataString(RawText.Text(tail)));
        // The log notes the name that an object was given; the authorizer was asked before that.
        var isNamed = !found.Subresource.IsEmpty || verb is not ("create" or "deletecollection");
        return new AccessRequest.Resource(
            verb, pool.Share(RawText.Text(found.ApiGroup)), pool.Share(RawText.Text(found.Resource)), pool.Share(RawText.Text(found.Subresource)),
            pool.Share(RawText.Text(found.Namespace)), isNamed ? name : "");
    }

    // Logs without the annotation (old ones, some clouds) have only the answer to go by.
    static Outcome OutcomeOf(ReadOnlySpan<byte> decision, int code) =>
        decision.SequenceEqual("allow"u8) ? Outcome.Allowed
        : decision.SequenceEqual("forbid"u8) ? Outcome.Refused
        : code switch { 0 => Outcome.Unknown, 401 or 403 => Outcome.Refused, _ => Outcome.Allowed };

    static CredentialMark Mark(ReadOnlySpan<byte> mark) =>
        mark.IsEmpty ? CredentialMark.None
        : mark.SequenceEqual("stale-token"u8) ? CredentialMark.Stale
        : mark.SequenceEqual("legacy-token-invalidated"u8) ? CredentialMark.Invalidated
        : CredentialMark.Legacy;

    const int MostIdentities = 1 << 14;

    Identity Identity(ReadOnlySpan<byte> user, ReadOnlySpan<byte> groups)
    {
        var text = System.Text.Encoding.UTF8.GetString([.. user, 0, .. groups]);
        if (identities.TryGetValue(text, out var known))
            return known;
        if (identities.Count > MostIdentities)
            identities.Clear();
        var identity = new Identity(RawText.Text(user), [.. RawText.Texts(groups).Select(pool.Share)]);
        identities.Add(text, identity);
        return identity;
    }
}

/// <summary>The time that counts.</summary>
/// <param name="Since">From here on, in .NET ticks.</param>
/// <param name="Until">Before this, in .NET ticks.</param>
readonly record struct TimeWindow(long Since, long Until)
{
    /// <summary>All of it.</summary>
    public static TimeWindow Always { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>Whether a request counts; one without a time always does.</summary>
    public bool Contains(long ticks) => ticks == 0 || (ticks >= Since && ticks < Until);
}

/// <summary>What a reader met.</summary>
sealed class Tally
{
    public long Entries { get; set; }

    public long Broken { get; set; }

    public (long Order, string Text)? FirstBroken { get; set; }

    public long Foreign { get; set; }

    public long Repeated { get; set; }

    public long OutOfWindow { get; private set; }

    public long FirstOutside { get; private set; } = long.MaxValue;

    public long LastOutside { get; private set; }

    public long Untimed { get; set; }

    public long NotKeptApart { get; set; }

    public bool NamesLeftOut { get; set; }

    public void NoteOutside(long ticks)
    {
        OutOfWindow++;
        FirstOutside = Math.Min(FirstOutside, ticks);
        LastOutside = Math.Max(LastOutside, ticks);
    }
}
