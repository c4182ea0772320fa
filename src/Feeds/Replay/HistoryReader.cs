using System.Text;
using System.Xml;
using CSMultiConnector.Feeds.Replay.Csv;
using CSMultiConnector.Feeds.Replay.Reports;

namespace CSMultiConnector.Feeds.Replay;

/// <summary>
/// Reads recorded MT5 trade history: reports of a terminal or of the strategy tester (workbook or HTML, any language), and deals of
/// the Python module as CSV. The kind is told by the content, not by the name. Bad content is a failure value, never an exception.
/// </summary>
public static class HistoryReader
{
    private const int SniffBytes = 64 << 10;
    private const int FirstLineLength = 10_000;
    private const string KnownKinds = "Give a trade history report or a strategy tester report of MetaTrader 5 (XLSX or HTML), or history_deals_get as CSV";

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">What the caller knows better; null = nothing.</param>
    /// <param name="cancellation">Ends the reading with <see cref="OperationCanceledException"/>.</param>
    public static HistoryReadResult Read(string path, ReadOptions? options = null, CancellationToken cancellation = default)
    {
        var name = Path.GetFileName(path);
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            return Read(file, name, options, cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unreadable(name, e);
        }
    }

    /// <summary>Reads a stream from its present position; the stream stays open.</summary>
    /// <param name="content">The content.</param>
    /// <param name="name">A name for messages.</param>
    /// <param name="options">What the caller knows better; null = nothing.</param>
    /// <param name="cancellation">Ends the reading with <see cref="OperationCanceledException"/>.</param>
    public static HistoryReadResult Read(Stream content, string name, ReadOptions? options = null, CancellationToken cancellation = default)
    {
        try
        {
            using var buffer = Buffer(content, cancellation);
            return ReadBuffered(buffer, name, options ?? new ReadOptions(), cancellation);
        }
        catch (HistoryFormatException e)
        {
            return new HistoryReadResult.Failed(e.For(name));
        }
        catch (IOException e)
        {
            return Unreadable(name, e);
        }
    }

    private static HistoryReadResult ReadBuffered(MemoryStream content, string name, ReadOptions options, CancellationToken cancellation)
    {
        try
        {
            return new HistoryReadResult.Success(ReadKind(content, options, cancellation));
        }
        catch (HistoryFormatException e)
        {
            return new HistoryReadResult.Failed(e.For(name));
        }
        catch (Exception e) when (e is InvalidDataException or XmlException or IOException or NotSupportedException)
        {
            return new HistoryReadResult.Failed(HistoryFormatException.Damaged(null, "the file is cut off or damaged").For(name));
        }
        catch (OverflowException)
        {
            return new HistoryReadResult.Failed(HistoryFormatException.Damaged(null, "the amounts are beyond any account's").For(name));
        }
    }

    private static HistoryReadResult.Failed Unreadable(string name, Exception e) =>
        new(new HistoryFailure(HistoryFailureKind.Unreadable, name, null, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : "the file cannot be read", "See that the path is right, that it is a file, and that this user may read it"));

    private static RecordedHistory ReadKind(MemoryStream content, ReadOptions options, CancellationToken cancellation)
    {
        if (content.Length == 0) throw new HistoryFormatException(HistoryFailureKind.UnknownFormat, null, "the file is empty", KnownKinds);
        var head = content.GetBuffer().AsSpan(0, (int)Math.Min(content.Length, SniffBytes));
        if (head.StartsWith("PK"u8)) return HistoryAssembly.OfReport(XlsxGrid.Read(content, cancellation), isWorkbook: true, options, cancellation);
        var encoding = EncodingOf(head);
        var start = encoding.GetString(head).TrimStart('\uFEFF').TrimStart();
        if (IsHtml(start))
        {
            if (content.Length > HistoryLimits.MaxHtmlBytes)
                throw HistoryFormatException.TooLarge(null, $"an HTML report may have {HistoryLimits.MaxHtmlBytes >> 20} MiB");
            using var html = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
            return HistoryAssembly.OfReport(HtmlGrid.Read(html.ReadToEnd(), cancellation), isWorkbook: false, options, cancellation);
        }

        var line = start.AsSpan(0, Math.Min(start.Length, FirstLineLength));
        var firstLine = line[..(line.IndexOfAny('\r', '\n') is var end and >= 0 ? end : line.Length)].ToString();
        if (!DealsCsv.IsHeading(firstLine)) throw new HistoryFormatException(HistoryFailureKind.UnknownFormat, "line 1", "this is no trade history of MetaTrader 5", KnownKinds);
        using var csv = new StreamReader(content, encoding, detectEncodingFromByteOrderMarks: true, leaveOpen: true);
        return HistoryAssembly.OfCsv(DealsCsv.Read(csv, firstLine, cancellation), options);
    }

    private static bool IsHtml(string start) =>
        start.StartsWith('<')
        && (start.Contains("<html", StringComparison.OrdinalIgnoreCase) || start.Contains("<table", StringComparison.OrdinalIgnoreCase)
            || start.StartsWith("<!DOCTYPE html", StringComparison.OrdinalIgnoreCase));

    /// <summary>By the mark at the start; without one, a zero in every second byte shows UTF-16.</summary>
    private static Encoding EncodingOf(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, ..] => Encoding.Unicode,
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode,
        [not 0, 0, not 0, 0, ..] => Encoding.Unicode,
        [0, not 0, 0, not 0, ..] => Encoding.BigEndianUnicode,
        _ => Encoding.UTF8,
    };

    /// <summary>The whole content, within the limit: an archive is read from its end, and a stream may not be able to seek.</summary>
    private static MemoryStream Buffer(Stream content, CancellationToken cancellation)
    {
        var buffer = new MemoryStream();
        var chunk = new byte[SniffBytes];
        int read;
        while ((read = content.Read(chunk, 0, chunk.Length)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            buffer.Write(chunk, 0, read);
            if (buffer.Length > HistoryLimits.MaxFileBytes)
                throw HistoryFormatException.TooLarge(null, $"a history file may have {HistoryLimits.MaxFileBytes >> 20} MiB");
        }

        buffer.Position = 0;
        return buffer;
    }
}
