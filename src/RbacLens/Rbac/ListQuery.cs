using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace RbacLens.Rbac;

/// <summary>What a URL's query says about listing, as far as authorization depends on it.</summary>
sealed class ListQuery
{
    readonly ImmutableArray<(string Key, string Value)> parameters;

    /// <summary>A query as sent, without the question mark. The first of repeated parameters counts.</summary>
    public ListQuery(string query) => parameters =
    [
        .. from pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries)
           let parts = pair.Split('=', 2)
           select (Decode(parts[0]), parts.Length > 1 ? Decode(parts[1]) : ""),
    ];

    /// <summary>Whether changes are asked for: <c>watch</c> is there and is neither <c>false</c> nor <c>0</c>.</summary>
    public bool IsWatch =>
        First("watch") is { } value && !value.Equals("false", StringComparison.OrdinalIgnoreCase) && value != "0";

    /// <summary>
    /// The one name that a field selector asks for, or the empty string. A query that the API server cannot read has no name; label
    /// selectors are not checked for that.
    /// </summary>
    public string Name =>
        IsNumber("limit") && IsNumber("timeoutSeconds") && FieldSelector.TryExactName(First("fieldSelector") ?? "") is { } name
            && name is not ("." or "..") && !name.AsSpan().ContainsAny("/%")
            ? name
            : "";

    string? First(string key)
    {
        foreach (var parameter in parameters)
            if (parameter.Key == key)
                return parameter.Value;
        return null;
    }

    bool IsNumber(string key) =>
        First(key) is not { } value || long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _);

    static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    /// <summary>Field selectors (apimachinery fields/selector.go).</summary>
    static class FieldSelector
    {
        /// <summary>What <c>metadata.name</c> must equal; null when it need not, or when the selector cannot be read.</summary>
        public static string? TryExactName(string selector)
        {
            string? name = null;
            foreach (var term in Terms(selector).Where(term => term.Length > 0).Order(StringComparer.Ordinal))
            {
                var equals = term.IndexOf('=', StringComparison.Ordinal);
                if (equals < 0 || Unescape(term[(equals + (term[equals..].StartsWith("==", StringComparison.Ordinal) ? 2 : 1))..]) is not { } value)
                    return null;
                if (term[..equals] == "metadata.name")
                    name ??= value;
            }

            return name;
        }

        // Commas part the terms, unless a backslash stands before them.
        static List<string> Terms(string selector)
        {
            var terms = new List<string>();
            var start = 0;
            for (var i = 0; i < selector.Length; i++)
            {
                if (selector[i] == '\\')
                    i++;
                else if (selector[i] == ',')
                    (terms, start) = ([.. terms, selector[start..i]], i + 1);
            }

            return [.. terms, selector[start..]];
        }

        static string? Unescape(string value)
        {
            var plain = new StringBuilder(value.Length);
            for (var i = 0; i < value.Length; i++)
            {
                var escaped = value[i] == '\\';
                if (escaped && ++i == value.Length)
                    return null;
                if (escaped != (value[i] is '\\' or ',' or '='))
                    return null;
                plain.Append(value[i]);
            }

            return plain.ToString();
        }
    }
}
