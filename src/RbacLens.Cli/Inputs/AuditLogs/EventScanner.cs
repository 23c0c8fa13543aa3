namespace RbacLens.Cli.Inputs.AuditLogs;

/// <summary>Finds the pieces of an event in its line, in one pass, in whatever order they stand.</summary>
static class EventScanner
{
    /// <summary>Reads one JSON object.</summary>
    /// <param name="scan">Stands before the object, and behind it afterwards.</param>
    /// <param name="found">The pieces.</param>
    /// <param name="wrapped">What may hold events instead, where this is none.</param>
    /// <returns>False where the text is not JSON, or ends too early.</returns>
    public static bool TryRead(ref JsonScan scan, ref RawEvent found, ref Wrapped wrapped)
    {
        // What every API server begins with, and nothing here depends on.
        if (!scan.Take("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\","u8))
        {
            if (!scan.Take((byte)'{'))
                return false;
            if (scan.Take((byte)'}'))
                return true;
        }

        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name) || !Property(ref scan, name, ref found, ref wrapped))
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    // The length tells most names apart; one comparison settles the rest.
    static bool Property(ref JsonScan scan, ReadOnlySpan<byte> name, ref RawEvent found, ref Wrapped wrapped) => name.Length switch
    {
        4 when name.SequenceEqual("verb"u8) => Text(ref scan, ref found.Verb),
        4 when name.SequenceEqual("user"u8) => User(ref scan, ref found),
        5 when name.SequenceEqual("level"u8) => scan.TakeValue(out _),
        5 when name.SequenceEqual("stage"u8) => Text(ref scan, ref found.Stage),
        7 when name.SequenceEqual("auditID"u8) => Text(ref scan, ref found.AuditId),
        9 when name.SequenceEqual("objectRef"u8) => ObjectRef(ref scan, ref found),
        9 when name.SequenceEqual("userAgent"u8) => Text(ref scan, ref found.Agent),
        9 when name.SequenceEqual("sourceIPs"u8) => scan.TakeValue(out found.Sources),
        9 when name.SequenceEqual("timestamp"u8) => Other(ref scan, ref found.OtherTime),
        10 when name.SequenceEqual("requestURI"u8) => Text(ref scan, ref found.Uri),
        11 when name.SequenceEqual("annotations"u8) => Annotations(ref scan, ref found),
        13 when name.SequenceEqual("requestObject"u8) => scan.TakeValue(out found.RequestBody),
        14 when name.SequenceEqual("responseStatus"u8) => Status(ref scan, ref found),
        14 when name.SequenceEqual("responseObject"u8) => scan.TakeValue(out found.ResponseBody),
        14 when name.SequenceEqual("stageTimestamp"u8) => Other(ref scan, ref found.OtherTime),
        16 when name.SequenceEqual("impersonatedUser"u8) => ActingAs(ref scan, ref found),
        24 when name.SequenceEqual("requestReceivedTimestamp"u8) => Text(ref scan, ref found.Received),
        _ => scan.TakeValue(out var value) && wrapped.Note(name, value),
    };

    static bool Text(ref JsonScan scan, ref ReadOnlySpan<byte> text)
    {
        if (scan.Next() == (byte)'"')
            return scan.TakeString(out text);
        return scan.TakeValue(out _);
    }

    // Envelopes have a timestamp, too, which may be a number.
    static bool Other(ref JsonScan scan, ref ReadOnlySpan<byte> time)
    {
        ReadOnlySpan<byte> text = default;
        if (!Text(ref scan, ref text))
            return false;
        if (time.IsEmpty)
            time = text;
        return true;
    }

    // A second one in the same event adds to the first, as it does where Go reads JSON.
    static bool User(ref JsonScan scan, ref RawEvent found)
    {
        var kept = found.User.IsEmpty && found.Groups.IsEmpty ? found.Recurring?.Users : null;
        found.UserPrint = 0;
        if (kept?.Take(ref scan) is { } known)
        {
            found.User = known.First;
            found.Groups = known.Second;
            found.UserPrint = known.Print;
            return true;
        }

        var start = scan.At;
        var rest = scan.Rest;
        if (!NewUser(ref scan, ref found.User, ref found.Groups))
            return false;
        found.UserPrint = kept?.Keep(rest, scan.At - start, found.User, found.Groups, default) ?? 0;
        return true;
    }

    static bool NewUser(ref JsonScan scan, ref ReadOnlySpan<byte> user, ref ReadOnlySpan<byte> groups)
    {
        if (!scan.Take((byte)'{'))
            return scan.TakeValue(out _);
        if (scan.Take((byte)'}'))
            return true;
        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name))
                return false;
            if (name.SequenceEqual("username"u8) ? !Text(ref scan, ref user)
                : name.SequenceEqual("groups"u8) ? !scan.TakeValue(out groups)
                : !scan.TakeValue(out _))
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    // Rare, and only here do uid and further attributes say what was asked for.
    static bool ActingAs(ref JsonScan scan, ref RawEvent found)
    {
        if (!scan.Take((byte)'{'))
            return scan.TakeValue(out _);
        if (scan.Take((byte)'}'))
            return true;
        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name))
                return false;
            if (name.SequenceEqual("username"u8) ? !Text(ref scan, ref found.ActingAs)
                : name.SequenceEqual("groups"u8) ? !scan.TakeValue(out found.ActingGroups)
                : name.SequenceEqual("uid"u8) ? !Text(ref scan, ref found.ActingUid)
                : name.SequenceEqual("extra"u8) ? !scan.TakeValue(out found.ActingExtra)
                : !scan.TakeValue(out _))
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    static bool ObjectRef(ref JsonScan scan, ref RawEvent found)
    {
        if (!scan.Take((byte)'{'))
            return scan.TakeValue(out _);
        if (scan.Take((byte)'}'))
            return true;
        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name))
                return false;
            var isRead = name.Length switch
            {
                4 when name.SequenceEqual("name"u8) => Text(ref scan, ref found.Name),
                8 when name.SequenceEqual("resource"u8) => Text(ref scan, ref found.Resource),
                8 when name.SequenceEqual("apiGroup"u8) => Text(ref scan, ref found.ApiGroup),
                9 when name.SequenceEqual("namespace"u8) => Text(ref scan, ref found.Namespace),
                11 when name.SequenceEqual("subresource"u8) => Text(ref scan, ref found.Subresource),
                _ => scan.TakeValue(out _),
            };
            if (!isRead)
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    static bool Status(ref JsonScan scan, ref RawEvent found)
    {
        if (!scan.Take((byte)'{'))
            return scan.TakeValue(out _);
        if (scan.Take((byte)'}'))
            return true;
        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name))
                return false;
            if (name.SequenceEqual("code"u8) ? !scan.TakeValue(out found.Code)
                : name.SequenceEqual("message"u8) ? !Text(ref scan, ref found.Message)
                : !scan.TakeValue(out _))
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    static bool Annotations(ref JsonScan scan, ref RawEvent found)
    {
        var kept = found.Decision.IsEmpty && found.Reason.IsEmpty && found.Credential.IsEmpty ? found.Recurring?.Annotations : null;
        found.AnnotationsPrint = 0;
        if (kept?.Take(ref scan) is { } known)
        {
            found.Decision = known.First;
            found.Reason = known.Second;
            found.Credential = known.Third;
            found.AnnotationsPrint = known.Print;
            return true;
        }

        var start = scan.At;
        var rest = scan.Rest;
        if (!NewAnnotations(ref scan, ref found))
            return false;
        found.AnnotationsPrint = kept?.Keep(rest, scan.At - start, found.Decision, found.Reason, found.Credential) ?? 0;
        return true;
    }

    static bool NewAnnotations(ref JsonScan scan, ref RawEvent found)
    {
        if (!scan.Take((byte)'{'))
            return scan.TakeValue(out _);
        if (scan.Take((byte)'}'))
            return true;
        bool isBroken;
        do
        {
            if (!scan.TakeName(out var name) || !Annotation(ref scan, name, ref found))
                return false;
        }
        while (scan.TakeComma((byte)'}', out isBroken));
        return !isBroken;
    }

    static bool Annotation(ref JsonScan scan, ReadOnlySpan<byte> name, ref RawEvent found)
    {
        if (name.SequenceEqual("authorization.k8s.io/decision"u8))
            return Text(ref scan, ref found.Decision);
        if (name.SequenceEqual("authorization.k8s.io/reason"u8))
            return Text(ref scan, ref found.Reason);
        // A token that was put out of use says more than that it is old.
        if (name.StartsWith("authentication.k8s.io/"u8) && IsCredentialMark(name["authentication.k8s.io/"u8.Length..])
            && !found.Credential.SequenceEqual("legacy-token-invalidated"u8))
            found.Credential = name["authentication.k8s.io/"u8.Length..];
        return scan.TakeValue(out _);
    }

    static bool IsCredentialMark(ReadOnlySpan<byte> mark) => mark.StartsWith("legacy-token"u8) || mark.SequenceEqual("stale-token"u8);
}
