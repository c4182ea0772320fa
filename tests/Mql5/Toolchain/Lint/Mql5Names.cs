namespace CSMultiConnector.Mql5.Toolchain;

/// <summary>Names that MQL5 has taken.</summary>
public static class Mql5Names
{
    /// <summary>Words of the language beyond those of C++, which g++ would accept as names.</summary>
    public static readonly HashSet<string> Reserved =
        ["input", "sinput", "group", "extern", "color", "datetime", "string", "import", "property", "pack", "offsetof", "override", "final", "delete", "typename", "strict",
         "uchar", "ushort", "uint", "ulong", "complex", "vector", "matrix", "vectorf", "matrixf"];

    private static readonly string[] s_constantPrefixes =
        ["ACCOUNT_", "ANCHOR_", "BOOK_TYPE_", "BORDER_", "CHART_", "CHARTEVENT_", "CHARTS_", "CORNER_", "CP_", "CRYPT_", "DEAL_", "ERR_", "FILE_", "INIT_", "MB_", "MODE_", "MQL_", "OBJ_",
         "OBJPROP_", "ORDER_", "PERIOD_", "POSITION_", "PRICE_", "PROGRAM_", "REASON_", "SEEK_", "SERIES_", "SYMBOL_", "TERMINAL_", "TIME_", "TRADE_", "SOCKET_"];

