namespace CSMultiConnector.Simulation.Bugs;

/// <summary>Mistakes put in on purpose, one at a time, around the product's ports and inputs: the checker must find each.</summary>
internal enum PlantedBug
{
    None,

    // Around the ports.
    SentBeforeJournaled,
    SentTwice,
    IdNotSpent,
    QuantityChanged,
    ReduceOnlyDropped,
    PartOfJournalSkipped,

    // Around the inputs.
    TimeoutTakenAsRefusal,
    ServerErrorTakenAsRefusal,
    DuplicateTakenAsRefusal,
    NotFoundTakenAsProof,
    IncompleteTakenAsNotFound,
    CancelTakenAsClosed,
    NothingToCancelTakenAsCancelled,
    PartialFillIgnored,
    FillsAddedUp,
    SilenceTakenAsFlat,
    OldLevelBelieved,
    GateIgnored,
    QuietPeriodIgnored,
    VisibilityIgnored,
    MemoryIgnored,
    OpenIntentForgottenInSnapshot,

    // In what surrounds the leg.
    ProcessTagReused,
    ResentAfterTimeout,
    ValidityIgnored,
    WriteNotSynced,
    FailedWriteIgnored,
    LastWriteForgotten,
    FailedReadingIsFlat,
    ReadingStampedLate,
    DealsNotDeduplicated,
    AcknowledgedBeforeRecorded,
    ExpiryNotTold,
    LeaseNotChecked,
    TerminalForgets,
}
