// The terminal's machine side: output, time, sockets, files, chart, cryptography, variables, the program itself.
#pragma once
#include "../Language/Array.h"
#include "../Language/Format.h"
#include "Structs.h"

// --- the program
extern thread_local int _LastError;
extern thread_local int _UninitReason;
inline int GetLastError() { return _LastError; }
inline void ResetLastError() { _LastError = 0; }
void SetUserError(ushort error);
bool IsStopped();
int UninitializeReason();
void ExpertRemove();
bool EventSetTimer(int seconds);
bool EventSetMillisecondTimer(int milliseconds);
void EventKillTimer();
bool EventChartCustom(long chart, ushort id, long lparam, double dparam, string sparam);
string Symbol();
ENUM_TIMEFRAMES Period();

// --- output
namespace mt {
void Print(const string &line);
void Alert(const string &text);
void Comment(const string &text);
} // namespace mt
template <typename... A> void Print(const A &...values) {
  static_assert(sizeof...(A) >= 1 && sizeof...(A) <= 64, "1 to 64 values");
  mt::Print(mt::Concatenate({mt::Value(values)...}));
}
template <typename... A> void PrintFormat(const string &format, const A &...values) { mt::Print(StringFormat(format, values...)); }
template <typename... A> void Alert(const A &...values) {
  static_assert(sizeof...(A) >= 1 && sizeof...(A) <= 64, "1 to 64 values");
  mt::Alert(mt::Concatenate({mt::Value(values)...}, 8));
}
template <typename... A> void Comment(const A &...values) {
  static_assert(sizeof...(A) >= 1 && sizeof...(A) <= 64, "1 to 64 values");
  mt::Comment(mt::Concatenate({mt::Value(values)...}));
}
bool PlaySound(string file);
bool SendNotification(string text);

// --- time and chance
datetime TimeLocal();
datetime TimeLocal(MqlDateTime &out);
datetime TimeGMT();
datetime TimeGMT(MqlDateTime &out);
int TimeGMTOffset();
uint GetTickCount();
ulong GetTickCount64();
ulong GetMicrosecondCount();
int MathRand();
void MathSrand(int seed);

// --- cryptography
int CryptEncode(ENUM_CRYPT_METHOD method, const Arr<uchar> &data, const Arr<uchar> &key, Arr<uchar> &result);
int CryptDecode(ENUM_CRYPT_METHOD method, const Arr<uchar> &data, const Arr<uchar> &key, Arr<uchar> &result);

// --- sockets
int SocketCreate(uint flags = SOCKET_DEFAULT);
bool SocketConnect(int socket, const string host, uint port, uint timeout);
bool SocketIsConnected(int socket);
uint SocketIsReadable(int socket);
bool SocketIsWritable(int socket);
bool SocketTimeouts(int socket, uint send, uint receive);
int SocketRead(int socket, Arr<uchar> &buffer, uint maximum, uint timeout);
int SocketSend(int socket, const Arr<uchar> &buffer, uint length);
bool SocketTlsHandshake(int socket, const string host);
bool SocketTlsCertificate(int socket, string &subject, string &issuer, string &serial, string &thumbprint, datetime &expires);
int SocketTlsRead(int socket, Arr<uchar> &buffer, uint maximum);
int SocketTlsReadAvailable(int socket, Arr<uchar> &buffer, const uint maximum);
int SocketTlsSend(int socket, const Arr<uchar> &buffer, uint length);
bool SocketClose(const int socket);

// --- files
int FileOpen(string name, int flags, short delimiter = '\t', uint codepage = CP_ACP);
void FileClose(int file);
void FileFlush(int file);
ulong FileSize(int file);
ulong FileTell(int file);
bool FileSeek(int file, long offset, int origin);
bool FileIsEnding(int file);
bool FileIsLineEnding(int file);
string FileReadString(int file, int length = -1);
uint FileWriteString(int file, const string text, int length = -1);
uint FileReadArray(int file, Arr<uchar> &array, int start = 0, int count = WHOLE_ARRAY);
uint FileWriteArray(int file, const Arr<uchar> &array, int start = 0, int count = WHOLE_ARRAY);
bool FileIsExist(const string name, int common = 0);
bool FileDelete(const string name, int common = 0);
bool FileMove(const string from, int common, const string to, int mode);
bool FileCopy(const string from, int common, const string to, int mode);
bool FolderCreate(string name, int common = 0);
bool FolderDelete(string name, int common = 0);
long FileFindFirst(const string filter, string &name, int common = 0);
bool FileFindNext(long search, string &name);
void FileFindClose(long search);
namespace mt {
uint FileWriteValues(int file, const std::vector<Value> &values);
}
template <typename... A> uint FileWrite(int file, const A &...values) {
  static_assert(sizeof...(A) <= 63, "at most 63 values");
  return mt::FileWriteValues(file, {mt::Value(values)...});
}

// --- chart
long ChartID();
long ChartFirst();
long ChartNext(long chart);
void ChartRedraw(long chart = 0);
long ChartGetInteger(long chart, ENUM_CHART_PROPERTY_INTEGER property, int window = 0);
bool ChartGetInteger(long chart, ENUM_CHART_PROPERTY_INTEGER property, int window, long &value);
bool ChartSetInteger(long chart, ENUM_CHART_PROPERTY_INTEGER property, long value);
bool ObjectCreate(long chart, string name, ENUM_OBJECT type, int window, datetime time1, double price1);
bool ObjectDelete(long chart, string name);
int ObjectsDeleteAll(long chart, int window = -1, int type = -1);
int ObjectsDeleteAll(long chart, const string prefix, int window = -1, int type = -1);
int ObjectFind(long chart, string name);
int ObjectsTotal(long chart, int window = -1, int type = -1);
string ObjectName(long chart, int at, int window = -1, int type = -1);
bool ObjectSetInteger(long chart, string name, ENUM_OBJECT_PROPERTY_INTEGER property, long value);
bool ObjectSetDouble(long chart, string name, ENUM_OBJECT_PROPERTY_DOUBLE property, double value);
bool ObjectSetString(long chart, string name, ENUM_OBJECT_PROPERTY_STRING property, string value);
long ObjectGetInteger(long chart, string name, ENUM_OBJECT_PROPERTY_INTEGER property, int modifier = 0);
double ObjectGetDouble(long chart, string name, ENUM_OBJECT_PROPERTY_DOUBLE property, int modifier = 0);
string ObjectGetString(long chart, string name, ENUM_OBJECT_PROPERTY_STRING property, int modifier = 0);
bool TextSetFont(const string name, int size, uint flags = 0, int orientation = 0);
bool TextGetSize(const string text, uint &width, uint &height);

// --- variables of the terminal and of the program
int TerminalInfoInteger(ENUM_TERMINAL_INFO_INTEGER property);
string TerminalInfoString(ENUM_TERMINAL_INFO_STRING property);
int MQLInfoInteger(ENUM_MQL_INFO_INTEGER property);
string MQLInfoString(ENUM_MQL_INFO_STRING property);
datetime GlobalVariableSet(string name, double value);
double GlobalVariableGet(string name);
bool GlobalVariableGet(string name, double &value);
bool GlobalVariableCheck(string name);
bool GlobalVariableDel(string name);
bool GlobalVariableTemp(string name);
bool GlobalVariableSetOnCondition(string name, double value, double check);
datetime GlobalVariableTime(string name);
void GlobalVariablesFlush();
