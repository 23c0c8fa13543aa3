namespace RbacLens.Access;

/// <summary>Something that could not be collected; every report shows it, and no policy that needed it says "pass".</summary>
/// <param name="Kind">The Kubernetes kind concerned, or <c>*</c>.</param>
/// <param name="Reason">One word: see <see cref="Reasons"/>.</param>
/// <param name="Detail">One line for people: what was found where, and what was expected.</param>
public sealed record Gap(string Kind, string Reason, string Detail)
{
    /// <summary>The words a gap's reason can be.</summary>
    public static class Reasons
    {
        /// <summary>The API server refused the list (403).</summary>
        public const string Forbidden = "forbidden";

        /// <summary>The API server does not serve this resource (404).</summary>
        public const string NotFound = "notFound";

        /// <summary>The input does not hold this kind, so whether there are any is unknown.</summary>
        public const string Absent = "absent";

        /// <summary>Only some namespaces were asked about.</summary>
        public const string Partial = "partial";

        /// <summary>One object could not be understood; the others were.</summary>
        public const string Malformed = "malformed";

        /// <summary>Two copies of one object disagree; the first was used.</summary>
        public const string Contradicting = "contradicting";

        /// <summary>The list began but could not be finished.</summary>
        public const string Unavailable = "unavailable";
    }
}
