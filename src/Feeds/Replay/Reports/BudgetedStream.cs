namespace CSMultiConnector.Feeds.Replay.Reports;

/// <summary>What the parts of one archive may still unpack to.</summary>
internal sealed class UnpackBudget(long bytes = HistoryLimits.MaxUnpackedBytes)
{
    private long _left = bytes;

    public void Spend(int count, string part)
    {
        _left -= count;
        if (_left < 0) throw HistoryFormatException.TooLarge($"part {part}", "the archive unpacks to more than a report ever has");
    }
}

/// <summary>Reads an archive entry and counts what comes out: the sizes that an archive states cannot be trusted.</summary>
internal sealed class BudgetedStream(Stream inner, UnpackBudget budget, string part) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count)
    {
        var read = inner.Read(buffer, offset, count);
        budget.Spend(read, part);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
