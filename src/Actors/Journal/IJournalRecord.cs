namespace CSMultiConnector.Actors.Journal;

/// <summary>Marks what actors other than legs journal; the serializer is bound to it.</summary>
public interface IJournalRecord;
