using System.Collections.Immutable;
using Akka.Actor;

namespace CSMultiConnector.Actors.Control;

/// <summary>The answers that came in time.</summary>
/// <param name="Answers">In no order.</param>
/// <param name="Complete">False when somebody did not answer.</param>
public sealed record Gathered<T>(ImmutableArray<T> Answers, bool Complete);

/// <summary>Asks several actors the same and tells the asker all answers at once; lives for one question.</summary>
/// <typeparam name="T">The answer.</typeparam>
public sealed class Gather<T> : ReceiveActor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    private readonly ImmutableArray<T>.Builder _answers = ImmutableArray.CreateBuilder<T>();
    private readonly IActorRef _asker;
    private readonly int _expected;

    /// <summary>Makes the actor; use <see cref="Start"/>.</summary>
    public Gather(ImmutableArray<IActorRef> asked, object question, IActorRef asker, ImmutableArray<T> known)
    {
        _asker = asker;
        _answers.AddRange(known);
        _expected = asked.Length + known.Length;
        Receive<T>(answer =>
        {
            _answers.Add(answer);
            if (_answers.Count == _expected) Finish();
        });
        Receive<ReceiveTimeout>(_ => Finish());
        SetReceiveTimeout(s_patience);
        foreach (var one in asked) one.Tell(question);
        if (asked.IsEmpty) Finish();
    }

    /// <summary>Asks on behalf of an asker; what is known without asking is among the answers.</summary>
    public static void Start(IActorRefFactory context, ImmutableArray<IActorRef> asked, object question, IActorRef asker, params ImmutableArray<T> known) =>
        context.ActorOf(Props.Create(() => new Gather<T>(asked, question, asker, known)));

    private void Finish()
    {
        _asker.Tell(new Gathered<T>(_answers.ToImmutable(), _answers.Count == _expected));
        Context.Stop(Self);
    }
}
