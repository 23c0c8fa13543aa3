namespace RbacLens.Audit;

/// <summary>How much of a request an audit policy records. Ordered: a greater value records more.</summary>
public enum AuditLevel
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Who asked what, and what the answer was; no bodies.</summary>
    Metadata,

    /// <summary>The request's body as well.</summary>
    Request,

    /// <summary>The answer's body as well.</summary>
    RequestResponse,
}