    /// <summary>Whether a name looks like one of the terminal's constants.</summary>
    public static bool IsConstant(string name) =>
        s_constantPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)) || (name.StartsWith("clr", StringComparison.Ordinal) && name.Length > 3 && char.IsUpper(name[3]))
        || name is "NULL" or "EMPTY_VALUE" or "INVALID_HANDLE" or "WRONG_VALUE" or "WHOLE_ARRAY" or "IS_DEBUG_MODE";

    /// <summary>Functions of MQL5.</summary>
    public static readonly HashSet<string> Functions = new(
        """
        Alert CheckPointer Comment CryptEncode CryptDecode DebugBreak ExpertRemove GetPointer GetTickCount GetTickCount64 GetMicrosecondCount MessageBox PeriodSeconds PlaySound Print
        PrintFormat ResetLastError ResourceCreate ResourceFree ResourceReadImage ResourceSave SetReturnError SetUserError SendFTP SendMail SendNotification Sleep TerminalClose
        TesterHideIndicators TesterStatistics TesterStop TesterDeposit TesterWithdrawal TranslateKey WebRequest ZeroMemory GetLastError IsStopped UninitializeReason
        TerminalInfoInteger TerminalInfoDouble TerminalInfoString MQLInfoInteger MQLInfoString Symbol Period Digits Point
        ArrayBsearch ArrayCopy ArrayCompare ArrayFree ArrayGetAsSeries ArrayInitialize ArrayFill ArrayIsDynamic ArrayIsSeries ArrayMaximum ArrayMinimum ArrayPrint ArrayRange
        ArrayResize ArrayInsert ArrayRemove ArrayReverse ArraySetAsSeries ArraySize ArraySort ArraySwap ArrayToFP16 ArrayToFP8
        CharToString CharArrayToString CharArrayToStruct StructToCharArray ColorToARGB ColorToString DoubleToString EnumToString IntegerToString ShortToString ShortArrayToString
        TimeToString NormalizeDouble StringToCharArray StringToColor StringToDouble StringToInteger StringToShortArray StringToTime StringFormat
        MathAbs MathArccos MathArcsin MathArctan MathArctan2 MathClassify MathCeil MathCos MathExp MathFloor MathLog MathLog10 MathMax MathMin MathMod MathPow MathRand MathRound
        MathSin MathSqrt MathSrand MathTan MathIsValidNumber MathExpm1 MathLog1p MathArccosh MathArcsinh MathArctanh MathCosh MathSinh MathTanh MathSwap
        fabs acos asin atan atan2 ceil cos exp floor log log10 fmax fmin fmod pow rand round sin sqrt srand tan expm1 log1p printf
        StringAdd StringBufferLen StringCompare StringConcatenate StringFill StringFind StringGetCharacter StringInit StringLen StringSetLength StringReplace StringReserve
        StringSetCharacter StringSplit StringSubstr StringToLower StringToUpper StringTrimLeft StringTrimRight
        TimeCurrent TimeTradeServer TimeLocal TimeGMT TimeDaylightSavings TimeGMTOffset TimeToStruct StructToTime
        AccountInfoDouble AccountInfoInteger AccountInfoString
        SeriesInfoInteger Bars BarsCalculated IndicatorCreate IndicatorParameters IndicatorRelease CopyBuffer CopyRates CopyTime CopyOpen CopyHigh CopyLow CopyClose CopyTickVolume
        CopyRealVolume CopySpread CopyTicks CopyTicksRange iBars iBarShift iClose iHigh iHighest iLow iLowest iOpen iTime iTickVolume iRealVolume iVolume iSpread iCustom iMA iRSI
        SymbolsTotal SymbolExist SymbolName SymbolSelect SymbolIsSynchronized SymbolInfoDouble SymbolInfoInteger SymbolInfoString SymbolInfoTick SymbolInfoSessionQuote
        SymbolInfoSessionTrade SymbolInfoMarginRate MarketBookAdd MarketBookRelease MarketBookGet
        CustomSymbolCreate CustomSymbolDelete CustomSymbolSetInteger CustomSymbolSetDouble CustomSymbolSetString CustomRatesUpdate CustomTicksAdd
        ChartApplyTemplate ChartSaveTemplate ChartWindowFind ChartTimePriceToXY ChartXYToTimePrice ChartOpen ChartFirst ChartNext ChartClose ChartSymbol ChartPeriod ChartRedraw
        ChartSetDouble ChartSetInteger ChartSetString ChartGetDouble ChartGetInteger ChartGetString ChartNavigate ChartID ChartIndicatorAdd ChartIndicatorDelete ChartIndicatorGet
        ChartIndicatorName ChartIndicatorsTotal ChartWindowOnDropped ChartPriceOnDropped ChartTimeOnDropped ChartXOnDropped ChartYOnDropped ChartSetSymbolPeriod ChartScreenShot
        OrderCalcMargin OrderCalcProfit OrderCheck OrderSend OrderSendAsync PositionsTotal PositionGetSymbol PositionSelect PositionSelectByTicket PositionGetDouble
        PositionGetInteger PositionGetString PositionGetTicket OrdersTotal OrderGetTicket OrderSelect OrderGetDouble OrderGetInteger OrderGetString HistorySelect
        HistorySelectByPosition HistoryOrderSelect HistoryOrdersTotal HistoryOrderGetTicket HistoryOrderGetDouble HistoryOrderGetInteger HistoryOrderGetString HistoryDealSelect
        HistoryDealsTotal HistoryDealGetTicket HistoryDealGetDouble HistoryDealGetInteger HistoryDealGetString SignalBaseGetDouble SignalBaseGetInteger
        GlobalVariableCheck GlobalVariableTime GlobalVariableDel GlobalVariableGet GlobalVariableName GlobalVariableSet GlobalVariablesFlush GlobalVariableTemp
        GlobalVariableSetOnCondition GlobalVariablesDeleteAll GlobalVariablesTotal
        FileSelectDialog FileFindFirst FileFindNext FileFindClose FileIsExist FileOpen FileClose FileCopy FileDelete FileMove FileFlush FileGetInteger FileIsEnding FileIsLineEnding
        FileReadArray FileReadBool FileReadDatetime FileReadDouble FileReadFloat FileReadInteger FileReadLong FileReadNumber FileReadString FileReadStruct FileSeek FileSize FileTell
        FileWrite FileWriteArray FileWriteDouble FileWriteFloat FileWriteInteger FileWriteLong FileWriteString FileWriteStruct FileLoad FileSave FolderCreate FolderDelete FolderClean
        IndicatorSetDouble IndicatorSetInteger IndicatorSetString SetIndexBuffer PlotIndexGetInteger PlotIndexSetDouble PlotIndexSetInteger PlotIndexSetString
        ObjectCreate ObjectName ObjectDelete ObjectsDeleteAll ObjectFind ObjectGetTimeByValue ObjectGetValueByTime ObjectMove ObjectsTotal ObjectSetDouble ObjectSetInteger
        ObjectSetString ObjectGetDouble ObjectGetInteger ObjectGetString TextSetFont TextOut TextGetSize
        SocketCreate SocketClose SocketConnect SocketIsConnected SocketIsReadable SocketIsWritable SocketTimeouts SocketRead SocketSend SocketTlsHandshake SocketTlsCertificate
        SocketTlsRead SocketTlsReadAvailable SocketTlsSend
        EventSetMillisecondTimer EventSetTimer EventKillTimer EventChartCustom
        DatabaseOpen DatabaseClose DatabaseExecute DatabasePrepare DatabaseRead DatabaseFinalize
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries), StringComparer.Ordinal);
}
