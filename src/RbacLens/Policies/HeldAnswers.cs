namespace RbacLens.Policies;

/// <summary>One binding that answers one question with yes.</summary>
/// <param name="Holding">The binding.</param>
/// <param name="Answer">What its role answers.</param>
/// <param name="IsInherited">Whether it comes through a group the API server adds, and not from a binding that names the subject.</param>
readonly record struct Yes(Holding Holding, Answer Answer, bool IsInherited)
{
    /// <summary>Where it holds; empty for the whole cluster.</summary>
    public string Namespace => Holding.Scope.Namespace;
}

/// <summary>What a subject's bindings answer with yes, question by question; may be filled again for the next subject.</summary>
sealed class HeldAnswers(AnswerSheet sheet)
{
    readonly int[] ends = new int[sheet.Questions];
    Yes[] all = [];

    /// <summary>The answers to one question, in the order of the bindings.</summary>
    public ReadOnlySpan<Yes> To(int question) => all.AsSpan(Start(question)..ends[question]);

    /// <summary>Those of them that hold in one namespace; empty for the whole cluster.</summary>
    public ReadOnlySpan<Yes> To(int question, string @namespace)
    {
        var answers = To(question);
        return answers[CountBefore(answers, @namespace, 0)..CountBefore(answers, @namespace, 1)];
    }

    // Bindings stand in the order of their namespaces, so a group that is bound in thousands of them is not searched from end to end.
    static int CountBefore(ReadOnlySpan<Yes> answers, string @namespace, int atMost)
    {
        var (low, high) = (0, answers.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (string.CompareOrdinal(answers[middle].Namespace, @namespace) < atMost)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Whether any of the questions is answered.</summary>
    public bool HasAny(int[] questions)
    {
        foreach (var question in questions)
            if (Has(question))
                return true;
        return false;
    }

    /// <summary>Whether there is an answer to a question.</summary>
    public bool Has(int question) => ends[question] > Start(question);

    int Start(int question) => question == 0 ? 0 : ends[question - 1];

    /// <summary>Forgets what was here, and asks these bindings.</summary>
    public void Fill(Holder holder, bool isInherited)
    {
        // Counted first, so that the answers to all questions fit into one array side by side.
        Array.Clear(ends);
        foreach (var holding in holder.Own)
            foreach (var answer in sheet.AnswersOf(holding.Role.Rules))
                ends[answer.Question]++;
        var count = 0;
        for (var question = 0; question < ends.Length; question++)
            (ends[question], count) = (count, count + ends[question]);
        if (all.Length < count)
            all = new Yes[count];
        foreach (var holding in holder.Own)
            foreach (var answer in sheet.AnswersOf(holding.Role.Rules))
                all[ends[answer.Question]++] = new(holding, answer, isInherited);
    }
}
