namespace Akka.Persistence.Storage;

/// <summary>Something the database thread does. Ends by exactly one call of <see cref="Complete"/> or <see cref="Fail"/>.</summary>
internal abstract class SqlRequest
{
    /// <summary>Whether the request belongs into a transaction, which it may share with its neighbours in the queue.</summary>
    public abstract bool IsWrite { get; }

    /// <summary>Does the work on the database thread; may run a second time, in a transaction of its own, after the shared one was rolled back.</summary>
    public abstract void Execute(SqlSession session);

    /// <summary>Reports success; for a write, after its transaction is durable.</summary>
    public abstract void Complete();

    /// <summary>Reports failure. After a failed commit nobody knows whether the write was stored.</summary>
    public abstract void Fail(Exception cause);
}

/// <summary>A request made of delegates.</summary>
/// <typeparam name="T">What the work returns.</typeparam>
internal sealed class SqlRequest<T>(bool isWrite, Func<SqlSession, T> work, Action<T> done, Action<Exception> failed) : SqlRequest
{
    private T? _result;

    public override bool IsWrite => isWrite;

    public override void Execute(SqlSession session) => _result = work(session);

    public override void Complete() => done(_result!);

    public override void Fail(Exception cause) => failed(cause);
}
