using RbacLens.Rbac;

namespace RbacLens.Policies;

/// <summary>One binding that answers one question with yes.</summary>
/// <param name="Holding">The binding.</param>
/// <param name="Answer">What its role answers.</param>
/// <param name="IsInherited">Whether it comes through a group the API server adds, and not from a binding that names the subject.</param>
readonly record struct Yes(Holding Holding, Answer Answer, bool IsInherited) : IScoped
{
    public Scope Scope => Holding.Scope;
}

/// <summary>What a subject's bindings answer with yes, question by question; may be filled again for the next subject.</summary>
sealed class HeldAnswers(AnswerSheet sheet)
{
    readonly int[] ends = new int[sheet.Questions];
    Yes[] all = [];

    /// <summary>The answers to one question, in the order of the bindings.</summary>
    public ReadOnlySpan<Yes> To(int question) => all.AsSpan(Start(question)..ends[question]);

    /// <summary>Those of them that hold in one namespace; the empty string for the whole cluster.</summary>
    public ReadOnlySpan<Yes> To(int question, string @namespace) => To(question).In(@namespace);

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
